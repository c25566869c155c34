import { isJsonArray, isJsonObject, type Json, parseJson } from "../../json/json.ts";
import { parseJsonTree } from "../syntax/json-parser.ts";
import { positionAt } from "../syntax/source.ts";
import { printNumber } from "../values/number.ts";
import { ANY, STRING } from "../values/type.ts";
import { fromJson, isKnownWithin, isMapping, isSequence, unknownValue, type Value } from "../values/value.ts";
import { argumentAt, parameter, textAt, textParameter, textResult } from "./arguments.ts";
import { decodedFrom, originsIn } from "./document-origin.ts";
import { type Budget, type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

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
    const source = argumentAt(args, 0);
    return decodedFrom(source, () => decodeJson(text, source));
  },
};

function decodeJson(text: string, source: Value): Value {
  checkDepth(text);
  let json: Json;
  try {
    json = parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FunctionError(`is not JSON${inLine(text)}; check it with a JSON tool`, 0);
  }
  return fromJson(text.includes("\\") ? normalized(json) : json, originsIn(source, "json"));
}

/** Where a text stops being JSON, where that can be told. */
function inLine(text: string): string {
  const file = { path: "", text };
  const start = parseJsonTree(file).diagnostics[0]?.range?.start;
  return start === undefined ? "" : ` in line ${positionAt(text, start).line}`;
}

/** Texts of the language are in NFC and well formed; escapes in JSON can write others. */
function normalized(json: Json): Json {
  if (typeof json === "string") return json.toWellFormed().normalize("NFC");
  if (isJsonArray(json)) return json.map(normalized);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, member]) => [key.toWellFormed().normalize("NFC"), normalized(member)]),
  );
}

/** A value as Go writes JSON: keys in order, no spaces, `<`, `>` and `&` escaped. */
export function encodeJson(value: Value, budget: Budget): string {
  if (value.kind === "string") {
    budget.text(value.value.length);
    return quoteJson(value.value);
  }
  if (value.kind === "number") return printNumber(value.value);
  if (value.kind === "bool") return String(value.value);
  if (isSequence(value)) {
    budget.elements(value.items.length);
    return `[${value.items.map((item) => encodeJson(item, budget)).join(",")}]`;
  }
  if (!isMapping(value)) return "null";
  budget.elements(value.entries.size);
  const members = Array.from(
    value.entries,
    ([key, child]) => `${quoteJson(key)}:${encodeJson(child, budget)}`,
  );
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
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === '"') inText = !inText;
    else if (inText) at += letter === "\\" ? 1 : 0;
    else if (letter === "[" || letter === "{") depth += 1;
    else if (letter === "]" || letter === "}") depth -= 1;
    if (depth > DEEPEST) throw new FunctionError(`is nested more than ${DEEPEST} levels deep`, 0);
  }
}

/** JSON from and to text. */
export const JSON_FUNCTIONS: FunctionTable = new Map(Object.entries({ jsondecode, jsonencode }));
