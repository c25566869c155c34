import fc from "fast-check";
import { expect, test } from "vitest";
import { evalJson } from "../../src/commands/eval-json.ts";
import type { EvaluatedInstance } from "../../src/engine/api.ts";
import { printJson } from "../../src/json/json.ts";

const instance = fc.record({
  address: fc.string(),
  type: fc.string(),
  name: fc.string(),
  module: fc.string(),
  attributes: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<EvaluatedInstance["attributes"]>,
  unknown: fc.array(fc.string()),
  sensitive: fc.array(fc.string()),
});

test("a document that is printed in parts is the same text as one printed at once", async () => {
  const pages = fc.array(fc.array(instance, { maxLength: 3 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(pages, fc.array(fc.jsonValue()), async (parts, problems) => {
      const diagnostics = problems as [];
      async function* given() {
        yield* parts;
      }
      let printed = "";
      for await (const piece of evalJson(given(), () => diagnostics)) printed += piece;
      expect(printed).toBe(`${printJson({ schema: 1, instances: parts.flat(), diagnostics }, 2)}\n`);
    }),
  );
});
