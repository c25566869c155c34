import type { StackOverview, StackRequest } from "../engine/api.ts";
import type { StateSource } from "../terraform/state/state-source.ts";
import { identitiesOf } from "./observation.ts";
import type { PlannedStack } from "./plan.ts";

/** A stack whose state was read. */
export interface StackWithState {
  readonly plan: PlannedStack;
  /** Null where the stack has no state. */
  readonly source: StateSource | null;
  readonly request: StackRequest;
  readonly stateWrittenAt: Date | null;
  /** Someone was changing the state when it was read. */
  readonly locked: boolean;
}

/** A stack whose code is evaluated, too. */
export interface OpenStack extends StackWithState {
  readonly overview: StackOverview;
}

/** Ids of everything that the states of these stacks know, or that their code wants to import. */
export function idsKnownTo(overviews: readonly StackOverview[]): ReadonlySet<string> {
  return new Set(
    overviews.flatMap(({ instances }) => [...identitiesOf(instances).values()].flatMap(({ id }) => id ?? [])),
  );
}
