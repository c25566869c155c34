import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteLength } from "../../src/reports/budget.ts";
import { partsOf } from "../../src/reports/parts.ts";

const words = (label: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${label}${at}`).join(" ");

describe("a report in parts", () => {
  it("stays whole where it fits", () => {
    expect(partsOf("# a\n\ntext\n", 100)).toEqual(["# a\n\ntext\n"]);
  });

  it("ends a part between paragraphs", () => {
    const [a, b, c] = [words("a", 20), words("b", 20), words("c", 20)];
    expect(partsOf(`${a}\n\n${b}\n\n${c}\n`, 150)).toEqual([`${a}\n\n${b}\n`, `${c}\n`]);
  });

  it.each<[string, string, string[]]>([
    [
      "a code block is closed and opened again",
      "```diff\n-aaaaaaaaaaaaaaaaaaaaaaa\n+bbbbbbbbbbbbbbbbbbbbbbb\n+cccccccccccccccccc\n```\nend",
      [
        "```diff\n-aaaaaaaaaaaaaaaaaaaaaaa\n+bbbbbbbbbbbbbbbbbbbbbbb\n```\n",
        "```diff\n+cccccccccccccccccc\n```\nend\n",
      ],
    ],
    [
      "a fence in a code block does not end it",
      "````\n```\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n```\nbbbbbbbbbbbbbb\n````",
      [
        "````\n```\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n````\n",
        "````\n```\nbbbbbbbbbbbbbb\n````\n",
      ],
    ],
    [
      "a table has its head in each part",
      "| a | b |\n| --- | --- |\n| 1111111111 | 2222222222 |\n| 3333333333 | 4 |\n\nend",
      [
        "| a | b |\n| --- | --- |\n| 1111111111 | 2222222222 |\n",
        "| a | b |\n| --- | --- |\n| 3333333333 | 4 |\n\nend\n",
      ],
    ],
    [
      "a folded section is folded in each part",
      "<details>\n<summary>x</summary>\n\naaaaaaaaaaaaaa\n\nbbbbbbbbbbbbbb\n\n</details>",
      [
        "<details>\n<summary>x</summary>\n\naaaaaaaaaaaaaa\n\n</details>\n",
        "<details>\n<summary>x</summary>\n\nbbbbbbbbbbbbbb\n\n</details>\n",
      ],
    ],
    [
      "what belongs to a list item stands at the margin without it",
      "10. one\n\n    ```sh\n    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n    bbbbbbbbbbbbbbbb\n    ```\n\n    Check: c\n\n11. two",
      [
        "10. one\n\n    ```sh\n    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n    ```\n",
        "```sh\nbbbbbbbbbbbbbbbb\n```\n\nCheck: c\n\n11. two\n",
      ],
    ],
  ])("%s", (_what, markdown, expected) => {
    const budget = Math.max(...expected.map(byteLength)) + 3;
    expect(partsOf(markdown, budget)).toEqual(expected);
  });

  it("divides a line that no part can hold, where none of it can act", () => {
    const line = `see <code>${"&#64;".repeat(200)}</code> @nobody ${"日".repeat(100)}`;
    const parts = partsOf(`before\n\n${line}\n\nafter`, 400);
    expect(parts.every((part) => byteLength(part) <= 400)).toBe(true);
    expect(outsideOfCode(parts.join("\n")).filter((text) => text !== "")).toEqual(["before", "after"]);
    expect(inCode(parts.join("\n")).join("")).toBe(line);
  });

  it("loses nothing, and leaves nothing open", () => {
    const line = fc.stringMatching(/^[a-z]{1,60}$/);
    const block = fc.oneof(
      line.map((text) => [text, ""]),
      fc.array(line, { minLength: 1, maxLength: 30 }).map((rows) => ["```diff", ...rows, "```", ""]),
      fc
        .array(line, { minLength: 1, maxLength: 30 })
        .map((rows) => ["| a |", "| --- |", ...rows.map((row) => `| ${row} |`), ""]),
      fc
        .array(line, { minLength: 1, maxLength: 30 })
        .map((rows) => ["1. one", "", "   ```sh", ...rows.map((row) => `   ${row}`), "   ```", ""]),
      fc
        .array(line, { minLength: 1, maxLength: 30 })
        .map((rows) => [
          "<details>",
          "<summary>s</summary>",
          "",
          "```",
          ...rows,
          "```",
          "",
          "</details>",
          "",
        ]),
    );
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1 }),
        fc.integer({ min: 150, max: 1_000 }),
        (blocks, budget) => {
          const text = blocks.flat().join("\n");
          const parts = partsOf(text, budget);
          for (const part of parts) {
            expect(byteLength(part)).toBeLessThanOrEqual(budget);
            expect(part.match(/^ *```/gm)?.length ?? 0).toSatisfy((fences: number) => fences % 2 === 0);
            expect(part.match(/<details>/g)?.length).toBe(part.match(/<\/details>/g)?.length);
            if (/^\|/m.test(part)) expect(part).toMatch(/^\| a \|\n\| --- \|\n/m);
          }
          expect(contents(parts.join("\n"))).toEqual(contents(text));
        },
      ),
    );
  });
});

/** What a report says, without what only gives it its form. */
function contents(markdown: string): string[] {
  return markdown
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !/^(?:|```.*|\| a \||\| --- \||<\/?details>|<summary>.*)$/.test(line));
}

function inCode(markdown: string): string[] {
  return markdown.split(/^```.*\n/m).flatMap((text, at) => (at % 2 === 1 ? [text.replace(/\n$/, "")] : []));
}

function outsideOfCode(markdown: string): string[] {
  return markdown.split(/^```.*\n/m).flatMap((text, at) => (at % 2 === 0 ? [text.trim()] : []));
}
