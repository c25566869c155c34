import type { CheckReport } from "../github/check-runs.ts";
import { code, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { publicCheckRun } from "../reports/public-counts.ts";
import { Reports } from "../reports/reports.ts";
import type { ChangeEffects, NotEvaluated } from "./code-change.ts";

/** The name under which the check stands on a pull request. */
export const CHECK_NAME = "Driftwright";

/** What the check run of a change says; numbers alone where everyone can read it. */
export function checkReport(effects: ChangeEffects, countsOnly: boolean): CheckReport {
  const { affected, notEvaluated } = effects;
  const run = countsOnly ? publicCheckRun(affected) : new Reports().checkRun(affected);
  const { title, summary, text: details, annotations, conclusion } = run;
  const isWhole = notEvaluated.length === 0;
  return {
    title: isWhole ? title : `${title}, in what could be evaluated`,
    summary: isWhole || countsOnly ? summary : `${summary}\n${problems(notEvaluated)}\n`,
    text: details,
    annotations,
    conclusion: isWhole ? conclusion : "neutral",
  };
}

/** A check that could not be made, or needs none. */
export function plainReport(title: string, summary: string): CheckReport {
  return { title, summary, text: "", annotations: [], conclusion: "neutral" };
}

function problems(notEvaluated: readonly NotEvaluated[]): Markdown {
  const rows = notEvaluated.slice(0, 50).map(({ stack, why }) => md`- ${code(stack, 80)}: ${text(why)}`);
  return joined([md`### Not checked`, md``, ...rows], "\n");
}
