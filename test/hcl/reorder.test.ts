import { describe, expect, it } from "vitest";
import { applyEdits } from "../../src/hcl/editing/edit.ts";
import { reorderItems } from "../../src/hcl/editing/reorder.ts";
import { parse } from "../../src/hcl/syntax/parser.ts";

function reordered(list: string, order: readonly number[]): string | null {
  const text = `a = ${list}\n`;
  const [item] = parse({ path: "main.tf", text }).body.items;
  if (item?.kind !== "attribute" || item.value.kind !== "tuple") throw new Error("no list");
  const edits = reorderItems(item.value, order);
  return edits && applyEdits(text, edits).slice("a = ".length, -1);
}

describe("the elements of a list in another order", () => {
  it.each([
    ["on one line", "[1, var.b, 3]", [2, 0, 1], "[3, 1, var.b]"],
    ["with the comments behind them", "[\n  1, # one\n  2 // two\n]", [1, 0], "[\n  2, // two\n  1 # one\n]"],
    [
      "with the comments above them",
      "[\n  # one\n  1,\n\n  # two\n  # too\n  2,\n]",
      [1, 0],
      "[\n\n  # two\n  # too\n  2,\n  # one\n  1,\n]",
    ],
    ["over several lines each", "[\n  {\n    a = 1\n  },\n  2\n]", [1, 0], "[\n  2,\n  {\n    a = 1\n  }\n]"],
    ["with the line ends of Windows", "[\r\n  1, # one\r\n  2\r\n]", [1, 0], "[\r\n  2,\r\n  1 # one\r\n]"],
  ])("%s", (_, list, order, expected) => {
    expect(reordered(list, order)).toBe(expected);
  });

  it.each([
    ["a comment among elements of one line", "[1, /* two */ 2]"],
    ["a comment over several lines", "[\n  /* one\n  more */\n  1,\n  2,\n]"],
    ["a heredoc", "[\n  <<-E\n    x\n  E\n  , 2\n]"],
  ])("nobody knows what belongs to which: %s", (_, list) => {
    expect(reordered(list, [1, 0])).toBeNull();
  });
});
