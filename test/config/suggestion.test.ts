import { describe, expect, it } from "vitest";
import { suggestion } from "../../src/config/suggestion.ts";

describe("what was probably meant", () => {
  it.each<[word: string, candidates: readonly string[], meant: string | null]>([
    ["adpot", ["adopt", "revert", "ignore"], "adopt"],
    ["Adopt", ["adopt", "revert", "ignore"], "adopt"],
    ["varfiles", ["path", "var_files", "vars"], "var_files"],
    ["expires", ["name", "match", "verdict", "until", "because"], null],
    ["x", [], null],
    ["r".repeat(1000), ["rules"], null],
  ])("%s of %j: %s", (word, candidates, meant) => {
    expect(suggestion(word, candidates)).toBe(meant);
  });
});
