import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { ChangedLines } from "../../src/scan/changed-lines.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";

type Content = string | Uint8Array | null;

function changed(was: Content, is: Content): string {
  const snapshot = (content: Content) => memorySnapshot(content === null ? {} : { "main.tf": content });
  const stretches = new ChangedLines(snapshot(was), snapshot(is)).of("main.tf");
  return stretches.map(({ from, to }) => `${from}-${to}`).join(" ");
}

describe("the lines that a change adds or changes", () => {
  test.each<readonly [string, Content, Content, string]>([
    ["nothing", "a\nb\n", "a\nb\n", ""],
    ["a line", "a\nb\nc\n", "a\nx\nc\n", "2-2"],
    ["a line more", "a\nc\n", "a\nb\nc\n", "2-2"],
    ["a line less", "a\nb\nc\n", "a\nc\n", ""],
    ["two places", "a\nb\nc\nd\n", "x\nb\nc\ny\nz\n", "1-1 4-5"],
    ["the same line once more", "a\na\n", "a\na\na\n", "3-3"],
    ["a new file", null, "a\nb\n", "1-2"],
    ["a file that is gone", "a\n", null, ""],
    ["an empty file", null, "", ""],
    ["no line break at the end, as before", "a\nb", "x\nb", "1-1"],
    ["the line breaks", "a\nb\n", "a\r\nb\n", "1-1"],
    ["no text on the one side", new Uint8Array([0xff]), "a\n", ""],
    ["no text on the other", "a\n", new Uint8Array([0xff]), ""],
  ])("%s", (_what, was, is, expected) => {
    expect(changed(was, is)).toBe(expected);
  });

  it("is said of no line that stands in both files in the same order", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "}"), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (was, is) => {
        const text = (all: readonly string[]) => all.map((line) => `${line}\n`).join("");
        const stretches = new ChangedLines(
          memorySnapshot({ f: text(was) }),
          memorySnapshot({ f: text(is) }),
        ).of("f");
        const kept = is.filter((_, at) => !stretches.some(({ from, to }) => from <= at + 1 && at + 1 <= to));
        let next = 0;
        for (const line of was) if (line === kept[next]) next += 1;
        expect(next).toBe(kept.length);
        expect(stretches.every(({ from, to }) => from >= 1 && from <= to && to <= is.length)).toBe(true);
      }),
    );
  });

  it("gives up on a file that is rewritten beyond comparison", () => {
    const text = (name: string) => Array.from({ length: 20_000 }, (_, at) => `${name}${at}`).join("\n");
    expect(changed(text("a"), text("b"))).toBe("");
  });
});
