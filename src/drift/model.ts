import type { Json, JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";

/** Where something stands in the repository: path from the root with `/`, line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What went wrong or should be known, for people; the place is null where there is none. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/**
 * One of the three truths about one value. `hidden` is a keyed hash of a sensitive value: comparable, never printable.
 * `absent`: not set. `unknown`: the code computes it from something not known. `unread`: the cloud did not tell.
 */
export type Reading =
  | { readonly known: Json }
  | { readonly hidden: string }
  | "unknown"
  | "absent"
  | "unread";

/** One value of one instance about which the three truths do not agree. */
export interface Change {
  readonly path: Path;
  readonly desired: Reading;
  readonly recorded: Reading;
  readonly observed: Reading;
  /** The literal that decides the desired value, or the place where a value would be written; null where there is none. */
  readonly source: Place | null;
}

/** The rows of the design's two tables, and what else a scan reports. */
export type FindingKind =
  | "drift"
  | "absorbed"
  | "conflict"
  | "deleted"
  | "unmanaged"
  | "unapplied"
  | "stale-state"
  | "pending-create"
  | "pending-destroy"
  | "needs-import"
  | "unreadable"
  | "version";

export type Category = "configuration" | "resource" | "policy" | "version";

/** The most severe first. */
export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The kinds that make a scan exit with 2: the code and the cloud disagree because of something outside of the code. */
export const DRIFT_KINDS: ReadonlySet<FindingKind> = new Set<FindingKind>([
  "drift",
  "absorbed",
  "conflict",
  "deleted",
  "unmanaged",
]);

export interface ResourceIdentity {
  readonly type: string;
  /** The cloud's own id (`i-0abc…`, `sg-0abc…`); null where none is known. */
  readonly id: string | null;
  readonly account: string | null;
  readonly region: string | null;
}

/** Who changed something in the cloud. `at` is an ISO 8601 time, `evidence` names the record that says so. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly kind: "user" | "role" | "service" | "unknown";
  readonly via: "console" | "cli" | "sdk" | "terraform" | "service" | "unknown";
  readonly at: string;
  readonly evidence: string;
}

/**
 * What a scan reports: about one attribute of one instance (`changes` holds one value, or the elements of one list or
 * set that differ), or about an instance as a whole (`changes` is empty).
 */
export interface Finding {
  readonly fingerprint: string;
  readonly revision: string;
  readonly address: string;
  readonly resource: ResourceIdentity;
  readonly kind: FindingKind;
  readonly category: Category;
  readonly severity: Severity;
  readonly changes: readonly Change[];
  /** Lets more people or networks in than the code does: never adopted by a rule, only by a person. */
  readonly widensAccess: boolean;
  /** Anything in `changes` is sensitive: never adopted by a rule, and no value is printed. */
  readonly sensitive: boolean;
  /** The gravest of the notes, for a title: what makes it severe. Null where nothing stands out. */
  readonly concern: string | null;
  /** Sentences for people: why this kind, why this severity, what is uncertain. */
  readonly notes: readonly string[];
  /** The block that declares the resource; null where the code does not. */
  readonly declaredAt: Place | null;
  readonly actor: Actor | null;
  /** ISO 8601. */
  readonly detectedAt: string;
}

export type Verdict = "adopt" | "revert" | "ignore" | "undecided";

export interface Intent {
  readonly verdict: Verdict;
  /** The rule's name in quotes, `default`, `safety`; later a person or a policy. */
  readonly decidedBy: string;
  readonly because: readonly string[];
  /** What was decided and cannot be done so, and who decided it; the verdict is `undecided` then. */
  readonly refused?: RefusedIntent;
}

export interface RefusedIntent {
  readonly verdict: Exclude<Verdict, "undecided">;
  readonly decidedBy: string;
}

/**
 * What an edit changes in the evaluated code: one value of one instance, or (path `""`) a whole instance. Data sources
 * (`data.aws_ami.x`) and provider blocks (`provider.aws.west`) are told in the same way.
 */
export interface Effect {
  readonly stack?: string;
  readonly address: string;
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/**
 * An edit of the source that makes desired equal observed, proven by evaluation: `exact` where nothing else changes,
 * `shared` where others change with it, `refused` (no files) where nothing proves.
 */
export interface Adoption {
  readonly files: readonly { readonly path: string; readonly diff: string }[];
  readonly effects: readonly Effect[];
  readonly verdict: "exact" | "shared" | "refused";
  /** One sentence: why this edit, or why none. */
  readonly why: string;
}

export type Impact = "in-place" | "restart" | "replace" | "data-loss" | "unknown";

/** A command as its program and arguments, never as shell text. */
export interface Command {
  readonly tool: "terraform" | "aws" | "gcloud" | "az" | "kubectl";
  readonly argv: readonly string[];
}

export interface RevertStep {
  readonly title: string;
  readonly commands: readonly Command[];
  readonly impact: Impact;
  /** How to see that the step worked, one sentence or command. */
  readonly verify: string;
}

export interface RevertPlan {
  readonly steps: readonly RevertStep[];
  /** Addresses of the instances that refer to this one, directly or through others. */
  readonly dependents: readonly string[];
}

/** A finding with everything that was decided about it. */
export interface JudgedFinding extends Finding {
  readonly intent: Intent;
  readonly adoption: Adoption | null;
  readonly revert: RevertPlan | null;
}

/** How much of a stack was really looked at. Counts. */
export interface Coverage {
  readonly instances: number;
  readonly instancesRead: number;
  readonly attributes: number;
  readonly compared: number;
  readonly notCompared: number;
  readonly unreadable: number;
  /** Differences that the configuration lets be; left out where there are none. */
  readonly tolerated?: number;
}

/** Nothing was looked at. */
export const NO_COVERAGE: Coverage = {
  instances: 0,
  instancesRead: 0,
  attributes: 0,
  compared: 0,
  notCompared: 0,
  unreadable: 0,
};

export type StackStatus = "complete" | "incomplete" | "suspect" | "failed";

/** Why a stack is not believed: too much of it changed at once, or its state is that of another stack. */
export type Suspicion = "extent" | "state";

/** What one scan found out about one stack. A stack that could not be scanned is `failed` with an error diagnostic. */
export interface StackResult {
  readonly name: string;
  /** Path of the root module from the root of the repository; `.` for the root itself. */
  readonly path: string;
  readonly environment: string | null;
  /** What it is a part of, and whose it is (logins, and teams as `owner/team`), where the configuration says so. */
  readonly service?: string;
  readonly owners?: readonly string[];
  readonly ref: string | null;
  readonly commit: string | null;
  readonly status: StackStatus;
  /** Left out where it is not suspect. */
  readonly suspicion?: Suspicion;
  readonly evidence: "inventory" | "plan";
  readonly state: { readonly serial: number; readonly lineage: string } | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly coverage: Coverage;
  readonly findings: readonly JudgedFinding[];
}

/** A resource as it runs, in Terraform's attribute names. `unread`: paths the cloud did not tell. */
export interface ObservedResource {
  readonly type: string;
  readonly id: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly attributes: JsonObject;
  readonly unread: readonly Path[];
}

/** What reading one instance gave. `unsupported`: Driftwright has no mapping for the type yet. */
export type Observation =
  | { readonly status: "found"; readonly resource: ObservedResource }
  | { readonly status: "not-found" }
  | { readonly status: "unreadable"; readonly reason: string }
  | { readonly status: "unsupported" };
