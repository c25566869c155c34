import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalJson,
  equalJson,
  exactNumber,
  isRawNumber,
  type Json,
  jsonAt,
  parseJson,
  printJson,
} from "../../src/json/json.ts";

describe("numbers keep all their digits", () => {
  it.each([
    ["12345678901234567890", "12345678901234567890"],
    ["0.1", "0.1"],
    ["0.12345678901234567890123", "0.12345678901234567890123"],
    ["1e3", "1000"],
    ["1e21", "1000000000000000000000"],
    ["1e-7", "0.0000001"],
    ["-0", "0"],
    ["1.50", "1.5"],
    ["9007199254740993", "9007199254740993"],
  ])("%s prints as %s", (source, printed) => {
    expect(printJson(parseJson(`[${source}]`))).toBe(`[${printed}]`);
  });

  it("is a plain number where a double holds it", () => {
    expect(exactNumber("1.5")).toBe(1.5);
    expect(isRawNumber(exactNumber("9007199254740993"))).toBe(true);
  });

  it("prints no exponent for any double", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const printed = printJson(exactNumber(String(value)));
        expect(printed).not.toMatch(/e/i);
        expect(Number(printed)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe("parseJson", () => {
  it("keeps a key that is called __proto__", () => {
    const json = parseJson('{"__proto__": {"polluted": true}}');
    expect(printJson(json)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("refuses what is not JSON", () => {
    expect(() => parseJson("{")).toThrow(SyntaxError);
  });

  it("reads back what is printed", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = value as Json;
        expect(equalJson(parseJson(printJson(json)), parseJson(JSON.stringify(value)))).toBe(true);
      }),
    );
  });
});

describe("equalJson", () => {
  it.each<[string, string, boolean]>([
    ["1", "1.0", true],
    ["12345678901234567890", "12345678901234567891", false],
    ['{"a":1,"b":2}', '{"b":2,"a":1}', true],
    ["[1,2]", "[2,1]", false],
    ['{"a":null}', "{}", false],
    ['"1"', "1", false],
    ["[]", "{}", false],
    ["null", "false", false],
  ])("%s and %s: %s", (a, b, equal) => {
    expect(equalJson(parseJson(a), parseJson(b))).toBe(equal);
    expect(canonicalJson(parseJson(a)) === canonicalJson(parseJson(b))).toBe(equal);
  });
});

describe("jsonAt", () => {
  const json = parseJson('{"tags":{"Name":"web"},"ingress":[{"from_port":22}]}');

  it.each<[(string | number)[], Json | undefined]>([
    [["tags", "Name"], "web"],
    [["ingress", 0, "from_port"], 22],
    [["ingress", 1], undefined],
    [["tags", "Name", "deeper"], undefined],
    [["toString"], undefined],
  ])("%j", (path, value) => {
    expect(jsonAt(json, path)).toEqual(value);
  });
});
