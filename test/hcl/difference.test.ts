import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBudget } from "../../src/hcl/functions/function.ts";
import { differingKeys, isSameContent } from "../../src/hcl/values/difference.ts";
import { ReplacedEntries } from "../../src/hcl/values/replaced-entries.ts";
import { NUMBER, STRING } from "../../src/hcl/values/type.ts";
import {
  asSensitive,
  listValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../../src/hcl/values/value.ts";

const x = stringValue("x");

describe("two values have the same content", () => {
  it.each<[string, Value, Value, boolean]>([
    ["equal texts, whatever their origin", x, stringValue("x", { kind: "setting", name: "s" }), true],
    ["other texts", x, stringValue("y"), false],
    ["a number and its text", numberValue(1), stringValue("1"), false],
    ["a mark", x, asSensitive(x), false],
    ["a mark within", tupleValue([x]), tupleValue([asSensitive(x)]), false],
    ["nulls of two types", nullValue(STRING), nullValue(NUMBER), false],
    ["unknown values of two types", unknownValue(STRING), unknownValue(NUMBER), false],
    ["a list and a tuple", listValue(STRING, [x]), tupleValue([x]), false],
    ["a map and an object", mapValue(STRING, [["a", x]]), objectValue([["a", x]]), false],
    ["an object of which not all is known", objectValue([]), { ...objectValue([]), open: true }, false],
  ])("%s", (_, a, b, expected) => {
    expect([isSameContent(a, b), isSameContent(b, a)]).toEqual([expected, expected]);
  });

  it.each<[string, Value, Value, string[] | null]>([
    [
      "one entry",
      objectValue([
        ["a", x],
        ["b", x],
      ]),
      objectValue([
        ["a", x],
        ["b", numberValue(1)],
      ]),
      ["b"],
    ],
    ["entries that come and go", objectValue([["a", x]]), objectValue([["b", x]]), ["a", "b"]],
    ["elements", tupleValue([x, x]), tupleValue([x]), ["1"]],
    ["marks of the whole", objectValue([["a", x]]), asSensitive(objectValue([["a", x]])), null],
    ["kinds", objectValue([["a", x]]), mapValue(STRING, [["a", x]]), null],
  ])("or differ in %s", (_, a, b, expected) => {
    const keys = differingKeys(a, b);
    expect(keys && [...keys].sort()).toEqual(expected);
  });
});

describe("entries that were replaced", () => {
  const entries = fc
    .dictionary(fc.string(), fc.integer(), { minKeys: 1 })
    .map((all) => new Map(Object.entries(all)));

  it("are a map with other values", () => {
    fc.assert(
      fc.property(entries, fc.integer(), (base, value) => {
        const [key = ""] = base.keys();
        const replaced = new ReplacedEntries(base, new Map([[key, value]]));
        const expected = new Map(base).set(key, value);
        expect([...replaced]).toEqual([...expected]);
        expect([...replaced.keys()]).toEqual([...expected.keys()]);
        expect([...replaced.values()]).toEqual([...expected.values()]);
        expect([replaced.size, replaced.get(key), replaced.has(key)]).toEqual([expected.size, value, true]);
      }),
    );
  });

  it("count as often as they would in a map of their own", () => {
    const large = tupleValue(Array.from({ length: 30 }, () => x));
    const base = objectValue([
      ["a", x],
      ["b", x],
    ]);
    const value = { ...base, entries: new ReplacedEntries(base.entries, new Map([["a", large]])) };
    const limits = { steps: 1, elements: 32, text: 1 };
    expect(() => createBudget({ ...limits, elements: 33 }).size(value)).not.toThrow();
    expect(() => createBudget({ ...limits, elements: 32 }).size(value)).toThrow(/more than 32 elements/);
  });
});
