import type { Decimal } from "decimal.js";
import { ExactDecimal } from "../../json/json.ts";
import { ConversionError, convert } from "../values/convert.ts";
import { decimalValue } from "../values/number.ts";
import { BOOL, NUMBER, STRING, type Type } from "../values/type.ts";
import type { Value } from "../values/value.ts";
import { type Budget, FunctionError } from "./function.ts";
import { countGraphemes, graphemesOf } from "./graphemes.ts";
import { encodeJson, quoteJson } from "./json.ts";
import {
  type FloatVerb,
  formatFloat,
  formatInteger,
  formatShortest,
  type IntegerVerb,
  type Layout,
} from "./number-format.ts";

/** One `%…` of a format. `argument` is the number of the value it takes, from 1. */
export interface Verb extends Layout {
  readonly text: string;
  readonly letter: string;
  readonly argument: number;
}

const VERB = /%([0#\-+ ]*)([1-9]\d*)?(?:\.(\d*))?(?:\[([1-9]\d*)\])?([a-zA-Z])/y;
const MOST_WIDTH = 1_000_000;

/**
 * A format as texts and verbs (https://developer.hashicorp.com/terraform/language/functions/format).
 * @throws FunctionError where a `%` begins no verb.
 */
export function parseFormat(format: string): (string | Verb)[] {
  const parts: (string | Verb)[] = [];
  let next = 1;
  let at = 0;
  for (let percent = format.indexOf("%"); percent !== -1; percent = format.indexOf("%", at)) {
    parts.push(format.slice(at, percent));
    if (format.startsWith("%%", percent)) {
      parts.push("%");
      at = percent + 2;
      continue;
    }
    VERB.lastIndex = percent;
    const found = VERB.exec(format);
    if (found === null) {
      throw new FunctionError(
        `there is no verb at ${JSON.stringify(format.slice(percent, percent + 8))}; write a percent sign as %%`,
        0,
      );
    }
    const verb = verbOf(found, next);
    parts.push(verb);
    next = verb.argument + 1;
    at = percent + found[0].length;
  }
  parts.push(format.slice(at));
  return parts;
}

function verbOf(found: RegExpExecArray, next: number): Verb {
  const [text, flags = "", width, precision, argument, letter = ""] = found;
  return {
    text,
    letter,
    flags: new Set(flags),
    width: width === undefined ? null : sizeOf(width, text),
    precision: precision === undefined ? null : sizeOf(precision, text),
    argument: argument === undefined ? next : Number(argument),
  };
}

function sizeOf(digits: string, verb: string): number {
  const size = Number(digits);
  if (size <= MOST_WIDTH) return size;
  throw new FunctionError(`${JSON.stringify(verb)} is wider than ${MOST_WIDTH} characters`, 0);
}

const INTEGER_VERBS = new Set<string>(["b", "d", "o", "x", "X"] satisfies IntegerVerb[]);
const FLOAT_VERBS = new Set<string>(["e", "E", "f", "g", "G"] satisfies FloatVerb[]);

/** The value as the verb wants it. */
export function formatVerb(verb: Verb, value: Value, budget: Budget): string {
  budget.text((verb.width ?? 0) + (verb.precision ?? 0));
  const { letter } = verb;
  if (letter === "v") return pad(verb, plainText(verb, value, budget));
  if (value.kind === "null") {
    throw new FunctionError(`${JSON.stringify(verb.text)} cannot format null; use %v`, verb.argument);
  }
  if (letter === "t") return textOf(verb, convertFor(verb, value, BOOL));
  if (letter === "s") return pad(verb, cut(verb, textOf(verb, value)));
  if (letter === "q") return pad(verb, quoteJson(cut(verb, textOf(verb, value))));
  if (isIntegerVerb(letter)) return formatInteger(integerOf(verb, value), letter, verb);
  if (isFloatVerb(letter)) return formatFloat(numberOf(verb, value), letter, verb);
  throw new FunctionError(`${JSON.stringify(verb.text)} has no meaning; use %s, %d, %f, %q, %t or %v`, 0);
}

function isIntegerVerb(letter: string): letter is IntegerVerb {
  return INTEGER_VERBS.has(letter);
}

function isFloatVerb(letter: string): letter is FloatVerb {
  return FLOAT_VERBS.has(letter);
}

function plainText(verb: Verb, value: Value, budget: Budget): string {
  if (verb.flags.has("#")) return encodeJson(value, budget);
  if (value.kind === "string") return value.value;
  return value.kind === "number" ? formatShortest(decimalValue(value)) : encodeJson(value, budget);
}

function textOf(verb: Verb, value: Value): string {
  const text = convertFor(verb, value, STRING);
  return text.kind === "string" ? text.value : "";
}

function numberOf(verb: Verb, value: Value): Decimal {
  const number = convertFor(verb, value, NUMBER);
  return number.kind === "number" ? decimalValue(number) : new ExactDecimal(0);
}

function integerOf(verb: Verb, value: Value): bigint {
  const number = numberOf(verb, value);
  if (number.isInteger()) return BigInt(number.toFixed());
  throw new FunctionError(`${JSON.stringify(verb.text)} needs a whole number`, verb.argument);
}

function convertFor(verb: Verb, value: Value, type: Type): Value {
  try {
    return convert(value, type);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new FunctionError(`${JSON.stringify(verb.text)}: ${error.message}`, verb.argument);
  }
}

/** The beginning of the text that the precision allows; a precision of 0 allows all. */
function cut({ precision }: Layout, text: string): string {
  return precision ? graphemesOf(text).slice(0, precision).join("") : text;
}

/** Widths count the characters a reader sees. */
function pad({ flags, width }: Layout, text: string): string {
  const missing = (width ?? 0) - countGraphemes(text);
  if (missing <= 0) return text;
  const padding = (flags.has("0") ? "0" : " ").repeat(missing);
  return flags.has("-") ? text + padding : padding + text;
}
