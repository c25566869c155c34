import { DRIFT_KINDS, SEVERITIES, type StackResult } from "../drift/model.ts";
import { ageText, dayText } from "./age.ts";
import type { Allowance } from "./budget.ts";
import {
  DASHBOARD_STATES,
  type DashboardFinding,
  exampleOf,
  isToldHereAlone,
  type SectionView,
  STATE_TITLES,
  sectionsOf,
  topOf,
} from "./dashboard-findings.ts";
import { headline } from "./headline.ts";
import { code, joined, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import { problemMarkdown, problemsIn } from "./summary.ts";
import type { Listed } from "./views.ts";
import { counted } from "./visible.ts";
import { capital, STATUS_WORDS } from "./wording.ts";

/** A stack, and when all of it was last compared with the cloud; null where it never was. */
export interface DashboardStack {
  readonly stack: StackResult;
  readonly comparedAt: Date | null;
}

/** A check run that has something to say of what is open now. */
export interface DashboardCheck {
  readonly name: string;
  readonly headSha: string;
  /** The numbers of the open pull requests that have the commit as their newest; none: it is that of the default branch. */
  readonly pullRequests: readonly number[];
  readonly conclusion: string;
}

/** All that the dashboard is made of. */
export interface Dashboard {
  /** When the last scan began. */
  readonly scannedAt: Date;
  readonly stacks: readonly DashboardStack[];
  readonly findings: readonly DashboardFinding[];
  readonly checks: readonly DashboardCheck[];
  /** The scan after that one, where it failed as a whole; null where it did not. */
  readonly failed: FailedScan | null;
}

interface FailedScan {
  readonly at: Date;
  /** A sentence without its full stop; null where it is not told. */
  readonly reason: string | null;
}

export type DashboardView = {
  readonly marker: Markdown;
  readonly headline: Markdown;
  readonly scanned: Markdown;
  readonly failed: Markdown | null;
  readonly counts: Markdown | null;
  readonly sections: readonly SectionView[];
  readonly hereAlone: boolean;
  /** A command that decides about one of them in a comment here. */
  readonly example: Markdown | null;
  readonly stacks: Listed<StackRow>;
  readonly problems: Listed<Markdown> | null;
  readonly checks: readonly CheckRow[];
};

type StackRow = {
  readonly name: Markdown;
  readonly environment: Markdown;
  readonly result: Markdown;
  readonly compared: Markdown;
  readonly instances: Markdown;
  readonly drift: Markdown;
};

type CheckRow = {
  readonly of: Markdown;
  readonly name: Markdown;
  readonly commit: Markdown;
  readonly conclusion: Markdown;
};

/** What the dashboard says. */
export function dashboardView(
  { scannedAt, stacks, findings, checks, failed }: Dashboard,
  allowance: Allowance,
): DashboardView {
  const wrong = problemsIn(stacks.map(({ stack }) => stack));
  return {
    marker: printMarker({ kind: "dashboard", stack: null, fingerprints: [], revisions: [] }),
    headline: text(headline(stacks.map(({ stack }) => stack))),
    scanned: scannedText(scannedAt),
    failed: failed === null ? null : failureText(failed),
    counts: countsTable(findings),
    sections: sectionsOf(findings, scannedAt, allowance),
    hereAlone: findings.some(isToldHereAlone),
    example: exampleOf(findings),
    stacks: topOf(stacks, (one) => stackRow(one, scannedAt), allowance),
    problems: wrong.length === 0 ? null : topOf(wrong, problemMarkdown, allowance),
    checks: checks.map(checkRow),
  };
}

/** `Last scan: 2026-11-22 (UTC).` */
export function scannedText(scannedAt: Date): Markdown {
  return md`Last scan: ${text(dayText(scannedAt))} (UTC).`;
}

function failureText({ at, reason }: FailedScan): Markdown {
  return reason === null ? failedText(at) : md`${failedText(at)} ${text(capital(reason), 1_000)}.`;
}

/** Where a scan after the last one failed. */
export function failedText(at: Date): Markdown {
  return md`**The scan of ${text(dayText(at))} (UTC) failed**, so all of this is as the one before found it.`;
}

/** How many findings there are of each state and severity; null where there are none. */
export function countsTable(
  findings: readonly Pick<DashboardFinding, "state" | "finding">[],
): Markdown | null {
  if (findings.length === 0) return null;
  const groups = Map.groupBy(findings, ({ state }) => state);
  const rows = DASHBOARD_STATES.flatMap((state) => {
    const those = groups.get(state);
    if (those === undefined) return [];
    const cells = SEVERITIES.map((severity) => {
      const count = those.filter(({ finding }) => finding.severity === severity).length;
      return count === 0 ? md` |` : md` ${number(count)} |`;
    });
    return [md`| ${STATE_TITLES[state]} | ${number(those.length)} |${joinedCells(cells)}`];
  });
  const heads = joinedCells(SEVERITIES.map((severity) => md` ${text(severity)} |`));
  const lines = joinedCells(SEVERITIES.map(() => md` --- |`));
  return joined([md`| Findings | All |${heads}`, md`| --- | --- |${lines}`, ...rows], "\n");
}

function joinedCells(cells: readonly Markdown[]): Markdown {
  return cells.reduce((line, cell) => md`${line}${cell}`, NOTHING);
}

function stackRow({ stack, comparedAt }: DashboardStack, scannedAt: Date): StackRow {
  const { name, environment, status, coverage, findings } = stack;
  const isScanned = status !== "failed";
  const open = findings.filter(({ kind, intent }) => DRIFT_KINDS.has(kind) && intent.verdict !== "ignore");
  return {
    name: code(name, 80),
    environment: environment === null ? NOTHING : code(environment, 60),
    result: text(STATUS_WORDS[status]),
    compared:
      comparedAt === null
        ? md`never`
        : md`${text(dayText(comparedAt))} (${text(ageText(comparedAt, scannedAt))})`,
    instances: isScanned ? md`${number(coverage.instancesRead)} of ${number(coverage.instances)}` : NOTHING,
    drift:
      status === "suspect" && open.length > 0
        ? md`${number(open.length)}, not believed`
        : number(open.length),
  };
}

const MOST_NUMBERS = 5;
const SHA = /^[0-9a-f]{40}$/;

/** GitHub makes a link of the name of a commit where it stands alone. */
function checkRow({ name, headSha, conclusion, pullRequests }: DashboardCheck): CheckRow {
  const numbers = pullRequests.slice(0, MOST_NUMBERS).map((one) => md`#${one}`);
  return {
    of: numbers.length === 0 ? md`the default branch` : joined(numbers, ", "),
    name: text(name, 80),
    commit: SHA.test(headSha) ? (headSha as Markdown) : code(headSha, 80),
    conclusion: text(conclusion, 40),
  };
}

/** What can be said of stacks where everyone reads along: `3 stacks: 2 complete, 1 failed`. */
export function stacksInNumbers(stacks: readonly StackResult[]): Markdown {
  const groups = [...Map.groupBy(stacks, ({ status }) => status)].map(
    ([status, those]) => `${those.length} ${status}`,
  );
  return text(`${counted(stacks.length, "stack")}: ${groups.toSorted().join(", ")}.`);
}
