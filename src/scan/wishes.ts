import type { Grouping, RepositoryConfig } from "../config/model.ts";
import type { JudgedFinding, StackResult } from "../drift/model.ts";
import type { Decision } from "../intent/decision.ts";

/** A stack as the last scan saw it, without its findings. */
export type StackHead = Omit<StackResult, "findings">;

/** A finding with its past: open, or resolved by now. */
export interface Standing {
  readonly stack: string;
  readonly finding: JudgedFinding;
  /** Was there when its stack was compared for the first time, in a repository that had the stack from the start. */
  readonly baseline: boolean;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly resolvedAt: Date | null;
  /** What a person decided last about it, where that holds. */
  readonly decision: Decision | null;
  /** Why what a person decided last about it does not hold any more; null where it does, or nobody decided. */
  readonly lapsed: Lapsed | null;
}

export type Lapsed =
  /** Its last day (UTC, `YYYY-MM-DD`) is over. */
  | { readonly kind: "expired"; readonly until: string }
  /** It was about other values. */
  | { readonly kind: "outdated" };

/** Who closed an issue or pull request: the App itself, whoever merged it, or somebody who did not want it. */
export type ClosedBy = "app" | "merge" | "person";

/** An issue or pull request of ours, as far as deciding about it goes. */
export interface KnownObject {
  /** As `keyOfAdoption`, `keyOfIssue` and `SUMMARY_KEY` make it. */
  readonly key: string;
  /** `creating`: begun, and perhaps there. */
  readonly state: "creating" | "open" | "closed";
  /** Null where it is not closed. */
  readonly closedBy: ClosedBy | null;
  readonly closedAt: Date | null;
  /** It is closed since what it told of was gone. */
  readonly wasGone?: boolean;
  /** What its marker says that it is about; null where it is not open on GitHub. */
  readonly about: About | null;
  /** Fingerprints of what an issue about several tells of, or told of last; left out where that is not written down. */
  readonly told?: readonly string[];
  /** Of what it told of before while it was open. */
  readonly toldBefore?: readonly string[];
}

export interface About {
  /** The stack's name; null where it is about several. */
  readonly stack: string | null;
  readonly fingerprints: readonly string[];
}

/** All that the actions are decided from. */
export interface Situation {
  /** When the last scan began. */
  readonly scannedAt: Date;
  /** Every stack of the last scan. */
  readonly stacks: readonly StackHead[];
  /** What was found in suspect stacks, by their names; none where that is left out. */
  readonly unbelieved?: ReadonlyMap<string, readonly JudgedFinding[]>;
  /** Every open finding, and those resolved ones that an object is about. */
  readonly findings: readonly Standing[];
  readonly objects: readonly KnownObject[];
  /** Nothing was written before: what is there now is the baseline. */
  readonly isFirst: boolean;
  readonly config: Pick<RepositoryConfig, "start" | "public" | "dashboard" | "grouping">;
  readonly isPublic: boolean;
  /** Why the pull request of a finding cannot be made, by fingerprint: as a sentence without its full stop. */
  readonly unwritable: ReadonlyMap<string, string>;
}

/** A finding, and the stack that it is of. */
export interface StackedFinding {
  readonly stack: StackHead;
  readonly finding: JudgedFinding;
}

/** A finding in an issue. */
export interface ToldFinding extends StackedFinding {
  readonly firstSeenAt: Date;
}

/** A finding that an open issue told of and does not any more, and why. */
export interface LeftFinding extends ToldFinding {
  readonly why:
    | { readonly reason: "gone"; readonly at: Date }
    | { readonly reason: "ignored" | "adopted" | "settled" | "elsewhere" };
}

/** Why an issue or pull request is closed. */
export type Closing =
  | { readonly reason: "gone"; readonly from: Date; readonly to: Date }
  /** Of an issue: others tell of its drift now, those with these keys. */
  | { readonly reason: "moved"; readonly to: readonly string[] }
  /** Of an issue about several: for each of them there is another reason. */
  | { readonly reason: "dissolved" }
  /** The other kind of object takes its place: those with these keys. */
  | { readonly reason: "replaced"; readonly by: "pull-request"; readonly to: readonly string[] }
  | {
      readonly reason: "replaced";
      readonly by: "issue";
      readonly to: readonly string[];
      /** It is on purpose still, and no edit adopts it. */
      readonly isWanted: boolean;
    }
  /** A rule ignores the finding now, or a person said so, who knows why. */
  | { readonly reason: "ignored"; readonly by: "rule" | "person" }
  /** Another pull request holds what it adopts. */
  | { readonly reason: "joined" }
  /** Still different, but not drift any more: merged and not yet applied, for one. */
  | { readonly reason: "settled" }
  /** Nothing is known of the drift but this, and the last scan looked and did not find it. */
  | { readonly reason: "unseen" }
  /** The stack is not in the repository any more. */
  | { readonly reason: "stack-gone" }
  /** Everyone can read the repository now. */
  | { readonly reason: "withheld" }
  /** Of what tells of another repository: everyone can read the one that it is in now. */
  | { readonly reason: "exposed" }
  /** Of what tells of another repository: it is not told of here any more. */
  | { readonly reason: "not-here" }
  /** Of the summary: nothing that it tells of is left. */
  | { readonly reason: "nothing-left" }
  /** Of the summary: the dashboard tells of it. */
  | { readonly reason: "on-dashboard" }
  /** Of the dashboard: the configuration wants none. */
  | { readonly reason: "not-wanted" };

/** What should be so on GitHub: a wish, not a request. What is so already is no work. */
export type Wish =
  | {
      readonly kind: "open-adoption";
      readonly key: string;
      readonly findings: readonly [StackedFinding, ...StackedFinding[]];
    }
  | {
      readonly kind: "open-issue";
      readonly key: string;
      /** What the findings have in common, also where there is one alone now. */
      readonly grouping: Grouping;
      readonly findings: readonly [ToldFinding, ...ToldFinding[]];
      readonly left: readonly LeftFinding[];
      readonly again: Again;
    }
  | {
      readonly kind: "summary";
      readonly key: string;
      /** Numbers alone, since everyone can read it. */
      readonly countsOnly: boolean;
      readonly stacks: readonly StackResult[];
    }
  | {
      readonly kind: "close";
      readonly key: string;
      readonly because: Closing;
      /** Fingerprints of the open findings that it tells of. */
      readonly about: readonly string[];
    }
  /**
   * A person closed or merged it, and the drift went away: should it ever return, it is to be told again. `verified`: that
   * is what they wanted, and is said.
   */
  | { readonly kind: "forget"; readonly key: string; readonly verified: boolean };

/** Why an issue that is closed is opened again. */
export type Again =
  | "returned"
  /** A person decided since then that it is to be undone. */
  | "to-revert"
  /** The drift was there all the time, and what told of it in place of this does not any more. */
  | "untold"
  /** A person said that it is done, and the drift is still there. */
  | "still-there"
  /** The time is over for which a person had it ignored. */
  | "expired"
  /** A person had it ignored with other values than it has now. */
  | "outdated"
  /** Of an issue about several: there is drift that it did not tell of. */
  | "joined"
  /** Of the dashboard: it is wanted again. */
  | "wanted";

export const SUMMARY_KEY = "summary";
/** The issue that says how everything stands, in place of the summary; no wish is about it but to close it. */
export const DASHBOARD_KEY = "dashboard";
/** The issue about a configuration that cannot be read; no wish is about it. */
export const CONFIG_KEY = "configuration";
/** The pull request that proposes a configuration; no wish is about it. */
export const ONBOARDING_KEY = "onboarding";

/**
 * The pull request that adopts a finding, and others with the same edit. It keeps the name of the finding that it was
 * opened for, also when that is no part of it any more.
 */
export function keyOfAdoption(fingerprint: string): string {
  return `adoption:${fingerprint}`;
}

export function isAdoptionKey(key: string): boolean {
  return key.startsWith(keyOfAdoption(""));
}

export function keyOfIssue(fingerprint: string): string {
  return `issue:${fingerprint}`;
}

/** The issue about findings that have something in common, whichever those are now. */
export function keyOfIssueGroup(grouping: Exclude<Grouping, "drift">, name: string): string {
  return keyOfIssue(`${grouping}:${name}`);
}

/** What a key of an issue says besides that it is one: the fingerprint, or what the issue of several is called by. */
export function nameInIssueKey(key: string): string {
  return key.slice(keyOfIssue("").length);
}

export function isIssueKey(key: string): boolean {
  return key.startsWith(keyOfIssue(""));
}

/** Whether it is the issue of several findings. */
export function isIssueGroupKey(key: string): boolean {
  return isIssueKey(key) && nameInIssueKey(key).includes(":");
}

/** The fingerprint in a key; null for that of an issue about several, and of something about the whole repository. */
export function fingerprintOf(key: string): string | null {
  const [kind, fingerprint] = key.split(":");
  if (fingerprint === undefined || isIssueGroupKey(key)) return null;
  return kind === "adoption" || kind === "issue" ? fingerprint : null;
}

/** Fingerprints of what an issue or pull request is about; the one that names it comes first. */
export function membersOf({ key, told, about }: KnownObject): readonly string[] {
  const named = fingerprintOf(key);
  return [...(named === null ? [] : [named]), ...(told ?? about?.fingerprints ?? [])];
}
