import { GitHubError } from "../github/errors.ts";
import { type RepositoryHead, readHeads } from "../github/heads.ts";
import { missingPermissions, TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { findInstallation } from "../store/installations.ts";
import { noteRepositoryFacts } from "../store/repositories.ts";
import { type DueRepository, dueRepositories, noteSeenHeads } from "../store/seen-heads.ts";
import type { JobPorts } from "./ports.ts";

/** Repositories a tick; what is beyond asks for itself. */
const MOST = 1_000;
/** Milliseconds for which a scan takes what was seen for what is: from the tick until its turn comes. */
export const SEEN_FOR = 10 * 60_000;

/**
 * Asks GitHub for the newest commits of all repositories that are due, a hundred at once, so that their scans need not.
 * Where that fails each of them asks for itself.
 */
export async function seeHeads(ports: JobPorts, signal: AbortSignal): Promise<void> {
  const { database, now, log } = ports;
  const due = await dueRepositories(database.kysely, { now: now(), limit: MOST });
  for (const [installationId, repositories] of Map.groupBy(due, (one) => one.installationId)) {
    signal.throwIfAborted();
    try {
      await seeInstallation(ports, installationId, repositories, signal);
    } catch (reason) {
      if (!(reason instanceof GitHubError)) throw reason;
      log.info({ installation: installationId, reason: reason.message }, "scans ask for their commits");
    }
  }
}

async function seeInstallation(
  { database, github, now }: JobPorts,
  installationId: number,
  repositories: readonly DueRepository[],
  signal: AbortSignal,
): Promise<void> {
  const { kysely: db } = database;
  const installation = await findInstallation(db, installationId);
  const wanted = TOKEN_PERMISSIONS.tick;
  if (installation === null || missingPermissions(installation.permissions, wanted).length > 0) return;
  const client = github.installation(installationId, wanted);
  // As of before the answer: what is pushed meanwhile is news.
  const at = now();
  const heads = [...(await readHeads(client, repositories, { signal })).values()];
  const facts = heads.map(({ head: _head, issues: _issues, ...each }) => ({ ...each, installationId }));
  await noteRepositoryFacts(db, facts, at);
  await noteSeenHeads(db, new Map(heads.flatMap(commitOf)), at);
}

function commitOf({ id, head }: RepositoryHead): [number, string][] {
  return head === null ? [] : [[id, head]];
}
