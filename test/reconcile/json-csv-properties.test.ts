import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../../src/json/json.ts";
import type { Path } from "../../src/json/path.ts";
import { means, type Wanted } from "../../src/reconcile/wanted.ts";
import { adopted, readDocument } from "./adopted-document.ts";
import { asTold, changed, newScalar } from "./changed-document.ts";
import { type WrittenJson, writtenJson } from "./written-json.ts";

const RUNS = 60;

function edit(file: string, text: string, value: Json, path: Path, wanted: Wanted) {
  const about = `${JSON.stringify(path)} = ${JSON.stringify(wanted)} of ${JSON.stringify(text)}`;
  const result = adopted(file, text, path, wanted);
  expect(result, about).not.toBeNull();
  const after = result?.text ?? "";
  const became = `${about} became ${JSON.stringify(after)}`;
  expect(asTold(result?.value ?? null), became).toEqual(asTold(changed(value, path, wanted)));
  return { after, about: became };
}

describe("a document of JSON, whatever its blanks", () => {
  function property(name: string, body: (document: WrittenJson, at: number, value: Json) => void): void {
    it(name, () => {
      fc.assert(
        fc.property(writtenJson, fc.nat(), newScalar, (document, at, value) => {
          body(document, at, value);
        }),
        { numRuns: RUNS },
      );
    });
  }

  function pick(document: WrittenJson, at: number, which: (value: Json) => boolean) {
    const items = document.items.filter((item) => which(item.value));
    const item = items[at % items.length];
    fc.pre(item !== undefined);
    return item as WrittenJson["items"][number];
  }

  property("anything becomes another value in its place, scalars also back", (document, at, value) => {
    const item = pick(document, at, () => true);
    fc.pre(!means(item.value, value));
    const { after, about } = edit("d.json", document.text, document.value, item.path, { value });
    expect(after.slice(0, item.start), about).toBe(document.text.slice(0, item.start));
    expect(after.slice(item.start + after.length - document.text.length + item.end - item.start), about).toBe(
      document.text.slice(item.end),
    );
    if (typeof item.value !== "string" || typeof value !== "string") return;
    expect(adopted("d.json", after, item.path, { value: item.value })?.text, about).toBe(document.text);
  });

  property("what goes takes one comma along", (document, at) => {
    const item = pick(document, at, () => true);
    const around = jsonAt(document.value, item.path.slice(0, -1)) ?? null;
    const isAlike = (other: Json) => equalJson(other, item.value);
    fc.pre(!isJsonArray(around) || around.filter(isAlike).length === 1);
    const { after, about } = edit("d.json", document.text, document.value, item.path, "absent");
    const signs = (text: string) => text.replace(/[ \t\r\n]+/g, "");
    expect(signs(after), about).toBe(JSON.stringify(changed(document.value, item.path, "absent")));
    const outside = document.items.filter(({ end, start }) => end < item.start || start > item.end);
    for (const { start, end } of outside) expect(after, about).toContain(document.text.slice(start, end));
  });

  property("a new member goes in, and out again", (document, at, value) => {
    const object = pick(document, at, (each) => isJsonObject(each) && Object.keys(each).length > 0);
    const path = [...object.path, "new-one"];
    const { after, about } = edit("d.json", document.text, document.value, path, { value });
    expect(after.startsWith(document.text.slice(0, object.start)), about).toBe(true);
    expect(after.endsWith(document.text.slice(object.end)), about).toBe(true);
    expect(adopted("d.json", after, path, "absent")?.text, about).toBe(document.text);
  });

  property("a new element goes to the end of a list", (document, at, value) => {
    const list = pick(document, at, (each) => isJsonArray(each) && each.length > 0);
    const items = isJsonArray(list.value) ? list.value : [];
    const wanted = { value: [...items, value] };
    const { after, about } = edit("d.json", document.text, document.value, list.path, wanted);
    const last = document.items.find(
      ({ path }) =>
        path.length === list.path.length + 1 &&
        list.path.every((step, i) => path[i] === step) &&
        path.at(-1) === items.length - 1,
    );
    expect(after.startsWith(document.text.slice(0, last?.end)), about).toBe(true);
    expect(after.endsWith(document.text.slice(last?.end)), about).toBe(true);
  });
});

describe("a table of CSV, quoted or not", () => {
  const field = fc.constantFrom("a", "b 1", "x,y", 'say "so"', "\u00e9", "two\nlines", "12", " blank ");
  const table = fc
    .record({
      columns: fc.uniqueArray(fc.constantFrom("id", "name", "a b", "n,o"), { minLength: 1, maxLength: 3 }),
      rows: fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 4 }),
      quoted: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
      ending: fc.constantFrom("\n", "\r\n"),
      ended: fc.boolean(),
    })
    .map(({ columns, rows, quoted, ending, ended }) => {
      let fields = 0;
      const spelled = (text: string) => {
        fields += 1;
        const inner = text.replaceAll('"', '""').replaceAll("\n", ending);
        return quoted[fields % quoted.length] || /[",\n]/.test(text) ? `"${inner}"` : inner;
      };
      const cut = rows.map((row) => row.slice(0, columns.length));
      const lines = [columns, ...cut].map((row) => row.map(spelled));
      return { columns, rows: cut, lines, ending, ended };
    });
  type Table = typeof table extends fc.Arbitrary<infer T> ? T : never;

  function textOf({ lines, ending, ended }: Pick<Table, "lines" | "ending" | "ended">): string {
    return lines.map((line) => line.join(",")).join(ending) + (ended ? ending : "");
  }
  function saidBy({ columns, rows }: Table): Json[] {
    return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? ""])));
  }
  function property(name: string, body: (table: Table, at: number, value: string) => void): void {
    it(name, () => {
      const value = fc.constantFrom("new", "n,w", 'n"w', "n\nw", "\u00e8");
      fc.assert(fc.property(table, fc.nat(), value, body), { numRuns: RUNS });
    });
  }

  property("is written as the generator says", (each) => {
    expect(readDocument("d.csv", textOf(each))).toEqual(saidBy(each));
  });

  property("a field becomes another one, and back", (each, at, value) => {
    const [row, column] = [at % each.rows.length, (at >> 3) % each.columns.length];
    const path = [row, each.columns[column] ?? ""];
    const { after, about } = edit("d.csv", textOf(each), saidBy(each), path, { value });
    const before = each.lines[row + 1]?.[column] ?? "";
    const inner = value.replaceAll('"', '""');
    const now = before.startsWith('"') || /[",\n]/.test(value) ? `"${inner}"` : inner;
    const lines = each.lines.with(row + 1, (each.lines[row + 1] ?? []).with(column, now));
    expect(after, about).toBe(textOf({ ...each, lines }));
    const old = each.rows[row]?.[column] ?? "";
    if (now.startsWith('"') !== before.startsWith('"') || old.includes("\n")) return;
    expect(adopted("d.csv", after, path, { value: old })?.text, about).toBe(textOf(each));
  });

  property("a row goes", (each, at) => {
    const row = at % each.rows.length;
    fc.pre(each.rows.filter((other) => other.join() === each.rows[row]?.join()).length === 1);
    const { after, about } = edit("d.csv", textOf(each), saidBy(each), [row], "absent");
    expect(after, about).toBe(textOf({ ...each, lines: each.lines.toSpliced(row + 1, 1) }));
  });

  property("a row comes, and goes again", (each, _at, value) => {
    const row = Object.fromEntries(each.columns.map((name) => [name, value]));
    const { after, about } = edit("d.csv", textOf(each), saidBy(each), [], {
      value: [...saidBy(each), row],
    });
    expect(after.startsWith(textOf(each)), about).toBe(true);
    expect(adopted("d.csv", after, [each.rows.length], "absent")?.text, about).toBe(textOf(each));
  });
});
