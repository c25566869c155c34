import { describe, expect, test } from "vitest";
import { ConversionError, convert } from "../../src/hcl/values/convert.ts";
import {
  ANY,
  BOOL,
  listOf,
  mapOf,
  NUMBER,
  objectOf,
  STRING,
  setOf,
  type Type,
  tupleOf,
} from "../../src/hcl/values/type.ts";
import {
  asSensitive,
  listValue,
  mapValue,
  notNull,
  nullValue,
  numberValue,
  type Origin,
  objectValue,
  setValue,
  stringValue,
  tupleValue,
  typeOf,
  unknownValue,
  type Value,
} from "../../src/hcl/values/value.ts";
import { writtenOrigin } from "../../src/hcl/values/written-origin.ts";

const AT: Origin = { kind: "setting", name: "here" };
const text = stringValue("3", AT);
const seven = numberValue(7, AT);

/** Values, types and errors: fixtures/expressions/conversion.json. Here: what is handed through, and what is kept. */
describe("a value that has its type already is the same object", () => {
  test.each<[string, Value, Type]>([
    ["a text", text, STRING],
    ["anything, as any", tupleValue([text]), ANY],
    ["a list", listValue(STRING, [text]), listOf(STRING)],
    ["a list, as one of any", listValue(STRING, [text]), listOf(ANY)],
    ["a set", setValue(STRING, [text]), setOf(STRING)],
    ["a map", mapValue(STRING, [["a", text]]), mapOf(STRING)],
    ["a tuple", tupleValue([text, seven]), tupleOf([STRING, NUMBER])],
    ["an object", objectValue([["a", text]]), objectOf([["a", STRING]])],
    ["null", nullValue(STRING), STRING],
    ["an unknown value", unknownValue(STRING), STRING],
  ])("%s", (_, value, type) => {
    expect(convert(value, type)).toBe(value);
  });

  test.each<[string, Value, Type]>([
    ["a list", tupleValue([seven, text]), listOf(STRING)],
    [
      "a map",
      objectValue([
        ["a", text],
        ["b", seven],
      ]),
      mapOf(STRING),
    ],
    [
      "an object",
      objectValue([
        ["a", text],
        ["more", seven],
      ]),
      objectOf([["a", STRING]]),
    ],
    ["a tuple", tupleValue([text, seven]), tupleOf([STRING, STRING])],
  ])("so are the parts of %s that change no type", (_, value, type) => {
    const made = convert(value, type);
    const parts = "items" in made ? made.items : "entries" in made ? [...made.entries.values()] : [];
    expect(parts).toContain(text);
    expect(made.origin).toEqual({ kind: "conversion", from: value });
  });
});

test("what decided a value is found behind any number of conversions", () => {
  const twice = convert(convert(text, NUMBER), STRING);
  expect(twice).toMatchObject({ kind: "string", value: "3" });
  expect(writtenOrigin(twice)).toBe(AT);
});

test("marks stay", () => {
  expect(convert(asSensitive(text), NUMBER).sensitive).toBe(true);
  expect(convert(asSensitive(tupleValue([text])), listOf(NUMBER)).sensitive).toBe(true);
  expect(convert(asSensitive(nullValue()), NUMBER).sensitive).toBe(true);
  expect(convert(asSensitive(unknownValue()), NUMBER).sensitive).toBe(true);
  expect(convert(tupleValue([asSensitive(text)]), setOf(STRING)).sensitive).toBe(true);
});

test("an unknown value takes the type, and stays not null", () => {
  expect(convert(unknownValue(ANY, AT), NUMBER)).toMatchObject({ kind: "unknown", type: NUMBER, origin: AT });
  expect(convert(notNull(unknownValue(NUMBER)), STRING)).toMatchObject({ type: STRING, notNull: true });
});

test("an attribute that an optional one leaves out is null, absent from where the object stands", () => {
  const type: Type = { kind: "object", attributes: new Map([["a", { type: NUMBER, optional: true }]]) };
  const made = convert(objectValue([]), type);
  expect(typeOf(made)).toEqual(objectOf([["a", NUMBER]]));
  expect("entries" in made && made.entries.get("a")?.origin.kind).toBe("absent");
});

test.each<[string, Value, Type, string]>([
  ["a text", stringValue("canary"), NUMBER, "a number is required"],
  ["a text", stringValue("canary"), BOOL, "a bool is required"],
  ["a list", tupleValue([]), STRING, "a string is required"],
  ["a text", stringValue("canary"), listOf(STRING), "list(string) is required"],
  [
    "a nested text",
    objectValue([["k", tupleValue([stringValue("canary")])]]),
    mapOf(listOf(NUMBER)),
    'element "k": element 0: a number is required',
  ],
  ["an unknown list", unknownValue(listOf(STRING)), STRING, "a string is required"],
])("an error about %s says what is required, never what was given", (_, value, type, message) => {
  expect(() => convert(value, type)).toThrow(new ConversionError(message));
});
