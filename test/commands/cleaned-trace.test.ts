import { describe, expect, it } from "vitest";
import { cleanedTrace } from "../../src/commands/cleaned-trace.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { Redaction } from "../../src/reports/redaction.ts";

const redaction = new Redaction(["hunter2"]);

function edit(diff: string): JsonObject {
  return { file: "f", before: "1", after: "2", diff, effects: [{ path: "x" }], verdict: "exact", why: "w" };
}

describe("a trace that is printed", () => {
  it.each([
    { name: "without edits", given: { value: "hunter2" }, expected: { value: "(sensitive)" } },
    {
      name: "with an edit that has no secret",
      given: { edits: [edit("-1\n+2\n")] },
      expected: { edits: [edit("-1\n+2\n")] },
    },
    {
      name: "with one that has, which is left out beside another",
      given: { edits: [edit(" hunter2\n-1\n+2\n"), edit("-1\n+3\n")] },
      expected: { edits: [edit("-1\n+3\n")] },
    },
    {
      name: "with nothing but such edits, the first of which is refused",
      given: { edits: [edit(" hunter2\n-1\n+2\n"), edit("-hunter2\n+3\n")] },
      expected: {
        edits: [
          {
            ...edit(""),
            effects: [],
            verdict: "refused",
            why: "the edit or a line beside it has the text of a secret, so it is not shown; edit that by hand",
          },
        ],
      },
    },
  ])("$name", ({ given, expected }) => {
    expect(cleanedTrace(given, redaction)).toEqual(expected);
  });
});
