import { isJsonArray, isJsonObject, type Json, parseJson } from "../../../json/json.ts";
import type { Policy, PolicyCondition, PolicyPrincipal, PolicyStatement, Strings } from "./policy-model.ts";

/** A document that the provider refuses; the message tells no values. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
}

/** No policy is near this deep (AWS allows 20 KB at most). */
const DEEPEST = 32;

/**
 * Reads a document that is merged into another one. Null where what the provider makes of it is not known here.
 * @throws PolicyError where it refuses the text.
 */
export function readPolicy(text: string): Policy | null {
  const json = parsed(text);
  if (isTooDeep(json, DEEPEST)) return null;
  if (json === null) return { version: "", id: "", statements: [] };
  if (!isJsonObject(json)) throw new PolicyError("is no JSON object");
  const members = membersOf(json);
  const statements = members.get("statement") ?? null;
  if (statements !== null && !isJsonArray(statements)) throw new PolicyError("needs a list as its Statement");
  const read = (statements ?? []).map(readStatement);
  if (read.some((statement) => statement === null)) return null;
  return {
    version: textOf(members, "version"),
    id: textOf(members, "id"),
    statements: read.filter((statement) => statement !== null),
  };
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new PolicyError("is not JSON");
    // Nested too deeply for the reader.
    if (error instanceof RangeError) throw new PolicyError("is nested too deeply");
    throw error;
  }
}

function isTooDeep(value: Json, left: number): boolean {
  if (left === 0) return true;
  if (isJsonArray(value)) return value.some((item) => isTooDeep(item, left - 1));
  return isJsonObject(value) && Object.values(value).some((item) => isTooDeep(item, left - 1));
}

/** By their names in lower case; of several that differ in case alone the last one counts. */
function membersOf(object: { readonly [name: string]: Json }): ReadonlyMap<string, Json> {
  return new Map(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
}

function textOf(members: ReadonlyMap<string, Json>, name: string): string {
  const value = members.get(name) ?? null;
  if (value === null) return "";
  if (typeof value !== "string") throw new PolicyError(`needs a text as its ${name}`);
  return value;
}

function readStatement(json: Json): PolicyStatement | null {
  if (json === null) return null;
  if (!isJsonObject(json)) throw new PolicyError("needs objects in its Statement");
  const members = membersOf(json);
  const names = ["action", "notaction", "resource", "notresource"];
  const [actions, notActions, resources, notResources] = names.map((name) => readStrings(members.get(name)));
  const principals = readPrincipals(members.get("principal"));
  const notPrincipals = readPrincipals(members.get("notprincipal"));
  const conditions = readConditions(members.get("condition") ?? null);
  if (actions === undefined || notActions === undefined) return null;
  if (resources === undefined || notResources === undefined) return null;
  if (principals === null || notPrincipals === null || conditions === null) return null;
  const [sid, effect] = [textOf(members, "sid"), textOf(members, "effect")];
  return { sid, effect, actions, notActions, resources, notResources, principals, notPrincipals, conditions };
}

/** Null for none, undefined for what is no text or list of texts. */
function readStrings(value: Json | undefined): Strings | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  return isTexts(value) ? value : undefined;
}

function isTexts(value: Json): value is readonly string[] {
  return isJsonArray(value) && value.every((item) => typeof item === "string");
}

function readPrincipals(value: Json | undefined): PolicyPrincipal[] | null {
  if (value === undefined) return [];
  if (typeof value === "string") return [{ type: "*", identifiers: ["*"] }];
  if (!isJsonObject(value)) throw new PolicyError("has a principal that is neither a text nor an object");
  const principals = Object.entries(value).map(([type, names]): PolicyPrincipal | null => {
    if (typeof names === "string") return { type, identifiers: names };
    if (isTexts(names)) return { type, identifiers: names };
    throw new PolicyError("has a principal that is neither a text nor a list of texts");
  });
  return principals.filter((principal) => principal !== null);
}

function readConditions(value: Json): PolicyCondition[] | null {
  if (value === null) return [];
  if (!isJsonObject(value)) throw new PolicyError("has a condition that is no object");
  const conditions: PolicyCondition[] = [];
  for (const [test, variables] of Object.entries(value)) {
    if (!isJsonObject(variables)) return null;
    for (const [variable, given] of Object.entries(variables)) {
      const values = conditionValues(given);
      if (values === null) return null;
      conditions.push({ test, variable, values });
    }
  }
  return conditions;
}

function conditionValues(given: Json): readonly string[] | null {
  if (typeof given === "string") return [given];
  if (typeof given === "boolean") return [String(given)];
  return isTexts(given) ? given : null;
}
