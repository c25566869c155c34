import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactNumber, type Json } from "../../src/json/json.ts";
import { meaningKey } from "../../src/reconcile/meaning-key.ts";
import { IN_ORDER, means } from "../../src/reconcile/wanted.ts";

const policy = (action: Json) => JSON.stringify({ Statement: [{ Effect: "Allow", Action: action }] });

const scalar: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  ...[null, "", false, true, 0, 1, "0", "1", "false", "true", "a", "null", -0, "-0"],
  ...[exactNumber("1.50"), "1.5", 1.5, exactNumber("1e3"), "1000", 1000],
  ...["{}", "[]", '{"a": 1, "b": 2}', '{"b":2,"a":1.0}', "{a", "[1, 2]", "[1,2]", "[2,1]"],
  ...[policy("s3:Get"), policy(["s3:get"]), encodeURIComponent(policy("s3:Get")), policy("s3:Put")],
);

const value = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "__proto__"), tie("json"), { maxKeys: 3 }),
  ),
})).json;

describe("what an element is found by", () => {
  it("is the same for values that mean the same", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        fc.pre(means(a, b) || means(a, b, IN_ORDER));
        expect(meaningKey(a)).toBe(meaningKey(b));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<readonly [Json, Json]>([
    ["a", "b"],
    [1, 2],
    [["a"], ["a", "a"]],
    [{ a: "x" }, { b: "x" }],
    ['{"a":1}', '{"a":2}'],
    [policy("s3:Get"), policy("s3:Put")],
    [["a,b"], ["a", "b"]],
  ])("%j is another than %j", (a, b) => {
    expect(meaningKey(a)).not.toBe(meaningKey(b));
  });
});
