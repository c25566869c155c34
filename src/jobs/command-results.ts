import { fingerprintOf, type StackHead, type Standing } from "../scan/wishes.ts";
import { noteCommand, type StoredCommand, sourceOf, unfinishedCommands } from "../store/commands.ts";
import { decidedBy } from "../store/decisions.ts";
import { findingsBy } from "../store/findings.ts";
import { findObject, findObjectByNumber } from "../store/objects.ts";
import { answerComment } from "./command-job.ts";
import { adopted, GONE, notAdopted, scanned } from "./command-replies.ts";
import { tolerant, type Writing } from "./writing.ts";

/** What came of a scan, as far as commands have waited for it. */
export interface Outcome {
  /** When the scan began. */
  readonly scannedAt: Date;
  readonly stacks: readonly StackHead[];
  readonly standings: readonly Standing[];
  /** Keys of the pull requests that are there, by fingerprint of what they adopt. */
  readonly adoptions: ReadonlyMap<string, string>;
  /** Fingerprints of what limits or a freeze let wait. */
  readonly waiting: ReadonlySet<string>;
  /** Why a pull request could not be made, by fingerprint. */
  readonly unwritable: ReadonlyMap<string, string>;
}

/** Answers the commands that waited for a scan. Another time those about what still waits. */
export async function finishCommands(writing: Writing, outcome: Outcome): Promise<void> {
  const { db, repository, log } = writing;
  const waiting = (await unfinishedCommands(db, repository.id)).filter(
    (given) => given.state === "decided" && given.decidedAt !== null && given.decidedAt < outcome.scannedAt,
  );
  for (const given of waiting) {
    if (given.outcome === null && !(await finish(writing, given, outcome))) continue;
    await tolerant(log, `comment ${given.commentId}`, () => answerComment(writing, given.commentId));
  }
}

/** @returns whether there is an answer now */
async function finish(writing: Writing, given: StoredCommand, outcome: Outcome): Promise<boolean> {
  const { db } = writing;
  const said =
    given.command.name === "adopt"
      ? await adoptionOf(writing, given, outcome)
      : await scanOf(writing, given, outcome);
  if (said === null) return false;
  await noteCommand(db, given.id, { state: "decided", decidedAt: given.decidedAt, outcome: said });
  return true;
}

async function adoptionOf({ db, repository }: Writing, given: StoredCommand, outcome: Outcome) {
  const { adoptions, waiting, unwritable, standings } = outcome;
  const fingerprints = await decidedBy(db, { repositoryId: repository.id, source: sourceOf(given) });
  if (fingerprints.some((one) => waiting.has(one))) return null;
  const keys = new Set(fingerprints.flatMap((one) => adoptions.get(one) ?? []));
  const numbers: number[] = [];
  for (const key of keys) {
    const object = await findObject(db, { repositoryId: repository.id, key });
    if (object?.state === "open" && object.number !== null) numbers.push(object.number);
  }
  if (numbers.length > 0) return adopted(numbers);
  const open = standings.filter(
    ({ finding, resolvedAt }) => resolvedAt === null && fingerprints.includes(finding.fingerprint),
  );
  if (open.length === 0) return GONE;
  const whys = open.map(({ finding }) => {
    const why = unwritable.get(finding.fingerprint);
    return why === undefined ? (finding.intent.because.at(-1) ?? "") : `It could not be made: ${why}.`;
  });
  return notAdopted([...new Set(whys)].slice(0, MOST_REASONS));
}

const MOST_REASONS = 5;

async function scanOf({ db, repository }: Writing, given: StoredCommand, { scannedAt, stacks }: Outcome) {
  const object = await findObjectByNumber(db, repository.id, given.number);
  const fingerprint = object === null ? null : fingerprintOf(object.key);
  if (fingerprint === null) return scanned(scannedAt, "many");
  const [found] = await findingsBy(db, repository.id, [fingerprint]);
  if (found === undefined || found.resolvedAt !== null) return scanned(scannedAt, "gone");
  const status = stacks.find(({ name }) => name === found.stack)?.status;
  const isKnown = (status === "complete" || status === "incomplete") && found.lastSeenAt >= scannedAt;
  return scanned(scannedAt, isKnown ? "there" : "unbelieved");
}
