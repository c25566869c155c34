import { confirmable } from "../drift/belief.ts";
import { code, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { counted } from "../reports/visible.ts";
import { timeText } from "../reports/wording.ts";
import type { StackHead, Standing } from "../scan/wishes.ts";
import { type StoredCommand, sourceOf } from "../store/commands.ts";
import { lastKnownScan } from "../store/scans.ts";
import { confirmedIn, suspectedOf } from "../store/suspicions.ts";
import type { Db } from "../store/tables.ts";
import { toldId, type Writing } from "./writing.ts";

// A person says that a suspect stack is as the last scan found it.

/** What of a stack is confirmed. */
export interface Confirmable {
  readonly stack: string;
  /** As `confirmable` names it. */
  readonly what: readonly string[];
}

/**
 * What a person confirms: exactly what the last scan found in a stack, each difference with its values.
 * @param named the stack; null: the one that is suspect
 * @param saidAt when; what was found later nobody can have meant
 * @param namesNone everyone can read the answer
 */
export async function confirming(
  db: Db,
  repositoryId: number,
  {
    named,
    saidAt,
    namesNone,
  }: { readonly named: string | null; readonly saidAt: Date; readonly namesNone: boolean },
): Promise<Confirmable | { readonly refused: Markdown }> {
  const scan = await lastKnownScan(db, repositoryId);
  if (scan?.finishedAt != null && scan.finishedAt > saidAt) return { refused: SCANNED_SINCE };
  const suspected = await suspectedOf(db, repositoryId);
  const suspect = (scan?.stacks ?? []).flatMap(({ name, status }) => {
    const found = suspected.get(name);
    return status === "suspect" && found !== undefined ? [{ stack: name, ...found }] : [];
  });
  if (suspect.length === 0) return { refused: NONE_SUSPECT };
  const meant = named === null ? suspect : suspect.filter(({ stack }) => stack === named);
  const [first, ...others] = meant;
  if (first === undefined || others.length > 0) {
    const why = first === undefined ? NOT_SUSPECT : SEVERAL;
    if (namesNone) return { refused: why };
    const names = suspect.slice(0, MOST_NAMES).map(({ stack }) => code(`/drift confirm ${stack}`, 300));
    return { refused: md`${why} There is: ${joined(names, ", ")}.` };
  }
  if (first.suspicion === "state") return { refused: ANOTHER_STATE };
  return { stack: first.stack, what: first.what };
}

const MOST_NAMES = 20;
const NONE_SUSPECT = md`not done: the last scan is believed, so there is nothing to confirm.`;
const SCANNED_SINCE = md`not done: a scan has looked again since this was written. See what it found, and confirm that where it is so.`;
const NOT_SUSPECT = md`not done: no stack of that name is suspect.`;
const SEVERAL = md`not done: several stacks are suspect, so name the one that is meant.`;
const ANOTHER_STATE = md`not done: the state of this stack is that of another one, and what is read with it cannot be so. Correct where its state is; the next scan then looks anew.`;

/** What came of it in the scan that looked again; null where that is not known any more. */
export async function confirmedNow(
  writing: Pick<Writing, "db" | "repository" | "about">,
  given: StoredCommand,
  outcome: {
    readonly scannedAt: Date;
    readonly stacks: readonly StackHead[];
    readonly standings: readonly Standing[];
  },
): Promise<Markdown | null> {
  const source = sourceOf(given);
  const all = await confirmedIn(writing.db, toldId(writing));
  const [stack, said] = [...all].find(([, one]) => one.source === source) ?? [null, null];
  const status = outcome.stacks.find(({ name }) => name === stack)?.status;
  if (stack === null || status === undefined) return null;
  const which = writing.repository.private ? code(stack, 80) : md`the stack`;
  const at = md`scanned at ${text(timeText(outcome.scannedAt.toISOString()))}.`;
  if (status === "suspect")
    return md`${at} The last scan of ${which} is not believed still: besides what was confirmed, too much else is different now. Where that is so, confirm it as well.`;
  if (status === "failed")
    return md`${at} ${which} could not be scanned; what was confirmed counts when it can be.`;
  const what = new Set(said.what);
  const there = outcome.standings.filter(
    (one) => one.stack === stack && one.resolvedAt === null && what.has(confirmable(one.finding)),
  );
  const gone = there.filter(({ finding }) => finding.kind === "deleted").length;
  const reason = said.because == null ? md`` : md` The reason: ${text(said.because)}`;
  const deletions = gone === 0 ? md`` : md`, ${text(counted(gone, "deletion"))} among them`;
  return md`${at} ${which} is believed: ${text(counted(there.length, "difference"))} that ${there.length === 1 ? WAS : WERE} confirmed${deletions}, told from now on as any other drift.${reason}`;
}

const WAS = md`was`;
const WERE = md`were`;
