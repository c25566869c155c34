import { quoteJson } from "../../hcl/functions/json.ts";
import { compareText } from "../../hcl/values/value.ts";
import { isJsonArray, isJsonObject, type Json, parseJson } from "../../json/json.ts";

// Policies as the AWS provider reads, merges and prints them for `aws_iam_policy_document`
// (https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_model.go): in Go, whose
// JSON leaves empty members out, matches names without regard to case and writes the keys of maps in order.

export interface Policy {
  readonly version: string;
  readonly id: string;
  readonly statements: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly sid: string;
  readonly effect: string;
  readonly actions: Strings | null;
  readonly notActions: Strings | null;
  readonly resources: Strings | null;
  readonly notResources: Strings | null;
  readonly principals: readonly PolicyPrincipal[];
  readonly notPrincipals: readonly PolicyPrincipal[];
  readonly conditions: readonly PolicyCondition[];
}

/** One text stays one, and a list stays a list. */
export type Strings = string | readonly string[];

export interface PolicyPrincipal {
  readonly type: string;
  readonly identifiers: Strings;
}

export interface PolicyCondition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

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

/** The statements of two documents, and for each the document that it is from (0 for the first of `parts`). */
export interface MergedPolicy {
  readonly policy: Policy;
  readonly sources: readonly { readonly part: number; readonly statement: number }[];
}

/**
 * Documents merged in order: a statement takes the place of an earlier one with its Sid, and the newest version and the
 * last id win.
 */
export function mergePolicies(parts: readonly Policy[]): MergedPolicy {
  let [version, id] = ["", ""];
  const merged: { statement: PolicyStatement; part: number; index: number }[] = [];
  const bySid = new Map<string, number>();
  for (const [part, policy] of parts.entries()) {
    if (policy.id !== "") id = policy.id;
    if (compareText(policy.version, version) > 0) version = policy.version;
    for (const [index, statement] of policy.statements.entries()) {
      const { sid } = statement;
      const place = bySid.get(sid) ?? merged.length;
      if (sid !== "") bySid.set(sid, place);
      merged[place] = { statement, part, index };
    }
  }
  return {
    policy: { version, id, statements: merged.map(({ statement }) => statement) },
    sources: merged.map(({ part, index }) => ({ part, statement: index })),
  };
}

/** The first Sid that comes twice; null where each is there once. */
export function repeatedSid(statements: readonly PolicyStatement[]): string | null {
  const seen = new Set<string>();
  for (const { sid } of statements) {
    if (sid !== "" && seen.has(sid)) return sid;
    seen.add(sid);
  }
  return null;
}

/** What is printed: members of objects in the order they are written in. */
type Node = string | readonly Node[] | ReadonlyMap<string, Node>;

/** The document as the provider prints it, on one line or with two spaces a level. */
export function printPolicy(policy: Policy, form: "minified" | "indented"): string {
  const node = members([
    ["Version", policy.version],
    ["Id", policy.id],
    ["Statement", policy.statements.map(statementNode)],
  ]);
  return form === "minified" ? printMinified(node) : printIndented(node, "");
}

function statementNode(statement: PolicyStatement): Node {
  const { sid, effect, actions, notActions, resources, notResources } = statement;
  const { principals, notPrincipals, conditions } = statement;
  return members([
    ["Sid", sid],
    ["Effect", effect],
    ["Action", actions],
    ["NotAction", notActions],
    ["Resource", resources],
    ["NotResource", notResources],
    ["Principal", principals.length === 0 ? null : principalNode(principals)],
    ["NotPrincipal", notPrincipals.length === 0 ? null : principalNode(notPrincipals)],
    ["Condition", conditions.length === 0 ? null : conditionNode(conditions)],
  ]);
}

/** Without what is empty, but for lists that were given as such. */
function members(entries: readonly (readonly [string, Node | null])[]): Node {
  const given = entries.flatMap(([name, node]): (readonly [string, Node])[] => {
    const left =
      node === null || (["Version", "Id", "Sid", "Effect", "Statement"].includes(name) && isVoid(node));
    return left ? [] : [[name, node]];
  });
  return new Map(given);
}

function isVoid(node: Node): boolean {
  return node === "" || (Array.isArray(node) && node.length === 0);
}

/** `*` for everybody alone is a text; what is a list is written in reverse order. */
function principalNode(principals: readonly PolicyPrincipal[]): Node {
  const [only, ...more] = principals;
  if (more.length === 0 && only?.type === "*" && listOf(only.identifiers).join() === "*") return "*";
  const byType = new Map<string, Strings>();
  for (const { type, identifiers } of principals) {
    const known = byType.get(type);
    const own = typeof identifiers === "string" ? [identifiers] : identifiers.toSorted(compareText).reverse();
    if (known !== undefined) byType.set(type, [...listOf(known), ...own]);
    else byType.set(type, typeof identifiers === "string" ? identifiers : own);
  }
  return inKeyOrder(byType);
}

function conditionNode(conditions: readonly PolicyCondition[]): Node {
  const byTest = new Map<string, Map<string, readonly string[]>>();
  for (const { test, variable, values } of conditions) {
    const byVariable = byTest.get(test) ?? new Map<string, readonly string[]>();
    byTest.set(test, byVariable);
    byVariable.set(variable, [...(byVariable.get(variable) ?? []), ...values]);
  }
  return inKeyOrder(new Map([...byTest].map(([test, byVariable]) => [test, flattened(byVariable)] as const)));
}

function flattened(byVariable: ReadonlyMap<string, readonly string[]>): Node {
  return inKeyOrder(
    new Map(
      [...byVariable].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
    ),
  );
}

function listOf(strings: Strings): readonly string[] {
  return typeof strings === "string" ? [strings] : strings;
}

function inKeyOrder(map: ReadonlyMap<string, Node>): Node {
  return new Map([...map].toSorted(([a], [b]) => compareText(a, b)));
}

function printMinified(node: Node): string {
  if (typeof node === "string") return quoteJson(node);
  if (isList(node)) return `[${node.map(printMinified).join(",")}]`;
  return `{${Array.from(node, ([key, child]) => `${quoteJson(key)}:${printMinified(child)}`).join(",")}}`;
}

function printIndented(node: Node, indentation: string): string {
  if (typeof node === "string") return quoteJson(node);
  const inner = `${indentation}  `;
  const [open, close] = isList(node) ? ["[", "]"] : ["{", "}"];
  const lines = isList(node)
    ? node.map((item) => printIndented(item, inner))
    : Array.from(node, ([key, child]) => `${quoteJson(key)}: ${printIndented(child, inner)}`);
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => inner + line).join(",\n")}\n${indentation}${close}`;
}

function isList(node: Node): node is readonly Node[] {
  return Array.isArray(node);
}
