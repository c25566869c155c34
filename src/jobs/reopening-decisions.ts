import { lastReopening } from "../github/reopening.ts";
import type { Decision } from "../intent/decision.ts";
import { decisionsToTakeBack, takeBack } from "../store/decisions.ts";
import type { StoredObject } from "../store/objects.ts";
import { noteChecksDue } from "../store/repositories.ts";
import { whyNoCommand } from "./authority.ts";
import { sourceOf } from "./closing-decisions.ts";
import { toldId, type Writing } from "./writing.ts";

/**
 * Something was opened again: what closing it said is taken back, and, where a person opened it who may decide, also what
 * was said in any other way until then and keeps it closed.
 * @param tell says so to people, or that what was said holds on; an interruption before the end has it called again
 */
export async function withdrawClosing(
  writing: Writing,
  { kind, number, fingerprints }: Reopened,
  tell: (at: Date, hasEnded: boolean) => Promise<void>,
): Promise<void> {
  const { db, github, repository, app, about, now } = writing;
  const repositoryId = toldId(writing);
  const reopening = await lastReopening(github, repository, app, number);
  const person = reopening === null || reopening.byApp ? null : reopening;
  const others =
    person === null || person.by === null
      ? null
      : { fingerprints, verdicts: KEEPS_CLOSED[kind], before: new Date(person.at.getTime() + SECOND) };
  const source = sourceOf(writing, number);
  const all = await decisionsToTakeBack(db, { repositoryId, source, others });
  if (all.length === 0) return;
  // Others than who may decide can open things again on GitHub.
  const mayDecide = person?.by == null || (await whyNoCommand(writing, person.by, about)) === null;
  if (person !== null) await tell(person.at, mayDecide);
  if (!mayDecide) return;
  await db.transaction().execute(async (transaction) => {
    await takeBack(transaction, all, now());
    await noteChecksDue(transaction, repositoryId, true);
  });
}

/** What was opened again, and what it tells of. */
interface Reopened {
  readonly kind: StoredObject["kind"];
  readonly number: number;
  readonly fingerprints: readonly string[];
}

/** What a person can say that has the App close it, and nothing open in its place that would tell of that. */
const KEEPS_CLOSED: Readonly<Record<StoredObject["kind"], readonly Decision["verdict"][]>> = {
  issue: ["ignore"],
  "pull-request": ["revert", "ignore"],
};

/** Milliseconds: GitHub's times have whole ones. */
const SECOND = 1000;
