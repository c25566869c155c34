import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  divide,
  multiply,
  NumberTooLarge,
  remainder,
  subtract,
} from "../../src/hcl/values/binary-float.ts";
import { ExactDecimal } from "../../src/json/json.ts";

const decimal = (text: string) => new ExactDecimal(text);
const operations = { "+": add, "-": subtract, "*": multiply, "/": divide, "%": remainder };

/** What Terraform 1.11 prints for more of these: fixtures/expressions/operators.json. */
describe("numbers of 512 bits", () => {
  test.each<[string, keyof typeof operations, string, string]>([
    ["0.1", "+", "0.2", "0.3"],
    ["9007199254740993", "+", "1", "9007199254740994"],
    ["0.5", "-", "0.75", "-0.25"],
    ["1.5", "*", "-2", "-3"],
    ["10", "/", "4", "2.5"],
    ["0", "/", "3", "0"],
    ["7", "%", "3", "1"],
    ["-7", "%", "3", "-1"],
    ["7.5", "%", "2", "1.5"],
    ["5", "%", "0", "5"],
    ["1e60", "*", "1e60", `1${"0".repeat(120)}`],
  ])("%s %s %s = %s", (a, operator, b, expected) => {
    expect(operations[operator](decimal(a), decimal(b)).toFixed()).toBe(expected);
  });

  test("a third three times is one", () => {
    const third = divide(decimal("1"), decimal("3"));
    expect(add(add(third, third), third).toFixed()).toBe("1");
    expect(multiply(third, decimal("3")).toFixed()).toBe("1");
  });

  test.each(["+", "*"] as const)("numbers with more than 10,000 digits are refused by %s", (operator) => {
    const large = decimal("1.5e9999");
    expect(() => operations[operator](operations["*"](large, large), large)).toThrow(NumberTooLarge);
  });
});

const number = fc
  .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: -30, max: 30 }))
  .map(([digits, exponent]) => decimal(`${digits}e${exponent}`));

describe("for any numbers", () => {
  test("sums are those of decimal numbers, in 150 digits", () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const largest = a.abs().greaterThan(b.abs()) ? a.abs() : b.abs();
        expect(add(a, b).minus(a.plus(b)).abs().lessThanOrEqualTo(largest.times("1e-150"))).toBe(true);
      }),
    );
  });

  test("a product divided by one of its factors is the other one", () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        fc.pre(!b.isZero());
        expect(divide(multiply(a, b), b).minus(a).abs().lessThanOrEqualTo(a.abs().times("1e-150"))).toBe(
          true,
        );
      }),
    );
  });

  test("quotient and remainder give the number again", () => {
    const small = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => decimal(String(value)));
    fc.assert(
      fc.property(small, small, (a, b) => {
        fc.pre(!b.isZero());
        const rest = remainder(a, b);
        expect(rest.abs().lessThan(b.abs())).toBe(true);
        expect(a.minus(rest).modulo(b).isZero()).toBe(true);
      }),
    );
  });
});
