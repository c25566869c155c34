import type { Decimal } from "decimal.js";
import { ExactDecimal } from "../../json/json.ts";

/**
 * Arithmetic as Terraform does it: numbers are binary, of 512 bits, each result is rounded to the nearest (to even in
 * a tie), and printed with as few digits as tell it from its neighbours (Go's `big.Float`, which cty uses). In decimal
 * digits `(1 / 3) * 3` would not be 1.
 */
interface Binary {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const PRECISION = 512;
/** Numbers with more decimal digits than this before or after the point are refused: they cost more than they mean. */
const MOST_DIGITS = 10_000;

export class NumberTooLarge extends Error {
  override readonly name = "NumberTooLarge";
}

/** @throws NumberTooLarge */
export function add(a: Decimal, b: Decimal): Decimal {
  if (a.isInteger() && b.isInteger() && isSmall(a) && isSmall(b)) return a.plus(b);
  const [x, y] = [fromDecimal(a), fromDecimal(b)];
  const exponent = Math.min(x.exponent, y.exponent);
  const mantissa =
    (x.mantissa << BigInt(x.exponent - exponent)) + (y.mantissa << BigInt(y.exponent - exponent));
  return toDecimal(rounded(mantissa, exponent));
}

/** @throws NumberTooLarge */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, b.negated());
}

/** @throws NumberTooLarge */
export function multiply(a: Decimal, b: Decimal): Decimal {
  if (a.isInteger() && b.isInteger() && isSmall(a) && isSmall(b)) return a.times(b);
  return toDecimal(product(fromDecimal(a), fromDecimal(b)));
}

/**
 * `b` is not zero.
 * @throws NumberTooLarge
 */
export function divide(a: Decimal, b: Decimal): Decimal {
  return toDecimal(quotient(fromDecimal(a), fromDecimal(b)));
}

/**
 * What is left of `a` after the whole quotient is taken away, with the sign of `a`; `a` itself where `b` is zero.
 * @throws NumberTooLarge
 */
export function remainder(a: Decimal, b: Decimal): Decimal {
  if (b.isZero()) return a;
  const whole = divide(a, b).trunc();
  return subtract(a, multiply(b, whole));
}

/** Whether the product of two such integers is exact in 160 digits. */
function isSmall(value: Decimal): boolean {
  return value.e < 70;
}

function product(x: Binary, y: Binary): Binary {
  return rounded(x.mantissa * y.mantissa, x.exponent + y.exponent);
}

function quotient(x: Binary, y: Binary): Binary {
  return ratio(x.mantissa, y.mantissa, x.exponent - y.exponent);
}

/** `over / under * 2 ** exponent`, rounded once. */
function ratio(over: bigint, under: bigint, exponent: number): Binary {
  const negative = over < 0n !== under < 0n;
  const [a, b] = [magnitude(over), magnitude(under)];
  const shift = Math.max(0, PRECISION + 2 - (bitsOf(a) - bitsOf(b)));
  const shifted = a << BigInt(shift);
  // A last bit that says "and something" keeps a tie from being seen where there is none.
  const sticky = shifted % b === 0n ? 0n : 1n;
  const result = ((shifted / b) << 1n) | sticky;
  return rounded(negative ? -result : result, exponent - shift - 1);
}

function rounded(mantissa: bigint, exponent: number): Binary {
  const size = magnitude(mantissa);
  const excess = bitsOf(size) - PRECISION;
  if (excess <= 0) return { mantissa, exponent };
  const unit = 1n << BigInt(excess);
  const rest = size & (unit - 1n);
  const half = unit >> 1n;
  let kept = size >> BigInt(excess);
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  return { mantissa: mantissa < 0n ? -kept : kept, exponent: exponent + excess };
}

function fromDecimal(value: Decimal): Binary {
  if (value.isZero()) return { mantissa: 0n, exponent: 0 };
  if (Math.abs(value.e) > MOST_DIGITS) throw tooLarge();
  const places = value.decimalPlaces();
  const digits = BigInt(value.times(new ExactDecimal(10).pow(places)).toFixed());
  return ratio(digits, 10n ** BigInt(places), 0);
}

/**
 * The decimal that a number of 64-bit floating point is printed as. Unlike JavaScript's own, Go's digits are those that
 * tell it from neighbours at the same distance on both sides, also for powers of two.
 */
export function fromFloat(value: number): Decimal {
  if (Number.isSafeInteger(value)) return new ExactDecimal(value);
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const all = bits.getBigUint64(0);
  const scale = Number((all >> 52n) & 0x7ffn);
  const fraction = all & ((1n << 52n) - 1n);
  const size = scale === 0 ? fraction : fraction | (1n << 52n);
  return toDecimal({ mantissa: value < 0 ? -size : size, exponent: Math.max(scale, 1) - 1075 }, 53);
}

/** The shortest decimal that is nearer to this number than to its neighbours. */
function toDecimal({ mantissa, exponent }: Binary, precision = PRECISION): Decimal {
  if (mantissa === 0n) return new ExactDecimal(0);
  const size = magnitude(mantissa);
  if (Math.abs(bitsOf(size) + exponent) > MOST_DIGITS * 3.4) throw tooLarge();
  // The last bit of `whole` is half of the last bit of the number.
  const up = precision + 1 - bitsOf(size);
  const whole = size << BigInt(up);
  const inclusive = ((whole >> 1n) & 1n) === 0n;
  const scale = exponent - up;
  const [value, lower, upper] = [whole, whole - 1n, whole + 1n].map((bits) => decimalDigits(bits, scale));
  if (value === undefined || lower === undefined || upper === undefined) return new ExactDecimal(0);
  const shortest = shortestBetween(value, lower, upper, inclusive);
  const places = Math.max(0, -scale);
  const text = `${mantissa < 0n ? "-" : ""}${shortest}e-${places}`;
  return new ExactDecimal(text);
}

/** All decimal digits of `bits * 2 ** scale`, the last one that of `10 ** -places` with `places = -scale`. */
function decimalDigits(bits: bigint, scale: number): string {
  return (scale >= 0 ? bits << BigInt(scale) : bits * 5n ** BigInt(-scale)).toString();
}

/** The digits of `value`, cut or rounded as early as the bounds allow, zeros in the place of the rest. */
function shortestBetween(value: string, lower: string, upper: string, inclusive: boolean): string {
  const length = upper.length;
  const [v, l] = [value.padStart(length, "0"), lower.padStart(length, "0")];
  const lastOfLower = significant(l);
  const lastOfUpper = significant(upper);
  for (let at = 0; at < length; at += 1) {
    const digit = Number(v[at]);
    const over = Number(upper[at]);
    const down = l[at] !== v[at] || (inclusive && at + 1 === lastOfLower);
    const up = digit !== over && (inclusive || digit + 1 < over || at + 1 < lastOfUpper);
    if (!down && !up) continue;
    const head = BigInt(v.slice(0, at + 1));
    const raise = up && (!down || isNearerAbove(v, at));
    return `${raise ? head + 1n : head}${"0".repeat(length - at - 1)}`;
  }
  return v;
}

/** Whether the digits after `at` are more than half of one at it, or exactly half and its digit is odd. */
function isNearerAbove(digits: string, at: number): boolean {
  const rest = digits.slice(at + 1).replace(/0+$/, "");
  if (rest === "5") return Number(digits[at]) % 2 === 1;
  return rest >= "5";
}

function significant(digits: string): number {
  return digits.replace(/0+$/, "").length;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function bitsOf(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0] ?? "0", 16)));
}

function tooLarge(): NumberTooLarge {
  return new NumberTooLarge(`a number of more than ${MOST_DIGITS} digits is not computed with`);
}
