import { sql } from "kysely";
import type { JudgedFinding, StackResult } from "../drift/model.ts";
import { type Json, printJson } from "../json/json.ts";
import {
  attributeOf,
  type FindingChanges,
  findingChanges,
  type KnownFinding,
  resourceName,
  type SeenFinding,
} from "./finding-changes.ts";
import { chunks, everyPage, type Page, rowLimit } from "./page.ts";
import { agreementBefore, isBaseline, noteStacks, type StackPast, stacksOf } from "./stacks.ts";
import type { Db } from "./tables.ts";

/** What a scan saw of a repository as a whole. */
export interface ScanFindings {
  readonly repositoryId: number;
  readonly at: Date;
  readonly isFirstScan: boolean;
  /** Every stack of the repository, those that failed too. */
  readonly results: readonly StackResult[];
}

export type AppliedFindings = Omit<FindingChanges, "seen">;

/** Rows a statement. The data of one finding can be a hundred kilobytes. */
const ROWS = 100;

/**
 * Brings the stored findings up to a scan, and tells what that changed. Idempotent, but for what it tells. Call it in a
 * transaction, with `finishScan` and what is to be enqueued; only one scan of a repository may run at a time.
 */
export async function applyFindings(db: Db, scan: ScanFindings): Promise<AppliedFindings> {
  const known = await knownFindings(db, scan);
  const { seen, ...changes } = findingChanges(known, scan.results);
  const past: Past = {
    stacks: await stacksOf(db, scan.repositoryId),
    resolvedAt: new Map(known.map(({ fingerprint, resolvedAt }) => [fingerprint, resolvedAt])),
  };
  for (const part of chunks(seen, ROWS)) await write(db, part, scan, past);
  await noteStacks(db, scan.repositoryId, scan.results, scan);
  await mark(db, scan.repositoryId, changes.missing, { missing_since: scan.at });
  await mark(db, scan.repositoryId, changes.gone, { resolved_at: scan.at, missing_since: null });
  return changes;
}

const KNOWN_COLUMNS = [
  "fingerprint",
  "stack",
  "stack_path as stackPath",
  "revision",
  "kind",
  "verdict",
  "resource",
  "attribute",
  "missing_since as missingSince",
  "resolved_at as resolvedAt",
] as const;

/** All findings that are open, and those resolved ones that were seen again. */
async function knownFindings(db: Db, { repositoryId, results }: ScanFindings): Promise<KnownFinding[]> {
  const known: KnownFinding[] = [];
  const open = everyPage<KnownFinding, string>(
    ({ after, limit }) =>
      db
        .selectFrom("findings")
        .select(KNOWN_COLUMNS)
        .where("repository_id", "=", repositoryId)
        .where("resolved_at", "is", null)
        .where("fingerprint", ">", after ?? "")
        .orderBy("fingerprint")
        .limit(limit)
        .execute(),
    ({ fingerprint }) => fingerprint,
  );
  for await (const rows of open) known.push(...rows);
  const seen = results.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint));
  for (const part of chunks(seen, ROWS)) {
    const resolved = await db
      .selectFrom("findings")
      .select(KNOWN_COLUMNS)
      .where("repository_id", "=", repositoryId)
      .where("fingerprint", "in", part)
      .where("resolved_at", "is not", null)
      .execute();
    known.push(...resolved);
  }
  return known;
}

/** What was known before a scan. */
interface Past {
  readonly stacks: ReadonlyMap<string, StackPast>;
  /** By fingerprint. */
  readonly resolvedAt: ReadonlyMap<string, Date | null>;
}

async function write(db: Db, seen: readonly SeenFinding[], scan: ScanFindings, past: Past): Promise<void> {
  const agreements = new Map(
    seen.map(({ stack, finding: { fingerprint } }) => [
      fingerprint,
      agreementBefore(past.stacks.get(stack.name), past.resolvedAt.get(fingerprint) ?? null),
    ]),
  );
  await db
    .insertInto("findings")
    .values(
      seen.map(({ stack, finding }) => ({
        repository_id: scan.repositoryId,
        fingerprint: finding.fingerprint,
        stack: stack.name,
        stack_path: stack.path,
        revision: finding.revision,
        kind: finding.kind,
        category: finding.category,
        severity: finding.severity,
        verdict: finding.intent.verdict,
        resource: resourceName(finding.resource, finding.address),
        attribute: attributeOf(finding),
        data: printJson(finding as unknown as Json),
        baseline: isBaseline(scan.isFirstScan, past.stacks.get(stack.name)),
        agreed_at: agreements.get(finding.fingerprint)?.at ?? null,
        agreed_commit: agreements.get(finding.fingerprint)?.commit ?? null,
        first_seen_at: scan.at,
        last_seen_at: scan.at,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["repository_id", "fingerprint"]).doUpdateSet((row) => ({
        stack: row.ref("excluded.stack"),
        stack_path: row.ref("excluded.stack_path"),
        revision: row.ref("excluded.revision"),
        kind: row.ref("excluded.kind"),
        category: row.ref("excluded.category"),
        severity: row.ref("excluded.severity"),
        verdict: row.ref("excluded.verdict"),
        resource: row.ref("excluded.resource"),
        attribute: row.ref("excluded.attribute"),
        data: row.ref("excluded.data"),
        // What comes back after it was resolved is new, however long ago it was first seen.
        baseline: sql<boolean>`findings.baseline and findings.resolved_at is null`,
        // While it is open, nothing agrees.
        agreed_at: sql<Date | null>`case when findings.resolved_at is null then findings.agreed_at else excluded.agreed_at end`,
        agreed_commit: sql<
          string | null
        >`case when findings.resolved_at is null then findings.agreed_commit else excluded.agreed_commit end`,
        last_seen_at: row.ref("excluded.last_seen_at"),
        missing_since: null,
        resolved_at: null,
      })),
    )
    .execute();
}

/** Whether any of some findings is known to have been gone at some time after another one. */
export async function wereGoneSince(
  db: Db,
  repositoryId: number,
  fingerprints: readonly string[],
  time: Date,
): Promise<boolean> {
  for (const part of chunks(fingerprints, ROWS)) {
    const found = await db
      .selectFrom("findings")
      .select("fingerprint")
      .where("repository_id", "=", repositoryId)
      .where("fingerprint", "in", part)
      .where("agreed_at", ">", time)
      .limit(1)
      .execute();
    if (found.length > 0) return true;
  }
  return false;
}

async function mark(
  db: Db,
  repositoryId: number,
  fingerprints: readonly string[],
  values: { readonly missing_since: Date | null; readonly resolved_at?: Date },
): Promise<void> {
  for (const part of chunks(fingerprints, ROWS)) {
    await db
      .updateTable("findings")
      .set(values)
      .where("repository_id", "=", repositoryId)
      .where("fingerprint", "in", part)
      .execute();
  }
}

export interface StoredFinding {
  readonly stack: string;
  readonly stackPath: string;
  readonly finding: JudgedFinding;
  readonly baseline: boolean;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Null while it is open. */
  readonly resolvedAt: Date | null;
}

const COLUMNS = [
  "stack",
  "stack_path as stackPath",
  "data as finding",
  "baseline",
  "first_seen_at as firstSeenAt",
  "last_seen_at as lastSeenAt",
  "resolved_at as resolvedAt",
] as const;

/** A repository's open findings, by fingerprint; the next page starts after the last one's. */
export async function openFindings(
  db: Db,
  repositoryId: number,
  { after, limit }: Page<string>,
): Promise<readonly StoredFinding[]> {
  return await db
    .selectFrom("findings")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where("resolved_at", "is", null)
    .where("fingerprint", ">", after ?? "")
    .orderBy("fingerprint")
    .limit(rowLimit(limit))
    .execute();
}

/** Findings by their fingerprints, open or resolved; those that are not known are left out. */
export async function findingsBy(
  db: Db,
  repositoryId: number,
  fingerprints: readonly string[],
): Promise<readonly StoredFinding[]> {
  const found: StoredFinding[] = [];
  for (const part of chunks(fingerprints, ROWS)) {
    const rows = await db
      .selectFrom("findings")
      .select(COLUMNS)
      .where("repository_id", "=", repositoryId)
      .where("fingerprint", "in", part)
      .execute();
    found.push(...rows);
  }
  return found;
}

/** Forgets findings that were resolved before a time. */
export async function forgetResolved(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("findings")
    .where("resolved_at", "<", before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
