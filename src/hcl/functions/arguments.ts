import type { Decimal } from "decimal.js";
import { normalized } from "../syntax/characters.ts";
import { decimalValue } from "../values/number.ts";
import { ANY, NUMBER, STRING, type Type } from "../values/type.ts";
import {
  isMapping,
  isSequence,
  type MappingValue,
  type SequenceValue,
  type StringValue,
  stringValue,
  type Value,
} from "../values/value.ts";
import { FunctionError, type Parameter } from "./function.ts";

type Allowances = Omit<Parameter, "name" | "type">;

export function parameter(name: string, type: Type, allowances: Allowances = {}): Parameter {
  return { name, type, ...allowances };
}

export function textParameter(name: string): Parameter {
  return { name, type: STRING };
}

export function numberParameter(name: string): Parameter {
  return { name, type: NUMBER };
}

/** A parameter of any type, whose parts may be unknown and whose marks the function carries over itself. */
export function partsParameter(name: string): Parameter {
  return { name, type: ANY, allowUnknown: "top", allowSensitive: true };
}

/** A parameter that takes whatever comes, as it is. */
export function anythingParameter(name: string): Parameter {
  return { name, type: ANY, allowNull: true, allowUnknown: "all", allowSensitive: true };
}

/** A text that a function made, in the normal form that all texts of the language have (NFC). */
export function textResult(text: string): StringValue {
  return stringValue(normalized(text));
}

/** The argument itself; the caller has counted the arguments before. */
export function argumentAt(args: readonly Value[], index: number): Value {
  const arg = args[index];
  if (arg === undefined) throw new FunctionError("is missing", index);
  return arg;
}

export function textAt(args: readonly Value[], index: number): string {
  const arg = argumentAt(args, index);
  if (arg.kind !== "string") throw new FunctionError("a string is required", index);
  return arg.value;
}

export function decimalAt(args: readonly Value[], index: number): Decimal {
  const arg = argumentAt(args, index);
  if (arg.kind !== "number") throw new FunctionError("a number is required", index);
  return decimalValue(arg);
}

/** A whole number that a 64-bit integer holds; beyond 2^53 only its size matters, so it may be rounded. */
export function integerAt(args: readonly Value[], index: number): number {
  const arg = argumentAt(args, index);
  if (arg.kind === "number" && typeof arg.value === "number") return arg.value;
  return Number(bigIntegerAt(args, index, 64));
}

/** A whole number of at most `bits` bits, sign included. */
export function bigIntegerAt(args: readonly Value[], index: number, bits: number): bigint {
  const decimal = decimalAt(args, index);
  if (!decimal.isFinite() || !decimal.isInteger()) {
    throw new FunctionError("a whole number is required", index);
  }
  // A decimal's exponent tells its size before its digits are written out.
  const whole = decimal.e <= bits ? BigInt(decimal.toFixed()) : null;
  if (whole === null || BigInt.asIntN(bits, whole) !== whole) {
    throw new FunctionError("the number is too large", index);
  }
  return whole;
}

/** The list, set or tuple at `index`. */
export function sequenceAt(args: readonly Value[], index: number): SequenceValue {
  const arg = argumentAt(args, index);
  if (!isSequence(arg)) throw new FunctionError("a list, set or tuple is required", index);
  return arg;
}

/** The list or tuple at `index`: what has positions. */
export function orderedAt(args: readonly Value[], index: number): SequenceValue {
  const arg = argumentAt(args, index);
  if (!isSequence(arg) || arg.kind === "set") {
    const advice = arg.kind === "set" ? "; a set has no order, so convert it with tolist() first" : "";
    throw new FunctionError(`a list or tuple is required${advice}`, index);
  }
  return arg;
}

/** The map or object at `index`. */
export function mappingAt(args: readonly Value[], index: number): MappingValue {
  const arg = argumentAt(args, index);
  if (!isMapping(arg)) throw new FunctionError("a map or object is required", index);
  return arg;
}
