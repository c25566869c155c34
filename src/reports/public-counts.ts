import { type JudgedFinding, SEVERITIES, type StackResult } from "../drift/model.ts";
import { type Affected, checkRunConclusion } from "./check-run.ts";
import { headline } from "./headline.ts";
import { joined, type Markdown, md, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { CheckRun } from "./reports.ts";
import { counted } from "./visible.ts";

// Where everyone can read along, only numbers are told: a list of open drift is a map for an attacker.

const DETAILS = md`This repository is public, so only numbers are shown here. \`driftwright scan\` shows the details to whoever can read the state and the cloud; \`public: details\` in \`.github/driftwright.yml\` shows them to everyone.`;

/** The body of the summary of a public repository. Names no stack, no resource and no value. */
export function publicSummary(stacks: readonly StackResult[]): string {
  const marker = printMarker({ kind: "summary", stack: null, fingerprints: [], revisions: [] });
  const open = stacks.flatMap(({ findings }) => findings);
  return `${joined([marker, md``, text(headline(stacks)), md``, table(open), md``, DETAILS], "\n")}\n`;
}

function table(findings: readonly JudgedFinding[]): Markdown {
  const rows = SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return md`| ${text(severity)} | ${number(count)} |`;
  });
  return joined([md`| Severity | Findings |`, md`| --- | --- |`, ...rows], "\n");
}

/** The check run of a public repository: how many drifted instances a change touches, and not which. */
export function publicCheckRun(affected: readonly Affected[]): CheckRun {
  const instances = new Set(affected.map(({ finding, stack }) => `${stack.name}\n${finding.address}`)).size;
  const title =
    instances === 0
      ? "Nothing that this change touches has drifted"
      : `This change touches ${counted(instances, "drifted instance")}`;
  return {
    title,
    summary: `${joined([text(`${title}.`), md``, DETAILS], "\n")}\n`,
    text: "",
    annotations: [],
    conclusion: checkRunConclusion(affected),
    overflow: null,
  };
}
