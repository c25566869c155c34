import { type Page, rowLimit } from "./page.ts";
import type { Db, ObjectKind, ObjectState } from "./tables.ts";

/** Where an issue or pull request of ours is. */
export interface ObjectPlace {
  readonly repositoryId: number;
  /** The repository whose findings it tells of; left out: the one that it is in. */
  readonly of?: number | undefined;
}

/** What an issue or pull request of ours is about, as `scan/wishes.ts` names it: `adoption:…`, `issue:…`, `summary`. */
export interface ObjectKey extends ObjectPlace {
  readonly key: string;
}

export interface StoredObject extends ObjectKey {
  readonly kind: ObjectKind;
  /** GitHub's number; null while it is being created. */
  readonly number: number | null;
  readonly branch: string | null;
  /** The last commit that we put on the branch. */
  readonly headSha: string | null;
  readonly contentHash: string | null;
  /** The branch that it is to be merged into, and the newest commit of that one that `branch` has; null: not known. */
  readonly baseBranch: string | null;
  readonly baseSha: string | null;
  /** Fingerprints of what an issue about several tells of; null: what its key or its marker names. */
  readonly told: readonly string[] | null;
  /** Of what it told of before while it was open, and does not any more; null where nothing is known of that. */
  readonly toldBefore: readonly string[] | null;
  readonly state: ObjectState;
  /** Who closed it: a login, or `driftwright`. */
  readonly closedBy: string | null;
  readonly claimedAt: Date;
  readonly updatedAt: Date;
}

const COLUMNS = [
  "repository_id as repositoryId",
  "key",
  "kind",
  "number",
  "branch",
  "head_sha as headSha",
  "content_hash as contentHash",
  "base_branch as baseBranch",
  "base_sha as baseSha",
  "told",
  "told_before as toldBefore",
  "state",
  "closed_by as closedBy",
  "claimed_at as claimedAt",
  "updated_at as updatedAt",
] as const;

type Row = Omit<StoredObject, "of">;

/** In the table, what tells of another repository than the one that it is in has that in its key. */
const ELSEWHERE = /^of:(\d+):(.*)$/s;

function written({ of, key }: Pick<ObjectKey, "of" | "key">): string {
  return of === undefined ? key : `${elsewhere(of)}${key}`;
}

/** What the keys of all that tells of another repository begin with. */
export function elsewhere(of: number): string {
  return `of:${of}:`;
}

function objectOf(row: Row): StoredObject {
  const [, of, key] = ELSEWHERE.exec(row.key) ?? [];
  return of === undefined || key === undefined ? row : { ...row, of: Number(of), key };
}

function objectOrNull(row: Row | undefined): StoredObject | null {
  return row === undefined ? null : objectOf(row);
}

/** What is there of an object on GitHub. */
export interface ObjectContents
  extends Pick<StoredObject, "branch" | "headSha" | "contentHash" | "baseBranch" | "baseSha">,
    Partial<Pick<StoredObject, "told" | "toldBefore">> {
  readonly number: number;
}

/** What an object has that has no branch, or of which nothing is known but its number. */
export const NO_BRANCH = { branch: null, headSha: null, baseBranch: null, baseSha: null } as const;

/**
 * Claims a key before anything is created for it on GitHub. `claimed`: it is the caller's, who creates and calls
 * `fillObject`. Otherwise `object` is what is there; one in state `creating` may or may not have been created by someone
 * who was interrupted: look for its marker, then `fillObject`, or `claimAgain` and create.
 */
export async function claimObject(
  db: Db,
  object: ObjectKey,
  kind: ObjectKind,
  at: Date,
): Promise<{ readonly claimed: boolean; readonly object: StoredObject }> {
  const claimed = await db
    .insertInto("objects")
    .values({
      repository_id: object.repositoryId,
      key: written(object),
      kind,
      state: "creating",
      claimed_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.columns(["repository_id", "key"]).doNothing())
    .returning(COLUMNS)
    .executeTakeFirst();
  if (claimed !== undefined) return { claimed: true, object: objectOf(claimed) };
  const there = await findObject(db, object);
  // It was released between the two statements.
  return there === null ? claimObject(db, object, kind, at) : { claimed: false, object: there };
}

/**
 * Takes over a claim of which nothing came. Null where somebody else was faster, or the object is there by now. Whoever
 * had it before cannot fill it any more.
 */
export async function claimAgain(db: Db, seen: StoredObject, at: Date): Promise<StoredObject | null> {
  const row = await db
    .updateTable("objects")
    .set({ claimed_at: at, updated_at: at })
    .where("repository_id", "=", seen.repositoryId)
    .where("key", "=", written(seen))
    .where("state", "=", "creating")
    .where("claimed_at", "=", seen.claimedAt)
    .returning(COLUMNS)
    .executeTakeFirst();
  return objectOrNull(row);
}

/** Writes down which branch a claim is about to make, so that it can be taken away should nothing come of it. */
export async function noteBranch(db: Db, object: ObjectKey, branch: string): Promise<void> {
  await db
    .updateTable("objects")
    .set({ branch })
    .where("repository_id", "=", object.repositoryId)
    .where("key", "=", written(object))
    .where("state", "=", "creating")
    .execute();
}

/** Gives a claim up, where it is certain that nothing was created. */
export async function releaseObject(db: Db, object: ObjectKey): Promise<void> {
  await db
    .deleteFrom("objects")
    .where("repository_id", "=", object.repositoryId)
    .where("key", "=", written(object))
    .where("state", "=", "creating")
    .execute();
}

/**
 * Writes down that the object is there and open, as it was created, found, updated or reopened. False where somebody
 * else has taken the claim over since it was `seen`: then theirs counts.
 */
export async function fillObject(
  db: Db,
  object: ObjectKey & Pick<StoredObject, "claimedAt">,
  { number, branch, headSha, contentHash, baseBranch, baseSha, told, toldBefore }: ObjectContents,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("objects")
    .set({
      number,
      branch,
      head_sha: headSha,
      content_hash: contentHash,
      base_branch: baseBranch,
      base_sha: baseSha,
      ...(told === undefined ? {} : { told: listText(told) }),
      ...(toldBefore === undefined ? {} : { told_before: listText(toldBefore) }),
      state: "open",
      closed_by: null,
      updated_at: at,
    })
    .where("repository_id", "=", object.repositoryId)
    .where("key", "=", written(object))
    .where("claimed_at", "=", object.claimedAt)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

function listText(list: readonly string[] | null): string | null {
  return list === null ? null : JSON.stringify(list);
}

/** Writes down that nobody knows any more what is there: should it be told again, all of it is written anew. */
export async function forgetContents(db: Db, repositoryId: number, number: number): Promise<void> {
  await db
    .updateTable("objects")
    .set({ content_hash: null })
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}

/** The same of all that is closed in a place. */
export async function forgetClosedContents(db: Db, { repositoryId, of }: ObjectPlace): Promise<void> {
  await db
    .updateTable("objects")
    .set({ content_hash: null })
    .where("repository_id", "=", repositoryId)
    .where("key", of === undefined ? "not like" : "like", of === undefined ? "of:%" : `${elsewhere(of)}%`)
    .where("state", "=", "closed")
    .execute();
}

/** Writes down that the object was closed, and by whom. */
export async function closeObject(db: Db, object: ObjectKey, closedBy: string, at: Date): Promise<void> {
  await db
    .updateTable("objects")
    .set({ state: "closed", closed_by: closedBy, updated_at: at })
    .where("repository_id", "=", object.repositoryId)
    .where("key", "=", written(object))
    .execute();
}

export async function findObject(db: Db, object: ObjectKey): Promise<StoredObject | null> {
  const row = await db
    .selectFrom("objects")
    .select(COLUMNS)
    .where("repository_id", "=", object.repositoryId)
    .where("key", "=", written(object))
    .executeTakeFirst();
  return objectOrNull(row);
}

/** The object with a number of GitHub's; null where it is not ours. */
export async function findObjectByNumber(
  db: Db,
  repositoryId: number,
  number: number,
): Promise<StoredObject | null> {
  const row = await db
    .selectFrom("objects")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .executeTakeFirst();
  return objectOrNull(row);
}

/** What there is in a repository by key: what tells of itself, or of the one that `of` names. */
export async function objectsOf(
  db: Db,
  { repositoryId, of }: ObjectPlace,
  { after, limit }: Page<string>,
): Promise<readonly StoredObject[]> {
  const rows = await db
    .selectFrom("objects")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where((is) =>
      of === undefined
        ? is.not(is("key", "like", "of:%"))
        : is.and([is("key", "like", "of:%"), is("key", "like", `${elsewhere(of)}%`)]),
    )
    .where("key", ">", after === null || after === undefined ? "" : written({ of, key: after }))
    .orderBy("key")
    .limit(rowLimit(limit))
    .execute();
  return rows.map(objectOf);
}
