import { describe, expect, it } from "vitest";
import { withAlignedComments } from "../../src/hcl/editing/comment-alignment.ts";
import { applyEdits } from "../../src/hcl/editing/edit.ts";
import { parse } from "../../src/hcl/syntax/parser.ts";

/** A text in which `old` became `text`, once or more, and how many edits that took. */
function edited(code: string, ...changes: readonly (readonly [old: string, text: string])[]) {
  const edits = changes.map(([old, text]) => {
    const start = code.indexOf(old);
    return { file: "main.tf", start, end: start + old.length, text };
  });
  const aligned = withAlignedComments(parse({ path: "main.tf", text: code }).body, edits);
  return { text: applyEdits(code, aligned), count: aligned.length };
}

describe("comments behind values that an edit makes longer or shorter", () => {
  it.each([
    ["the longest line grows", "a = 1 # x\nb = 22 # y\n", ["22", "22"], "a = 1 # x\nb = 22 # y\n"],
    ["they were aligned", "a = 1  # x\nb = 22 # y\n", ["22", "4444"], "a = 1    # x\nb = 4444 # y\n"],
    ["in both styles", "a = 1  // x\nb = 22 # y\n", ["22", "4444"], "a = 1    // x\nb = 4444 # y\n"],
    ["the longest line shrinks", "a = 1  # x\nb = 22 # y\n", ["22", "2"], "a = 1 # x\nb = 2 # y\n"],
    ["they were not aligned", "a = 1 # x\nb = 22 # y\n", ["1", "333"], "a = 333 # x\nb = 22 # y\n"],
    ["two blanks before each", "a = 1   # x\nb = 22  # y\n", ["22", "2"], "a = 1   # x\nb = 2  # y\n"],
    ["a tab before one", "a = 1\t# x\nb = 2 # y\n", ["2", "22"], "a = 1\t# x\nb = 22 # y\n"],
    [
      "a line without a comment between",
      "a = 1 # x\nb = 2\nc = 3 # y\n",
      ["1", "111"],
      "a = 111 # x\nb = 2\nc = 3 # y\n",
    ],
    [
      "a line with nothing but one between",
      "a = 1 # x\n# z\nc = 3 # y\n",
      ["1", "111"],
      "a = 111 # x\n# z\nc = 3 # y\n",
    ],
    [
      "graphemes count",
      'a = "e\u0301" # x\nb = 1   # y\n',
      ["1", "12345"],
      'a = "e\u0301"   # x\nb = 12345 # y\n',
    ],
    [
      "marks in strings are none",
      'a = "#"  # x\nb = "//" # y\n',
      ['"//"', "1"],
      'a = "#" # x\nb = 1   # y\n',
    ],
    [
      "in a heredoc there are none",
      "a = <<E\nx # x\nyy # y\nE\n",
      ["yy", "yyyy"],
      "a = <<E\nx # x\nyyyy # y\nE\n",
    ],
    [
      "in a comment neither",
      "/*\na = 1 # x\nb = 2 # y\n*/\nc = 1\n",
      ["c = 1", "c = 11"],
      "/*\na = 1 # x\nb = 2 # y\n*/\nc = 11\n",
    ],
    [
      "behind a comment over several lines",
      "a = /*\n*/ 1 # x\nb = 2 # y\n",
      ["2", "22"],
      "a = /*\n*/ 1 # x\nb = 22 # y\n",
    ],
    [
      "with the line ends of Windows",
      "a = 1  # x\r\nb = 22 # y\r\n",
      ["22", "4444"],
      "a = 1    # x\r\nb = 4444 # y\r\n",
    ],
    ["at the end of the file", "a = 1  # x\nb = 22 # y", ["22", "4444"], "a = 1    # x\nb = 4444 # y"],
    [
      "lines of several depths",
      'b "l" {      # x\n  a = "abc" # y\n}\n',
      ['"abc"', "1"],
      'b "l" {      # x\n  a = 1 # y\n}\n',
    ],
    [
      "a line goes that parted them",
      "a = 1 # x\nc = 3\nb = 22 # y\n",
      ["c = 3\n", ""],
      "a = 1  # x\nb = 22 # y\n",
    ],
    [
      "a line comes that parts them",
      "a = 1  # x\nb = 22 # y\n",
      ["b", "c = 3\nb"],
      "a = 1 # x\nc = 3\nb = 22 # y\n",
    ],
    ["code that does not parse", "a = 1  # x\nb = 22 # y\n", ["22", '"'], 'a = 1  # x\nb = " # y\n'],
  ] as const)("%s", (_, code, change, expected) => {
    expect(edited(code, change).text).toBe(expected);
  });

  it("is one splice for each, where nothing else is written there", () => {
    expect(edited("a = 1  # x\nb = 22 # y\n", ["22", "333"]).count).toBe(2);
  });

  it("is done within what an edit writes", () => {
    expect(edited("a = 1  # x\nb = 22 # y\n", ["1  # x\nb = 22", "333  # x\nb = 1"])).toMatchObject({
      text: "a = 333 # x\nb = 1   # y\n",
    });
  });

  it("looks no further than the lines that follow each other", () => {
    const far = `b {\n  x = 1 # a\n  y = 22 # b\n}\n\n`;
    expect(edited(`${far}b {\n  a = 1  # x\n  b = 22 # y\n}\n\n${far}`, ["a = 1 ", "a = 333 "]).text).toBe(
      `${far}b {\n  a = 333 # x\n  b = 22  # y\n}\n\n${far}`,
    );
  });
});
