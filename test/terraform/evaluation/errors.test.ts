import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../../src/hcl/syntax/source.ts";
import type { Reported } from "../../../src/terraform/cells/graph.ts";
import { newErrors } from "../../../src/terraform/evaluation/errors.ts";

const FILES = new Map<string, SourceFile>(["a.tf", "b.tf"].map((path) => [path, { path, text: "" }]));

/** `a.tf:3 message` is an error in a file at an offset, `local.x a.tf:3 message` one about something; or it has no place. */
function errors(...texts: readonly string[]): Reported[] {
  return texts.map((text) => {
    const [, about = "", path = "", start = "0", message = text] =
      /^(?:(\S+) )?(\w\.tf):(\d+) (.*)$/.exec(text) ?? [];
    const file = FILES.get(path);
    const range = file === undefined ? null : { file, start: Number(start), end: Number(start) + 1 };
    return { about, diagnostic: { severity: "error", message, range } };
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
    ["one that goes for an instance and comes for another", ["i[0] a.tf:1 x"], ["i[1] a.tf:1 x"], ["x"]],
    ["none, where one of an instance moves with its line", ["i[0] a.tf:1 x"], ["i[0] a.tf:9 x"], []],
    ["one that comes once more for an instance", ["i a.tf:1 x"], ["i a.tf:1 x", "i a.tf:9 x"], ["x"]],
    ["one line, where it comes for several", [], ["i[0] a.tf:1 x", "i[1] a.tf:1 x"], ["x"]],
    ["none, where instances go", ["i[0] a.tf:1 x", "i[1] a.tf:1 x"], ["i[0] a.tf:1 x"], []],
  ])("%s", (_, before, after, expected) => {
    expect(newErrors(errors(...before), errors(...after)).map(({ message }) => message)).toEqual(expected);
  });

  it("are no warnings", () => {
    const warnings = errors("a.tf:1 x").map(({ about, diagnostic }) => {
      return { about, diagnostic: { ...diagnostic, severity: "warning" as const } };
    });
    expect(newErrors([], warnings)).toEqual([]);
  });
});
