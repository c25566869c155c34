import type { Cloud } from "../drift/inventory.ts";
import type { Place, Severity } from "../drift/model.ts";
import type { Within } from "../drift/tolerance.ts";
import type { JsonObject } from "../json/json.ts";

/** Where the file stands in every repository; only the default branch's counts. */
export const CONFIG_PATH = ".github/driftwright.yml";

/** What a rule may look at. */
export const MATCH_KEYS = [
  "type",
  "attribute",
  "stack",
  "environment",
  "service",
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
  /** What is ignored whatever the rules say. */
  readonly ignore: readonly Rule[];
  /** Of the owner of the repository: come before all others, and after them. */
  readonly ownerRules: { readonly enforced: readonly Rule[]; readonly defaults: readonly Rule[] };
  readonly stacks: readonly StackSettings[];
  /** How much numbers and times may differ without being findings: the first that matches decides. */
  readonly tolerances: readonly Tolerance[];
  /** Whether resources inside managed networks that no code declares are findings. */
  readonly unmanaged: "report" | "ignore";
  /** Whether what is there already when the App first sees the repository gets issues and pull requests of its own. */
  readonly start: "new-only" | "all";
  /** What the App writes where everyone can read it. */
  readonly public: PublicSetting;
  /** When the stacks are scanned that have no schedule of their own; null: by their environments. */
  readonly schedule: Schedule | null;
  /** Globs of the environments that are scanned every quarter of an hour where no schedule says otherwise. */
  readonly criticalEnvironments: readonly string[];
  /** Of new issues and pull requests. */
  readonly labels: readonly string[];
  /** Null: of an issue the people among the owners of its stack, else of its code; of a pull request nobody. */
  readonly assignees: readonly string[] | null;
  /** Who is asked for a review besides the code owners, whom GitHub asks: logins, and teams as `owner/team`. */
  readonly reviewers: readonly string[];
  /** Whether pull requests are opened as drafts. */
  readonly draft: boolean;
  /** When the branch of an open pull request takes the default branch in. */
  readonly rebase: Rebase;
  /** Which drift shares an issue. */
  readonly grouping: Grouping;
  /** Whether one issue is kept that says how everything stands. */
  readonly dashboard: boolean;
  /** No issue and no pull request is written. */
  readonly dryRun: boolean;
  readonly limits: Limits;
  readonly checks: ChecksSettings;
  /** Times in which no pull request is opened or changed. */
  readonly freezes: readonly Freeze[];
}

/**
 * What is told of the findings of a public repository: the numbers; everything, to everyone; or, besides the numbers, the
 * findings in issues of a private repository of the same owner, by its name alone.
 */
export type PublicSetting = "counts" | "details" | { readonly repository: string };

/** What drift that shares an issue has in common; with `drift` each has its own. */
export const GROUPINGS = ["drift", "resource", "stack", "cause"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Whenever the default branch has moved; or where the edit, or what stands around it, is another there. */
export const REBASES = ["behind", "conflicted"] as const;
export type Rebase = (typeof REBASES)[number];

export interface Limits {
  readonly openPullRequests: number;
  /** Issues and pull requests together. */
  readonly newPerHour: number;
}

/** Of the check runs on pull requests. */
export interface ChecksSettings {
  /** What makes a check fail; null: nothing does. */
  readonly fail: FailingDrift | null;
}

/** Drift that is of one of these severities and in one of these environments; null: of any, in any. */
export interface FailingDrift {
  readonly severities: readonly Severity[] | null;
  /** Globs. */
  readonly environments: readonly string[] | null;
}

export interface Freeze {
  readonly from: Date;
  /** The first moment after it. */
  readonly until: Date;
  readonly because: string | null;
}

/** Moments that come again and again. */
export interface Schedule {
  /** Five fields. */
  readonly cron: string;
  /** As IANA calls it. */
  readonly timeZone: string;
}

/** How much something may differ. */
export interface Tolerance {
  readonly match: Rule["match"];
  readonly within: Within;
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
  /** What it is a part of, for rules and reports. */
  readonly service?: string;
  /** Whose it is: logins, and teams as `owner/team`. */
  readonly owners?: readonly string[];
  /** The clouds that it is compared with; left out: all that its resources are in. */
  readonly clouds?: readonly Cloud[];
  /** The branch, tag or commit that it runs from; left out: the default branch. */
  readonly ref?: string;
  readonly workspace: string | null;
  /** A state file on disk. */
  readonly state: string | null;
  /** Arguments of the backend instead of those in the code, as `-backend-config` would give them; null takes one away. */
  readonly backendConfig: JsonObject;
  /** Without one: that of the file. */
  readonly schedule?: Schedule;
  readonly place: Place;
}

/** What holds in a repository without the file. */
export const DEFAULT_CONFIG: RepositoryConfig = {
  rules: [],
  ignore: [],
  ownerRules: { enforced: [], defaults: [] },
  stacks: [],
  tolerances: [],
  unmanaged: "ignore",
  start: "new-only",
  public: "counts",
  schedule: null,
  criticalEnvironments: ["production", "prod", "live"],
  labels: [],
  assignees: null,
  reviewers: [],
  draft: false,
  rebase: "behind",
  grouping: "drift",
  dashboard: true,
  dryRun: false,
  limits: { openPullRequests: 20, newPerHour: 40 },
  checks: { fail: null },
  freezes: [],
};
