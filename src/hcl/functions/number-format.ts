import type { Decimal } from "decimal.js";
import { ExactDecimal } from "../../json/json.ts";

/** How a verb of a format wants its result. */
export interface Layout {
  readonly flags: ReadonlySet<string>;
  readonly width: number | null;
  readonly precision: number | null;
}

const BASES = { b: 2, o: 8, d: 10, x: 16, X: 16 } as const;
const PREFIXES = { b: "0b", o: "0", d: "", x: "0x", X: "0X" } as const;

export type IntegerVerb = keyof typeof BASES;
export type FloatVerb = "e" | "E" | "f" | "g" | "G";

/** A whole number as `big.Int` formats one (https://pkg.go.dev/math/big#Int.Format). */
export function formatInteger(value: bigint, verb: IntegerVerb, { flags, width, precision }: Layout): string {
  const sign = signOf(value < 0n, flags);
  const prefix = flags.has("#") ? PREFIXES[verb] : "";
  const magnitude = (value < 0n ? -value : value).toString(BASES[verb]);
  if (precision === 0 && value === 0n) return "";
  const digits = (verb === "X" ? magnitude.toUpperCase() : magnitude).padStart(precision ?? 0, "0");
  const room = (width ?? 0) - sign.length - prefix.length;
  if (flags.has("-")) return `${sign}${prefix}${digits}`.padEnd(width ?? 0);
  if (flags.has("0") && precision === null) return `${sign}${prefix}${digits.padStart(room, "0")}`;
  return `${sign}${prefix}${digits}`.padStart(width ?? 0);
}

/** A number as `big.Float` formats one (https://pkg.go.dev/math/big#Float.Format). */
export function formatFloat(value: Decimal, verb: FloatVerb, { flags, width, precision }: Layout): string {
  const sign = signOf(value.isNegative() && !value.isZero(), flags);
  const digits = floatDigits(value.abs(), verb, precision);
  if (flags.has("0")) return sign + digits.padStart((width ?? 0) - sign.length, "0");
  return flags.has("-") ? (sign + digits).padEnd(width ?? 0) : (sign + digits).padStart(width ?? 0);
}

/** A number as `%v` writes it: no more digits than it has, with an exponent from a million on. */
export function formatShortest(value: Decimal): string {
  return (value.isNegative() && !value.isZero() ? "-" : "") + floatDigits(value.abs(), "g", null);
}

function signOf(negative: boolean, flags: ReadonlySet<string>): string {
  if (negative) return "-";
  if (flags.has("+")) return "+";
  return flags.has(" ") ? " " : "";
}

function floatDigits(value: Decimal, verb: FloatVerb, precision: number | null): string {
  switch (verb) {
    case "f":
      return roundPlaces(value, precision ?? 6).toFixed(precision ?? 6);
    case "e":
    case "E":
      return exponential(roundDigits(value, 1 + (precision ?? 6)), precision ?? 6, verb);
    case "g":
    case "G":
      return general(value, precision, verb === "g" ? "e" : "E");
  }
}

function general(value: Decimal, precision: number | null, letter: string): string {
  const wanted = precision === 0 ? 1 : precision;
  const rounded = wanted === null ? value : roundDigits(value, wanted);
  const exponent = rounded.isZero() ? -1 : rounded.e;
  const count = rounded.isZero() ? 0 : rounded.precision();
  const most = mostDigits(wanted, count, exponent);
  if (exponent < -4 || exponent >= most) {
    return exponential(rounded, Math.min(wanted ?? count, count) - 1, letter);
  }
  return rounded.toFixed(Math.max(count - exponent - 1, 0));
}

/** From which power of ten on the exponent is written. */
function mostDigits(precision: number | null, count: number, exponent: number): number {
  if (precision === null) return 6;
  return precision > count && count >= exponent + 1 ? count : precision;
}

function exponential(value: Decimal, places: number, letter: string): string {
  const [digits = "", exponent = "+0"] = value.toExponential(Math.max(places, 0)).split("e");
  return `${digits}${letter}${exponent.charAt(0)}${exponent.slice(1).padStart(2, "0")}`;
}

function roundDigits(value: Decimal, digits: number): Decimal {
  return value.isZero() ? value : roundPlaces(value, digits - 1 - value.e);
}

/**
 * Rounds to a number of decimal places. Terraform's numbers are binary with 512 bits: where a decimal number stands
 * exactly between two others, its binary neighbour decides, and half goes to even where there is none.
 */
function roundPlaces(value: Decimal, places: number): Decimal {
  if (value.decimalPlaces() <= places) return value;
  const unit = new ExactDecimal(10).pow(-places);
  const floor = value.dividedToIntegerBy(unit);
  const rest = value.minus(floor.times(unit)).times(2).comparedTo(unit);
  const side = rest === 0 ? binaryError(value) : rest;
  const up = side === 0 ? !floor.modulo(2).isZero() : side > 0;
  return (up ? floor.plus(1) : floor).times(unit);
}

const BITS = 512;

/** Whether the nearest number of 512 bits is larger (1), smaller (-1) or the same (0). */
function binaryError(value: Decimal): number {
  const places = value.decimalPlaces();
  const denominator = 10n ** BigInt(places);
  const numerator = BigInt(value.times(new ExactDecimal(10).pow(places)).toFixed());
  const shift = BigInt(BITS + denominator.toString(2).length - numerator.toString(2).length);
  let quotient = (numerator << shift) / denominator;
  const excess = BigInt(quotient.toString(2).length - BITS);
  const scale = excess > 0n ? 1n << excess : 1n;
  const remainder = (numerator << shift) - (quotient / scale) * scale * denominator;
  quotient /= scale;
  const half = (remainder * 2n - scale * denominator) as bigint;
  if (remainder === 0n) return 0;
  return half > 0n || (half === 0n && quotient % 2n === 1n) ? 1 : -1;
}
