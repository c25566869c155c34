import type { RepositoryName } from "../config/access.ts";
import type { Intervals } from "../config/rhythm.ts";
import type { Inventory } from "../drift/inventory.ts";
import type { startEngine } from "../engine/engine.ts";
import type { GitHubApp } from "../github/client.ts";
import type { PlannedStack } from "../scan/plan.ts";
import type { CommitArchives } from "../sources/commit-archives.ts";
import type { ModuleSession } from "../sources/modules/module-session.ts";
import type { Database } from "../store/database.ts";
import type { Log } from "../store/log.ts";
import type { Repository } from "../store/repositories.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import type { StateSource } from "../terraform/state/state-source.ts";
import type { Queues } from "./queues.ts";

/** What runs and what was recorded, read on behalf of a repository with the rights that the operator gave it. */
export interface Clouds {
  /** What the repository is compared with. An inventory that it may not use says so when it is asked. */
  inventories(repository: RepositoryName): Promise<readonly Inventory[]>;
  /** Where a stack's state is read; null where it has none. What the repository may not read, the reading refuses. */
  stateOf(stack: PlannedStack, snapshot: Snapshot, repository: RepositoryName): StateSource | null;
}

/** Modules that code takes from elsewhere. */
export interface Modules {
  /** What the work on a repository may have fetched, each once. */
  session(
    repository: Pick<Repository, "id" | "installationId" | "owner" | "name">,
    signal: AbortSignal,
  ): ModuleSession;
}

/** What the jobs work with. */
export interface JobPorts {
  readonly database: Pick<Database, "kysely" | "maintain">;
  readonly queues: Pick<Queues, "enqueue">;
  readonly github: Pick<GitHubApp, "app" | "identity" | "installation" | "repository">;
  readonly clouds: Clouds;
  /** Evaluates the code of a commit. */
  readonly startEngine: typeof startEngine;
  /** Null: modules from elsewhere are left to the states. */
  readonly modules: Modules | null;
  /** Null: the code of a commit is downloaded each time. */
  readonly archives: CommitArchives | null;
  readonly log: Log;
  readonly now: () => Date;
  /** A secret of this installation of Driftwright that stays: keys the hashes of sensitive values. */
  readonly key: string;
  /** How often repositories are scanned. */
  readonly intervals: Intervals;
}
