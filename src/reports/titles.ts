import type { Grouping } from "../config/model.ts";
import { decidingPlaces } from "../drift/deciding-places.ts";
import { type Change, DRIFT_KINDS, type Finding, type Reading, type StackResult } from "../drift/model.ts";
import { isNumber } from "../json/json.ts";
import { isUncompared, openFindings } from "./headline.ts";
import { byWeight, type IssueContents } from "./issue-group.ts";
import { valueText } from "./values.ts";
import { counted, cut, visible } from "./visible.ts";
import { attributeOf, capital, happened, phraseText, placeText, title } from "./wording.ts";

/** A value that can stand in a title as it is: short, one word, nothing GitHub or a reader could take for more. */
const TITLE_VALUE = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/;

/**
 * Says what the pull request changes: `Adopt t3.large for instance_type of aws_instance.web`; where it lets more in, that
 * comes first, since a list of pull requests shows no more than this. Plain text.
 * @param stacks the names of those that the findings are of
 */
export function pullRequestTitle(
  findings: readonly [Finding, ...Finding[]],
  stacks: readonly string[],
): string {
  const words = adoptAllTitle(findings, stacks);
  const opens = findings.some(({ widensAccess }) => widensAccess);
  return title(opens ? `Opens access: ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words);
}

function adoptAllTitle(
  [first, ...others]: readonly [Finding, ...Finding[]],
  stacks: readonly string[],
): string {
  const [stack = ""] = stacks;
  const where = stacks.length > 1 ? counted(stacks.length, "stack") : cut(visible(stack), 60);
  if (others.length === 0) return adoptTitle(first, shortAddress(first));
  const own = adoptTitle(first, "");
  const same = others.every((finding) => adoptTitle(finding, "") === own);
  const count = others.length + 1;
  return same
    ? adoptTitle(first, `${count} instances`)
    : `Adopt ${count} changes made outside the code in ${where}`;
}

function adoptTitle(finding: Finding, of: string): string {
  const [change, ...others] = finding.changes;
  if (change === undefined) return adoptInstanceTitle(finding, of);
  const attribute = shortAttribute(finding);
  if (others.length > 0) return `Adopt ${finding.changes.length} changes of ${attribute} of ${of}`;
  if (change.observed === "absent") return `Adopt the removal of ${attribute} of ${of}`;
  const value = titleValue(change.observed);
  return value === null
    ? `Adopt the new value of ${attribute} of ${of}`
    : `Adopt ${value} for ${attribute} of ${of}`;
}

function adoptInstanceTitle(finding: Finding, of: string): string {
  if (finding.kind === "deleted") return `Adopt the deletion of ${of}`;
  if (finding.kind === "unmanaged") return `Add ${of} to the code`;
  if (finding.kind === "needs-import") return `Import ${of}`;
  return `Adopt the change of ${of}`;
}

/** Says what is wrong, most severe word first: `High: instance_type of aws_instance.web is t3.large, the code says t3.micro`. */
function issueTitle(finding: Finding): string {
  const what = concernTitle(finding) ?? valuesTitle(finding) ?? phraseText(happened(shortened(finding)));
  return title(`${capital(finding.severity)}: ${what}`);
}

/** Of several findings says how many they are, and what they have in common: `High: 3 drifts of aws_instance.web`. */
export function issueGroupTitle({ findings, grouping, about }: IssueContents): string {
  const [first = findings[0], ...others] = findings.toSorted(byWeight);
  const { finding, stack } = first;
  const all = counted(findings.length, "drift");
  const what =
    others.length === 0
      ? issueTitle(finding)
      : `${capital(finding.severity)}: ${all} ${commonTitle(finding, stack.name, grouping)}`;
  return title(about === undefined ? what : `${about.owner}/${about.name}: ${what}`);
}

function commonTitle(finding: Finding, stack: string, grouping: Grouping): string {
  if (grouping === "resource") return `of ${shortAddress(finding)}`;
  if (grouping === "stack") return `in ${cut(visible(stack), 60)}`;
  if (finding.actor !== null) return `made by ${cut(visible(finding.actor.name), 60)}`;
  const [place] = decidingPlaces(finding);
  return place === undefined ? "with one cause" : `that come down to ${cut(visible(placeText(place)), 110)}`;
}

/** What makes it severe says more than which attribute it is. */
function concernTitle(finding: Finding): string | null {
  const { concern, severity } = finding;
  if (concern === null || (severity !== "critical" && severity !== "high")) return null;
  return `${visible(concern.replace(/\.$/, ""))} (${shortAddress(finding)})`;
}

export const ONBOARDING_TITLE = "Set up Driftwright";

/** Never another one, so that nobody is told of a new title. */
export const DASHBOARD_TITLE = "Driftwright dashboard";

/**
 * Says what the issue about everything tells of.
 * @param found the title where there is drift
 */
export function summaryTitle(stacks: readonly StackResult[], found: string): string {
  const believed = stacks.filter(({ status }) => status !== "suspect");
  if (believed.some((stack) => openFindings(stack).some(({ kind }) => DRIFT_KINDS.has(kind)))) return found;
  const withStatus = (wanted: StackResult["status"]) =>
    stacks.filter(({ status }) => status === wanted).length;
  const [failed, suspect] = [withStatus("failed"), withStatus("suspect")];
  const all = counted(stacks.length, "stack");
  if (failed === stacks.length) return `Nothing is known of drift yet: ${all} could not be scanned`;
  if (failed > 0) return `No drift found yet: ${failed} of ${all} could not be scanned`;
  if (suspect > 0) return `No drift believed yet: too much of ${suspect} of ${all} changed at once`;
  const blank = stacks.filter(isUncompared).length;
  if (stacks.length > 0 && blank === stacks.length)
    return `Nothing is known of drift yet: nothing could be compared in ${all}`;
  return withStatus("complete") === stacks.length && blank === 0
    ? "No drift"
    : "No drift in what could be read";
}

function valuesTitle(finding: Finding): string | null {
  const [change, ...others] = finding.changes;
  if (change === undefined || others.length > 0) return null;
  if (finding.kind !== "drift" && finding.kind !== "absorbed") return null;
  const values = differing(change);
  if (values === null) return null;
  return `${shortAttribute(finding)} of ${shortAddress(finding)} is ${values.observed}, the code says ${values.desired}`;
}

function differing(change: Change): { desired: string; observed: string } | null {
  const desired = titleValue(change.desired);
  const observed = titleValue(change.observed);
  return desired === null || observed === null ? null : { desired, observed };
}

function titleValue(reading: Reading): string | null {
  if (typeof reading !== "object" || !("known" in reading)) return null;
  const { known } = reading;
  if (typeof known === "boolean" || isNumber(known)) return valueText(known);
  return typeof known === "string" && TITLE_VALUE.test(known) ? known : null;
}

function shortAttribute(finding: Finding): string {
  return cut(visible(attributeOf(finding) ?? ""), 60);
}

function shortAddress(finding: Finding): string {
  return cut(visible(finding.address), 110);
}

function shortened(finding: Finding): Finding {
  return { ...finding, address: shortAddress(finding) };
}
