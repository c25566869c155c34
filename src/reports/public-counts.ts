import { type JudgedFinding, SEVERITIES, type StackResult } from "../drift/model.ts";
import { type Affected, type CheckRunContext, instancesOf } from "./check-run.ts";
import { headline } from "./headline.ts";
import { joined, type Markdown, md, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { CheckRun, Document } from "./reports.ts";
import { summaryTitle } from "./titles.ts";
import { counted } from "./visible.ts";

// Where everyone can read along, only numbers are told: a list of open drift is a map for an attacker.

const DETAILS = md`This repository is public, so only numbers are shown here. \`driftwright scan\` shows the details to whoever can read the state and the cloud; \`public: details\` in \`.github/driftwright.yml\` shows them to everyone.`;

/** The summary of a public repository. Names no stack, no resource and no value. */
export function publicSummary(stacks: readonly StackResult[]): Document {
  const marker = printMarker({ kind: "summary", stack: null, fingerprints: [], revisions: [] });
  const open = stacks.flatMap(({ findings }) => findings);
  const body = joined([marker, md``, text(headline(stacks)), md``, table(open), md``, DETAILS], "\n");
  const title = summaryTitle(stacks, "Drift in this repository");
  return { title, body: `${body}\n`, overflow: null, continuations: [] };
}

function table(findings: readonly JudgedFinding[]): Markdown {
  const rows = SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return md`| ${text(severity)} | ${number(count)} |`;
  });
  return joined([md`| Severity | Findings |`, md`| --- | --- |`, ...rows], "\n");
}

/** The check run of a public repository: how many drifted instances a change touches, and not which. */
export function publicCheckRun(
  affected: readonly Affected[],
  { notEvaluated }: Pick<CheckRunContext, "notEvaluated">,
): CheckRun {
  const instances = instancesOf(affected);
  const stacks = new Set(notEvaluated.map(({ stack }) => stack)).size;
  const touched = `This change touches ${counted(instances, "drifted instance")}`;
  const left = `${counted(stacks, "stack")} could not be evaluated in full`;
  const title =
    [...(instances > 0 ? [touched] : []), ...(stacks > 0 ? [left] : [])].join("; ") ||
    "Nothing that this change touches has drifted";
  return {
    title,
    summary: `${joined([text(`${title}.`), md``, DETAILS], "\n")}\n`,
    text: "",
    annotations: [],
    // What the change does to the drift would tell the values that are not shown.
    conclusion: instances === 0 && stacks === 0 ? "success" : "neutral",
    overflow: null,
  };
}
