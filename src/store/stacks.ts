import { sql } from "kysely";
import type { StackResult } from "../drift/model.ts";
import { chunks } from "./page.ts";
import type { Db } from "./tables.ts";

/** A scan in which code, state and cloud agreed about something. */
export interface Agreement {
  readonly at: Date;
  /** What the code was then. */
  readonly commit: string;
}

/** What is known of a stack from the scans before. */
export interface StackPast {
  /** Was there when its repository was scanned for the first time. */
  readonly fromStart: boolean;
  /** When it was first compared with the cloud; null where that never worked. */
  readonly comparedAt: Date | null;
  /** The last scan that compared all of it. */
  readonly whole: Agreement | null;
}

const ROWS = 500;

/** The stacks of a repository by name. */
export async function stacksOf(db: Db, repositoryId: number): Promise<ReadonlyMap<string, StackPast>> {
  const rows = await db
    .selectFrom("stacks")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .orderBy("name")
    .execute();
  return new Map(
    rows.map((row) => [
      row.name,
      {
        fromStart: row.from_start,
        comparedAt: row.compared_at,
        whole: agreementOf(row.whole_at, row.whole_commit),
      },
    ]),
  );
}

/**
 * Whether what a scan finds in a stack was there before Driftwright was: in the first scan of the repository, and where
 * the stack was there then and could not be compared until now. A stack that came later is new, and so is its drift.
 */
export function isBaseline(isFirstScan: boolean, past: StackPast | undefined): boolean {
  return isFirstScan || (past?.fromStart === true && past.comparedAt === null);
}

/**
 * When code, state and cloud last agreed about a finding that is not open: in the last scan that compared the whole
 * stack and did not find it.
 */
export function agreementBefore(past: StackPast | undefined, resolvedAt: Date | null): Agreement | null {
  const whole = past?.whole ?? null;
  return whole === null || (resolvedAt !== null && resolvedAt > whole.at) ? null : whole;
}

/** When code, state and cloud last agreed about what a finding is about; null where no scan saw that. */
export async function lastAgreement(
  db: Db,
  repositoryId: number,
  stack: string,
  fingerprint: string,
): Promise<Agreement | null> {
  const known = await db
    .selectFrom("findings")
    .select(["resolved_at", "agreed_at", "agreed_commit"])
    .where("repository_id", "=", repositoryId)
    .where("fingerprint", "=", fingerprint)
    .executeTakeFirst();
  if (known?.resolved_at === null) return agreementOf(known.agreed_at, known.agreed_commit);
  const past = (await stacksOf(db, repositoryId)).get(stack);
  return agreementBefore(past, known?.resolved_at ?? null);
}

function agreementOf(at: Date | null, commit: string | null): Agreement | null {
  return at === null || commit === null ? null : { at, commit };
}

/** Writes down what a scan saw of each stack. */
export async function noteStacks(
  db: Db,
  repositoryId: number,
  results: readonly StackResult[],
  { at, isFirstScan }: { readonly at: Date; readonly isFirstScan: boolean },
): Promise<void> {
  const byName = new Map(results.map((result) => [result.name, result]));
  for (const part of chunks([...byName.values()], ROWS)) {
    await db
      .insertInto("stacks")
      .values(
        part.map((result) => ({
          repository_id: repositoryId,
          name: result.name,
          from_start: isFirstScan,
          compared_at: isCompared(result) ? at : null,
          whole_at: result.status === "complete" ? at : null,
          whole_commit: result.status === "complete" ? result.commit : null,
          seen_at: at,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["repository_id", "name"]).doUpdateSet({
          compared_at: sql`coalesce(stacks.compared_at, excluded.compared_at)`,
          whole_at: sql`coalesce(excluded.whole_at, stacks.whole_at)`,
          whole_commit: sql`coalesce(excluded.whole_commit, stacks.whole_commit)`,
          seen_at: sql`excluded.seen_at`,
        }),
      )
      .execute();
  }
}

/** A locked state, for one, makes a stack incomplete of which nothing was compared. */
function isCompared({ status, coverage }: StackResult): boolean {
  return status === "complete" || (status === "incomplete" && coverage.instancesRead > 0);
}

/** Forgets stacks that no scan has seen since a time. */
export async function forgetStacks(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("stacks")
    .where("seen_at", "<", before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
