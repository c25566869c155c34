import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits, type Edit, invertEdits } from "../../src/hcl/editing/edit.ts";

function edit(start: number, end: number, text: string): Edit {
  return { file: "main.tf", start, end, text };
}

describe("applyEdits", () => {
  test.each<[string, readonly Edit[], string]>([
    ["nothing", [], "0123456789"],
    ["a replacement", [edit(2, 4, "ab")], "01ab456789"],
    ["edits in any order", [edit(8, 9, "b"), edit(0, 2, "a")], "a234567b9"],
    ["insertions at one offset in the order given", [edit(5, 5, "a"), edit(5, 5, "b")], "01234ab56789"],
    ["an insertion before what is replaced there", [edit(5, 6, "x"), edit(5, 5, "a")], "01234ax6789"],
    ["an insertion behind what is removed", [edit(5, 5, "a"), edit(3, 5, "")], "012a56789"],
    ["edits that touch", [edit(2, 4, "a"), edit(4, 6, "b")], "01ab6789"],
    ["edits at both ends", [edit(0, 0, "<"), edit(10, 10, ">")], "<0123456789>"],
  ])("%s", (_, edits, expected) => {
    expect(applyEdits("0123456789", edits)).toBe(expected);
  });

  test.each<[string, readonly Edit[], string]>([
    [
      "overlaps",
      [edit(2, 5, ""), edit(4, 6, "")],
      "two edits of main.tf overlap: one ends at 5, the other starts at 4",
    ],
    ["an insertion within a replacement", [edit(2, 5, ""), edit(3, 3, "a")], "overlap"],
    ["an edit behind the end", [edit(9, 11, "")], "outside of its 10 characters"],
    ["an edit that ends before it starts", [edit(4, 3, "")], "outside"],
  ])("refuses %s", (_, edits, message) => {
    expect(() => applyEdits("0123456789", edits)).toThrow(message);
  });
});

/** Edits that do not overlap, in random order: cuts of the text in pairs. */
const edits = fc
  .tuple(
    fc.string({ maxLength: 60 }),
    fc.array(fc.tuple(fc.nat(60), fc.string({ maxLength: 5 })), { maxLength: 16 }),
  )
  .map(([text, cuts]) => {
    const sorted = cuts.map(([at]) => Math.min(at, text.length)).sort((a, b) => a - b);
    const made: Edit[] = [];
    for (let at = 0; at + 1 < sorted.length; at += 2)
      made.push(edit(sorted[at] ?? 0, sorted[at + 1] ?? 0, cuts[at]?.[1] ?? ""));
    return { text, edits: made };
  });

describe("invertEdits", () => {
  test("takes an edited text back", () => {
    fc.assert(
      fc.property(edits, ({ text, edits }) => {
        const edited = applyEdits(text, edits);
        expect(applyEdits(edited, invertEdits(text, edits))).toBe(text);
      }),
    );
  });

  test("text outside of edits is as it was", () => {
    fc.assert(
      fc.property(edits, ({ text, edits }) => {
        let edited = applyEdits(text, edits);
        for (const { start, end } of invertEdits(text, edits).toReversed())
          edited = `${edited.slice(0, start)}\0${edited.slice(end)}`;
        let kept = text;
        for (const { start, end } of edits.toReversed()) kept = `${kept.slice(0, start)}\0${kept.slice(end)}`;
        expect(edited).toBe(kept);
      }),
    );
  });
});
