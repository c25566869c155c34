import { Forbidden, NotFound } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import { missingPermissions, type Permissions } from "../github/permissions.ts";
import {
  type RepositoryFacts,
  readRepositoryState,
  skipReason,
  skipSentence,
} from "../github/repository-state.ts";
import { findInstallation } from "../store/installations.ts";
import { findRepository, noteRepositoryFacts, type Repository, recordSkip } from "../store/repositories.ts";
import { seenHead } from "../store/seen-heads.ts";
import type { JobPorts } from "./ports.ts";
import type { RepositoryJob } from "./queue-settings.ts";
import { repositoryLog } from "./repository-log.ts";
import { SEEN_FOR } from "./see-heads.ts";

/** A repository that a job may work on. */
export interface OpenRepository {
  readonly stored: Repository;
  readonly facts: RepositoryFacts;
  /** The newest commit of the default branch. */
  readonly head: string;
  readonly github: GitHub;
  readonly archives: JobPorts["archives"];
}

export type Opened =
  | { readonly repository: OpenRepository }
  /** Why nothing can be done there, for people; null where it is none of ours any more. */
  | { readonly repository: null; readonly skip: string | null };

/**
 * Opens a repository for a job, with a token for it alone that may do what `permissions` say. Where nothing can be done
 * the reason is written down.
 * @param options `bySight`: what GitHub said of it a moment ago, when it was asked for many at once, is good enough
 * @throws RateLimited, Unavailable
 */
export async function openRepository(
  ports: JobPorts,
  { repositoryId }: RepositoryJob,
  permissions: Permissions,
  { bySight = false }: { readonly bySight?: boolean } = {},
): Promise<Opened> {
  const { kysely: db } = ports.database;
  const stored = await findRepository(db, repositoryId);
  // Webhooks and jobs of a repository that was given up since then.
  if (stored === null || stored.removed) return { repository: null, skip: null };
  const skip = async (reason: string): Promise<Opened> => {
    await recordSkip(db, stored.id, reason, ports.now());
    repositoryLog(ports.log, stored).warn({ reason }, "repository skipped");
    return { repository: null, skip: reason };
  };
  const installation = await findInstallation(db, stored.installationId);
  if (installation === null || installation.deleted) return { repository: null, skip: null };
  if (installation.suspended) return skip(skipSentence("suspended"));
  const missing = missingPermissions(installation.permissions, permissions);
  if (missing.length > 0) return skip(lacking(missing));
  const github = ports.github.repository(stored.installationId, stored.id, permissions);
  const { archives } = ports;
  const seen = bySight ? await seenState(ports, stored) : null;
  if (seen !== null) return { repository: { stored, ...seen, github, archives } };
  try {
    const { facts, head, skip: reason } = await readRepositoryState(github, stored);
    // The name belongs to another repository by now.
    if (facts.id !== stored.id) return skip(NOT_SHOWN);
    await noteFacts(ports, stored, facts);
    if (reason !== null || head === null) return skip(skipSentence(reason ?? "empty"));
    return { repository: { stored, facts, head, github, archives } };
  } catch (error) {
    if (error instanceof NotFound) return skip(NOT_SHOWN);
    if (error instanceof Forbidden) return skip(error.message);
    throw error;
  }
}

/** What a tick saw of it; null where GitHub has to be asked. */
async function seenState(
  ports: JobPorts,
  stored: Repository,
): Promise<Pick<OpenRepository, "facts" | "head"> | null> {
  const { defaultBranch } = stored;
  const since = new Date(ports.now().getTime() - SEEN_FOR);
  const head = await seenHead(ports.database.kysely, stored.id, since);
  if (head === null || defaultBranch === null) return null;
  const { id, owner, name, archived, disabled, fork } = stored;
  // Whether there are issues counts for those who write them.
  const facts = {
    id,
    owner,
    name,
    private: stored.private,
    archived,
    disabled,
    fork,
    defaultBranch,
    issues: true,
  };
  return skipReason(facts, head) === null ? { facts, head } : null;
}

const NOT_SHOWN = "GitHub does not show the repository to the installation any more";

/** Why an installation that granted less than is needed is left out. */
export function lacking(missing: readonly string[]): string {
  return `the installation lacks ${missing.join(", ")}; an owner accepts it in the installation's settings`;
}

/** Names change, and webhooks about it may be lost. */
async function noteFacts(ports: JobPorts, stored: Repository, facts: RepositoryFacts): Promise<void> {
  const { owner, name, defaultBranch, archived, disabled, fork } = facts;
  const now = { owner, name, private: facts.private, defaultBranch, archived, disabled, fork };
  const same = Object.entries(now).every(([key, value]) => stored[key as keyof typeof now] === value);
  if (same) return;
  const { id, installationId } = stored;
  await noteRepositoryFacts(ports.database.kysely, [{ id, installationId, ...now }], ports.now());
}
