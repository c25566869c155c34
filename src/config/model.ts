import type { Place } from "../drift/model.ts";
import type { JsonObject } from "../json/json.ts";

/** Where the file stands in every repository; only the default branch's counts. */
export const CONFIG_PATH = ".github/driftwright.yml";

/** What a rule may look at. */
export const MATCH_KEYS = [
  "type",
  "attribute",
  "stack",
  "environment",
  "address",
  "category",
  "severity",
  "actor",
] as const;
export type MatchKey = (typeof MATCH_KEYS)[number];

/** What an owner wrote in `.github/driftwright.yml`, checked and with every default filled in. */
export interface RepositoryConfig {
  /** In the order of the file: the first that matches decides. */
  readonly rules: readonly Rule[];
  readonly stacks: readonly StackSettings[];
  /** Whether resources inside managed networks that no code declares are findings. */
  readonly unmanaged: "report" | "ignore";
  /** Whether what is there already when the App first sees the repository gets issues and pull requests of its own. */
  readonly start: "new-only" | "all";
  /** What the App writes where everyone can read it: the numbers, or the findings themselves. */
  readonly public: "counts" | "details";
}

export interface Rule {
  readonly name: string;
  /** Globs by what they look at; a key that is left out matches everything. */
  readonly match: Readonly<Partial<Record<MatchKey, readonly string[]>>>;
  readonly verdict: "adopt" | "revert" | "ignore";
  /** The last day (UTC, `YYYY-MM-DD`) on which the rule holds; null: always. */
  readonly until: string | null;
  readonly because: string | null;
  readonly place: Place;
}

/** What discovery cannot know about a stack. Files are relative to the root of the repository, with `/`. */
export interface StackSettings {
  readonly name: string | null;
  /** The root module's folder; `.` for the root of the repository. */
  readonly path: string;
  readonly varFiles: readonly string[];
  /** Values of variables, as `-var` would give them. */
  readonly vars: JsonObject;
  /** Values of variables, as `TF_VAR_…` in the environment would give them. */
  readonly envVars: JsonObject;
  readonly environment: string | null;
  readonly workspace: string | null;
  /** A state file on disk. */
  readonly state: string | null;
  /** Arguments of the backend instead of those in the code, as `-backend-config` would give them; null takes one away. */
  readonly backendConfig: JsonObject;
  readonly place: Place;
}

/** What holds in a repository without the file. */
export const DEFAULT_CONFIG: RepositoryConfig = {
  rules: [],
  stacks: [],
  unmanaged: "ignore",
  start: "new-only",
  public: "counts",
};
