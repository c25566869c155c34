import { crc32 } from "node:zlib";
import { EvaluationError } from "../../../hcl/evaluation/context.ts";
import type { Range } from "../../../hcl/syntax/source.ts";
import { listOf, STRING, setOf } from "../../../hcl/values/type.ts";
import { isSequence } from "../../../hcl/values/value.ts";
import { diagnosticOf, type Report } from "../../cells/report.ts";
import type { EvaluatedBody } from "../evaluated-body.ts";
import { blocksOf, converted, NotKnown, oneOf, required, stringsIn, textIn } from "./policy-arguments.ts";
import {
  mergePolicies,
  type Policy,
  type PolicyCondition,
  type PolicyPrincipal,
  type PolicyStatement,
  repeatedSid,
  type Strings,
} from "./policy-model.ts";
import { printPolicy } from "./policy-printer.ts";
import { PolicyError, readPolicy } from "./policy-reader.ts";

/** The data source whose result is made of its arguments alone. */
const TYPE = "aws_iam_policy_document";

/** What such a data source gives, and where each statement of it comes from. */
export interface PolicyDocument {
  /** By the attribute's name: `json`, `minified_json`, `id`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** In the order of `Statement`. */
  readonly sources: readonly StatementSource[];
}

export type StatementSource =
  /** The block of its own with this number. */
  | { readonly kind: "block"; readonly index: number }
  /** A statement of a document that it takes in; `index`: which of a list of documents. */
  | {
      readonly kind: "document";
      readonly argument: DocumentArgument;
      readonly index: number | null;
      readonly statement: number;
    };

/** In the order in which they are merged; its own statements come after the first two. */
const BEFORE = ["source_json", "source_policy_documents"] as const;
const AFTER = ["override_policy_documents", "override_json"] as const;

type DocumentArgument = (typeof BEFORE)[number] | (typeof AFTER)[number];

const RESULTS: ReadonlySet<string> = new Set(["json", "minified_json", "id"]);

/** The attributes that a data source computes from its arguments. */
export function policyAttributes({ mode, type }: { mode: string; type: string }): ReadonlySet<string> | null {
  return mode === "data" && type === TYPE ? RESULTS : null;
}

/**
 * What the data source gives, by its arguments
 * (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document). Null where a part
 * is not known; what the provider would refuse is reported.
 */
export function policyDocument(body: EvaluatedBody, at: Range, report: Report): PolicyDocument | null {
  try {
    return computed(body, at);
  } catch (error) {
    if (error instanceof NotKnown) return null;
    report.add(diagnosticOf(error, report, at));
    return null;
  }
}

interface Part {
  readonly policy: Policy;
  /** Null for its own statements. */
  readonly from: { readonly argument: DocumentArgument; readonly index: number | null } | null;
}

function computed(body: EvaluatedBody, at: Range): PolicyDocument {
  const before = BEFORE.flatMap((argument) => documentsIn(body, argument));
  refuseRepeated(
    before.flatMap(({ policy }) => policy.statements),
    "the documents that it merges",
    at,
  );
  const own: Part = { policy: ownPolicy(body, at), from: null };
  const parts = [...before, own, ...AFTER.flatMap((argument) => documentsIn(body, argument))];
  const { policy, sources } = mergePolicies(parts.map((part) => part.policy));
  const json = printPolicy(policy, "indented");
  body.context.budget.text(json.length);
  return {
    attributes: new Map([
      ["json", json],
      ["minified_json", printPolicy(policy, "minified")],
      ["id", hashText(json)],
    ]),
    sources: sources.map(({ part, statement }): StatementSource => {
      const from = parts[part]?.from ?? null;
      return from === null ? { kind: "block", index: statement } : { kind: "document", ...from, statement };
    }),
  };
}

/** The provider's own hash: CRC-32 as a decimal number. */
function hashText(text: string): string {
  return String(crc32(text));
}

function documentsIn(body: EvaluatedBody, argument: DocumentArgument): Part[] {
  const given = body.attributes.get(argument);
  if (given === undefined || given.value.kind === "null") return [];
  const isList = argument.endsWith("s");
  const value = converted(given.value, isList ? listOf(STRING) : STRING, argument, given.attribute.value);
  const items = isSequence(value) ? value.items : [value];
  return items.flatMap((item, index): Part[] => {
    // The provider leaves out what is null or empty, as a condition often gives it.
    if (item.kind !== "string" || item.value === "") return [];
    body.context.budget.text(item.value.length);
    const policy = readOrRefuse(item.value, argument, given.attribute.value);
    return [{ policy, from: { argument, index: isList ? index : null } }];
  });
}

function readOrRefuse(text: string, argument: string, at: Range): Policy {
  try {
    const policy = readPolicy(text);
    if (policy === null) throw new NotKnown(argument);
    return policy;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new EvaluationError(`a policy document in ${argument} ${error.message}`, at);
  }
}

function refuseRepeated(statements: readonly PolicyStatement[], where: string, at: Range): void {
  if (repeatedSid(statements) !== null) {
    throw new EvaluationError(
      `two statements in ${where} have the same sid; remove it from one of them, or make it another one`,
      at,
    );
  }
}

function ownPolicy(body: EvaluatedBody, at: Range): Policy {
  const version = oneOf(body, "version", ["2012-10-17", "2008-10-17"]);
  const statements = blocksOf(body, "statement").map((content) => ownStatement(content, version));
  refuseRepeated(statements, "the code", at);
  return { version, id: textIn(body, "policy_id") ?? "", statements };
}

function ownStatement(body: EvaluatedBody, version: string): PolicyStatement {
  const withVariables = (name: string) => {
    const strings = setIn(body, name);
    return strings === null
      ? null
      : asPrinted(strings.map((each) => policyVariables(each, version, body.body)));
  };
  const plain = (name: string) => {
    const strings = setIn(body, name);
    return strings === null ? null : asPrinted(strings);
  };
  return {
    sid: textIn(body, "sid") ?? "",
    effect: oneOf(body, "effect", ["Allow", "Deny"]),
    actions: plain("actions"),
    notActions: plain("not_actions"),
    resources: withVariables("resources"),
    notResources: withVariables("not_resources"),
    principals: principalsIn(body, "principals", version),
    notPrincipals: principalsIn(body, "not_principals", version),
    conditions: conditionsIn(body, version),
  };
}

/** One element stands alone; more are in reverse order, as they were before variables were replaced. */
function asPrinted(strings: readonly string[]): Strings {
  return strings.length === 1 ? (strings[0] ?? "") : strings;
}

/** Null where the argument is left out or empty. */
function setIn(body: EvaluatedBody, name: string): readonly string[] | null {
  const strings = stringsIn(body, name, setOf(STRING));
  return strings === null || strings.length === 0 ? null : strings.toReversed();
}

function principalsIn(body: EvaluatedBody, type: string, version: string): readonly PolicyPrincipal[] {
  const principals = blocksOf(body, type).map((content) => {
    const identifiers = (stringsIn(content, "identifiers", setOf(STRING)) ?? []).toReversed();
    return { type: required(content, "type"), identifiers, at: content.body };
  });
  const inOrder = inSetOrder(principals, (each) => {
    const names = inSetOrder(each.identifiers, (name) => `${name};`);
    return `identifiers:{${names.map((name) => `${name};`).join("")}};type:${each.type};`;
  });
  return inOrder.map(({ type: kind, identifiers, at }) => {
    const names = identifiers.map((name) => policyVariables(name, version, at));
    return { type: kind, identifiers: asPrinted(names) };
  });
}

function conditionsIn(body: EvaluatedBody, version: string): readonly PolicyCondition[] {
  const conditions = blocksOf(body, "condition").map((content) => {
    const values = stringsIn(content, "values", listOf(STRING)) ?? [];
    return {
      test: required(content, "test"),
      variable: required(content, "variable"),
      values,
      at: content.body,
    };
  });
  const inOrder = inSetOrder(
    conditions,
    ({ test, variable, values }) =>
      `test:${test};values:(${values.map((value) => `${value};`).join("")});variable:${variable};`,
  );
  return inOrder.map(({ test, variable, values, at }) => {
    return { test, variable, values: values.map((value) => policyVariables(value, version, at)) };
  });
}

/**
 * What a set of the provider's SDK holds, in its order: each element once, by the text of the CRC-32 of how it is
 * written there (https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/schema/set.go).
 */
function inSetOrder<T>(items: readonly T[], written: (item: T) => string): readonly T[] {
  const byCode = new Map<string, T>();
  for (const item of items) {
    const code = hashText(written(item));
    if (!byCode.has(code)) byCode.set(code, item);
  }
  return [...byCode].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** `&{` stands for `${`, which Terraform would read itself. */
function policyVariables(value: string, version: string, at: Range): string {
  if (!value.includes("&{")) return value;
  if (version === "2008-10-17")
    throw new EvaluationError("the version 2008-10-17 of policies has no variables: remove &{", at);
  return value.replaceAll("&{", "${");
}
