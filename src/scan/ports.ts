import type { RepositoryConfig } from "../config/model.ts";
import type { ValueHistory } from "../drift/history.ts";
import type { Inventory } from "../drift/inventory.ts";
import type { Finding } from "../drift/model.ts";
import type { Engine } from "../engine/engine.ts";
import type { Decision } from "../intent/decision.ts";
import type { JsonObject } from "../json/json.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import type { StateSource } from "../terraform/state/state-source.ts";
import type { PlannedStack } from "./plan.ts";

/** What a scan works on and with; everything that reaches outside comes in here. */
export interface ScanPorts {
  readonly snapshot: Snapshot;
  /** Starts an engine process over the snapshot; the scan closes it. */
  readonly startEngine: () => Engine;
  /** Where a stack's state is read; null where it has none. */
  readonly stateOf: (stack: PlannedStack) => StateSource | null;
  readonly inventories: readonly Inventory[];
  /** What is known of the past of a finding's values. */
  readonly historyOf: (
    stack: PlannedStack,
    finding: Finding,
    stateWrittenAt: Date | null,
    /** What the code says of the instance, sensitive values masked; null where it does not declare it. */
    desired: JsonObject | null,
  ) => ValueHistory | Promise<ValueHistory>;
  readonly now: () => Date;
  /** Says what is being done, for people who wait. */
  readonly progress: (message: string) => void;
}

/** What does not change during a scan. */
export interface ScanSettings {
  /** The repository's id at its host, or another lasting name. */
  readonly repository: string;
  readonly ref: string | null;
  readonly commit: string | null;
  readonly config: RepositoryConfig;
  /** What people decided last, by fingerprint; none where nobody is asked. */
  readonly decisions?: ReadonlyMap<string, Decision>;
  /**
   * What does not count where too much has changed at once, as `confirmable` names it: what was believed before, and what
   * people confirmed. Left out: nothing.
   */
  readonly expected?: ReadonlySet<string>;
  /** Fingerprints of what somebody adopts with a pull request of their own: no edit that is made here is for these. */
  readonly takenOver?: ReadonlySet<string>;
  /** A secret of the installation: keys the hashes of sensitive values. */
  readonly key: string;
}
