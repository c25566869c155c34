import { normalElement, normalPolicy, readPolicy } from "../drift/policy-document.ts";
import {
  canonicalJson,
  equalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonAt,
} from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import { commonStart } from "./common-ends.ts";
import { matchedStatements, unshared } from "./policy-statements.ts";

/**
 * One way in which a policy is not the wanted one. Paths are those of the policy as it is; a value that stands alone
 * where a list could stand is the element 0 of one.
 */
export type PolicyDifference =
  /** The member or element at `path` has another value; the member may be missing. */
  | { readonly kind: "set"; readonly path: Path; readonly value: Json }
  /** The list at `path` has one more element. */
  | { readonly kind: "insert"; readonly path: Path; readonly value: Json }
  /** The member or element at `path` is too much. */
  | { readonly kind: "remove"; readonly path: Path };

/** Members of a statement that are texts or lists of texts, in no order. */
const LISTS = new Set(["Action", "NotAction", "Resource", "NotResource"]);

/** The policy that a text is; null where it is no JSON object with statements. */
export function policyIn(json: Json | undefined): JsonObject | null {
  if (typeof json !== "string" || !MAY_BE_POLICY.test(json)) return null;
  const policy = readPolicy(json);
  return policy !== null && Object.hasOwn(policy, "Statement") ? policy : null;
}

/** Reading JSON takes longer than to see that a text is none. */
const MAY_BE_POLICY = /^\s*(?:\{|%7B)/i;

/** Whether two texts are policies that mean the same: in IAM a single value is a list of one, and lists have no order. */
export function meansSamePolicy(a: string, b: string): boolean {
  if (policyIn(a) === null || policyIn(b) === null) return false;
  const [one, other] = [normalPolicy(a), normalPolicy(b)];
  return one !== null && other !== null && equalJson(one, other);
}

/** What has to change in a policy so that it means the same as another: no more than that, and at the same statements. */
export function policyDifferences(policy: JsonObject, wanted: JsonObject): readonly PolicyDifference[] {
  const names = namesOf(policy, wanted).filter((name) => name !== "Statement");
  return [
    ...names.flatMap((name) => memberDifferences([name], own(policy, name), own(wanted, name))),
    ...statementDifferences(listOf(own(policy, "Statement")), listOf(own(wanted, "Statement"))),
  ];
}

/** The policy with differences made up for: it keeps its order, and its ways of writing. */
export function withoutDifferences(policy: JsonObject, differences: readonly PolicyDifference[]): JsonObject {
  const inOrder = differences.toSorted((a, b) => rankOf(a) - rankOf(b) || -comparePaths(a.path, b.path));
  const changed = inOrder.reduce<Json | undefined>((json, difference) => changedAt(json, difference), policy);
  return isJsonObject(changed) ? changed : policy;
}

/** The wanted policy in the order and in the ways of writing of another one. */
export function inFormOf(policy: JsonObject, wanted: JsonObject): JsonObject {
  return withoutDifferences(policy, policyDifferences(policy, wanted));
}

/** A difference in words, without values. */
export function toldDifference({ kind, path }: PolicyDifference): string {
  const what = { set: "is to be another", insert: "is to get one more", remove: "is to go" }[kind];
  return `${printPath(path)} ${what}`;
}

function namesOf(a: JsonObject, b: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function own(object: Json | undefined, name: string): Json | undefined {
  return jsonAt(object, [name]);
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return isJsonArray(value) ? value : [value];
}

function memberDifferences(path: Path, now: Json | undefined, wanted: Json | undefined): PolicyDifference[] {
  if (now === undefined && wanted === undefined) return [];
  if (wanted === undefined) return [{ kind: "remove", path }];
  return now !== undefined && equalJson(now, wanted) ? [] : [{ kind: "set", path, value: wanted }];
}

function statementDifferences(now: readonly Json[], wanted: readonly Json[]): PolicyDifference[] {
  const { pairs, surplus, missing } = matchedStatements(now, wanted);
  const path = ["Statement"];
  return [
    ...pairs.flatMap(([index, other]) => withinStatement([...path, index], now[index], wanted[other])),
    ...missing.map((index): PolicyDifference => {
      return { kind: "insert", path, value: wanted[index] ?? null };
    }),
    ...surplus.map((index): PolicyDifference => ({ kind: "remove", path: [...path, index] })),
  ];
}

function withinStatement(path: Path, now: Json | undefined, wanted: Json | undefined): PolicyDifference[] {
  if (!isJsonObject(now) || !isJsonObject(wanted)) return memberDifferences(path, now, wanted);
  const names = namesOf(now, wanted);
  // What takes a member's place comes before that goes: so it finds the place.
  const inOrder = [...names.filter((name) => Object.hasOwn(wanted, name)), ...names];
  return [...new Set(inOrder)].flatMap((name) => {
    const [was, is] = [own(now, name), own(wanted, name)];
    const at = [...path, name];
    // An empty Sid is none.
    if (name === "Sid")
      return memberDifferences(at, was === "" ? undefined : was, is === "" ? undefined : is);
    if (was === undefined || is === undefined) return memberDifferences(at, was, is);
    if (equalJson(normalElement(name, was), normalElement(name, is))) return [];
    if (LISTS.has(name)) return listDifferences(at, was, is, (item) => normalElement(name, [item]));
    if (name === "Principal" || name === "NotPrincipal") {
      const keyOf = (item: Json) => normalElement(name, { AWS: [item] });
      return groupDifferences(at, was, is, keyOf);
    }
    return name === "Condition" ? conditionDifferences(at, was, is) : memberDifferences(at, was, is);
  });
}

/** Of principals by their kind, or of the values of a condition by their key. */
function groupDifferences(
  path: Path,
  now: Json,
  wanted: Json,
  keyOf: (item: Json) => Json,
): PolicyDifference[] {
  if (!isJsonObject(now) || !isJsonObject(wanted)) return memberDifferences(path, now, wanted);
  return namesOf(now, wanted).flatMap((name) => {
    const [was, is] = [own(now, name), own(wanted, name)];
    const at = [...path, name];
    if (was === undefined || is === undefined) return memberDifferences(at, was, is);
    return listDifferences(at, was, is, keyOf);
  });
}

function conditionDifferences(path: Path, now: Json, wanted: Json): PolicyDifference[] {
  if (!isJsonObject(now) || !isJsonObject(wanted)) return memberDifferences(path, now, wanted);
  return namesOf(now, wanted).flatMap((test) => {
    const [was, is] = [own(now, test), own(wanted, test)];
    const at = [...path, test];
    if (!isJsonObject(was) || !isJsonObject(is)) return memberDifferences(at, was, is);
    const known = keysInLowerCase(was);
    const asked = keysInLowerCase(is);
    // Two keys that differ in case alone: nobody knows which one is meant.
    if (known.size < Object.keys(was).length || asked.size < Object.keys(is).length)
      return memberDifferences(at, was, is);
    const renamed = Object.entries(is).map(
      ([key, values]) => [known.get(key.toLowerCase()) ?? key, values] as const,
    );
    const keyOf = (item: Json) => normalElement("Condition", { test: { key: [item] } });
    return groupDifferences(at, was, Object.fromEntries(renamed), keyOf);
  });
}

function keysInLowerCase(object: JsonObject): ReadonlyMap<string, string> {
  return new Map(Object.keys(object).map((key) => [key.toLowerCase(), key]));
}

function listDifferences(
  path: Path,
  now: Json,
  wanted: Json,
  keyOf: (item: Json) => Json,
): PolicyDifference[] {
  const [items, asked] = [listOf(now), listOf(wanted)];
  const textOf = (item: Json) => canonicalJson(keyOf(item));
  const { surplus, missing: indices } = unshared(items.map(textOf), asked.map(textOf));
  const missing = indices.map((index) => asked[index] ?? null);
  if (asked.length === 0) return items.length === 0 ? [] : [{ kind: "set", path, value: [] }];
  const changes = surplus.slice(0, missing.length).map((index): PolicyDifference => {
    const value = takeMostAlike(missing, items[index] ?? null);
    return { kind: "set", path: [...path, index], value };
  });
  return [
    ...changes,
    ...missing.map((value): PolicyDifference => ({ kind: "insert", path, value })),
    ...surplus.slice(changes.length).map((index): PolicyDifference => {
      return { kind: "remove", path: [...path, index] };
    }),
  ];
}

/** Takes the one out that starts like the item for the longest. */
function takeMostAlike(missing: Json[], item: Json): Json {
  const shared = missing.map((candidate) => commonStart(String(candidate), String(item)));
  const best = shared.indexOf(Math.max(...shared));
  return missing.splice(best, 1)[0] ?? null;
}

/** What goes is taken away last, the last of a list first: so all paths mean what they meant. */
function rankOf({ kind }: PolicyDifference): number {
  return kind === "remove" ? 1 : 0;
}

function comparePaths(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (typeof step === "number" && typeof other === "number" && step !== other) return step - other;
  }
  return 0;
}

function changedAt(json: Json | undefined, { path, ...change }: PolicyDifference): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) {
    if (change.kind === "insert") return [...listOf(json), change.value];
    return change.kind === "set" ? change.value : undefined;
  }
  const inner = { ...change, path: rest } as PolicyDifference;
  if (typeof step === "number") {
    const items = listOf(json).flatMap((item, index) =>
      index === step ? given(changedAt(item, inner)) : [item],
    );
    return isJsonArray(json) || items.length !== 1 ? items : items[0];
  }
  const object = isJsonObject(json) ? json : {};
  const value = changedAt(own(object, step), inner);
  if (Object.hasOwn(object, step)) {
    return Object.fromEntries(
      Object.entries(object).flatMap(([name, member]) =>
        name === step ? given(value).map((each) => [name, each] as const) : [[name, member] as const],
      ),
    );
  }
  return value === undefined ? object : Object.fromEntries([...Object.entries(object), [step, value]]);
}

function given(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}
