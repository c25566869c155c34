import { describe, expect, it } from "vitest";
import type { Change } from "../../src/drift/model.ts";
import { byteLength } from "../../src/reports/budget.ts";
import { foundValues } from "../../src/reports/explanation.ts";
import { change, finding, known } from "./fixtures.ts";

const of = (...changes: Change[]) => finding({ changes });

describe("the values of what a scan found", () => {
  it.each<[string, Change, string]>([
    [
      "where the state has what the code says",
      change("tags.Cost", known("blue"), known("blue"), known("black")),
      '  - `tags.Cost`: the code says `"blue"`, the cloud has `"black"`',
    ],
    [
      "where the state has another one",
      change("size", known(1), known(2), known(3)),
      "  - `size`: the code says `1`, the state has `2`, the cloud has `3`",
    ],
    [
      "where nobody knows what the code says",
      change("size", "unknown", known(2), "absent"),
      "  - `size`: the state has `2`, the cloud has *not set*",
    ],
  ])("%s", (_what, changed, line) => {
    expect(foundValues([of(changed)]).split("\n")[1]).toBe(line);
  });

  it("are hidden where one of a finding is sensitive, whoever knows it", () => {
    const secret = change("password", { hidden: "x" }, known("hunter22"), known("correct horse"));
    const other = change("note", known("it was hunter22"), known("it was hunter22"), known("y"));
    const shown = foundValues([finding({ changes: [secret], sensitive: true }), of(other)]);
    expect(shown).toContain("(sensitive)");
    expect(shown).not.toMatch(/hunter22|correct horse/);
  });

  it("are no more than a comment has room for", () => {
    const long = change("text", known("a".repeat(5_000)), "absent", known("b".repeat(5_000)));
    const many = Array.from({ length: 200 }, () => of(...Array.from({ length: 30 }, () => long)));
    expect(byteLength(foundValues(many))).toBeLessThanOrEqual(20_000);
    const short = Array.from({ length: 60 }, () => of(change("a", known(1), known(1), known(2))));
    expect(foundValues(short).split("\n").at(-1)).toBe("- and 10 more");
  });
});
