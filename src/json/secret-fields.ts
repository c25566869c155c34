import { isJsonArray, isJsonObject, isNumber, type Json, parseJson, printJson } from "./json.ts";

/** Names of fields that hold secrets: `password`, `db_password`, `apiKey`, `client_secret`, `token`, … */
const SECRET_NAME =
  /passw|passphrase|passcode|pwd|secret|token|credential|authorization|(?:^|[^a-z])pass$|keys?$/i;
/** Whether a name tells that a secret stands under it. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** JSON nested deeper than this is no configuration. */
const DEEPEST = 200;
/** Longer texts are no JSON that somebody wrote down. */
const LONGEST = 1_000_000;

/**
 * The texts and numbers in a JSON text that stand under a name which tells a secret. A secret that is written down with
 * others in one JSON text turns up by itself elsewhere: in the code that makes the text, in the resource that reads it.
 * None where the text is no JSON object or array.
 */
export function secretFieldsOf(text: string): readonly string[] {
  if (text.length > LONGEST || !/^\s*[[{]/.test(text)) return [];
  const found: string[] = [];
  collect(parsed(text), false, 0, found);
  return found;
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

function collect(json: Json, isSecret: boolean, depth: number, into: string[]): void {
  if (depth > DEEPEST) return;
  if (isJsonArray(json)) for (const item of json) collect(item, isSecret, depth + 1, into);
  else if (isJsonObject(json)) {
    for (const [name, item] of Object.entries(json)) {
      collect(item, isSecret || isSecretName(name), depth + 1, into);
    }
  } else if (isSecret && typeof json === "string") into.push(json);
  else if (isSecret && json !== null && isNumber(json)) into.push(printJson(json));
}
