import { mayUndo } from "../drift/apply-effect.ts";
import type { CheckReport } from "../github/check-runs.ts";
import { type Acknowledgement, acknowledgementOf } from "../intent/acknowledgement.ts";
import type { Affected } from "../reports/affected.ts";
import { type Markdown, md, text } from "../reports/markdown.ts";
import { publicCheckRun } from "../reports/public-counts.ts";
import { Reports } from "../reports/reports.ts";
import { timeText } from "../reports/wording.ts";
import type { ToldDrift } from "../store/tables.ts";
import { buttonsOf, RESCAN } from "./check-buttons.ts";
import type { Evaluation } from "./check-evaluation.ts";
import type { Target } from "./check-target.ts";

/** The name under which the check stands on a pull request. */
export const CHECK_NAME = "Driftwright";

/** What people said and asked for, as far as a check tells of it. */
export interface Voices {
  readonly acknowledgements: readonly Acknowledgement[];
  /** What was asked for with the check's buttons, and what came of it. */
  readonly asked: readonly Markdown[];
}

/** What a check says, and what it is about. */
export interface Said {
  readonly report: CheckReport;
  /** How old the drift is that it tells of; null where it tells of none. */
  readonly asOf: Date | null;
  readonly told: readonly ToldDrift[];
}

/** What the check run of a change says; numbers alone where everyone can read it. */
export function saidOf(evaluation: Evaluation, target: Target, voices: Voices): Said {
  // The commits of a merge queue are GitHub's own and soon gone: nobody can do anything about them.
  const isForPeople = target.pullRequests !== null;
  const actions = isForPeople ? [RESCAN] : [];
  const plainly = (title: string, summary: string): Said => ({
    report: plainReport(title, summary, { asked: voices.asked, actions }),
    asOf: null,
    told: [],
  });
  if (evaluation.kind === "withheld") return plainly("Not compared with the drift", FROM_A_FORK);
  if (evaluation.kind === "not-scanned") {
    const { skipReason } = evaluation;
    return skipReason === null
      ? plainly("Not scanned yet", NOT_SCANNED)
      : plainly("Not scanned", notScanned(skipReason));
  }
  const { effects, unbelieved, countsOnly, config, asOf } = evaluation;
  const { notEvaluated, changes } = effects;
  const { adopts } = target;
  if (countsOnly) {
    const run = publicCheckRun({ changes, asked: voices.asked });
    return { report: { ...reportOf(run), actions }, asOf: null, told: [] };
  }
  const affected = effects.affected.map((one) => adopted(acknowledged(one, voices.acknowledgements), target));
  const { fail } = config.checks;
  const run = new Reports().checkRun(affected, {
    notEvaluated,
    unbelieved,
    adopts,
    fail,
    changes,
    asked: voices.asked,
  });
  const buttons = isForPeople ? buttonsOf(affected, target, config) : [];
  return { report: { ...reportOf(run), actions: buttons }, asOf, told: toldIn(affected) };
}

function acknowledged(one: Affected, all: readonly Acknowledgement[]): Affected {
  const said = mayUndo(one.effect) ? acknowledgementOf(all, one.finding) : null;
  return said === null ? one : { ...one, acknowledged: { by: said.by, at: said.at } };
}

/** With the pull request that adopts it, where that is another one. */
function adopted(one: Affected, { adopts, adoptions }: Target): Affected {
  const { fingerprint } = one.finding;
  const number = adopts.includes(fingerprint) ? undefined : adoptions.get(fingerprint);
  return number === undefined ? one : { ...one, adoptedBy: number };
}

function toldIn(affected: readonly Affected[]): readonly ToldDrift[] {
  return affected
    .filter(({ effect }) => mayUndo(effect))
    .map(({ finding: { fingerprint, revision } }) => ({ fingerprint, revision }));
}

function reportOf({ title, summary, text: details, annotations, conclusion }: CheckReport): CheckReport {
  return { title, summary, text: details, annotations, conclusion };
}

/** With the time at which the drift was last seen: what has been undone since then is still told. */
export function dated(report: CheckReport, asOf: Date | null): CheckReport {
  if (asOf === null) return report;
  return {
    ...report,
    summary: `${report.summary}\nThe drift is as of the scan on ${timeText(asOf.toISOString())}.\n`,
  };
}

/** A check that could not be made. @param why for people who may read the repository; null where everybody can */
export function notChecked(why: string | null, voices: Pick<Voices, "asked">): CheckReport {
  const where = why === null ? md`` : md`: ${text(why)}`;
  return plainReport(
    "Not checked",
    `Driftwright could not compare this change with the drift that it knows of${where}. Nothing is wrong with the change because of that; run the check again with "Re-run".`,
    { asked: voices.asked, actions: [] },
  );
}

function plainReport(
  title: string,
  summary: string,
  { asked, actions }: Required<Pick<CheckReport, "actions">> & Pick<Voices, "asked">,
): CheckReport {
  const lines = asked.map((one) => `- ${one}\n`).join("");
  const body = lines === "" ? summary : `${summary}\n\n### Asked for here\n\n${lines}`;
  return { title, summary: body, text: "", annotations: [], conclusion: "neutral", actions };
}

const FROM_A_FORK =
  "This repository is public, so only numbers are shown here, and the change comes from a fork: whoever proposes many small changes could find out with them what has drifted. It is not compared with the drift for that reason. Nothing is wrong with the change.";

function notScanned(reason: string): string {
  return `Driftwright has not scanned this repository: ${text(reason)}. So it knows of no drift.`;
}

const NOT_SCANNED =
  "Driftwright has not scanned this repository yet, so it knows of no drift. This check is made again after the first scan.";
