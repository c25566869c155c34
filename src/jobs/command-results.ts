import type { Markdown } from "../reports/markdown.ts";
import { isAdoptionKey, isIssueKey, type StackHead, type Standing } from "../scan/wishes.ts";
import { noteCommand, type StoredCommand, sourceOf, unfinishedCommands } from "../store/commands.ts";
import { decidedBy } from "../store/decisions.ts";
import { findingsBy, type StoredFinding } from "../store/findings.ts";
import { findObject, findObjectByNumber } from "../store/objects.ts";
import { answerComment } from "./answer-comment.ts";
import {
  adopted,
  adoptedInPart,
  adoptedLater,
  GONE,
  notAdopted,
  OVERTAKEN,
  planned,
  scanned,
  scannedSeveral,
} from "./command-replies.ts";
import { confirmedNow } from "./confirming.ts";
import { fingerprintsOf } from "./told-findings.ts";
import { placeOf, toldId, tolerant, type Writing } from "./writing.ts";

/** What came of a scan, as far as commands have waited for it. */
export interface Outcome {
  /** When the scan began. */
  readonly scannedAt: Date;
  readonly stacks: readonly StackHead[];
  readonly standings: readonly Standing[];
  /** Keys of the pull requests that are there, by fingerprint of what they adopt. */
  readonly adoptions: ReadonlyMap<string, string>;
  /** Keys of the issues that are there, by fingerprint of what they tell of. */
  readonly issues: ReadonlyMap<string, string>;
  /** Fingerprints of what limits or a freeze let wait. */
  readonly waiting: ReadonlySet<string>;
  /** Why a pull request could not be made, by fingerprint. */
  readonly unwritable: ReadonlyMap<string, string>;
  /** What is answered where no issue and no pull request is written at all. */
  readonly unwritten?: Markdown;
}

/**
 * Answers the commands that waited for a scan, or for the issue with a plan. Another time those about what still waits.
 */
export async function finishCommands(writing: Writing, outcome: Outcome): Promise<void> {
  const { db, repository, log } = writing;
  const waiting = (await unfinishedCommands(db, toldId(writing))).filter(
    (given) =>
      given.repositoryId === repository.id &&
      given.state === "decided" &&
      given.decidedAt !== null &&
      (given.command.name === "revert" || isScannedSince(given, outcome)),
  );
  for (const given of waiting) {
    if (given.outcome === null && !(await finish(writing, given, outcome))) continue;
    await tolerant(log, `comment ${given.commentId}`, () => answerComment(writing, given.commentId));
  }
}

function isScannedSince({ decidedAt }: StoredCommand, { scannedAt }: Pick<Outcome, "scannedAt">): boolean {
  return decidedAt !== null && decidedAt < scannedAt;
}

/** @returns whether there is an answer now */
async function finish(writing: Writing, given: StoredCommand, outcome: Outcome): Promise<boolean> {
  const { db } = writing;
  const { name } = given.command;
  const decidingOf = outcome.unwritten === undefined ? { adopt: adoptionOf, revert: planOf } : KEPT;
  const others = name === "confirm" ? confirmationOf : scanOf;
  const answerOf = name === "adopt" || name === "revert" ? decidingOf[name] : others;
  const said = await answerOf(writing, given, outcome);
  if (said === null) return false;
  await noteCommand(db, given.id, { state: "decided", decidedAt: given.decidedAt, outcome: said });
  return true;
}

async function adoptionOf(writing: Writing, given: StoredCommand, outcome: Outcome) {
  const { db } = writing;
  const { adoptions, waiting, unwritable, standings } = outcome;
  const fingerprints = await decidedBy(db, { repositoryId: toldId(writing), source: sourceOf(given) });
  if (fingerprints.some((one) => waiting.has(one))) return null;
  const keys = new Set(fingerprints.flatMap((one) => adoptions.get(one) ?? []));
  const numbers = new Map<string, number>();
  for (const key of keys) {
    const object = await findObject(db, { ...placeOf(writing), key });
    if (object?.state === "open" && object.number !== null) numbers.set(key, object.number);
  }
  const isAdopted = (fingerprint: string) => numbers.has(adoptions.get(fingerprint) ?? "");
  const left = standings.filter(
    ({ finding: { fingerprint }, resolvedAt }) =>
      resolvedAt === null && fingerprints.includes(fingerprint) && !isAdopted(fingerprint),
  );
  const done = fingerprints.filter(isAdopted).length;
  if (left.length === 0) return numbers.size === 0 ? GONE : adopted([...numbers.values()]);
  const unknown = stacksWithout(left, outcome);
  if (unknown.length > 0) return adoptedLater(writing.repository.private ? unknown : []);
  const whys = left.map(({ finding }) => {
    const why = unwritable.get(finding.fingerprint);
    return why === undefined ? (finding.intent.because.at(-1) ?? "") : `It could not be made: ${why}.`;
  });
  const distinct = [...new Set(whys)].slice(0, MOST_REASONS);
  return numbers.size === 0
    ? notAdopted(distinct)
    : adoptedInPart([...numbers.values()], { done, left: left.length, whys: distinct });
}

const MOST_REASONS = 5;

/** The stacks of some findings of which the scan says nothing that can be believed. */
function stacksWithout(some: readonly Standing[], { stacks }: Outcome): readonly string[] {
  const said = new Set(
    stacks.flatMap(({ name, status }) => (status === "complete" || status === "incomplete" ? [name] : [])),
  );
  return [...new Set(some.map(({ stack }) => stack))].filter((stack) => !said.has(stack));
}

/** Where nothing is written: whether what was decided counts still. */
async function keptOf(writing: Writing, given: StoredCommand, outcome: Outcome) {
  const open = await openOf(writing, given, outcome);
  return Array.isArray(open) ? (outcome.unwritten ?? null) : open;
}

const KEPT = { adopt: keptOf, revert: keptOf } as const;

/** Which issue has the plan for what a pull request was to adopt, or for what is told on the dashboard. */
async function planOf(writing: Writing, given: StoredCommand, outcome: Outcome) {
  const { db } = writing;
  const open = await openOf(writing, given, outcome);
  if (!Array.isArray(open)) return open;
  const keys = new Set(open.flatMap(({ finding }) => outcome.issues.get(finding.fingerprint) ?? []));
  const found = await Promise.all([...keys].map((key) => findObject(db, { ...placeOf(writing), key })));
  const asked = await findObjectByNumber(db, writing.repository.id, given.number);
  return planned(
    found.flatMap((object) => object?.number ?? []),
    asked?.kind === "pull-request",
  );
}

/** What a command decided about and counts; else what is answered, or null where that is not known yet. */
async function openOf(
  writing: Writing,
  given: StoredCommand,
  outcome: Outcome,
): Promise<Standing[] | Markdown | null> {
  const { db } = writing;
  const { waiting, standings } = outcome;
  const fingerprints = await decidedBy(db, { repositoryId: toldId(writing), source: sourceOf(given) });
  const open = standings.filter(
    ({ finding: { fingerprint }, resolvedAt }) => resolvedAt === null && fingerprints.includes(fingerprint),
  );
  if (open.length === 0) return GONE;
  if (open.some(({ finding }) => waiting.has(finding.fingerprint))) return null;
  // What was decided while the others were looked at counts another time.
  const decided = open.flatMap(({ decision }) =>
    decision !== null && decision.at >= given.receivedAt ? [decision] : [],
  );
  if (decided.length < open.length && !isScannedSince(given, outcome)) return null;
  return decided.some(({ verdict }) => verdict !== given.command.name) ? OVERTAKEN : open;
}

async function confirmationOf(writing: Writing, given: StoredCommand, outcome: Outcome) {
  return (await confirmedNow(writing, given, outcome)) ?? scanned(outcome.scannedAt, "many");
}

async function scanOf(writing: Writing, given: StoredCommand, { scannedAt, stacks }: Outcome) {
  const { db, repository } = writing;
  const object = await findObjectByNumber(db, repository.id, given.number);
  if (object === null || !(isAdoptionKey(object.key) || isIssueKey(object.key)))
    return scanned(scannedAt, "many");
  // What is gone by this scan is not told any more.
  const told = [...new Set([...fingerprintsOf(object), ...(object.toldBefore ?? [])])];
  const found = (await findingsBy(db, toldId(writing), told)).filter(
    ({ resolvedAt }) => resolvedAt === null || resolvedAt >= scannedAt,
  );
  const open = found.filter(({ resolvedAt }) => resolvedAt === null);
  const isKnown = (one: StoredFinding) => {
    const status = stacks.find(({ name }) => name === one.stack)?.status;
    return (status === "complete" || status === "incomplete") && one.lastSeenAt >= scannedAt;
  };
  const there = open.filter(isKnown).length;
  if (open.length === 0) return scanned(scannedAt, "gone");
  if (found.length === 1) return scanned(scannedAt, there === 1 ? "there" : "unbelieved");
  return scannedSeveral(scannedAt, {
    there,
    gone: found.length - open.length,
    unbelieved: open.length - there,
  });
}
