import type { RepositoryConfig } from "../config/model.ts";
import { GitHubError } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { type RepositoryFacts, readRepository } from "../github/repository-state.ts";
import { repositoryCalled } from "../store/owner-configs.ts";
import { findRepository, type Repository } from "../store/repositories.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { isRefused } from "./writing.ts";

// Where the single findings of a public repository are told: in a private one of the same installation.

/** Another repository of the installation, as GitHub has it now. */
export interface OtherRepository {
  readonly repository: RepositoryFacts;
  /** May write issues there, and nothing else. */
  readonly github: GitHub;
}

/** Where single findings are told; else, where that is asked for, why they cannot be. */
export type FindingsPlace =
  | { readonly kind: "here" }
  | ({ readonly kind: "elsewhere" } & OtherRepository)
  | { readonly kind: "nowhere"; readonly why: string };

type Told = Pick<OpenRepository, "facts" | "stored">;

/**
 * Where the single findings of a repository are told as its configuration has it. Whether everyone could read that is
 * what GitHub says at this moment.
 * @throws RateLimited, Unavailable
 */
export async function findingsPlace(
  ports: JobPorts,
  { facts, stored }: Told,
  config: Pick<RepositoryConfig, "public">,
): Promise<FindingsPlace> {
  if (facts.private || typeof config.public === "string") return { kind: "here" };
  const { repository: name } = config.public;
  const row = await repositoryCalled(ports.database.kysely, stored.installationId, name);
  const nowhere = (reason: string): FindingsPlace => ({
    kind: "nowhere",
    why: `single findings are told nowhere: ${name}, which the configuration names for them, ${reason}`,
  });
  if (row === null) return nowhere("is not a repository of the installation");
  if (row.id === facts.id) return nowhere("is the public repository itself");
  const opened = await openOther(ports, stored, row.id);
  if (typeof opened === "string") return nowhere(opened);
  const { repository } = opened;
  if (!repository.private) return nowhere("is not private");
  const reason = unwritable(repository);
  return reason === null ? { kind: "elsewhere", ...opened } : nowhere(reason);
}

/**
 * Opens another repository of the same installation to write issues there; gives why that cannot be done, where it
 * cannot. It may be public.
 * @throws RateLimited, Unavailable
 */
export async function openOther(
  ports: JobPorts,
  { installationId }: Pick<Repository, "installationId">,
  id: number,
): Promise<OtherRepository | string> {
  const row = await findRepository(ports.database.kysely, id);
  if (row === null || row.removed || row.installationId !== installationId)
    return "is not a repository of the installation";
  try {
    const github = ports.github.repository(installationId, id, TOKEN_PERMISSIONS.elsewhere);
    const repository = await readRepository(github, row);
    // The name belongs to another repository by now.
    return repository.id === id ? { repository, github } : "is not shown to the installation";
  } catch (reason) {
    if (!(reason instanceof GitHubError && isRefused(reason))) throw reason;
    return `cannot be read: ${reason.message}`;
  }
}

/** Why no issue can be written in a repository; null where one can. */
export function unwritable({ archived, disabled, issues }: RepositoryFacts): string | null {
  if (archived) return "is archived";
  if (disabled) return "is disabled by GitHub";
  return issues ? null : "has no issues";
}
