import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OwnedText } from "../../src/engine/owned-text.ts";
import { applyEdits } from "../../src/hcl/editing/edit.ts";

const LINES = ["a = 1", "b = 2", "c = 3", "d = 4", "e = 5", ""].join("\n");

/** A literal replaced by another. */
function literal(before: string, text: string) {
  const start = LINES.indexOf(before);
  return { start, end: start + before.length, text };
}

function edited(text: OwnedText, owners: readonly number[]): string {
  const edits = text.editsOf((owner) => owners.includes(owner));
  return applyEdits(
    LINES,
    edits.map((edit) => ({ file: "", ...edit })),
  );
}

describe("a text that several edit", () => {
  it("is told as what each of them did to the text before", () => {
    const text = new OwnedText(LINES);
    text.edit([literal("1", "100")], 0);
    const after = text.text.indexOf("5");
    text.edit([{ start: after, end: after + 1, text: "500" }], 1);
    expect(text.text).toBe(LINES.replace("1", "100").replace("5", "500"));
    expect(edited(text, [0])).toBe(LINES.replace("1", "100"));
    expect(edited(text, [1])).toBe(LINES.replace("5", "500"));
  });

  it.each<[string, (text: OwnedText) => ReadonlySet<number>, number[]]>([
    ["literals in lines side by side", (text) => text.edit([literal("2", "20")], 1), []],
    ["the same literal", (text) => text.edit([literal("1", "10")], 1), [0]],
    ["a line below the one", (text) => text.edit([{ start: 6, end: 6, text: "x = 0\n" }], 1), [0]],
    [
      "a line apart from it",
      (text) => text.edit([{ start: LINES.indexOf("d"), end: LINES.indexOf("d"), text: "x = 0\n" }], 1),
      [],
    ],
  ])("%s: whose edits are met", (_what, edit, met) => {
    const text = new OwnedText(LINES);
    text.edit([{ ...literal("1", "7") }], 0);
    expect([...edit(text)]).toEqual(met);
  });

  it("all of them together are the text, and those that met nobody are the same without the others", () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(6),
      text: fc.constantFrom("", "x", "yy\n", "\nz\n"),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
        const owned = new OwnedText(LINES);
        const met = edits.map(({ at, length, text }, owner) => {
          const start = Math.floor(at * owned.text.length);
          return owned.edit([{ start, end: Math.min(owned.text.length, start + length), text }], owner);
        });
        const all = edits.map((_, owner) => owner);
        expect(edited(owned, all)).toBe(owned.text);
        const alone = all.filter(
          (owner) => met[owner]?.size === 0 && !met.some((others) => others.has(owner)),
        );
        const others = all.filter((owner) => !alone.includes(owner));
        const parts = [...alone.map((owner) => [owner]), others].flatMap((part) =>
          owned.editsOf((owner) => part.includes(owner)).map((one) => ({ file: "", ...one })),
        );
        expect(applyEdits(LINES, parts)).toBe(owned.text);
      }),
    );
  });
});
