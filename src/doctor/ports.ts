import type { Environment } from "../config/environment.ts";
import type { GitHubApp } from "../github/client.ts";
import type { Clouds } from "../jobs/ports.ts";
import type { Check } from "./check.ts";

/** Milliseconds that a check may take before it counts as failed. */
export interface TimeLimits {
  /** For one answer over the network. */
  readonly answer: number;
  /** For a repository's files, for one state, for one cloud. */
  readonly reading: number;
  /** For a process on another machine to show that it uses the embedded database. */
  readonly watching: number;
}

export const TIME_LIMITS: TimeLimits = { answer: 15_000, reading: 90_000, watching: 6_000 };

/** What the checks work with. Nothing here is ever asked to write. */
export interface DoctorPorts {
  readonly environment: Environment;
  /** Null where it is not known which App this is. */
  readonly github: Pick<GitHubApp, "app" | "installation" | "repository"> | null;
  readonly clouds: Clouds;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly limits: TimeLimits;
  /** Says what is being looked at, for people who wait. */
  readonly progress: (message: string) => void;
}

/** Told of each result as it comes. */
export type Tell = (check: Check) => void;
