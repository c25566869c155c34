import { DRIFT_KINDS, type StackResult } from "../drift/model.ts";
import { proposedEdit } from "./adoptable.ts";
import { openFindings } from "./headline.ts";

/** Which options of the command line were given. */
export interface Done {
  readonly write: boolean;
  readonly out: boolean;
}

export const NOTHING_DONE: Done = { write: false, out: false };

/** What to do after a scan, a sentence each; the first that holds comes first. */
export function nextSteps(stacks: readonly StackResult[], done: Done): readonly string[] {
  const believed = stacks.filter(({ status }) => status !== "suspect" && status !== "failed");
  const open = believed.flatMap(openFindings);
  const hasEdits = open.some(
    (finding) => finding.intent.verdict === "adopt" && proposedEdit(finding) !== null,
  );
  const undecided = open.some(({ intent, kind }) => intent.verdict === "undecided" && DRIFT_KINDS.has(kind));
  const steps: readonly (readonly [boolean, string])[] = [
    [stacks.some(({ status }) => status === "failed"), "correct the errors above and scan again."],
    [
      stacks.some(({ status }) => status === "suspect"),
      "check the credentials and the state of the suspect stack: nothing is written from it.",
    ],
    [hasEdits && !(done.write && done.out), `${ways(done)}.`],
    [undecided, "rules in .github/driftwright.yml decide what is undecided; until then it is only reported."],
  ];
  return steps.filter(([holds]) => holds).map(([, sentence]) => sentence);
}

function ways(done: Done): string {
  return [
    ...(done.write ? [] : ["--write puts the edits that rules judged right into the working tree"]),
    ...(done.out ? [] : ["--out DIR writes all reports as files"]),
  ].join(", ");
}
