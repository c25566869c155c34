import type { Decimal } from "decimal.js";
import { ExactDecimal, exactNumber, type Json } from "../../json/json.ts";
import type { NumberValue } from "./model.ts";

/** The number as an exact decimal. */
export function decimalValue(value: NumberValue): Decimal {
  return typeof value.value === "number" ? new ExactDecimal(value.value) : value.value;
}

/** The number as text: all digits, no exponent. */
export function printNumber(value: number | Decimal): string {
  return typeof value === "number" ? String(value) : value.toFixed();
}

/** Integers that a JavaScript number holds exactly as one, anything else as an exact decimal. */
export function simplestNumber(value: number | Decimal): number | Decimal {
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    return new ExactDecimal(value);
  }
  if (value.isInteger() && value.abs().lessThanOrEqualTo(Number.MAX_SAFE_INTEGER)) {
    const integer = value.toNumber();
    return integer === 0 ? 0 : integer;
  }
  return value;
}

/** The number as JSON with all its digits. */
export function numberToJson(value: number | Decimal): Json {
  return typeof value === "number" ? value : exactNumber(value.toFixed());
}
