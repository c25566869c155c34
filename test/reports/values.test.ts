import { describe, expect, it } from "vitest";
import { exactNumber, type Json } from "../../src/json/json.ts";
import { readingText, valueText } from "../../src/reports/values.ts";

describe("a value on one line", () => {
  it.each<[string, Json, string]>([
    ["text", "t3.large", '"t3.large"'],
    ["a text that looks like a number", "8080", '"8080"'],
    ["a number with all digits", exactNumber("12345678901234567890"), "12345678901234567890"],
    ["null", null, "null"],
    ["a list", ["a", 1, true], '["a", 1, true]'],
    ["an object", { a: 1, "b.c": "x" }, '{ a = 1, "b.c" = "x" }'],
    [
      "an object without its empty parts",
      { port: 22, description: "", groups: [], x: null, self: false },
      "{ port = 22, self = false }",
    ],
    ["an object of empty parts", { description: "" }, '{ description = "" }'],
    ["an empty object", {}, "{}"],
    ["a JSON document", '{"Version":"2012-10-17"}', 'jsonencode({ Version = "2012-10-17" })'],
    ["what only looks like one", "{not json", '"{not json"'],
  ])("shows %s", (_, value, text) => {
    expect(valueText(value)).toBe(text);
  });

  it("does not follow nesting without end", () => {
    let deep: Json = 1;
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    expect(valueText(deep)).toContain("…");
  });
});

it.each([
  [{ known: "a" }, '"a"'],
  [{ hidden: "9c2f" }, "(sensitive)"],
  ["absent", "not set"],
  ["unknown", "not known yet"],
  ["unread", "not readable"],
] as const)("a reading %j reads %s", (reading, text) => {
  expect(readingText(reading)).toBe(text);
});
