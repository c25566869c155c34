import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { yamlScalar } from "../../src/config/yaml-scalar.ts";

/** What readers of YAML 1.1 take for something else (https://yaml.org/type/). */
const WORDS = ["yes", "No", "on", "OFF", "y", "N", "true", "null", "~"];
const NUMBERS = ["123", "010", "0b1", "1_000", "1e3", ".inf", "-1", "0x1F"];
const DAYS = ["2027-01-31", "2001-12-14t21:59:43.10-05:00"];

describe("a text in a file that is proposed", () => {
  test.each([...WORDS, ...NUMBERS, ...DAYS])("%s is quoted", (text) => {
    expect(yamlScalar(text)).toBe(JSON.stringify(text));
  });

  test.each(["shop-prod", "infra/yes", "prod.tfvars", "yesterday", "one", "v1.2.3-rc", "a_b"])(
    "%s is not",
    (text) => {
      expect(yamlScalar(text)).toBe(text);
    },
  );

  test("is itself for readers of both versions", () => {
    const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."yesno0123456789._-/") }));
    fc.assert(
      fc.property(texts, (text) => {
        const line = `name: ${yamlScalar(text)}\n`;
        for (const version of ["1.1", "1.2"] as const)
          expect(parse(line, { version })).toEqual({ name: text });
      }),
    );
  });
});
