import type { RepositoryConfig } from "../config/model.ts";
import { DRIFT_KINDS, type JudgedFinding, type StackResult } from "../drift/model.ts";

/** A stack as the last scan saw it, without its findings. */
export type StackHead = Omit<StackResult, "findings">;

/** A finding with its past: open, or resolved by now. */
export interface Standing {
  readonly stack: string;
  readonly finding: JudgedFinding;
  /** Was there when the repository was first scanned. */
  readonly baseline: boolean;
  readonly firstSeenAt: Date;
  readonly resolvedAt: Date | null;
}

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
}

/** All that the actions are decided from. */
export interface Situation {
  /** Every stack of the last scan. */
  readonly stacks: readonly StackHead[];
  /** Every open finding, and those resolved ones that an object is about. */
  readonly findings: readonly Standing[];
  readonly objects: readonly KnownObject[];
  /** Nothing was written before: what is there now is the baseline. */
  readonly isFirst: boolean;
  readonly config: Pick<RepositoryConfig, "start" | "public">;
  readonly isPublic: boolean;
}

export type Findings = readonly [JudgedFinding, ...JudgedFinding[]];

/** Why an issue or pull request is closed. */
export type Closing =
  | { readonly reason: "gone"; readonly from: Date; readonly to: Date }
  /** The other kind of object takes its place. */
  | { readonly reason: "replaced"; readonly by: "pull-request" | "issue" }
  /** A rule ignores the finding now, or another pull request holds the same edit. */
  | { readonly reason: "ignored" | "joined" }
  /** Still different, but not drift any more: merged and not yet applied, for one. */
  | { readonly reason: "settled" }
  /** Of the summary: nothing that it tells of is left. */
  | { readonly reason: "nothing-left" };

/** What should be so on GitHub: a wish, not a request. What is so already is no work. */
export type Wish =
  | {
      readonly kind: "open-adoption";
      readonly key: string;
      readonly stack: StackHead;
      readonly findings: Findings;
    }
  | {
      readonly kind: "open-issue";
      readonly key: string;
      readonly stack: StackHead;
      readonly finding: JudgedFinding;
    }
  | {
      readonly kind: "summary";
      readonly key: string;
      /** Numbers alone, since everyone can read it. */
      readonly countsOnly: boolean;
      readonly stacks: readonly StackResult[];
    }
  | { readonly kind: "close"; readonly key: string; readonly because: Closing }
  /** A person closed the issue and the drift went away: should it ever return, it is to be said again. */
  | { readonly kind: "forget"; readonly key: string };

export const SUMMARY_KEY = "summary";

/** The pull request that adopts a finding, and others with the same edit. */
export function keyOfAdoption(fingerprint: string): string {
  return `adoption:${fingerprint}`;
}

export function keyOfIssue(fingerprint: string): string {
  return `issue:${fingerprint}`;
}

/** The fingerprint in a key; null for the summary's. */
export function fingerprintOf(key: string): string | null {
  const [kind, fingerprint] = key.split(":");
  return fingerprint !== undefined && (kind === "adoption" || kind === "issue") ? fingerprint : null;
}

/**
 * What should be on GitHub after a scan. The rules: only drift of stacks that are believed; ignored drift has no object;
 * what was judged intentional and has a proven edit is a pull request, findings with the same edit together; all else is
 * an issue. The first scan gives one summary, and what was there then gets nothing of its own unless `start: all`. In a
 * public repository there is the summary alone, with numbers. What a person closed is left alone.
 */
export function planActions(situation: Situation): Wish[] {
  const plan = new Planning(situation);
  const summary = plan.summary();
  const singles = plan.isWithheld ? [] : [...plan.adoptions(), ...plan.issues()];
  return [...summary, ...singles, ...plan.closings(singles), ...plan.forgotten()];
}

/** Whether a public repository is told numbers alone. */
export function isWithheld({ isPublic, config }: Pick<Situation, "isPublic" | "config">): boolean {
  return isPublic && config.public === "counts";
}

class Planning {
  readonly isWithheld: boolean;
  readonly #situation: Situation;
  readonly #stacks: ReadonlyMap<string, StackHead>;
  readonly #objects: ReadonlyMap<string, KnownObject>;
  readonly #standings: ReadonlyMap<string, Standing>;
  /** Open drift that no rule ignores, in order. */
  readonly #drift: readonly Standing[];

  constructor(situation: Situation) {
    this.#situation = situation;
    this.isWithheld = isWithheld(situation);
    this.#stacks = new Map(situation.stacks.map((stack) => [stack.name, stack]));
    this.#objects = new Map(situation.objects.map((object) => [object.key, object]));
    this.#standings = new Map(situation.findings.map((each) => [each.finding.fingerprint, each]));
    this.#drift = situation.findings
      .filter(isDrift)
      .toSorted((a, b) => compare(a.finding.fingerprint, b.finding.fingerprint));
  }

  /** The one issue about everything: kept up to date while it is open, closed when nothing of it is left. */
  summary(): Wish[] {
    const { stacks, isFirst } = this.#situation;
    const object = this.#objects.get(SUMMARY_KEY);
    if (object?.closedBy === "person") return [];
    const told = this.isWithheld ? this.#drift : this.#drift.filter(({ baseline }) => baseline || isFirst);
    const isOpen = object !== undefined && object.state !== "closed";
    const hasFailed = stacks.some(({ status }) => status === "failed");
    if (told.length === 0 && isOpen && stacks.some(isWhole) && !hasFailed) {
      return [{ kind: "close", key: SUMMARY_KEY, because: { reason: "nothing-left" } }];
    }
    const isWanted = told.length > 0 && (isFirst || this.isWithheld);
    if (!isOpen && !isWanted && !(isFirst && hasFailed)) return [];
    const byStack = Map.groupBy(told, ({ stack }) => stack);
    const filled = stacks.map((stack) => ({
      ...stack,
      findings: (byStack.get(stack.name) ?? []).map(({ finding }) => finding),
    }));
    return [{ kind: "summary", key: SUMMARY_KEY, countsOnly: this.isWithheld, stacks: filled }];
  }

  /** One pull request for each edit. */
  adoptions(): Extract<Wish, { kind: "open-adoption" }>[] {
    const groups = Map.groupBy(this.#singles().filter(hasPullRequest), ({ stack, finding }) =>
      JSON.stringify([stack, finding.adoption?.files.map(({ path, diff }) => [path, diff])]),
    );
    return [...groups.values()].flatMap((group) => {
      const [first, ...others] = this.#leadFirst(group);
      const stack = first === undefined ? undefined : this.#stacks.get(first.stack);
      if (first === undefined || stack === undefined) return [];
      const key = keyOfAdoption(first.finding.fingerprint);
      const findings: Findings = [first.finding, ...others.map(({ finding }) => finding)];
      return this.#isLeftAlone(key) ? [] : [{ kind: "open-adoption", key, stack, findings }];
    });
  }

  /** An issue for everything else. */
  issues(): Extract<Wish, { kind: "open-issue" }>[] {
    return this.#singles().flatMap((standing) => {
      const { finding } = standing;
      const key = keyOfIssue(finding.fingerprint);
      const stack = this.#stacks.get(standing.stack);
      if (hasPullRequest(standing) || stack === undefined || this.#isLeftAlone(key)) return [];
      // Who did not want the pull request wants no issue either, unless a rule says since then that it must go back.
      const isRefused = this.#isLeftAlone(keyOfAdoption(finding.fingerprint));
      return isRefused && finding.intent.verdict !== "revert"
        ? []
        : [{ kind: "open-issue", key, stack, finding }];
    });
  }

  /** What is open and should not be, given what should be. */
  closings(wanted: readonly Wish[]): Wish[] {
    const keys = new Set(wanted.map(({ key }) => key));
    return this.#situation.objects.flatMap((object): Wish[] => {
      const fingerprint = fingerprintOf(object.key);
      if (object.state === "closed" || fingerprint === null || keys.has(object.key)) return [];
      const because = this.#closing(fingerprint, object.key, keys);
      return because === null ? [] : [{ kind: "close", key: object.key, because }];
    });
  }

  /** A refused pull request stays refused; a closed issue may just as well mean that somebody put things right. */
  forgotten(): Wish[] {
    return this.#situation.objects
      .filter(({ key, closedBy }) => closedBy === "person" && key.startsWith("issue:"))
      .filter(({ key }) => this.#standings.get(fingerprintOf(key) ?? "")?.resolvedAt instanceof Date)
      .map(({ key }) => ({ kind: "forget", key }));
  }

  #closing(fingerprint: string, key: string, wanted: ReadonlySet<string>): Closing | null {
    const standing = this.#standings.get(fingerprint);
    // What is not known is left alone.
    if (standing === undefined) return null;
    const { finding, firstSeenAt, resolvedAt } = standing;
    if (resolvedAt !== null) return { reason: "gone", from: firstSeenAt, to: resolvedAt };
    if (!this.#isBelieved(standing)) return null;
    if (finding.intent.verdict === "ignore") return { reason: "ignored" };
    if (!DRIFT_KINDS.has(finding.kind)) return { reason: "settled" };
    if (wanted.has(keyOfIssue(fingerprint))) return { reason: "replaced", by: "issue" };
    if (wanted.has(keyOfAdoption(fingerprint))) return { reason: "replaced", by: "pull-request" };
    // Its edit is the same as another's now.
    return key.startsWith("adoption:") && hasPullRequest(standing) && !this.isWithheld
      ? { reason: "joined" }
      : null;
  }

  /** The drift that gets issues and pull requests of its own. */
  #singles(): Standing[] {
    const { config, isFirst } = this.#situation;
    return this.#drift.filter((standing) => {
      if (!this.#isBelieved(standing)) return false;
      const isOld = isFirst || standing.baseline;
      return !isOld || config.start === "all" || this.#hasObject(standing);
    });
  }

  #isBelieved({ stack }: Standing): boolean {
    const status = this.#stacks.get(stack)?.status;
    return status === "complete" || status === "incomplete";
  }

  /** Once there is an issue or pull request it is looked after. */
  #hasObject({ finding: { fingerprint } }: Standing): boolean {
    return [keyOfAdoption(fingerprint), keyOfIssue(fingerprint)].some((key) => {
      const state = this.#objects.get(key)?.state;
      return state === "open" || state === "creating";
    });
  }

  #isLeftAlone(key: string): boolean {
    return this.#objects.get(key)?.closedBy === "person";
  }

  /** A pull request keeps the name of the finding that it was opened for. */
  #leadFirst(group: readonly Standing[]): Standing[] {
    const isNamed = ({ finding }: Standing) => {
      const object = this.#objects.get(keyOfAdoption(finding.fingerprint));
      return object !== undefined && object.state !== "closed";
    };
    const lead = group.find(isNamed) ?? group[0];
    return lead === undefined ? [] : [lead, ...group.filter((each) => each !== lead)];
  }
}

function isDrift({ finding, resolvedAt }: Standing): boolean {
  return resolvedAt === null && DRIFT_KINDS.has(finding.kind) && finding.intent.verdict !== "ignore";
}

function hasPullRequest({ finding }: Standing): boolean {
  const { intent, adoption, sensitive } = finding;
  if (intent.verdict !== "adopt" || sensitive || adoption === null) return false;
  return adoption.verdict !== "refused" && adoption.files.length > 0;
}

function isWhole({ status }: StackHead): boolean {
  return status === "complete";
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
