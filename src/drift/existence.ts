import type { FindingKind, Observation } from "./model.ts";

/**
 * What the design's first table says of an instance: the kind of a finding about the whole of it, `compare` where all
 * three have it and its attributes decide, `nothing` where there is nothing to say.
 */
export type Existence =
  | "compare"
  | "nothing"
  | Extract<
      FindingKind,
      | "deleted"
      | "pending-destroy"
      | "stale-state"
      | "pending-create"
      | "needs-import"
      | "unmanaged"
      | "unreadable"
    >;

/**
 * Applies the first table. `deleted` and `stale-state` need the cloud's explicit not-found: a cloud that was not asked,
 * or did not answer, proves nothing.
 */
export function existenceOf(inCode: boolean, inState: boolean, observation: Observation | null): Existence {
  if (inState) return inCode ? ofBoth(observation) : ofStateOnly(observation);
  return inCode ? ofCodeOnly(observation) : ofNeither(observation);
}

function ofBoth(observation: Observation | null): Existence {
  switch (observation?.status) {
    case "found":
      return "compare";
    case "not-found":
      return "deleted";
    case "unreadable":
    case "unsupported":
      return "unreadable";
    case undefined:
      return "nothing";
  }
}

function ofStateOnly(observation: Observation | null): Existence {
  if (observation?.status === "not-found") return "stale-state";
  return observation?.status === "unreadable" ? "unreadable" : "pending-destroy";
}

function ofCodeOnly(observation: Observation | null): Existence {
  if (observation?.status === "found") return "needs-import";
  return observation?.status === "unreadable" ? "unreadable" : "pending-create";
}

function ofNeither(observation: Observation | null): Existence {
  return observation?.status === "found" ? "unmanaged" : "nothing";
}
