import type { StackOverview } from "../engine/api.ts";
import type { StateSource } from "../terraform/state-source.ts";
import type { PlannedStack } from "./plan.ts";

/** A stack whose code is evaluated and whose state was read. */
export interface OpenStack {
  readonly plan: PlannedStack;
  readonly overview: StackOverview;
  /** Null where the stack has no state. */
  readonly source: StateSource | null;
  readonly stateWrittenAt: Date | null;
  /** Ids that any state of the repository knows. */
  readonly knownIds: ReadonlySet<string>;
}
