import { compareText } from "../../../hcl/values/text-order.ts";

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
