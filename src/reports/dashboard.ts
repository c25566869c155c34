import { DRIFT_KINDS, type JudgedFinding, SEVERITIES, type StackResult } from "../drift/model.ts";
import { ageText, dayText } from "./age.ts";
import type { Allowance } from "./budget.ts";
import { headline } from "./headline.ts";
import { code, joined, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import { problemMarkdown, problemsIn } from "./summary.ts";
import type { Listed } from "./views.ts";
import { counted } from "./visible.ts";
import { bySeverity, capital, happened, phraseMarkdown, STATUS_WORDS } from "./wording.ts";

/** How a finding stands. `open`: it was decided what is to be done. `held`: limits or a freeze keep it back. */
export const DASHBOARD_STATES = [
  "undecided",
  "open",
  "held",
  "suspect",
  "unreadable",
  "ignored",
  "settling",
] as const;
export type DashboardState = (typeof DASHBOARD_STATES)[number];

/** What the dashboard tells of one finding. */
export interface DashboardFinding {
  readonly finding: JudgedFinding;
  readonly stack: string;
  readonly state: DashboardState;
  readonly since: Date;
  /** The last day on which it is ignored, as `YYYY-MM-DD`; null: for as long as the rule is there, or it is not. */
  readonly until: string | null;
  /** The number of the issue or pull request that is open about it; null where this issue alone tells of it. */
  readonly thread: number | null;
}

/** A stack, and when all of it was last compared with the cloud; null where it never was. */
export interface DashboardStack {
  readonly stack: StackResult;
  readonly comparedAt: Date | null;
}

/** A check run that has something to say. */
export interface DashboardCheck {
  readonly name: string;
  readonly headSha: string;
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
  readonly stacks: Listed<StackRow>;
  readonly problems: Listed<Markdown> | null;
  readonly checks: readonly CheckRow[];
};

type SectionView = {
  readonly title: Markdown;
  readonly meaning: Markdown;
  readonly ignored: boolean;
} & Listed<FindingRow>;

type FindingRow = {
  readonly severity: Markdown;
  readonly what: Markdown;
  readonly stack: Markdown;
  readonly verdict: Markdown;
  readonly since: Markdown;
  readonly until: Markdown;
  readonly thread: Markdown;
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
  readonly name: Markdown;
  readonly commit: Markdown;
  readonly conclusion: Markdown;
};

/** Rows of a list; what is beyond is counted. */
const MOST_ROWS = 100;

const REST = md`\`driftwright scan\` lists all`;

const HERE_ALONE = md`*here alone*`;

const TITLES: Readonly<Record<DashboardState, Markdown>> = {
  undecided: md`Waiting for a decision`,
  open: md`Open`,
  held: md`Held back`,
  suspect: md`Suspect`,
  unreadable: md`Not readable`,
  ignored: md`Ignored`,
  settling: md`No drift`,
};

const MEANINGS: Readonly<Record<DashboardState, Markdown>> = {
  undecided: md`Nobody has decided whether the code or the cloud is right. \`/drift adopt\`, \`/drift revert\` and \`/drift ignore\` in a comment on the issue do.`,
  open: md`It is decided what is to be done: adopted with a pull request, or reverted with the plan in an issue.`,
  held: md`Limits or a freeze of the configuration keep these from being opened or changed now. The most severe go first.`,
  suspect: md`So much of these stacks is different that it is not believed. Nothing is opened or closed because of it.`,
  unreadable: md`Not known to be equal: the cloud did not let them be read.`,
  ignored: md`Rules or people have these ignored.`,
  settling: md`Code, state and cloud differ, and an apply or a refresh settles it.`,
};

/** What the dashboard says. */
export function dashboardView(
  { scannedAt, stacks, findings, checks, failed }: Dashboard,
  allowance: Allowance,
): DashboardView {
  const sections = DASHBOARD_STATES.filter((state) => state !== "settling").flatMap((state) => {
    const rows = findings.filter((one) => one.state === state).toSorted(byWeight);
    if (rows.length === 0) return [];
    const list = topOf(rows, (one) => findingRow(one, scannedAt), allowance);
    return [{ title: TITLES[state], meaning: MEANINGS[state], ignored: state === "ignored", ...list }];
  });
  const wrong = problemsIn(stacks.map(({ stack }) => stack));
  return {
    marker: printMarker({ kind: "dashboard", stack: null, fingerprints: [], revisions: [] }),
    headline: text(headline(stacks.map(({ stack }) => stack))),
    scanned: scannedText(scannedAt),
    failed: failed === null ? null : failureText(failed),
    counts: countsTable(findings),
    sections,
    hereAlone: findings.some(
      ({ state, thread }) => thread === null && (state === "open" || state === "undecided"),
    ),
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
    return [md`| ${TITLES[state]} | ${number(those.length)} |${joinedCells(cells)}`];
  });
  const heads = joinedCells(SEVERITIES.map((severity) => md` ${text(severity)} |`));
  const lines = joinedCells(SEVERITIES.map(() => md` --- |`));
  return joined([md`| Findings | All |${heads}`, md`| --- | --- |${lines}`, ...rows], "\n");
}

function joinedCells(cells: readonly Markdown[]): Markdown {
  return cells.reduce((line, cell) => md`${line}${cell}`, NOTHING);
}

/** The first of a list that there is room for, and a sentence about the others. */
function topOf<Item, Row>(
  items: readonly Item[],
  row: (item: Item) => Row,
  allowance: Allowance,
): Listed<Row> {
  const { shown } = allowance.take(items.slice(0, MOST_ROWS));
  const left = items.length - shown.length;
  return { rows: shown.map(row), more: left === 0 ? null : md`*And ${number(left)} more; ${REST}.*` };
}

function byWeight(one: DashboardFinding, other: DashboardFinding): number {
  return bySeverity(one.finding, other.finding) || one.stack.localeCompare(other.stack, "en");
}

function findingRow({ finding, stack, since, until, thread }: DashboardFinding, scannedAt: Date): FindingRow {
  return {
    severity: text(finding.severity),
    what: md`${phraseMarkdown(happened(finding))}`,
    stack: code(stack, 80),
    verdict: text(finding.intent.verdict),
    since: md`${text(dayText(since))} (${text(ageText(since, scannedAt))})`,
    until: until === null ? md`while the rule holds` : text(until),
    thread: thread === null ? HERE_ALONE : md`#${thread}`,
  };
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
    drift: number(open.length),
  };
}

const SHA = /^[0-9a-f]{40}$/;

/** GitHub makes a link of the name of a commit where it stands alone. */
function checkRow({ name, headSha, conclusion }: DashboardCheck): CheckRow {
  return {
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
