import type { JudgedFinding } from "../drift/model.ts";
import { targetOf, targetText } from "../intent/command-target.ts";
import { ageText, dayText } from "./age.ts";
import type { Allowance } from "./budget.ts";
import { code, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { decider, type Listed } from "./views.ts";
import { bySeverity, happened, phraseMarkdown, timeText } from "./wording.ts";

// What the dashboard tells of single findings.

/**
 * How a finding stands. `blocked`: it was decided what is to be done, and that cannot be done. `open`: it was decided.
 * `held`: limits or a freeze keep it back.
 */
export const DASHBOARD_STATES = [
  "undecided",
  "blocked",
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
  /** Why it is ignored, in the words of who decided; null where nobody said why, or it is not. */
  readonly because: string | null;
  readonly told: Told;
  /** What limits or a freeze keep from being opened or changed; null where nothing does. */
  readonly hold: HeldBy | null;
}

/** Where a finding is told of besides the dashboard, or why nowhere. */
export type Told =
  /** The number of the issue or pull request that is open about it. */
  | { readonly in: "thread"; readonly number: number }
  /** It was there before there were issues, and the configuration wants none for that. */
  | { readonly in: "dashboard" }
  /** A person closed its issue, and no scan has looked since. */
  | { readonly in: "closed"; readonly number: number }
  /** Somebody made the pull request theirs, or closed it. */
  | { readonly in: "theirs"; readonly number: number }
  /** Only the next scan knows what becomes of it. */
  | { readonly in: "next-scan" }
  /** It is kept back, or could not be written yet, or no issue is written of its kind. */
  | { readonly in: "nowhere" };

/** What keeps a finding back, and until when, where a time says that. */
export type HeldBy =
  | { readonly by: "freeze" | "newPerHour"; readonly until: Date }
  | { readonly by: "openPullRequests"; readonly limit: number };

export type SectionView = {
  readonly title: Markdown;
  readonly meaning: Markdown;
  readonly ignored: boolean;
  readonly held: boolean;
} & Listed<FindingRow>;

type FindingRow = {
  readonly severity: Markdown;
  readonly what: Markdown;
  readonly stack: Markdown;
  readonly verdict: Markdown;
  readonly since: Markdown;
  readonly until: Markdown;
  readonly by: Markdown;
  readonly thread: Markdown;
};

export const STATE_TITLES: Readonly<Record<DashboardState, Markdown>> = {
  undecided: md`Waiting for a decision`,
  blocked: md`Decided, and not possible`,
  open: md`Open`,
  held: md`Held back`,
  suspect: md`Suspect`,
  unreadable: md`Not readable`,
  ignored: md`Ignored`,
  settling: md`No drift`,
};

const MEANINGS: Readonly<Record<DashboardState, Markdown>> = {
  undecided: md`Nobody has decided whether the code or the cloud is right. \`/drift adopt\`, \`/drift revert\` and \`/drift ignore\` in a comment do: on its issue, or here with its name.`,
  blocked: md`A person or a rule has decided, and it cannot be done so; the issue, or \`/drift explain\`, says why. Change the code by hand in a reviewed pull request, or decide otherwise. What no rule may decide, a person can.`,
  open: md`It is decided what is to be done: adopted with a pull request, or reverted with the plan in an issue.`,
  held: md`Limits or a freeze of the configuration keep these from being opened or changed now. The most severe go first.`,
  suspect: md`So much of these stacks is different that it is not believed. Nothing is opened or closed because of it. Where it is so, \`/drift confirm\` in a comment here has it believed, with the name of the stack where several are suspect.`,
  unreadable: md`Not known to be equal: the cloud did not let them be read.`,
  ignored: md`Rules or people have these ignored.`,
  settling: md`Code, state and cloud differ, and an apply or a refresh settles it.`,
};

/** The findings by how they stand, the most severe first, as many as there is room for. */
export function sectionsOf(
  findings: readonly DashboardFinding[],
  scannedAt: Date,
  allowance: Allowance,
): readonly SectionView[] {
  return DASHBOARD_STATES.filter((state) => state !== "settling").flatMap((state) => {
    const rows = findings.filter((one) => one.state === state).toSorted(byWeight);
    if (rows.length === 0) return [];
    const shown = topOf(rows, (one) => findingRow(one, scannedAt), allowance);
    return [
      {
        title: STATE_TITLES[state],
        meaning: MEANINGS[state],
        ignored: state === "ignored",
        held: state === "held",
        ...shown,
      },
    ];
  });
}

/** Whether something is told on the dashboard alone that could have an issue. */
export function isToldHereAlone({ told }: DashboardFinding): boolean {
  return told.in === "dashboard";
}

const DECIDABLE: ReadonlySet<DashboardState> = new Set(["undecided", "blocked", "open"]);

/** How to decide about a single one in a comment on the dashboard: of those told here alone, else of any; null of none. */
export function exampleOf(findings: readonly DashboardFinding[]): Markdown | null {
  const open = findings.filter(({ state }) => DECIDABLE.has(state));
  const [example] = open.toSorted(
    (a, b) => Number(isToldHereAlone(b)) - Number(isToldHereAlone(a)) || byWeight(a, b),
  );
  if (example === undefined) return null;
  return code(`/drift ignore ${targetText(targetOf(example, findings))} until DATE because …`, 600);
}

/** Rows of a list; what is beyond is counted. */
const MOST_ROWS = 100;

const REST = md`\`driftwright scan\` lists all`;

/** The first of a list that there is room for, and a sentence about the others. */
export function topOf<Item, Row>(
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

function findingRow(
  { finding, stack, state, since, until, because, told, hold }: DashboardFinding,
  scannedAt: Date,
): FindingRow {
  const { intent } = finding;
  const reason = because === null ? NOTHING : md`: ${text(because, LONGEST_REASON)}`;
  return {
    severity: text(finding.severity),
    what: md`${phraseMarkdown(happened(finding))}`,
    stack: code(stack, 80),
    verdict:
      intent.refused === undefined
        ? text(intent.verdict)
        : md`${text(intent.refused.verdict)}, by ${decider(intent.refused)}`,
    since: md`${text(dayText(since))} (${text(ageText(since, scannedAt))})`,
    until: hold === null ? ignoredUntil(until) : heldUntil(hold),
    by: md`${decider(intent)}${reason}`,
    thread: toldMarkdown(told, state),
  };
}

const LONGEST_REASON = 240;

function toldMarkdown(told: Told, state: DashboardState): Markdown {
  switch (told.in) {
    case "thread":
      return md`#${told.number}`;
    case "dashboard":
      return md`*here alone*`;
    case "closed":
      return md`#${told.number}, which somebody closed: the next scan looks whether it is gone`;
    case "theirs":
      return md`#${told.number}, which Driftwright leaves to who took it over or closed it`;
    case "next-scan":
      return md`nothing yet: the next scan looks for what was decided`;
    case "nowhere":
      return state === "unreadable" || state === "suspect" ? md`here` : md`nothing yet`;
  }
}

function ignoredUntil(until: string | null): Markdown {
  return until === null ? md`while the rule holds` : text(until);
}

function heldUntil(hold: HeldBy): Markdown {
  switch (hold.by) {
    case "freeze":
      return md`${timeOf(hold.until)}, the end of a freeze`;
    case "newPerHour":
      return md`${timeOf(hold.until)} at the earliest (\`new_per_hour\`)`;
    case "openPullRequests":
      return hold.limit === 0
        ? md`the limit is raised (\`open_pull_requests: 0\`)`
        : md`an open pull request of Driftwright is merged or closed (\`open_pull_requests\`)`;
  }
}

function timeOf(time: Date): Markdown {
  return text(timeText(time.toISOString()), 40);
}
