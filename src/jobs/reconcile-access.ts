import { missingPermissions, TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { findInstallation } from "../store/installations.ts";
import { findRepository } from "../store/repositories.ts";
import type { JobPorts } from "./ports.ts";
import type { RepositoryJob } from "./queue-settings.ts";
import { lacking, type OpenRepository, openRepository } from "./repository-access.ts";

/** A repository whose issues and pull requests are looked after. */
export interface WritableRepository {
  readonly repository: OpenRepository;
  /** Why nothing but a configuration may be proposed there; null where all may be written. */
  readonly proposeOnly: string | null;
}

/**
 * Opens a repository to look after its issues and pull requests. To propose a configuration takes no issues, so that this
 * can be done, and tell what is missing, where they are not granted. Null where nothing can be done; the reason is
 * written down then.
 * @throws RateLimited, Unavailable
 */
export async function openToWrite(ports: JobPorts, job: RepositoryJob): Promise<WritableRepository | null> {
  const { reconcile, propose } = TOKEN_PERMISSIONS;
  const { kysely: db } = ports.database;
  // Since the job was enqueued it may have moved to another one.
  const { installationId } = (await findRepository(db, job.repositoryId)) ?? job;
  const { permissions = {} } = (await findInstallation(db, installationId)) ?? {};
  const missing = missingPermissions(permissions, reconcile);
  const proposeOnly =
    missing.length > 0 && missingPermissions(permissions, propose).length === 0 ? lacking(missing) : null;
  const { repository } = await openRepository(ports, job, proposeOnly === null ? reconcile : propose);
  return repository === null ? null : { repository, proposeOnly };
}
