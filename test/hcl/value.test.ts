import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BudgetExceeded, createBudget } from "../../src/hcl/functions/function.ts";
import { equalValues } from "../../src/hcl/values/equality.ts";
import { compareText } from "../../src/hcl/values/text-order.ts";
import { NUMBER, STRING } from "../../src/hcl/values/type.ts";
import {
  asSensitive,
  fromJson,
  isKnownWithin,
  isSensitiveWithin,
  listValue,
  numberValue,
  objectValue,
  setValue,
  stringValue,
  tupleValue,
  unknownValue,
  unmarkDeep,
  type Value,
} from "../../src/hcl/values/value.ts";
import { exactNumber, parseJson, printJson } from "../../src/json/json.ts";
import { toPlain } from "../../src/terraform/evaluation/value-json.ts";

const AT = { kind: "computed" } as const;
const read = (text: string) => fromJson(parseJson(text), () => AT);

describe("the order of texts", () => {
  test("is that of their UTF-8 bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        const bytes = Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(Math.sign(compareText(a, b))).toBe(bytes);
      }),
    );
  });
});

describe("a set", () => {
  test("has each element once, whatever order it is made in", () => {
    const item = fc.oneof(
      fc.integer().map((n) => numberValue(n)),
      fc.float({ noNaN: true, noDefaultInfinity: true }).map((n) => numberValue(n)),
    );
    fc.assert(
      fc.property(fc.array(item), fc.array(item), (some, others) => {
        const one = setValue(NUMBER, [...some, ...others]);
        const other = setValue(NUMBER, [...others, ...some, ...others]);
        expect(equalValues(one, other)).toBe(true);
      }),
    );
  });

  test("of marked elements is marked itself", () => {
    expect(setValue(STRING, [asSensitive(stringValue("a"))]).sensitive).toBe(true);
  });

  test("keeps what is unknown, each on its own", () => {
    expect(setValue(STRING, [unknownValue(STRING), unknownValue(STRING)]).items).toHaveLength(2);
  });
});

describe("JSON", () => {
  test("comes back as it went in", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const text = printJson(parseJson(JSON.stringify(json)));
        expect(parseJson(printJson(toPlain(read(text)).json))).toEqual(parseJson(text));
      }),
    );
  });

  test.each(["12345678901234567890.123", "1e-30", "-0.1", "123456789012345678901234567890"])(
    "keeps all digits of %s",
    (digits) => {
      expect(toPlain(read(digits)).json).toEqual(exactNumber(digits));
    },
  );

  test("has names that objects have anyway", () => {
    const value = read('{"__proto__": {"polluted": true}, "constructor": 1}');
    expect("entries" in value && [...value.entries.keys()]).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("what is inside", () => {
  const deep = (inner: Value) => objectValue([["a", tupleValue([listValue(STRING, [inner])])]]);

  test("counts as unknown, and as sensitive", () => {
    expect(isKnownWithin(deep(stringValue("x")))).toBe(true);
    expect(isKnownWithin(deep(unknownValue(STRING)))).toBe(false);
    expect(isKnownWithin({ ...objectValue([]), open: true })).toBe(false);
    expect(isSensitiveWithin(deep(asSensitive(stringValue("x"))))).toBe(true);
    expect(isSensitiveWithin(unmarkDeep(deep(asSensitive(stringValue("x")))))).toBe(false);
  });
});

describe("the size of a value", () => {
  const limits = { steps: 10, elements: 1_000, text: 10 };

  test("counts parts as often as they occur", () => {
    const { size } = createBudget(limits);
    let value: Value = tupleValue([stringValue("x")]);
    expect(() => size(value)).not.toThrow();
    for (let level = 0; level < 60; level += 1) value = tupleValue([value, value]);
    expect(() => size(value)).toThrow(BudgetExceeded);
  });
});
