import type { RepositoryName } from "../config/access.ts";
import type { Grouping } from "../config/model.ts";
import { decidingPlaces } from "../drift/deciding-places.ts";
import type { JudgedFinding } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import { dayText } from "./age.ts";
import type { Allowance } from "./budget.ts";
import { SCAN_HAS_ALL } from "./continuations.ts";
import { code, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { type StackedFinding, stacksOf } from "./pull-request.ts";
import { readingMarkdown } from "./values.ts";
import { type Listed, listed, type RestPlace, stackMarkdown, stacksMarkdown } from "./views.ts";
import { counted } from "./visible.ts";
import {
  actorMarkdown,
  attributeOf,
  bySeverity,
  capital,
  happened,
  KIND_WORDS,
  phraseMarkdown,
  placeText,
  timeText,
} from "./wording.ts";

// What an issue about several findings tells before it tells of each.

/** A finding in an issue. */
export interface IssueFinding extends StackedFinding {
  readonly firstSeenAt: Date;
}

/** A finding that the issue told of before, and what became of it. */
export interface LeftFinding {
  readonly finding: JudgedFinding;
  readonly why:
    | { readonly reason: "gone"; readonly at: Date }
    | { readonly reason: "ignored" | "adopted" | "settled" | "elsewhere" };
}

/** All that an issue tells. */
export interface IssueContents {
  readonly findings: readonly [IssueFinding, ...IssueFinding[]];
  /** What they have in common. */
  readonly grouping: Grouping;
  /** What the issue is called by in its marker; null: by the fingerprint of its one finding. */
  readonly name: string | null;
  readonly left: readonly LeftFinding[];
  /** The public repository that they are of, where they are told in a private one. */
  readonly about?: RepositoryName;
}

export type GroupView = {
  readonly found: Markdown;
  readonly severity: Markdown;
  readonly count: Markdown;
  readonly where: Markdown;
  /** They are of several stacks. */
  readonly stacks: boolean;
  readonly rows: Listed<GroupRow>;
  /** What decides about one of them alone; null where the organization decides about all. */
  readonly example: Markdown | null;
};

type GroupRow = {
  readonly severity: Markdown;
  readonly stack: Markdown;
  readonly address: Markdown;
  readonly path: Markdown;
  readonly desired: Markdown;
  readonly recorded: Markdown;
  readonly observed: Markdown;
  readonly since: Markdown;
  readonly actor: Markdown;
};

/** Findings that are told of in full; the table has all. */
export const MOST_TOLD = 100;
/** In the table: it leaves room for those that are told in full. */
const MOST_ROWS = 1_000;
/** Of what an issue does not tell of any more. */
const MOST_LEFT = 20;

type Several = readonly [IssueFinding, ...IssueFinding[]];

export function groupView(
  findings: Several,
  { grouping, example }: { readonly grouping: Grouping; readonly example: string | null },
  allowance: Allowance,
  rest: RestPlace,
): GroupView {
  const [worst] = findings;
  const stacks = stacksOf(findings);
  return {
    found: foundMarkdown(findings, grouping),
    severity: text(capital(worst.finding.severity)),
    count: text(counted(findings.length, "drift")),
    where: stacksMarkdown(stacks),
    stacks: stacks.length > 1,
    rows: rowsOf(findings, allowance, rest),
    example: example === null ? null : code(`/drift ignore ${example}`, 600),
  };
}

function rowsOf(findings: Several, allowance: Allowance, rest: RestPlace): Listed<GroupRow> {
  const { rows, more } = listed(findings.slice(0, MOST_ROWS), groupRow, allowance, rest);
  if (findings.length <= MOST_ROWS) return { rows, more };
  return { rows, more: md`*And ${number(findings.length - rows.length)} more; ${SCAN_HAS_ALL}.*` };
}

/** The most severe first. */
export function byWeight(one: StackedFinding, other: StackedFinding): number {
  return (
    bySeverity(one.finding, other.finding) ||
    compare(one.stack.name, other.stack.name) ||
    compare(one.finding.fingerprint, other.finding.fingerprint)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function foundMarkdown(findings: Several, grouping: Grouping): Markdown {
  const [{ finding, stack }] = findings;
  const all = number(findings.length);
  if (grouping === "resource") return md`${code(finding.address)} drifted in ${all} ways`;
  if (grouping === "stack") return md`${all} drifts in ${stackMarkdown(stack)}`;
  if (finding.actor !== null) return md`${all} drifts, all made by ${madeBy(findings, finding.actor.name)}`;
  const [place, ...others] = decidingPlaces(finding);
  if (place === undefined) return md`${all} drifts`;
  const more = others.length === 0 ? NOTHING : md` and ${text(counted(others.length, "other place"))}`;
  return md`${all} drifts that come down to one place in the code: ${code(placeText(place))}${more}`;
}

/** `alice, from 2026-11-01 09:00 UTC to 2026-11-01 09:40 UTC` */
function madeBy(findings: Several, name: string): Markdown {
  const times = findings.flatMap(({ finding }) => finding.actor?.at ?? []).toSorted(byTime);
  const [from = "", to = from] = [times[0], times.at(-1)];
  const when =
    timeText(from) === timeText(to)
      ? md` on ${text(timeText(from), 40)}`
      : md` from ${text(timeText(from), 40)} to ${text(timeText(to), 40)}`;
  return md`${code(name, 120)}${when}`;
}

function byTime(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other) || compare(one, other);
}

function groupRow({ finding, stack, firstSeenAt }: IssueFinding): GroupRow {
  const [change, ...others] = finding.changes;
  const attribute = attributeOf(finding);
  const isWhole = change === undefined || attribute === null;
  const value = (of: "desired" | "recorded" | "observed") => {
    if (isWhole) return NOTHING;
    return others.length > 0 ? md`*see below*` : readingMarkdown(change[of]);
  };
  return {
    severity: text(finding.severity),
    stack: code(stack.name, 80),
    address: code(finding.address),
    path: isWhole
      ? md`*${text(KIND_WORDS[finding.kind])}*`
      : code(others.length > 0 ? attribute : printPath(change.path)),
    desired: value("desired"),
    recorded: value("recorded"),
    observed: value("observed"),
    since: text(dayText(firstSeenAt)),
    actor: finding.actor === null ? md`not known` : actorMarkdown(finding.actor),
  };
}

/** What there is no room to tell in full. */
export function moreView(
  all: number,
  shown: number,
  { table, rest }: { readonly table: Listed<unknown> | undefined; readonly rest: RestPlace },
): Markdown | null {
  const left = all - shown;
  if (left === 0) return null;
  const explained = md`\`/drift explain ADDRESS\` in a comment tells of one`;
  const inTable = table?.more === null ? md`the table above has all, and ${explained}` : explained;
  const where = all > MOST_TOLD ? inTable : rest;
  return md`*${text(counted(left, "more drift"))} ${left === 1 ? IS : ARE} not told in full here; ${where}.*`;
}

const IS = md`is`;
const ARE = md`are`;

/** What the issue told of before, the last first. */
export function leftView(
  left: readonly LeftFinding[],
  allowance: Allowance,
  rest: RestPlace,
): Listed<Markdown> {
  const ordered = left.toSorted((one, other) => timeOf(other) - timeOf(one) || byFingerprint(one, other));
  const { rows, more } = listed(ordered.slice(0, MOST_LEFT), leftMarkdown, allowance, rest);
  const others = ordered.length - MOST_LEFT;
  return { rows, more: others > 0 ? md`*And ${text(counted(others, "other"))}.*` : more };
}

function timeOf({ why }: LeftFinding): number {
  return why.reason === "gone" ? why.at.getTime() : Number.MAX_SAFE_INTEGER;
}

function byFingerprint(one: LeftFinding, other: LeftFinding): number {
  return compare(one.finding.fingerprint, other.finding.fingerprint);
}

function leftMarkdown({ finding, why }: LeftFinding): Markdown {
  const became = why.reason === "gone" ? md`gone since ${text(dayText(why.at))}` : BECAME[why.reason];
  return md`${phraseMarkdown(happened(finding))}: ${became}`;
}

const BECAME = {
  ignored: md`ignored for now`,
  adopted: md`a pull request adopts it`,
  settled: md`an apply will settle it`,
  elsewhere: md`another issue tells of it`,
} as const;
