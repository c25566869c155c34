import { canonicalJson, isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { normalPolicy } from "./policy-document.ts";

/** What changing one policy into another may do: `public` where everybody is newly named. */
export type PolicyChange = "public" | "widens" | "narrows";

/**
 * Compares two policy documents statement by statement. Only taking an `Allow` away or adding a `Deny` is known to
 * narrow; whatever else changes counts as widening, since what statements allow together is not computed here.
 */
export function policyChange(wanted: Json | undefined, observed: Json | undefined): PolicyChange {
  const before = statementsOf(wanted);
  const after = statementsOf(observed);
  if (before === null || after === null) return "widens";
  const added = [...after].filter(([text]) => !before.has(text)).map(([, statement]) => statement);
  const removed = [...before].filter(([text]) => !after.has(text)).map(([, statement]) => statement);
  if (added.some((statement) => !isDeny(statement) && namesEverybody(statement))) return "public";
  return added.every(isDeny) && !removed.some(isDeny) ? "narrows" : "widens";
}

/** By their text; a policy that is not there has none. Null where the text is no policy. */
function statementsOf(value: Json | undefined): ReadonlyMap<string, JsonObject> | null {
  if (value === undefined || value === "") return new Map();
  const policy = typeof value === "string" ? normalPolicy(value) : null;
  const statements = policy?.["Statement"];
  if (!isJsonArray(statements)) return null;
  return new Map(statements.filter(isJsonObject).map((statement) => [canonicalJson(statement), statement]));
}

function isDeny(statement: JsonObject): boolean {
  return statement["Effect"] === "Deny";
}

function namesEverybody(statement: JsonObject): boolean {
  const principal = statement["Principal"];
  return (
    isJsonObject(principal) &&
    Object.values(principal).some((names) => isJsonArray(names) && names.includes("*"))
  );
}
