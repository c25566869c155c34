import { describe, expect, test } from "vitest";
import { NUMBER, STRING } from "../../../src/hcl/values/type.ts";
import {
  asSensitive,
  boolValue,
  listValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  setValue,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../../../src/hcl/values/value.ts";
import { ExactDecimal, printJson } from "../../../src/json/json.ts";
import { printPath } from "../../../src/json/path.ts";
import { MASK, toPlain } from "../../../src/terraform/evaluation/value-json.ts";

const secret = asSensitive(stringValue("canary"));

describe("a value as JSON", () => {
  test.each<[string, Value, string]>([
    ["a text", stringValue("a"), '"a"'],
    ["a bool", boolValue(true), "true"],
    ["null", nullValue(), "null"],
    [
      "a number with all its digits",
      numberValue(new ExactDecimal("12345678901234567890.5")),
      "12345678901234567890.5",
    ],
    ["a number without an exponent", numberValue(new ExactDecimal("1e21")), "1000000000000000000000"],
    ["a list", listValue(NUMBER, [numberValue(2), numberValue(1)]), "[2,1]"],
    ["a set in its order", setValue(NUMBER, [numberValue(10), numberValue(2), numberValue(2)]), "[2,10]"],
    [
      "a map by key",
      mapValue(STRING, [
        ["b", stringValue("2")],
        ["a", stringValue("1")],
      ]),
      '{"a":"1","b":"2"}',
    ],
    [
      "names that objects have anyway",
      objectValue([
        ["__proto__", numberValue(1)],
        ["constructor", numberValue(2)],
      ]),
      '{"__proto__":1,"constructor":2}',
    ],
  ])("%s", (_, value, expected) => {
    const { json, unknown, sensitive } = toPlain(value);
    expect(printJson(json)).toBe(expected);
    expect([unknown, sensitive]).toEqual([[], []]);
  });

  test("null stands in the place of what is unknown, a mask in that of what is sensitive", () => {
    const value = objectValue([
      ["a", tupleValue([unknownValue(), stringValue("x")])],
      ["b", secret],
      ["c", { ...objectValue([["known", stringValue("k")]]), open: true as const }],
      ["d", asSensitive(tupleValue([unknownValue()]))],
    ]);
    const { json, unknown, sensitive } = toPlain(value, ["at"]);
    expect(json).toEqual({ a: [null, "x"], b: MASK, c: null, d: MASK });
    expect(unknown.map(printPath)).toEqual(["at.a[0]", "at.c"]);
    expect(sensitive.map(printPath)).toEqual(["at.b", "at.d"]);
    expect(printJson(json)).not.toContain("canary");
  });

  test("for comparing, sensitive values stand in their places and are listed all the same", () => {
    const { json, sensitive } = toPlain(tupleValue([secret]), [], true);
    expect([json, sensitive]).toEqual([["canary"], [[0]]]);
  });

  test("what is nested deeper than anything real counts as unknown", () => {
    let value: Value = stringValue("deep");
    for (let depth = 0; depth < 5_000; depth += 1) value = tupleValue([value]);
    expect(toPlain(value).unknown).toHaveLength(1);
  });
});
