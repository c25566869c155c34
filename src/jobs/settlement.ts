import { createHash } from "node:crypto";
import { OWNER_REPOSITORY } from "../config/owner-config.ts";
import { dayOf } from "../config/rules.ts";
import { type Json, printJson } from "../json/json.ts";
import { unfinishedCommands } from "../store/commands.ts";
import { findInstallation } from "../store/installations.ts";
import { findOwnerConfig, repositoryCalled } from "../store/owner-configs.ts";
import { findRepository } from "../store/repositories.ts";
import { failedSince, lastKnownScan } from "../store/scans.ts";
import { noteSettled, settlementOf } from "../store/settled.ts";
import { suspicionsOf } from "../store/suspicions.ts";
import type { Db } from "../store/tables.ts";
import { placesOf } from "../store/told-elsewhere.ts";
import { recentCheckRuns } from "./dashboard-facts.ts";
import { objectsAsStored } from "./known-objects.ts";
import type { SyncedObject } from "./object-sync.ts";
import type { JobPorts } from "./ports.ts";
import { standingsOf } from "./standings.ts";

/**
 * Does what is to be done about the issues and pull requests of a repository, unless nothing has changed since that was
 * done for the last time: then GitHub is not asked at all. Once a day it is asked in any case, since ages in documents
 * change, and since a webhook may have been lost.
 * @param work gives whether it came to its end, and nothing waits
 */
export async function unlessSettled(
  { database: { kysely: db }, now }: Pick<JobPorts, "database" | "now">,
  repositoryId: number,
  work: () => Promise<boolean>,
): Promise<void> {
  const before = await settlementOf(db, repositoryId);
  const digest = await digestOf(db, repositoryId, now());
  if (digest !== null && digest === before?.settled) return;
  const isDone = await work();
  if (!isDone || before === null || digest === null) return;
  // Who wrote something looks at it once more: what was written may be what the next thing follows from.
  if ((await digestOf(db, repositoryId, now())) !== digest) return;
  await noteSettled(db, repositoryId, { settled: digest, stirs: before.stirs });
}

/** When something was looked at says nothing of what it is. */
const UNTIMED = { updatedAt: null, claimedAt: null, lastSeenAt: null, detectedAt: null };

/** Of all that issues, pull requests and the dashboard follow from; null where something is begun, or nothing known. */
async function digestOf(db: Db, repositoryId: number, now: Date): Promise<string | null> {
  const repository = await findRepository(db, repositoryId);
  const scan = await lastKnownScan(db, repositoryId);
  if (repository === null || scan === null) return null;
  const { installationId, owner, name, defaultBranch, firstScanDone, checksDue } = repository;
  // Where nothing is configured they stay due.
  if (checksDue && scan.proposal === null && scan.stacks.length > 0) return null;
  const objects = await objectsAsStored({ db, repository });
  const elsewhere: SyncedObject[] = [];
  const places: Json[] = [];
  for (const id of await placesOf(db, repositoryId, { closed: true })) {
    elsewhere.push(...(await objectsAsStored({ db, repository: { id }, about: { repository } })));
    const place = await findRepository(db, id);
    places.push(
      place === null ? null : [id, place.name, place.private, place.archived, place.disabled, place.removed],
    );
  }
  const all = [...objects, ...elsewhere];
  if (all.some(({ state }) => state === "creating")) return null;
  if ((await unfinishedCommands(db, repositoryId, "all", { after: null, limit: 1 })).length > 0) return null;
  const standings = await standingsOf(db, repositoryId, all, now);
  const checks = await recentCheckRuns({ db, repository }, scan.startedAt);
  const speaker = await repositoryCalled(db, installationId, OWNER_REPOSITORY);
  const ownerConfig = speaker === null ? null : await findOwnerConfig(db, speaker.id);
  const parts = [
    { day: dayOf(now), owner, name, private: repository.private, defaultBranch, firstScanDone, checksDue },
    (await findInstallation(db, installationId))?.permissions ?? null,
    ownerConfig === null ? null : { text: ownerConfig.text, problem: ownerConfig.problem },
    { commit: scan.commit, outcome: scan.outcome, stacks: scan.stacks, proposal: scan.proposal },
    [...(await suspicionsOf(db, repositoryId))].map(([stack, what]) => [stack, ...what]),
    await failedSince(db, repositoryId, scan.startedAt),
    ...checks.map(({ headSha, name, conclusion }) => ({ headSha, name, conclusion })),
    places,
    // What a person closed waits for a scan that looks.
    ...all.map(({ updatedAt, ...object }) => ({
      ...object,
      ...UNTIMED,
      isScannedSince: object.state === "closed" && scan.startedAt > updatedAt,
    })),
    ...standings.map(({ finding, lastSeenAt, ...standing }) => ({
      ...standing,
      finding: { ...finding, ...UNTIMED },
      ...UNTIMED,
      isSeen: lastSeenAt >= scan.startedAt,
    })),
  ];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(printJson(part as unknown as Json)).update("\n");
  return hash.digest("hex");
}
