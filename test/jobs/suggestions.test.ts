import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LineComment } from "../../src/github/reviews.ts";
import { suggestionsOf } from "../../src/jobs/suggestions.ts";

const ALL = new Map([["a.tf", [{ from: 1, to: 1_000 }]]]);

function suggested(
  before: string | null,
  after: string,
  shown = ALL,
  diff = createTwoFilesPatch("a.tf", "a.tf", before ?? "", after),
): readonly LineComment[] | null {
  return suggestionsOf([{ path: "a.tf", before, after, diff }], shown);
}

/** What GitHub makes of a text when somebody takes all suggestions together. */
function taken(text: string, comments: readonly LineComment[]): string {
  const lines = text.split("\n");
  for (const { from, to, body } of comments.toSorted((a, b) => b.from - a.from)) {
    lines.splice(from - 1, to - from + 1, ...body.split("\n").slice(1, -1));
  }
  return lines.join("\n");
}

describe("an edit as suggestions", () => {
  it("replaces the lines that differ", () => {
    expect(suggested("a\nb\nc\n", "a\nB\nc\n")).toEqual([
      { path: "a.tf", from: 2, to: 2, body: "```suggestion\nB\n```" },
    ]);
  });

  it("keeps the line after which something is inserted", () => {
    expect(suggested("a\nb\n", "a\nx\nb\n")).toEqual([
      { path: "a.tf", from: 1, to: 1, body: "```suggestion\na\nx\n```" },
    ]);
  });

  it("is none where the line after which something is inserted holds a secret, which its diff leaves out", () => {
    const diff = "--- a.tf\n+++ a.tf\n@@ -2 +2,2 @@\n+x\n b\n";
    expect(suggested('token = "hunter2"\nb\n', 'token = "hunter2"\nx\nb\n', ALL, diff)).toBeNull();
  });

  it("has a fence that its lines cannot end", () => {
    expect(suggested("a\n", "````\n")?.[0]?.body).toBe("`````suggestion\n````\n`````");
  });

  it.each<[string, string | null, string, Map<string, { from: number; to: number }[]>]>([
    ["a part of it is not in the diff", "a\nb\n", "A\nB\n", new Map([["a.tf", [{ from: 2, to: 9 }]]])],
    ["its file is not in the diff", "a\n", "b\n", new Map()],
    ["its file is new", null, "a\n", ALL],
    ["nothing changes", "a\n", "a\n", ALL],
    [
      "there would be too many",
      Array.from({ length: 40 }, (_, index) => `${index}`).join("\n"),
      Array.from({ length: 40 }, (_, index) => `${index}${index % 2 === 0 ? "x" : ""}`).join("\n"),
      ALL,
    ],
  ])("is none where %s", (_when, before, after, shown) => {
    expect(suggested(before, after, shown)).toBeNull();
  });

  it("gives the edited text when all are taken", () => {
    const text = fc.array(fc.constantFrom("a", "b", "", "`", "```"), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [was, is] = [`${before.join("\n")}\n`, `${after.join("\n")}\n`];
        const comments = suggested(was, is);
        if (comments !== null) expect(taken(was, comments)).toBe(is);
      }),
    );
  });
});
