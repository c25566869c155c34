import { describe, expect, it } from "vitest";
import { EvaluationError } from "../../../src/hcl/evaluation/context.ts";
import { numberValue, objectValue, tupleValue, type Value } from "../../../src/hcl/values/value.ts";
import { type Before, Cell } from "../../../src/terraform/cells/cell.ts";
import { Graph } from "../../../src/terraform/cells/graph.ts";
import { WholeNeeded } from "../../../src/terraform/cells/trial.ts";
import { valueCell } from "../../../src/terraform/cells/value-cell.ts";

/** Cells that say when they are computed. */
class Sheet {
  readonly graph = new Graph();
  readonly log: string[] = [];

  cell<T>(name: string, compute: (before: Before<T> | null) => T): Cell<T> {
    return new Cell(this.graph, {
      compute: (before: Before<T> | null) => {
        this.log.push(name);
        return compute(before);
      },
      cyclic: () => new EvaluationError(`${name} needs itself`, null),
    });
  }

  value(name: string, compute: () => Value): Cell<Value> {
    return valueCell(this.graph, { name, at: null }, () => {
      this.log.push(name);
      return compute();
    });
  }

  /** What is computed again, in order, where cells were touched. */
  again(...touched: Cell<never>[] | Cell<unknown>[]): string[] {
    this.log.length = 0;
    const trial = this.graph.begin();
    for (const cell of touched) cell.touch();
    trial.settle();
    trial.end();
    return [...this.log];
  }
}

describe("cells", () => {
  it("are computed when asked for, once", () => {
    const sheet = new Sheet();
    const a = sheet.cell("a", () => 1);
    const b = sheet.cell("b", () => a.get() + a.get());
    expect([sheet.log.length, b.get(), b.get(), sheet.log]).toEqual([0, 2, 2, ["b", "a"]]);
  });

  it("that need themselves have no result", () => {
    const sheet = new Sheet();
    const a: Cell<number> = sheet.cell("a", () => b.get());
    const b: Cell<number> = sheet.cell("b", () => a.get());
    expect(() => a.get()).toThrow("a needs itself");
    expect(sheet.graph.cyclic).toBe(true);
  });
});

describe("a chain of cells that is longer than the call stack", () => {
  /** Cells that each read the next one; the last has the value 0. */
  function chainIn(sheet: Sheet, length: number, last: () => number = () => 0): Cell<number>[] {
    const cells: Cell<number>[] = [];
    for (let index = 0; index < length; index += 1)
      cells.push(
        sheet.cell(String(index), () => (index === length - 1 ? last() : (cells[index + 1]?.get() ?? 0) + 1)),
      );
    return cells;
  }

  it("is computed, each cell at most twice", () => {
    const sheet = new Sheet();
    expect(chainIn(sheet, 50_000)[0]?.get()).toBe(49_999);
    expect(sheet.log.length).toBeLessThanOrEqual(100_000);
  });

  it("reports once what is wrong in it", () => {
    const sheet = new Sheet();
    const report = () => {
      sheet.graph.add({ severity: "warning", message: "it", range: null });
      return 0;
    };
    chainIn(sheet, 1000, report)[0]?.get();
    expect(sheet.graph.diagnostics()).toHaveLength(1);
  });

  it("has no result where it leads back to itself", () => {
    const sheet = new Sheet();
    const cells: Cell<number>[] = chainIn(sheet, 1000, () => cells[500]?.get() ?? 0);
    expect(() => cells[0]?.get()).toThrow("500 needs itself");
    expect(sheet.graph.cyclic).toBe(true);
    // Nothing is left of the attempt.
    expect(() => cells[0]?.get()).toThrow("500 needs itself");
  });

  it("may fork again and again", () => {
    const sheet = new Sheet();
    const cells: Cell<number>[] = [];
    for (let index = 0; index < 3000; index += 1)
      cells.push(
        sheet.cell(String(index), () => {
          const one = cells[index + 1]?.get() ?? 0;
          return Math.max(one, cells[index + 150]?.get() ?? 0) + 1;
        }),
      );
    expect(cells[0]?.get()).toBe(3000);
    expect(sheet.log.length).toBeLessThanOrEqual(6000);
  });

  it("follows a change in a trial, and is as before when it ends", () => {
    const sheet = new Sheet();
    let start = 0;
    const cells = chainIn(sheet, 1000, () => start);
    const [first] = cells;
    const last = cells.at(-1);
    const extra = chainIn(sheet, 1000, () => last?.get() ?? 0);
    expect(first?.get()).toBe(999);
    const trial = sheet.graph.begin();
    start = 1000;
    last?.touch();
    trial.settle();
    // Cells that nobody has asked for before.
    expect([first?.get(), extra[0]?.get()]).toEqual([1999, 1999]);
    trial.end();
    start = 0;
    expect([first?.get(), extra[0]?.get()]).toEqual([999, 999]);
  });
});

describe("in a trial", () => {
  it("readers are computed after what they read, once each", () => {
    const sheet = new Sheet();
    let input = 1;
    const a = sheet.cell("a", () => input);
    const b = sheet.cell("b", () => a.get() + 1);
    const c = sheet.cell("c", () => b.get() + a.get());
    const d = sheet.cell("d", () => a.get() + c.get());
    d.get();
    input = 2;
    expect(sheet.again(a)).toEqual(["a", "b", "c", "d"]);
  });

  it("a result that stays equal ends the wave", () => {
    const sheet = new Sheet();
    let input = 1;
    const a = sheet.cell("a", () => input);
    const even = sheet.cell("even", () => a.get() % 2 === 0);
    const reader = sheet.cell("reader", () => even.get());
    reader.get();
    input = 3;
    expect(sheet.again(a)).toEqual(["a", "even"]);
  });

  it("only the readers of an entry that changed are computed", () => {
    const sheet = new Sheet();
    let large = 1;
    const sizes = sheet.value("sizes", () =>
      objectValue([
        ["small", numberValue(0)],
        ["large", numberValue(large)],
      ]),
    );
    const readers = [
      sheet.cell("small", () => sizes.get("small")),
      sheet.cell("large", () => sizes.get("large")),
      sheet.cell("whole", () => sizes.get()),
      // What is not there might come.
      sheet.cell("none", () => sizes.get("none")),
    ];
    for (const reader of readers) reader.get();
    large = 2;
    expect(sheet.again(sizes).sort()).toEqual(["large", "none", "sizes", "whole"]);
  });

  it("results, diagnostics and readers are as before at the end", () => {
    const sheet = new Sheet();
    let input = 1;
    const a = sheet.cell("a", () => input);
    const other = sheet.cell("other", () => 7);
    const b = sheet.cell("b", () => {
      if (a.get() === 2) sheet.graph.add({ severity: "error", message: `two ${other.get()}`, range: null });
      return a.get();
    });
    b.get();
    const trial = sheet.graph.begin();
    input = 2;
    a.touch();
    trial.settle();
    expect([b.get(), sheet.graph.diagnostics().map(({ message }) => message)]).toEqual([2, ["two 7"]]);
    expect(trial.changes.get(b as Cell<unknown>)).toBe(1);
    trial.end();
    input = 1;
    expect([b.get(), sheet.graph.diagnostics(), [...other.readers()]]).toEqual([1, [], []]);
  });

  it("all that a cell reported before is there again at the end", () => {
    const sheet = new Sheet();
    let messages = ["one", "two"];
    const a = sheet.cell("a", () => {
      for (const message of messages) sheet.graph.add({ severity: "error", message, range: null });
      return messages;
    });
    a.get();
    const said = () => sheet.graph.diagnostics().map(({ message }) => message);
    const trial = sheet.graph.begin();
    messages = ["three"];
    a.touch();
    trial.settle();
    expect(said()).toEqual(["three"]);
    expect(sheet.graph.reportedIn(trial).before.map(({ diagnostic }) => diagnostic.message)).toEqual([
      "one",
      "two",
    ]);
    trial.end();
    expect(said()).toEqual(["one", "two"]);
  });

  it("what had no result before has not changed", () => {
    const sheet = new Sheet();
    let input = 1;
    const a = sheet.cell("a", () => input);
    const fresh = sheet.cell("fresh", () => a.get());
    a.get();
    const trial = sheet.graph.begin();
    fresh.get();
    input = 2;
    a.touch();
    trial.settle();
    expect([fresh.get(), [...trial.changes.keys()]]).toEqual([2, [a]]);
    trial.end();
  });

  it("a reader of an element that is named in another way is computed", () => {
    const sheet = new Sheet();
    let first = 1;
    const list = sheet.value("list", () => tupleValue([numberValue(first), numberValue(5)]));
    for (const key of ["0", "1", "00", "0e0", "-0", "01"]) sheet.cell(`at ${key}`, () => list.get(key)).get();
    first = 2;
    expect(sheet.again(list).sort()).toEqual(["at -0", "at 0", "at 00", "at 01", "at 0e0", "list"]);
  });

  it("a cell that reads something higher than before goes up, and so do its readers", () => {
    const sheet = new Sheet();
    let [input, chosen] = [1, false];
    const a = sheet.cell("a", () => input);
    const low = sheet.cell("low", (): number => (chosen ? third.get() : 0));
    const readers = [1, 2, 3].map((index) => sheet.cell(`reader ${index}`, () => low.get() + a.get()));
    const first = sheet.cell("first", () => a.get() + 1);
    const second = sheet.cell("second", () => first.get() + 1);
    const third = sheet.cell("third", () => second.get() + 1);
    third.get();
    for (const reader of readers) reader.get();
    [input, chosen] = [10, true];
    const trial = sheet.graph.begin();
    low.touch();
    a.touch();
    trial.settle();
    expect(readers.map((reader) => reader.get())).toEqual([23, 23, 23]);
    trial.end();
    [input, chosen] = [1, false];
    expect(readers.map((reader) => reader.get())).toEqual([1, 1, 1]);
  });

  it("a cell that comes to need itself is refused", () => {
    const sheet = new Sheet();
    let chosen = false;
    const a: Cell<number> = sheet.cell("a", (): number => (chosen ? c.get() : 1));
    const b = sheet.cell("b", () => a.get());
    const c = sheet.cell("c", () => b.get());
    c.get();
    chosen = true;
    const trial = sheet.graph.begin();
    a.touch();
    expect(() => trial.settle()).toThrow(WholeNeeded);
    trial.end();
    expect(c.get()).toBe(1);
  });

  it("a cell knows what it was, and whether all that it has read is the same still", () => {
    const sheet = new Sheet();
    const seen: (Before<number> | null)[] = [];
    let input = 1;
    const a = sheet.cell("a", () => input);
    const b = sheet.cell<number>("b", (before) => {
      seen.push(before);
      return a.get();
    });
    b.get();
    sheet.again(b);
    input = 2;
    sheet.again(a);
    expect(seen).toEqual([
      null,
      { result: 1, sameSources: true, failed: false },
      { result: 1, sameSources: false, failed: false },
    ]);
  });
});
