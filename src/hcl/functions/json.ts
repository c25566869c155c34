import { type Json, parseJson } from "../../json/json.ts";
import { type Budget, type FunctionDefinition, FunctionError, type FunctionTable } from "../function.ts";
import { ANY, STRING } from "../type.ts";
import {
  fromJson,
  isKnownWithin,
  isMapping,
  isSequence,
  printNumber,
  unknownValue,
  type Value,
} from "../value.ts";
import { argumentAt, parameter, textAt, textParameter, textResult } from "./arguments.ts";
import { originsIn } from "./document-origin.ts";

const jsonencode: FunctionDefinition = {
  parameters: [parameter("val", ANY, { allowNull: true, allowUnknown: "all" })],
  returns: STRING,
  call(args, budget) {
    const value = argumentAt(args, 0);
    return isKnownWithin(value) ? textResult(encodeJson(value, budget)) : unknownValue(STRING);
  },
};

const jsondecode: FunctionDefinition = {
  parameters: [textParameter("str")],
  call(args, budget) {
    const text = textAt(args, 0);
    budget.text(text.length);
    checkDepth(text);
    let json: Json;
    try {
      json = parseJson(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new FunctionError("is not JSON; check it with a JSON tool", 0);
    }
    return fromJson(json, originsIn(argumentAt(args, 0)));
  },
};

/** A value as Go writes JSON: keys in order, no spaces, `<`, `>` and `&` escaped. */
export function encodeJson(value: Value, budget: Budget): string {
  const text = encode(value, budget);
  budget.text(text.length);
  return text;
}

function encode(value: Value, budget: Budget): string {
  if (value.kind === "string") return quoteJson(value.value);
  if (value.kind === "number") return printNumber(value.value);
  if (value.kind === "bool") return String(value.value);
  if (isSequence(value)) {
    budget.elements(value.items.length);
    return `[${value.items.map((item) => encode(item, budget)).join(",")}]`;
  }
  if (!isMapping(value)) return "null";
  budget.elements(value.entries.size);
  const members = Array.from(value.entries, ([key, child]) => `${quoteJson(key)}:${encode(child, budget)}`);
  return `{${members.join(",")}}`;
}

/** A text in quotes as Go's `encoding/json` writes it. */
export function quoteJson(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const DEEPEST = 1_000;

/** What follows works its way down by recursion. */
function checkDepth(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > DEEPEST) throw new FunctionError(`is nested more than ${DEEPEST} levels deep`, 0);
  }
}

/** JSON from and to text. */
export const JSON_FUNCTIONS: FunctionTable = new Map(Object.entries({ jsondecode, jsonencode }));
