import { stringify } from "yaml";
import type { Finding } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import type { StackContext } from "./masked.ts";
import { attributeOf, rootsOf } from "./wording.ts";

const DAY = 86_400_000;
const IGNORED_DAYS = 90;

/**
 * The entry of `.github/driftwright.yml` that decides this finding and no other. An ignore rule ends 90 days after the
 * finding was seen, so that nothing is forgotten for good.
 */
export function ruleSnippet(
  finding: Finding,
  stack: StackContext,
  verdict: "adopt" | "revert" | "ignore",
): string {
  const attribute = attributePattern(finding);
  const rule = {
    name: ruleName(finding, verdict),
    match: {
      stack: literalPattern(stack.name),
      address: literalPattern(finding.address),
      ...(attribute === null ? {} : { attribute }),
    },
    verdict,
    ...(verdict === "ignore" ? untilDate(finding.detectedAt) : {}),
    because: "(say why, for those who read it later)",
  };
  return stringify({ version: 1, rules: [rule] }, { lineWidth: 0 });
}

function ruleName(finding: Finding, verdict: string): string {
  const attribute = attributeOf(finding);
  return attribute === null
    ? `${verdict} ${finding.address}`
    : `${verdict} ${attribute} of ${finding.address}`;
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

function untilDate(detectedAt: string): { until?: string } {
  const time = new Date(detectedAt).getTime();
  if (Number.isNaN(time)) return {};
  const day = new Date(time + IGNORED_DAYS * DAY);
  // The end of its month: each scan detects it anew, and the text is not to be another one every day.
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0));
  return { until: last.toISOString().slice(0, 10) };
}
