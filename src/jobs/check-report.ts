import type { CheckReport } from "../github/check-runs.ts";
import { publicCheckRun } from "../reports/public-counts.ts";
import { Reports } from "../reports/reports.ts";
import { timeText } from "../reports/wording.ts";
import type { ChangeEffects } from "./code-change.ts";

/** The name under which the check stands on a pull request. */
export const CHECK_NAME = "Driftwright";

/**
 * What the check run of a change says; numbers alone where everyone can read it.
 * @param adopts fingerprints of what the change was made to adopt, where it is one of our own pull requests
 */
export function checkReport(
  { affected, notEvaluated }: ChangeEffects,
  countsOnly: boolean,
  adopts: readonly string[],
): CheckReport {
  const context = { notEvaluated, adopts };
  const run = countsOnly ? publicCheckRun(affected, context) : new Reports().checkRun(affected, context);
  const { title, summary, text, annotations, conclusion } = run;
  return { title, summary, text, annotations, conclusion };
}

/** With the time at which the drift was last seen: what has been undone since then is still told. */
export function dated(report: CheckReport, asOf: Date | null): CheckReport {
  if (asOf === null) return report;
  return {
    ...report,
    summary: `${report.summary}\nThe drift is as of the scan on ${timeText(asOf.toISOString())}.\n`,
  };
}

/** A check that could not be made, or needs none. */
export function plainReport(title: string, summary: string): CheckReport {
  return { title, summary, text: "", annotations: [], conclusion: "neutral" };
}
