import { DRIFT_KINDS, type JudgedFinding, SEVERITIES, type StackResult } from "../drift/model.ts";
import { cannotDecide } from "../intent/decidable.ts";
import { printPath } from "../json/path.ts";
import { proposedEdit } from "./adoptable.ts";
import type { Allowance } from "./budget.ts";
import { openFindings } from "./headline.ts";
import { code, joined, type Markdown, md, number, text } from "./markdown.ts";
import type { Listed } from "./views.ts";
import { bySeverity, KIND_WORDS } from "./wording.ts";

// What was found, as the pull request that proposes a configuration tells of it.

export type CountRow = { readonly stack: Markdown; readonly kind: Markdown; readonly counts: Markdown };

export type FindingRow = {
  readonly severity: Markdown;
  readonly stack: Markdown;
  readonly address: Markdown;
  readonly attributes: Markdown;
  readonly becomes: Markdown;
};

/** Said with what is left out. */
export const REST = md`\`npx driftwright scan\` on a checkout shows all`;
const MOST_FINDINGS = 50;
const MOST_COUNTS = 100;
/** Of what is listed within a row. */
const MOST_IN_A_ROW = 3;

/** How many findings of which kind and severity each stack has. */
function countsOf(stacks: readonly StackResult[]): readonly CountRow[] {
  return stacks.flatMap((stack) =>
    [...Map.groupBy(openFindings(stack), ({ kind }) => kind)].map(([kind, findings]) => ({
      stack: code(stack.name, 80),
      kind: text(KIND_WORDS[kind]),
      counts: text(
        SEVERITIES.map(
          (severity) => [findings.filter((one) => one.severity === severity).length, severity] as const,
        )
          .filter(([count]) => count > 0)
          .map(([count, severity]) => `${count} ${severity}`)
          .join(", "),
      ),
    })),
  );
}

/** A finding and its stack. */
export interface Found {
  readonly stack: StackResult;
  readonly finding: JudgedFinding;
}

/** How many there are; null where there are none. */
export function countRows(stacks: readonly StackResult[], allowance: Allowance): Listed<CountRow> | null {
  const counts = countsOf(stacks);
  if (counts.length === 0) return null;
  const { shown } = allowance.take(counts.slice(0, MOST_COUNTS));
  const left = counts.length - shown.length;
  return { rows: shown, more: left === 0 ? null : md`*${number(left)} more are not shown; ${REST}.*` };
}

/**
 * What would be told one by one, the most severe first; null where there is nothing.
 * @param hasIssues else nothing is told but by pull requests
 */
export function findingRows(
  found: readonly Found[],
  hasIssues: boolean,
  allowance: Allowance,
): Listed<FindingRow> | null {
  const told = found.filter(({ finding: { kind } }) => DRIFT_KINDS.has(kind) || kind === "unreadable");
  if (told.length === 0) return null;
  const sorted = told.toSorted((a, b) => bySeverity(a.finding, b.finding));
  const { shown } = allowance.take(sorted.slice(0, MOST_FINDINGS));
  const left = told.length - shown.length;
  return {
    rows: shown.map((one) => findingRow(one, hasIssues)),
    more: left === 0 ? null : md`*${number(left)} more are not shown; ${REST}.*`,
  };
}

function findingRow({ stack, finding }: Found, hasIssues: boolean): FindingRow {
  const paths = finding.changes.slice(0, MOST_IN_A_ROW).map(({ path }) => code(printPath(path), 80));
  const left = finding.changes.length - paths.length;
  const attributes = left === 0 ? paths : [...paths, md`and ${number(left)} more`];
  return {
    severity: text(finding.severity),
    stack: code(stack.name, 80),
    address: code(finding.address, 160),
    attributes: paths.length === 0 ? md`*the whole instance*` : joined(attributes, "<br>"),
    becomes: becomes(finding, hasIssues),
  };
}

/** What is done about a finding with the file as it is proposed. */
function becomes(finding: JudgedFinding, hasIssues: boolean): Markdown {
  const { kind } = finding;
  if (kind === "unreadable") return md`nothing, while it cannot be read`;
  const edit = proposedEdit(finding);
  // What others share is edited only where all of them have drifted to the same, and are adopted as well.
  if (edit?.verdict !== "exact" || cannotDecide(finding, "adopt") !== null) {
    return hasIssues ? md`people decide; there is a plan to undo it` : md`nothing: there are no issues`;
  }
  const files = edit.files.slice(0, MOST_IN_A_ROW).map(({ path }) => code(path, 120));
  const edited = md`a pull request that edits ${joined(files, ", ")}`;
  return hasIssues
    ? md`people decide: a plan to undo it, or ${edited}`
    : md`with a rule that adopts it, ${edited}`;
}
