import type { StackResult } from "../drift/model.ts";
import type { CheckRunContext } from "./affected.ts";
import { changesInNumbers } from "./check-changes.ts";
import { countsTable, type Dashboard, failedText, scannedText, stacksInNumbers } from "./dashboard.ts";
import { headline } from "./headline.ts";
import { joined, type Markdown, md, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { CheckRun, Document } from "./reports.ts";
import { severityTable } from "./severity-table.ts";
import { DASHBOARD_TITLE, summaryTitle } from "./titles.ts";

// Where everyone can read along, only numbers are told: a list of open drift is a map for an attacker.

const DETAILS = md`This repository is public, so only numbers are shown here. \`driftwright scan\` shows the details to whoever can read the state and the cloud; \`public: details\` in \`.github/driftwright.yml\` shows them to everyone.`;

/** The summary of a public repository. Names no stack, no resource and no value. */
export function publicSummary(stacks: readonly StackResult[]): Document {
  const marker = printMarker({ kind: "summary", stack: null, fingerprints: [], revisions: [] });
  const open = stacks.flatMap(({ findings }) => findings);
  const body = joined([marker, md``, text(headline(stacks)), md``, severityTable(open), md``, DETAILS], "\n");
  const title = summaryTitle(stacks, "Drift in this repository");
  return { title, body: `${body}\n`, overflow: null, continuations: [] };
}

/** Names no repository, since a private one may be called as nobody else should know. */
const NOWHERE = md`The private repository that the configuration names for single findings cannot be used, so nothing tells of them now. The log of Driftwright says why.`;

/**
 * The dashboard of a public repository. Names no stack, no resource and no value.
 * @param isNowhere the repository that is to tell of single findings cannot be used
 */
export function publicDashboard(
  { scannedAt, stacks, findings, failed }: Omit<Dashboard, "checks">,
  isNowhere = false,
): Document {
  const all = stacks.map(({ stack }) => stack);
  const counts = countsTable(findings);
  const body = joined(
    [
      printMarker({ kind: "dashboard", stack: null, fingerprints: [], revisions: [] }),
      md``,
      md`**${text(headline(all))}** ${scannedText(scannedAt)} ${stacksInNumbers(all)}`,
      ...(failed === null ? [] : [md``, failedText(failed.at)]),
      ...(counts === null ? [] : [md``, counts]),
      md``,
      DETAILS,
      ...(isNowhere ? [md``, NOWHERE] : []),
    ],
    "\n",
  );
  return { title: DASHBOARD_TITLE, body: `${body}\n`, overflow: null, continuations: [] };
}

/**
 * The check run of a public repository: what a change does in the code, in numbers. Whether it touches drift would tell
 * everyone who reads along what has drifted, so nothing here may depend on that.
 */
export function publicCheckRun({
  changes = [],
  asked = [],
}: Pick<CheckRunContext, "changes" | "asked">): CheckRun {
  const numbers = changesInNumbers(changes);
  const lines = [NOT_COMPARED, ...(numbers === null ? [] : [md``, text(numbers)]), md``, DETAILS];
  return {
    title: "Not compared with the drift",
    summary: `${joined([...lines, ...askedFor(asked)], "\n")}\n`,
    text: "",
    annotations: [],
    conclusion: "neutral",
    overflow: null,
  };
}

const NOT_COMPARED = md`Everyone can read this check, and whether a change touches drift would tell what has drifted. So it is not told, and every check here is neutral. Nothing is wrong with the change because of that.`;

function askedFor(asked: readonly Markdown[]): readonly Markdown[] {
  return asked.length === 0 ? [] : [md``, md`### Asked for here`, md``, ...asked.map((one) => md`- ${one}`)];
}
