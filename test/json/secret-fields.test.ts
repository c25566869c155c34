import { expect, test } from "vitest";
import { secretFieldsOf } from "../../src/json/secret-fields.ts";

test.each<[string, string, readonly string[]]>([
  ["a password", '{"user":"app","password":"p"}', ["p"]],
  ["within others", '[{"db":{"DB_PASSWORD":"p"}}]', ["p"]],
  ["everything below the name", '{"credentials":{"user":"u","list":["v",12.5]}}', ["u", "v", "12.5"]],
  ["other names", '{"apiKey":"a","client_secret":"b","authToken":"c","pass":"d"}', ["a", "b", "c", "d"]],
  ["no secret", '{"keyboard":"a","bypass":"b","compass":"c","n":1}', []],
  ["neither true nor null", '{"secret":true,"token":null}', []],
  ["a name that objects inherit", '{"__proto__":{"token":"t"}}', ["t"]],
  ["no JSON", "{password: p}", []],
  ["a plain text", '"password"', []],
  ["nested without end", `${"[".repeat(100_000)}`, []],
])("%s", (_, text, expected) => {
  expect(secretFieldsOf(text)).toEqual(expected);
});
