import { ANY, listOf, STRING } from "../values/type.ts";
import { isKnownWithin, isSequence, listValue, typeOf, unknownValue, type Value } from "../values/value.ts";
import { argumentAt, parameter, textAt, textParameter, textResult } from "./arguments.ts";
import { formatVerb, parseFormat, type Verb } from "./format-verb.ts";
import { type Budget, type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

const SIGNATURE = {
  parameters: [textParameter("format")],
  variadic: parameter("args", ANY, { allowNull: true, allowUnknown: "all" }),
};

const format: FunctionDefinition = {
  ...SIGNATURE,
  returns: STRING,
  call(args, budget) {
    const [, ...values] = args;
    if (values.some(isUntyped)) return unknownValue();
    return formatValues(parseFormat(textAt(args, 0)), values, budget);
  },
};

/** Formats once for each element of the lists among the arguments; what is no list is the same each time. */
const formatlist: FunctionDefinition = {
  ...SIGNATURE,
  returns: listOf(STRING),
  call(args, budget) {
    const [, ...values] = args;
    if (values.some(isUntyped)) return unknownValue();
    const parts = parseFormat(textAt(args, 0));
    const rows = rowCount(values);
    if (rows === null) return unknownValue(listOf(STRING));
    budget.elements(rows);
    const lines = Array.from({ length: rows }, (_, row) => {
      const cells = values.map((value) => (isSequence(value) ? argumentAt(value.items, row) : value));
      return formatValues(parts, cells, budget);
    });
    return listValue(STRING, lines);
  },
};

/** A null without a type is no better than an unknown value here. */
function isUntyped(value: Value): boolean {
  return typeOf(value).kind === "any";
}

/** How long the lists are; null where a list is not known yet, 1 where there is none. */
function rowCount(values: readonly Value[]): number | null {
  let count: number | null = null;
  let unclear = false;
  for (const [index, value] of values.entries()) {
    const length = lengthOf(value);
    if (length === "unknown") unclear = true;
    if (typeof length !== "number") continue;
    if (count !== null && count !== length) {
      throw new FunctionError(`has ${length} elements where another list has ${count}`, index + 1);
    }
    count = length;
  }
  return unclear ? null : (count ?? 1);
}

function lengthOf(value: Value): number | "unknown" | "single" {
  if (isSequence(value)) {
    return value.kind === "set" && value.items.length > 1 && !isKnownWithin(value)
      ? "unknown"
      : value.items.length;
  }
  if (value.kind !== "unknown") return "single";
  return ["list", "set", "tuple", "any"].includes(value.type.kind) ? "unknown" : "single";
}

function formatValues(parts: readonly (string | Verb)[], values: readonly Value[], budget: Budget): Value {
  if (!values.every(isKnownWithin)) return unknownValue(STRING);
  let text = "";
  let used = 0;
  for (const part of parts) {
    const added = typeof part === "string" ? part : formatVerb(part, valueFor(part, values), budget);
    if (typeof part !== "string") used = Math.max(used, part.argument);
    budget.text(added.length);
    text += added;
  }
  if (used < values.length) {
    throw new FunctionError(
      `the format uses only ${used} of ${values.length} values; remove the others`,
      used + 1,
    );
  }
  return textResult(text);
}

function valueFor(verb: Verb, values: readonly Value[]): Value {
  const value = values[verb.argument - 1];
  if (value !== undefined) return value;
  throw new FunctionError(
    `${JSON.stringify(verb.text)} needs value ${verb.argument}, but only ${values.length} are given`,
    0,
  );
}

/** Functions that fill values into a format. */
export const FORMAT_FUNCTIONS: FunctionTable = new Map(Object.entries({ format, formatlist }));
