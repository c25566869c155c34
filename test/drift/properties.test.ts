import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeRule } from "../../src/drift/rules.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { compareAll, desired, found, instance, RULES, recorded, summary } from "./example.ts";

/** Values of the kind that a rule says, also written as text. */
function anyValue(rule: AttributeRule): fc.Arbitrary<Json> {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("10.0.0.0/8", "::/0", "tcp", "-1", '{"Statement":[]}', "a", "b"),
  );
  switch (rule.kind) {
    case "string":
      return text;
    case "number":
      return fc.oneof(
        fc.integer(),
        fc.integer().map(String),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
      );
    case "bool":
      return fc.constantFrom<Json>(true, false, "true", "false");
    case "list":
    case "set":
      return fc.array(anyValue(rule.element ?? { kind: "string" }), { maxLength: 4 });
    case "map":
    case "tags":
      return fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom("__proto__", "aws:x")),
        anyValue(rule.element ?? { kind: "string" }),
        { maxKeys: 4 },
      );
    case "block":
    case "block-set":
      return fc.array(objectOf(rule.attributes ?? {}), { maxLength: 3 });
  }
}

function objectOf(attributes: Readonly<Record<string, AttributeRule>>): fc.Arbitrary<JsonObject> {
  const members = Object.entries(attributes).map(([name, rule]) =>
    fc.option(anyValue(rule).map((value) => [name, value] as const)),
  );
  return fc.tuple(...members).map((entries) => Object.fromEntries(entries.filter((entry) => entry !== null)));
}

describe.each(Object.keys(RULES))("%s", (type) => {
  const attributes = RULES[type]?.attributes ?? {};

  it("has no finding where all three say the same", () => {
    fc.assert(
      fc.property(objectOf(attributes), (same) => {
        const { tags_all: _all, ...code } = same;
        const truths = instance({
          type,
          desired: desired(code),
          recorded: recorded(code),
          observation: found(code),
        });
        expect(summary(compareAll([truths]))).toEqual([]);
      }),
    );
  });

  it("gives an account of whatever differs: no throw, unique fingerprints, changes that differ", () => {
    fc.assert(
      fc.property(objectOf(attributes), objectOf(attributes), objectOf(attributes), (a, b, c) => {
        const truths = instance({ type, desired: desired(a), recorded: recorded(b), observation: found(c) });
        const { findings, coverage } = compareAll([truths]);
        expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(findings.length);
        expect(findings.every(({ changes }) => changes.length > 0)).toBe(true);
        expect(coverage.attributes).toBe(coverage.compared + coverage.notCompared + coverage.unreadable);
      }),
    );
  });

  it("is drift where only the cloud differs, whatever differs", () => {
    fc.assert(
      fc.property(objectOf(attributes), objectOf(attributes), (same, live) => {
        const { tags_all: _all, ...code } = same;
        const truths = instance({
          type,
          desired: desired(code),
          recorded: recorded(code),
          observation: found(live),
        });
        for (const { kind } of compareAll([truths]).findings) expect(kind).toBe("drift");
      }),
    );
  });
});
