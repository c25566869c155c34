import type { JudgedFinding, Suspicion } from "../drift/model.ts";

/** What the last scan found in a stack that is suspect. */
export interface Suspected {
  readonly suspicion: Suspicion;
  /** All of it, as `confirmable` names it. */
  readonly what: readonly string[];
  /** The most severe of it, since it was found first, without ways out: nothing is to be done from it. */
  readonly findings: readonly JudgedFinding[];
}

/** What a person said is so, and with which command. */
export interface Confirmed {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly source: string;
  /** In their own words; left out where they gave none. */
  readonly because?: string | null;
  /** As `confirmable` names it. */
  readonly what: readonly string[];
}
