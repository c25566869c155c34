import { describe, expect, it } from "vitest";
import type { Diagnostic, SourceFile } from "../../../src/hcl/syntax/source.ts";
import { newErrors } from "../../../src/terraform/evaluation/errors.ts";

const FILES = new Map<string, SourceFile>(["a.tf", "b.tf"].map((path) => [path, { path, text: "" }]));

/** `a.tf:3 message` is an error in a file at an offset; `message` one without a place. */
function errors(...texts: readonly string[]): Diagnostic[] {
  return texts.map((text) => {
    const [, path = "", start = "0", message = text] = /^(\w\.tf):(\d+) (.*)$/.exec(text) ?? [];
    const file = FILES.get(path);
    const range = file === undefined ? null : { file, start: Number(start), end: Number(start) + 1 };
    return { severity: "error", message, range };
  });
}

describe("the errors that are new", () => {
  it.each<[string, string[], string[], string[]]>([
    ["none, where all were there", ["a.tf:1 x"], ["a.tf:1 x"], []],
    ["none, where one stands in another line now", ["a.tf:1 x"], ["a.tf:9 x"], []],
    ["one that comes once more in its file", ["a.tf:1 x"], ["a.tf:1 x", "a.tf:9 x"], ["x"]],
    ["one that goes in a file and comes in another", ["a.tf:1 x"], ["b.tf:1 x"], ["x"]],
    ["one, where several instances share a line", [], ["a.tf:1 x", "a.tf:1 x"], ["x"]],
    ["one without a place beside one with a place", ["a.tf:1 x"], ["a.tf:1 x", "x"], ["x"]],
    ["another message", ["a.tf:1 x"], ["a.tf:1 y"], ["y"]],
  ])("%s", (_, before, after, expected) => {
    expect(newErrors(errors(...before), errors(...after)).map(({ message }) => message)).toEqual(expected);
  });

  it("are no warnings", () => {
    const [warning] = errors("a.tf:1 x").map((error) => ({ ...error, severity: "warning" as const }));
    expect(newErrors([], warning === undefined ? [] : [warning])).toEqual([]);
  });
});
