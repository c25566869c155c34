import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, type Edit } from "../../src/hcl/editing/edit.ts";
import { reparse } from "../../src/hcl/editing/reparse.ts";
import { parse } from "../../src/hcl/syntax/parser.ts";
import type { Body } from "../../src/hcl/syntax/syntax.ts";
import { editsAt, spotsOf } from "../reconcile/edits.ts";

const PLACES = new Set(["file", "start", "end", "nameRange", "typeRange", "id"]);

/** A tree without places. */
function shapeOf(body: Body): unknown {
  return JSON.parse(JSON.stringify(body, (key, value) => (PLACES.has(key) ? undefined : value)));
}

function edit(text: string, from: string, to: string): { before: Body; after: Body | null } {
  const before = parse({ path: "a.tf", text }).body;
  const start = text.indexOf(from);
  return { before, after: reparse(before, [{ file: "a.tf", start, end: start + from.length, text: to }]) };
}

/** What becomes of a text with something inserted at its `|`. */
function insert(text: string, inserted: string): { after: Body | null; expected: Body } {
  const start = text.indexOf("|");
  const { body } = parse({ path: "a.tf", text: text.replace("|", "") });
  const expected = parse({ path: "a.tf", text: text.replace("|", inserted) }).body;
  return { after: reparse(body, [{ file: "a.tf", start, end: start, text: inserted }]), expected };
}

describe("a piece that is parsed again", () => {
  it("leaves all other nodes the same", () => {
    const { before, after } = edit("a {\n  x = 1\n  y = [1, { k = 2, l = 3 }]\n}\nb {\n}\n", "2", "5");
    const [a, b] = [before.items, after?.items ?? []];
    expect(b[0]).not.toBe(a[0]);
    expect(b[1]).toBe(a[1]);
    if (a[0]?.kind !== "block" || b[0]?.kind !== "block") throw new Error("no blocks");
    expect(b[0].body.items[0]).toBe(a[0].body.items[0]);
    const [was, is] = [a[0].body.items[1], b[0].body.items[1]];
    if (was?.kind !== "attribute" || is?.kind !== "attribute") throw new Error("no attributes");
    if (was.value.kind !== "tuple" || is.value.kind !== "tuple") throw new Error("no tuples");
    expect(is.value.items[0]).toBe(was.value.items[0]);
    const [object, edited] = [was.value.items[1], is.value.items[1]];
    if (object?.kind !== "object" || edited?.kind !== "object") throw new Error("no objects");
    expect(edited.items[1]).toBe(object.items[1]);
  });

  it("is no other where only the blanks around the equals sign are", () => {
    const { before, after } = edit("a = 1\nb   = 2\n", "b   =", "b =");
    expect(after?.items[1]).toBe(before.items[1]);
  });

  it.each([
    ["an argument that is there twice then", "a {\n  x = 1\n  y = 1\n}\n", "y", "x"],
    ["an item that no comma or line end separates", "a = { x = 1, y = 2 }\n", ", y", " y"],
    ["two arguments on one line", "a = 1\nb = 2\n", "\nb", " b"],
    ["a value that goes on in the next line", "a = 1\nb = 2\n", "1", "1\n+ 1"],
    ["a string that is not closed", 'a = "x"\nb = 2\n', '"x"', '"x'],
    ["a second argument in a block on one line", "a { x = 1 }\n", "1", "1\ny = 2"],
    ["a heredoc before a bracket", "a = [1]\n", "1", "<<E\nx\nE"],
  ])("does not parse by itself: %s", (_, text, from, to) => {
    expect(edit(text, from, to).after).toBeNull();
  });

  it.each([
    ["a remark", "a = 1\n| b = 2\n", "#"],
    ["a remark with slashes", "a = 1\n| b = 2\n", "//"],
    ["an operator", "a = 1 |\nb = 2\n", "+ 2"],
    ["an index", "a = x |\nb = 2\n", "[0]"],
    ["a condition", "a = x |\nb = 2\n", "? 1 : 2"],
    ["an argument in a block on one line", "a { x = 1 | }\n", "\ny = 2\n"],
    ["an argument before that of a block on one line", "a { | x = 1 }\n", "\ny = 2\n"],
  ])("in a gap does not parse by itself where it reaches over to a neighbour: %s", (_, text, inserted) => {
    expect(insert(text, inserted).after).toBeNull();
  });

  it.each([
    ["an operator behind an element", "a = [1 |, 2]\n", "+ 5 "],
    ["an index behind an element", "a = [x |, 2]\n", "[0]"],
    ["a sign before an element", "a = [1, | 2]\n", "-"],
    ["a negation before an element", "a = [1, | true]\n", "!"],
    ["an operator behind an entry", "a = { x = 1 |, y = 2 }\n", "+ 5 "],
    ["an index behind an entry", "a = { x = [1] |, y = 2 }\n", "[0]"],
    ["a remark before an entry", "a = {\n  x = 1\n|  y = 2\n}\n", "#"],
    ["a remark before an argument", "a {\n  x = 1\n|  y = 2\n}\n", "#"],
    ["a value that goes on", "a {\n  x = 1 |\n  y = 2\n}\n", "+ 2"],
    ["an argument of its own", "a {\n  x = 1\n|  y = 2\n}\n", "z = 3\n"],
  ])("in a gap takes in the neighbours that it reaches over to: %s", (_, text, inserted) => {
    const { after, expected } = insert(text, inserted);
    if (after === null) throw new Error("it does not parse by itself");
    expect(shapeOf(after)).toEqual(shapeOf(expected));
  });

  it.each(["examples/shop", "examples/shop/modules/service"])(
    "gives what parsing the whole text gives: %s",
    (folder) => {
      const names = readdirSync(folder).filter((name) => name.endsWith(".tf"));
      const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
      const bodies = new Map(
        names.map((name) => [name, parse({ path: name, text: files[name] ?? "" }).body]),
      );
      fc.assert(
        fc.property(editsAt(spotsOf(files)), (edits: readonly Edit[]) => {
          for (const [name, own] of Map.groupBy(edits, ({ file }) => file)) {
            const body = bodies.get(name);
            const after = body === undefined ? null : reparse(body, own);
            if (after === null) continue;
            const whole = parse({ path: name, text: applyEdits(files[name] ?? "", own) });
            expect(whole.diagnostics).toEqual([]);
            expect(shapeOf(after)).toEqual(shapeOf(whole.body));
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});
