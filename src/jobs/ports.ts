import type { Inventory } from "../drift/inventory.ts";
import type { GitHubApp } from "../github/client.ts";
import type { PlannedStack } from "../scan/plan.ts";
import type { Database } from "../store/database.ts";
import type { Log } from "../store/log.ts";
import type { Snapshot } from "../terraform/snapshot.ts";
import type { StateSource } from "../terraform/state-source.ts";
import type { Queues } from "./queues.ts";

/** What runs and what was recorded, read with the credentials of this process. */
export interface Clouds {
  /** Every inventory that there are credentials for. */
  inventories(): Promise<readonly Inventory[]>;
  /** Where a stack's state is read; null where it has none. */
  stateOf(stack: PlannedStack, snapshot: Snapshot, repositoryId: number): StateSource | null;
}

/** What the jobs work with. */
export interface JobPorts {
  readonly database: Pick<Database, "kysely">;
  readonly queues: Pick<Queues, "enqueue">;
  readonly github: Pick<GitHubApp, "app" | "identity" | "installation" | "repository">;
  readonly clouds: Clouds;
  readonly log: Log;
  readonly now: () => Date;
  /** A secret of this installation of Driftwright that stays: keys the hashes of sensitive values. */
  readonly key: string;
  /** Milliseconds from one scheduled scan of a repository to the next. */
  readonly scanInterval: number;
  /** Whether forks are scanned. */
  readonly forks: boolean;
}
