import { describe, expect, it } from "vitest";
import { evalJson } from "../../src/commands/eval-json.ts";
import { EvaluatedPages } from "../../src/commands/evaluated-pages.ts";
import type { EvaluatedPage } from "../../src/engine/api.ts";
import { EngineFailure, EngineStopped } from "../../src/engine/engine.ts";
import { parseJson } from "../../src/json/json.ts";

const instance = (address: string) => ({
  address,
  type: "a_b",
  name: "c",
  module: "",
  attributes: { x: 1 },
  unknown: [],
  sensitive: [],
});
const problem = (message: string) => ({
  severity: "error" as const,
  message,
  file: null,
  line: null,
  column: null,
});
const WARNING = { ...problem("of the code"), severity: "warning" as const };
const TOO_LARGE = problem("a_b.c[1] is too large");

/** An engine with a page for each instance; asked for one page more it fails. */
function engineWith(pages: readonly string[], failure: Error | null) {
  return {
    evaluated: (_stack: string, from = 0): Promise<EvaluatedPage> => {
      const address = pages[from];
      if (address === undefined) return Promise.reject(failure);
      const isLast = from + 1 === pages.length && failure === null;
      return Promise.resolve({
        instances: [instance(address)],
        next: isLast ? null : from + 1,
        diagnostics: [WARNING],
        tooLarge: address === "a_b.c[1]" ? [TOO_LARGE] : [],
      });
    },
  };
}

async function printed(pages: EvaluatedPages): Promise<unknown> {
  let text = "";
  for await (const piece of evalJson(pages.instances(), () =>
    [...pages.diagnostics, ...pages.failures].map((each) => ({ ...each })),
  ))
    text += piece;
  return parseJson(text);
}

describe("the document of an evaluation", () => {
  const two = ["a_b.c[0]", "a_b.c[1]"];

  it.each<readonly [string, readonly string[], Error | null, readonly object[]]>([
    ["has all pages, and what they say", two, null, [WARNING, TOO_LARGE]],
    [
      "is whole where the engine ends between pages",
      two,
      new EngineStopped("the evaluation was ended"),
      [WARNING, TOO_LARGE, problem("not all instances are listed: the evaluation was ended")],
    ],
    [
      "is whole where the engine ends before the first page",
      [],
      new EngineStopped("the evaluation was ended"),
      [problem("not all instances are listed: the evaluation was ended")],
    ],
    [
      "is whole where a page fails",
      ["a_b.c[0]"],
      new EngineFailure("RangeError", "too large"),
      [WARNING, problem("not all instances are listed: too large")],
    ],
  ])("%s", async (_, pages, failure, diagnostics) => {
    const document = await printed(new EvaluatedPages(engineWith(pages, failure), "stack"));
    expect(document).toEqual({ schema: 1, instances: pages.map(instance), diagnostics });
  });

  it("hides no fault of the program", async () => {
    const pages = new EvaluatedPages(engineWith([], new TypeError("x is not a function")), "stack");
    await expect(printed(pages)).rejects.toThrow(TypeError);
  });
});
