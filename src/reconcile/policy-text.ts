import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt, printJson } from "../json/json.ts";
import {
  inFormOf,
  type PolicyDifference,
  policyDifferences,
  policyIn,
  withoutDifferences,
} from "./policy-difference.ts";

/** The wanted policy in the form of another text: what means the same stays as it is there. Other texts stay whole. */
export function inFormOfText(text: Json | undefined, wanted: Json): Json {
  const policies = bothPolicies(text, wanted);
  return policies === null ? wanted : printLike(policies.text, inFormOf(policies.now, policies.wanted));
}

/** The text with the first of its differences from the wanted policy made up for; null where there is none. */
export function nextPolicyText(text: Json | undefined, wanted: Json): string | null {
  const policies = bothPolicies(text, wanted);
  const [first] = policies === null ? [] : policyDifferences(policies.now, policies.wanted);
  if (policies === null || first === undefined) return null;
  return printLike(policies.text, withoutDifferences(policies.now, [first]));
}

/** The first thing in which a policy is not the wanted one; null where nothing is, or one of them is no policy. */
export function firstDifference(text: Json | undefined, wanted: Json): PolicyDifference | null {
  const policies = bothPolicies(text, wanted);
  return policies === null ? null : (policyDifferences(policies.now, policies.wanted)[0] ?? null);
}

/** In how many parts a policy is not the wanted one; null where one of them is no policy. */
export function policyPartsBetween(text: Json | undefined, wanted: Json): number | null {
  const policies = bothPolicies(text, wanted);
  return policies === null ? null : policyDifferences(policies.now, policies.wanted).length;
}

/** Whether less is missing from a wanted policy, or too much for it, than before. */
export function isCloserPolicy(before: Json | undefined, after: Json | undefined, wanted: Json): boolean {
  const [was, is] = [before, after].map((text) => bothPolicies(text, wanted));
  if (was === undefined || is === undefined || was === null || is === null) return false;
  return distance(is.now, is.wanted) < distance(was.now, was.wanted);
}

function bothPolicies(text: Json | undefined, wanted: Json) {
  const [now, asked] = [policyIn(text), policyIn(wanted)];
  return now === null || asked === null ? null : { text: String(text), now, wanted: asked };
}

/** How many values differ: a whole statement counts as much as what it says. */
function distance(policy: JsonObject, wanted: JsonObject): number {
  const sizes = policyDifferences(policy, wanted).map((difference) => {
    const gone = difference.kind === "insert" ? 0 : leavesIn(partAt(policy, difference.path));
    return Math.max(1, gone + (difference.kind === "remove" ? 0 : leavesIn(difference.value)));
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A single value is the element 0 of a list of one. */
function partAt(policy: JsonObject, path: PolicyDifference["path"]): Json | undefined {
  return path.reduce<Json | undefined>(
    (at, step) => (step === 0 && !isJsonArray(at) ? at : jsonAt(at, [step])),
    policy,
  );
}

function leavesIn(value: Json | undefined): number {
  if (value === undefined) return 0;
  if (isJsonArray(value)) return value.reduce<number>((sum, item) => sum + leavesIn(item), 0);
  if (isJsonObject(value)) return Object.values(value).reduce<number>((sum, item) => sum + leavesIn(item), 0);
  return 1;
}

/** On one line or on several, as a text is written. */
function printLike(text: string, policy: JsonObject): string {
  const indentation = /^\s*\{\r?\n([ \t]+)/.exec(text)?.[1];
  const printed = indentation === undefined ? printJson(policy) : JSON.stringify(policy, null, indentation);
  return /\n\s*$/.test(text) ? `${printed}\n` : printed;
}
