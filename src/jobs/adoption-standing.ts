import { contentHash } from "../github/written.ts";
import { latestDecisions } from "../store/decisions.ts";
import { wereGoneSince } from "../store/findings.ts";
import type { StoredObject } from "../store/objects.ts";
import { closedByOf } from "./closed-by.ts";
import type { Writing } from "./writing.ts";

// How a pull request that was made stands to what it should be.

/** Whether there is anything to say that was not said yet. */
export function isNews(
  { contentHash: last }: StoredObject,
  wanted: Parameters<typeof contentHash>[0],
): boolean {
  return last !== contentHash(wanted);
}

/** Whether a pull request is as near to the default branch as it is to be, and belongs to it. */
export async function isInPlace(writing: Writing, object: StoredObject): Promise<boolean> {
  const { config, scanned, base } = writing;
  // Where the default branch has moved since the scan too, the next scan proves the edit there.
  if (config.rebase === "behind" && object.baseSha !== base && scanned === base) return false;
  return isAtHome(writing, object);
}

/** Whether a pull request goes into the default branch, and would bring nothing along that this one does not have. */
export async function isAtHome(
  { repository, lineage }: Writing,
  { baseBranch, baseSha }: StoredObject,
): Promise<boolean> {
  return baseBranch === repository.defaultBranch && (await lineage.has(baseSha));
}

/**
 * Why a pull request is opened again: a person wants it back, its drift has returned, or was there all the time and is to
 * be adopted again, since the rules say so or an edit is possible.
 * @param about fingerprints of what it adopts
 */
export async function whyBack(
  { db, repository }: Writing,
  object: StoredObject,
  about: readonly string[],
): Promise<"wanted" | "returned" | "possible"> {
  if (closedByOf(object) === "person") return "wanted";
  const decisions = await latestDecisions(db, repository.id);
  const isWanted = about.some((fingerprint) => {
    const decision = decisions.get(fingerprint);
    return decision?.verdict === "adopt" && decision.at > object.updatedAt;
  });
  if (isWanted) return "wanted";
  return (await wereGoneSince(db, repository.id, about, object.claimedAt)) ? "returned" : "possible";
}
