import type { Decimal } from "decimal.js";
import { ExactDecimal } from "../../json/json.ts";
import { add, fromFloat } from "../values/binary-float.ts";
import { ConversionError, convert } from "../values/convert.ts";
import { decimalValue } from "../values/number.ts";
import { ANY, NUMBER } from "../values/type.ts";
import { numberValue, type Value } from "../values/value.ts";
import {
  argumentAt,
  decimalAt,
  integerAt,
  numberParameter,
  parameter,
  sequenceAt,
  textAt,
} from "./arguments.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

function computing(compute: (number: Decimal) => Decimal): FunctionDefinition {
  return {
    parameters: [numberParameter("num")],
    returns: NUMBER,
    call: (args) => numberValue(compute(decimalAt(args, 0))),
  };
}

/** Computed with 64-bit floating point, as Terraform does. */
function computingFloat(
  name: string,
  compute: (number: number, other: number) => number,
): FunctionDefinition {
  return {
    parameters: [numberParameter("num"), numberParameter(name)],
    returns: NUMBER,
    call(args) {
      const result = compute(decimalAt(args, 0).toNumber(), decimalAt(args, 1).toNumber());
      if (Number.isNaN(result)) throw new FunctionError("these numbers have no result");
      if (!Number.isFinite(result)) throw new FunctionError("the result is too large");
      return numberValue(fromFloat(result));
    },
  };
}

/** Gives the very argument that wins over all others; the first of equal ones. */
function choosing(wins: (a: Decimal, b: Decimal) => boolean): FunctionDefinition {
  return {
    parameters: [],
    variadic: numberParameter("numbers"),
    returns: NUMBER,
    call(args) {
      let best = args[0];
      if (best === undefined)
        throw new FunctionError("at least one number is required; spread a list with ...");
      for (const [index, arg] of args.entries()) {
        if (wins(decimalAt(args, index), decimalAt([best], 0))) best = arg;
      }
      return best;
    },
  };
}

/**
 * As Go computes it (https://pkg.go.dev/math#Pow), which rounds otherwise than `**`: what is behind the exponent's point
 * through the logarithm, the rest by squaring. The last digit of the former depends on the processor, for Terraform too.
 */
function power(base: number, exponent: number): number {
  if (exponent === 0.5) return Math.sqrt(base);
  if (exponent === -0.5) return 1 / Math.sqrt(base);
  const size = Math.abs(exponent);
  if (base === 0 || !Number.isSafeInteger(Math.trunc(size))) return base ** exponent;
  // One half stays behind the point.
  const whole = Math.ceil(size - 0.5);
  const rest = size - whole;
  if (rest !== 0 && base < 0) return Number.NaN;
  let result = { fraction: rest === 0 ? 1 : Math.exp(rest * Math.log(base)), exponent: 0 };
  let square = split(base);
  for (let left = whole; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = product(result, square);
    square = product(square, square);
  }
  return exponent < 0
    ? joined({ fraction: 1 / result.fraction, exponent: -result.exponent })
    : joined(result);
}

/** `fraction * 2 ** exponent`: wider than a number, and as exact. */
interface Scaled {
  readonly fraction: number;
  readonly exponent: number;
}

function split(number: number): Scaled {
  const exponent = Math.floor(Math.log2(Math.abs(number)));
  // In two steps: the power itself may be too large or too small for a number.
  const half = Math.trunc(exponent / 2);
  return { fraction: number / 2 ** half / 2 ** (exponent - half), exponent };
}

function product(a: Scaled, b: Scaled): Scaled {
  const { fraction, exponent } = split(a.fraction * b.fraction);
  return { fraction, exponent: a.exponent + b.exponent + exponent };
}

function joined({ fraction, exponent }: Scaled): number {
  if (exponent > 1100) return fraction < 0 ? -Infinity : Infinity;
  if (exponent < -1200) return 0;
  const half = Math.trunc(exponent / 2);
  return fraction * 2 ** half * 2 ** (exponent - half);
}

const signum: FunctionDefinition = {
  parameters: [numberParameter("num")],
  returns: NUMBER,
  call: (args) => numberValue(Math.sign(integerAt(args, 0))),
};

const sum: FunctionDefinition = {
  parameters: [parameter("list", ANY)],
  returns: NUMBER,
  call(args) {
    const { items } = sequenceAt(args, 0);
    if (items.length === 0) {
      throw new FunctionError("is empty, and an empty list has no sum; give concat([0], list) instead", 0);
    }
    const total = items.reduce(
      (before, item, index) => add(before, addend(item, index)),
      new ExactDecimal(0),
    );
    return numberValue(total);
  },
};

function addend(item: Value, index: number): Decimal {
  try {
    const number = convert(item, NUMBER);
    if (number.kind === "number") return decimalValue(number);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
  }
  throw new FunctionError(`element ${index} is not a number`, 0);
}

const parseint: FunctionDefinition = {
  parameters: [parameter("number", ANY), numberParameter("base")],
  returns: NUMBER,
  call(args, budget) {
    const base = integerAt(args, 1);
    if (base < 2 || base > 62) throw new FunctionError("must be between 2 and 62", 1);
    if (argumentAt(args, 0).kind !== "string") throw new FunctionError("a string is required", 0);
    const text = textAt(args, 0);
    const [, sign, digits] = /^([+-]?)(.+)$/s.exec(text) ?? [];
    if (digits === undefined) throw notInBase(base);
    // The work grows with the square of the length.
    budget.text(Math.ceil(digits.length ** 2 / 64));
    let value = 0n;
    for (const digit of digits) {
      const worth = worthOf(digit, base);
      if (worth === -1 || worth >= base) throw notInBase(base);
      value = value * BigInt(base) + BigInt(worth);
    }
    return numberValue(new ExactDecimal(`${sign === "-" ? "-" : ""}${value}`));
  },
};

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Up to base 36 both cases are the same digit. */
function worthOf(digit: string, base: number): number {
  return DIGITS.indexOf(base <= 36 ? digit.toLowerCase() : digit);
}

function notInBase(base: number): FunctionError {
  return new FunctionError(`is not a whole number in base ${base}`, 0);
}

/** Functions of numbers. */
export const NUMBER_FUNCTIONS: FunctionTable = new Map(
  Object.entries({
    abs: computing((number) => number.abs()),
    ceil: computing((number) => number.ceil()),
    floor: computing((number) => number.floor()),
    log: computingFloat("base", (number, base) => Math.log(number) / Math.log(base)),
    max: choosing((a, b) => a.greaterThan(b)),
    min: choosing((a, b) => a.lessThan(b)),
    parseint,
    pow: computingFloat("power", power),
    signum,
    sum,
  }),
);
