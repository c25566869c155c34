import type { NotNull } from "kysely";
import type { Acknowledgement } from "../intent/acknowledgement.ts";
import type { DecidedVia, Decision } from "../intent/decision.ts";
import { chunks } from "./page.ts";
import type { Db } from "./tables.ts";

/** A decision to be written down. */
export interface NewDecision {
  readonly repositoryId: number;
  /** `at` is when it is written down. */
  readonly decision: Decision;
  /** Which of several about one finding counts: the one that was said last. */
  readonly saidAt: Date;
  /** What it was said by: a second one about the same finding with the same source is the same. */
  readonly source: string;
}

const ROWS = 500;

/** Writes decisions down, those that are there already left as they are. What was said later replaces what was said before. */
export async function recordDecisions(db: Db, all: readonly NewDecision[]): Promise<void> {
  for (const part of chunks(all, ROWS)) {
    await db
      .insertInto("decisions")
      .values(
        part.map(({ repositoryId, decision, saidAt, source }) => ({
          repository_id: repositoryId,
          fingerprint: decision.fingerprint,
          revision: decision.revision,
          verdict: decision.verdict,
          author: decision.by,
          made_at: decision.at,
          said_at: saidAt,
          until: decision.until,
          because: decision.because,
          via: decision.via,
          source,
        })),
      )
      .onConflict((conflict) => conflict.columns(["repository_id", "fingerprint", "source"]).doNothing())
      .execute();
  }
}

/** The last decision about each finding of a repository that has not ended, by fingerprint. Its last day may be over. */
export async function latestDecisions(db: Db, repositoryId: number): Promise<ReadonlyMap<string, Decision>> {
  const rows = await latest(db, repositoryId)
    .select(["revision", "verdict", "author as by", "made_at as at", "until", "because", "via"])
    .$narrowType<{ via: DecidedVia }>()
    .execute();
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

/** What the decisions that count about some findings were said by. */
export async function latestSources(
  db: Db,
  repositoryId: number,
  fingerprints: readonly string[],
): Promise<readonly string[]> {
  if (fingerprints.length === 0) return [];
  const rows = await latest(db, repositoryId)
    .select("source")
    .where("fingerprint", "in", fingerprints)
    .execute();
  return rows.map(({ source }) => source);
}

/** Of each finding what was said last and has not ended. */
function latest(db: Db, repositoryId: number) {
  return db
    .selectFrom("decisions")
    .distinctOn("fingerprint")
    .select("fingerprint")
    .where("repository_id", "=", repositoryId)
    .where("ended_at", "is", null)
    .where("pull_request", "is", null)
    .where("via", "<>", "check")
    .orderBy("fingerprint")
    .orderBy("said_at", "desc")
    .orderBy("id", "desc");
}

/** Writes down what somebody said with a button of a check run; what is there already is left as it is. */
export async function recordAcknowledgements(
  db: Db,
  all: readonly Acknowledgement[],
  { repositoryId, source }: { readonly repositoryId: number; readonly source: string },
): Promise<void> {
  for (const part of chunks(all, ROWS)) {
    await db
      .insertInto("decisions")
      .values(
        part.map(({ fingerprint, revision, pullRequest, by, at }) => ({
          repository_id: repositoryId,
          fingerprint,
          revision,
          verdict: "ignore" as const,
          author: by,
          made_at: at,
          said_at: at,
          until: null,
          because: null,
          via: "check" as const,
          source: `${source}:${pullRequest}`,
          pull_request: pullRequest,
        })),
      )
      .onConflict((conflict) => conflict.columns(["repository_id", "fingerprint", "source"]).doNothing())
      .execute();
  }
}

/** What drift is known for some pull requests, or for any (null), in the order in which it was said. */
export async function acknowledgements(
  db: Db,
  repositoryId: number,
  pullRequests: readonly number[] | null,
): Promise<readonly Acknowledgement[]> {
  if (pullRequests?.length === 0) return [];
  return await db
    .selectFrom("decisions")
    .select(["fingerprint", "revision", "pull_request as pullRequest", "author as by", "made_at as at"])
    .where("repository_id", "=", repositoryId)
    .where("ended_at", "is", null)
    .where("via", "=", "check")
    .where("revision", "is not", null)
    .where("pull_request", "is not", null)
    .$if(pullRequests !== null, (query) => query.where("pull_request", "in", pullRequests ?? []))
    .orderBy("id")
    .$narrowType<{ revision: NotNull; pullRequest: NotNull }>()
    .execute();
}

/** Fingerprints of the findings that were decided about by a source. */
export async function decidedBy(
  db: Db,
  { repositoryId, source }: { readonly repositoryId: number; readonly source: string },
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("decisions")
    .select("fingerprint")
    .where("repository_id", "=", repositoryId)
    .where("source", "=", source)
    .orderBy("fingerprint")
    .execute();
  return rows.map(({ fingerprint }) => fingerprint);
}

/** Fingerprints of the findings about which somebody said something with a command since a time that counts. */
export async function commandedSince(
  db: Db,
  repositoryId: number,
  fingerprints: readonly string[],
  since: Date,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const part of chunks(fingerprints, ROWS)) {
    const rows = await db
      .selectFrom("decisions")
      .select("fingerprint")
      .where("repository_id", "=", repositoryId)
      .where("fingerprint", "in", part)
      .where("via", "=", "command")
      .where("said_at", ">=", since)
      .where("ended_at", "is", null)
      .execute();
    for (const { fingerprint } of rows) found.add(fingerprint);
  }
  return found;
}

/** What is taken back: what was said by sources that begin so, and so much of what was said by others. */
export interface TakenBack {
  readonly repositoryId: number;
  readonly source: string;
  readonly others: {
    readonly fingerprints: readonly string[];
    readonly verdicts: readonly Decision["verdict"][];
    readonly before: Date;
  } | null;
}

/** Ids of the decisions that would be taken back. */
export async function decisionsToTakeBack(
  db: Db,
  { repositoryId, source, others }: TakenBack,
): Promise<readonly number[]> {
  const ids: number[] = [];
  // Where there are none to ask for, the sources are asked for all the same.
  for (const part of others === null ? [[]] : chunks(["", ...others.fingerprints], ROWS)) {
    const rows = await db
      .selectFrom("decisions")
      .select("id")
      .where("repository_id", "=", repositoryId)
      .where("pull_request", "is", null)
      .where("ended_at", "is", null)
      .where((is) => {
        const bySource = is.fn<boolean>("starts_with", [is.ref("source"), is.val(source)]);
        if (others === null || others.verdicts.length === 0) return bySource;
        const { verdicts, before } = others;
        const byOthers = is.and([
          is("fingerprint", "in", part),
          is("verdict", "in", verdicts),
          is("said_at", "<", before),
        ]);
        return is.or([bySource, byOthers]);
      })
      .execute();
    ids.push(...rows.map(({ id }) => id));
  }
  return [...new Set(ids)];
}

/** Takes decisions back; what was said before counts again. */
export async function takeBack(db: Db, ids: readonly number[], at: Date): Promise<void> {
  for (const part of chunks(ids, ROWS)) {
    await db
      .updateTable("decisions")
      .set({ ended_at: at })
      .where("id", "in", part)
      .where("ended_at", "is", null)
      .execute();
  }
}

/**
 * Ends what was said of drift that went away, but for what is to be ignored: that holds until its day, whether or not the
 * drift is there all the time. That it is known for a pull request ends, too: what comes back is asked about again.
 */
export async function endDecisions(
  db: Db,
  repositoryId: number,
  fingerprints: readonly string[],
  at: Date,
): Promise<void> {
  for (const part of chunks(fingerprints, ROWS)) {
    await db
      .updateTable("decisions")
      .set({ ended_at: at })
      .where("repository_id", "=", repositoryId)
      .where("fingerprint", "in", part)
      .where((is) => is.or([is("verdict", "<>", "ignore"), is("pull_request", "is not", null)]))
      .where("ended_at", "is", null)
      .execute();
  }
}
