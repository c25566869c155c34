import { stringify } from "yaml";
import { FOR_ALL_READERS } from "../config/yaml-scalar.ts";
import type { Finding } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import type { StackContext } from "./masked.ts";
import { attributeOf, rootsOf } from "./wording.ts";

/** What a person puts a day in place of: a day of ours would be another one with each scan, or in the past one day. */
const LAST_DAY = "YYYY-MM-DD";

interface InStack {
  readonly finding: Finding;
  readonly stack: StackContext;
}

type Verdict = "adopt" | "revert" | "ignore";

/** The entry of `.github/driftwright.yml` that decides this finding and no other. An ignore rule is given a last day. */
export function ruleSnippet(finding: Finding, stack: StackContext, verdict: Verdict): string {
  return rulesSnippet([{ finding, stack }], verdict);
}

/** The entries that decide these findings and no others: one for all that differ in nothing but their address. */
export function rulesSnippet(findings: readonly InStack[], verdict: Verdict): string {
  const alike = Map.groupBy(findings, ({ finding, stack }) =>
    JSON.stringify([stack.name, attributePattern(finding)]),
  );
  const rules = [...alike.values()].flatMap((group) => {
    const [first, ...others] = group;
    return first === undefined ? [] : [ruleOf(first, others, verdict)];
  });
  return stringify({ version: 1, rules }, FOR_ALL_READERS);
}

function ruleOf({ finding, stack }: InStack, others: readonly InStack[], verdict: Verdict) {
  const attribute = attributePattern(finding);
  const own = literalPattern(finding.address);
  const addresses = [...new Set([own, ...others.map((other) => literalPattern(other.finding.address))])];
  return {
    name: ruleName(finding, verdict, addresses.length - 1),
    match: {
      stack: literalPattern(stack.name),
      address: addresses.length === 1 ? own : addresses,
      ...(attribute === null ? {} : { attribute }),
    },
    verdict,
    ...(verdict === "ignore" ? { until: LAST_DAY } : {}),
    because: "(say why, for those who read it later)",
  };
}

function ruleName(finding: Finding, verdict: Verdict, others: number): string {
  const attribute = attributeOf(finding);
  const more = others === 0 ? "" : ` and ${others} more`;
  return attribute === null
    ? `${verdict} ${finding.address}${more}`
    : `${verdict} ${attribute} of ${finding.address}${more}`;
}

/** Elements of lists and sets have no number that lasts, so the pattern is the list: a path covers all below it. */
function attributePattern(finding: Finding): string | readonly string[] | null {
  const [first, ...others] = finding.changes;
  if (first === undefined) return null;
  if (others.length === 0 && first.path.every((step) => typeof step === "string")) {
    return literalPattern(printPath(first.path));
  }
  const [root, ...more] = rootsOf(finding).map(literalPattern);
  return root === undefined || more.length > 0 ? rootsOf(finding).map(literalPattern) : root;
}

/**
 * A pattern that matches this text. `*` in it means anything, so the text itself too; a leading `!` would mean not, and
 * a backslash takes the meaning of what follows.
 */
function literalPattern(text: string): string {
  return text.replace(/^!/, "*").replaceAll("\\", "\\\\");
}
