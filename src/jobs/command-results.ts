import type { Markdown } from "../reports/markdown.ts";
import { isAdoptionKey, isIssueKey, type Standing } from "../scan/wishes.ts";
import { everyUnfinishedCommand, noteCommand, type StoredCommand, sourceOf } from "../store/commands.ts";
import { decidedBy } from "../store/decisions.ts";
import { findingsBy, type StoredFinding } from "../store/findings.ts";
import { findObject, findObjectByNumber } from "../store/objects.ts";
import { answerComment } from "./answer-comment.ts";
import { adoptionOf } from "./command-adoption.ts";
import type { Outcome } from "./command-outcome.ts";
import { GONE, planned } from "./command-replies.ts";
import { heldBack, OVERTAKEN, scanned, scannedInVain, scannedSeveral } from "./command-result-replies.ts";
import { confirmedNow } from "./confirming.ts";
import { fingerprintsOf } from "./told-findings.ts";
import { placeOf, toldId, tolerant, type Writing } from "./writing.ts";

/**
 * Answers the commands that waited for a scan, or for the issue with a plan. Another time those about what still waits: of
 * those it is said what holds them back.
 */
export async function finishCommands(writing: Writing, outcome: Outcome): Promise<void> {
  const { db, repository, log } = writing;
  for await (const page of everyUnfinishedCommand(db, toldId(writing), "decided")) {
    const waiting = page.filter(
      (given) =>
        given.repositoryId === repository.id &&
        given.decidedAt !== null &&
        (given.command.name === "revert" || isScannedSince(given, outcome)),
    );
    const soFar = new Map<number, Markdown>();
    const comments = new Set<number>();
    for (const given of waiting) {
      const isDone = given.outcome !== null || (await finish(writing, given, outcome));
      const held = isDone ? null : await heldOf(writing, given, outcome);
      if (held !== null) soFar.set(given.id, held);
      if (isDone || held !== null) comments.add(given.commentId);
    }
    for (const commentId of comments)
      await tolerant(log, `comment ${commentId}`, () => answerComment(writing, commentId, soFar));
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

/** What keeps back what a command decided; null where nothing is known to. */
async function heldOf(
  writing: Writing,
  given: StoredCommand,
  { held }: Pick<Outcome, "held">,
): Promise<Markdown | null> {
  if (held === undefined || held.size === 0) return null;
  const about = { repositoryId: toldId(writing), source: sourceOf(given) };
  const holds = (await decidedBy(writing.db, about)).flatMap((one) => held.get(one) ?? []);
  return holds.length === 0 ? null : heldBack(holds);
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

async function scanOf(writing: Writing, given: StoredCommand, { scannedAt, stacks, unwritten }: Outcome) {
  const { db, repository } = writing;
  const object = await findObjectByNumber(db, repository.id, given.number);
  if (object === null || !(isAdoptionKey(object.key) || isIssueKey(object.key)))
    return scanned(scannedAt, object?.state === "closed" ? "closed" : "many");
  // What is gone by this scan is not told any more.
  const told = [...new Set([...fingerprintsOf(object), ...(object.toldBefore ?? [])])];
  const found = (await findingsBy(db, toldId(writing), told)).filter(
    ({ resolvedAt }) => resolvedAt === null || resolvedAt >= scannedAt,
  );
  const open = found.filter(({ resolvedAt }) => resolvedAt === null);
  const stackOf = (one: StoredFinding) => stacks.find(({ name }) => name === one.stack);
  const isKnown = (one: StoredFinding) => {
    const status = stackOf(one)?.status;
    return (status === "complete" || status === "incomplete") && one.lastSeenAt >= scannedAt;
  };
  const there = open.filter(isKnown).length;
  const suspect = open.filter((one) => stackOf(one)?.status === "suspect");
  const unbelieved = [...new Set(suspect.flatMap((one) => stackOf(one) ?? []))].map(
    ({ name, suspicion = "extent" }) => ({ name, suspicion }),
  );
  const [first] = unbelieved;
  const namesNone = !repository.private;
  if (open.length === 0) return scanned(scannedAt, "gone");
  if (there === 0 && unwritten !== undefined) return unwritten;
  if (found.length === 1 && first !== undefined) return scannedInVain(scannedAt, first, namesNone);
  if (found.length === 1) return scanned(scannedAt, there === 1 ? "there" : "unread");
  const counts = {
    there,
    gone: found.length - open.length,
    unread: open.length - there - suspect.length,
    suspect: suspect.length,
  };
  return scannedSeveral(scannedAt, counts, { stacks: unbelieved, namesNone });
}
