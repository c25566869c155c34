import { normalPolicy } from "../drift/policy-document.ts";
import { canonicalJson, equalJson, isJsonObject, type Json, jsonAt, parseJson } from "../json/json.ts";
import { inFormOf, meansSamePolicy, policyIn } from "./policy-difference.ts";

const DEEPEST = 100;

/** The object or list that a text writes as JSON; null for any other text. */
export function jsonIn(text: Json | undefined): Json | null {
  if (typeof text !== "string" || !/^\s*[[{]/.test(text) || isTooDeep(text)) return null;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [mark] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/g)) {
    if (mark === "[" || mark === "{") depth += 1;
    else if (mark === "]" || mark === "}") depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Whether two texts are JSON that means the same: the layout and the order of names are no matter. */
export function meansSameJson(a: Json, b: Json): boolean {
  if (typeof a !== "string" || typeof b !== "string") return false;
  // IAM gives its policies URL-encoded.
  if (meansSamePolicy(a, b)) return true;
  const [one, other] = [jsonIn(a), jsonIn(b)];
  return one !== null && other !== null && equalJson(one, other);
}

/** The same text for texts that are JSON which means the same; null for any other text. */
export function jsonKey(text: string): string | null {
  const policy = policyIn(text) === null ? null : normalPolicy(text);
  const json = policy ?? jsonIn(text);
  return json === null ? null : canonicalJson(json);
}

/** What is wanted in the order and the ways of writing that a policy has; of other values as it is. */
export function inFormOfJson(current: Json, wanted: Json): Json {
  const isPolicy = [current, wanted].every((json) => jsonAt(json, ["Statement"]) !== undefined);
  return isPolicy && isJsonObject(current) && isJsonObject(wanted) ? inFormOf(current, wanted) : wanted;
}
