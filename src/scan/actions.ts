import { DRIFT_KINDS, type JudgedFinding } from "../drift/model.ts";
import { type AdoptionGroup, adoptionGroups } from "./adoption-groups.ts";
import {
  type About,
  type Closing,
  fingerprintOf,
  type KnownObject,
  keyOfAdoption,
  keyOfIssue,
  type Situation,
  type StackedFinding,
  type StackHead,
  type Standing,
  SUMMARY_KEY,
  type Wish,
} from "./wishes.ts";

/**
 * What should be on GitHub after a scan. The rules: only drift of stacks that are believed; ignored drift has no object;
 * what was judged intentional and has a proven edit that can be written is a pull request, findings with the same edit
 * together, of all stacks; all else is an issue. The first scan gives one summary, and what was there then gets nothing of its own
 * unless `start: all`; a stack that could not be scanned then joins the summary later. In a public repository there is
 * the summary alone, with numbers. What a person closed is left alone: of a pull request the whole edit, whichever of its
 * findings are left and whatever joins them.
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
  /** Fingerprints of what open issues and pull requests are about. */
  readonly #about: ReadonlySet<string>;
  /** Open drift that no rule ignores, in order. */
  readonly #drift: readonly Standing[];
  /** Pull requests that wait for a stack that is not believed now: what is in them stays as it is. */
  readonly #waiting: readonly KnownObject[];
  /** The pull requests that should be there. */
  readonly #groups: readonly AdoptionGroup[];
  /** Fingerprints of what is in `#groups` or waits. */
  readonly #grouped: ReadonlySet<string>;

  constructor(situation: Situation) {
    this.#situation = situation;
    this.isWithheld = isWithheld(situation);
    this.#stacks = new Map(situation.stacks.map((stack) => [stack.name, stack]));
    this.#objects = new Map(situation.objects.map((object) => [object.key, object]));
    this.#standings = new Map(situation.findings.map((each) => [each.finding.fingerprint, each]));
    this.#about = new Set(situation.objects.flatMap(({ about }) => about?.fingerprints ?? []));
    this.#drift = situation.findings
      .filter(isDrift)
      .toSorted((a, b) => compare(a.finding.fingerprint, b.finding.fingerprint));
    this.#waiting = this.isWithheld ? [] : situation.objects.filter((object) => this.#isWaiting(object));
    const waiting = this.#waiting.flatMap(membersOf);
    this.#groups = this.isWithheld ? [] : this.#wantedGroups(new Set(waiting));
    const grouped = this.#groups.flatMap(({ standings }) => standings.map(fingerprintIn));
    this.#grouped = new Set([...waiting, ...grouped]);
  }

  /** The one issue about everything: kept up to date while it is open, closed when nothing of it is left. */
  summary(): Wish[] {
    const { stacks, isFirst } = this.#situation;
    const object = this.#objects.get(SUMMARY_KEY);
    if (object?.closedBy === "person") return [];
    const told = this.#told();
    const isOpen = object !== undefined && object.state !== "closed";
    const hasUnbelieved = stacks.some(({ status }) => status === "failed" || status === "suspect");
    if (isOpen && stacks.length === 0) {
      return [{ kind: "close", key: SUMMARY_KEY, because: { reason: "stack-gone" } }];
    }
    if (told.length === 0 && isOpen && stacks.some(isWhole) && !hasUnbelieved) {
      return [{ kind: "close", key: SUMMARY_KEY, because: { reason: "nothing-left" } }];
    }
    const isNews = this.isWithheld ? told.length > 0 : told.some((standing) => !this.#isToldAlone(standing));
    if (!isOpen && !isNews && !(isFirst && hasUnbelieved)) return [];
    const byStack = Map.groupBy(told, ({ stack }) => stack);
    const filled = stacks.map((stack) => ({
      ...stack,
      findings: (byStack.get(stack.name) ?? []).map(({ finding }) => finding),
    }));
    return [{ kind: "summary", key: SUMMARY_KEY, countsOnly: this.isWithheld, stacks: filled }];
  }

  /**
   * What the summary tells of. Not what has an issue or pull request of its own, as after a lost database: it would be
   * said twice. With `start: all` both are wanted.
   */
  #told(): readonly Standing[] {
    const { isFirst, config } = this.#situation;
    if (this.isWithheld) return this.#drift;
    return this.#drift
      .filter(({ baseline }) => baseline || isFirst)
      .filter((standing) => {
        const isToldAlone = this.#isToldAlone(standing) || this.#grouped.has(fingerprintIn(standing));
        return config.start === "all" || !isToldAlone;
      });
  }

  #isToldAlone({ finding: { fingerprint } }: Standing): boolean {
    if (this.#about.has(fingerprint)) return true;
    return [keyOfAdoption(fingerprint), keyOfIssue(fingerprint)].some((key) => {
      const object = this.#objects.get(key);
      return object !== undefined && (object.state !== "closed" || object.closedBy === "person");
    });
  }

  /** One pull request for each edit, about all that it adopts. */
  adoptions(): Extract<Wish, { kind: "open-adoption" }>[] {
    return this.#groups.flatMap(({ key, standings }) => {
      const [first, ...others] = standings.flatMap((each) => this.#stacked(each));
      return first === undefined ? [] : [{ kind: "open-adoption", key, findings: [first, ...others] }];
    });
  }

  /**
   * What was there at first is in a pull request too where its edit is that of something new. What a person refused is
   * not proposed again.
   */
  #wantedGroups(waiting: ReadonlySet<string>): readonly AdoptionGroup[] {
    const singles = new Set(this.#singles());
    const adopted = this.#drift.filter((each) => this.#isBelieved(each) && this.#hasPullRequest(each));
    return adoptionGroups(adopted, this.#situation.objects).filter(({ isThere, standings }) => {
      const fingerprints = standings.map(fingerprintIn);
      if (fingerprints.some((fingerprint) => waiting.has(fingerprint))) return false;
      if (!standings.some((each) => singles.has(each))) return false;
      return isThere || !fingerprints.some((each) => this.#isLeftAlone(keyOfAdoption(each)));
    });
  }

  #isWaiting(object: KnownObject): boolean {
    if (!object.key.startsWith("adoption:") || object.state !== "open") return false;
    const standings = membersOf(object).flatMap((each) => this.#standings.get(each) ?? []);
    const open = standings.filter(({ resolvedAt }) => resolvedAt === null);
    return open.some((each) => !this.#isBelieved(each)) && open.some((each) => this.#isBelieved(each));
  }

  #stacked({ stack: name, finding }: Standing): StackedFinding[] {
    const stack = this.#stacks.get(name);
    return stack === undefined ? [] : [{ stack, finding }];
  }

  /** An issue for everything else. */
  issues(): Extract<Wish, { kind: "open-issue" }>[] {
    return this.#singles().flatMap((standing) => {
      const { finding } = standing;
      const key = keyOfIssue(finding.fingerprint);
      const stack = this.#stacks.get(standing.stack);
      const isInPullRequest = this.#hasPullRequest(standing) || this.#waits(finding.fingerprint);
      if (isInPullRequest || stack === undefined || this.#isLeftAlone(key)) return [];
      // Who did not want the pull request wants no issue either, unless a rule says since then that it must go back.
      const isRefused = this.#isLeftAlone(keyOfAdoption(finding.fingerprint));
      return isRefused && finding.intent.verdict !== "revert"
        ? []
        : [{ kind: "open-issue", key, stack, finding: this.#explained(finding) }];
    });
  }

  /** What is open and should not be, given what should be. */
  closings(wanted: readonly Wish[]): Wish[] {
    const keys = new Set(wanted.map(({ key }) => key));
    return this.#situation.objects.flatMap((object): Wish[] => {
      const fingerprint = fingerprintOf(object.key);
      if (object.state === "closed" || fingerprint === null || keys.has(object.key)) return [];
      if (this.#waiting.includes(object)) return [];
      const because = this.#closing(fingerprint, object, keys);
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

  #closing(fingerprint: string, object: KnownObject, wanted: ReadonlySet<string>): Closing | null {
    const members = membersOf(object).flatMap((each) => this.#standings.get(each) ?? []);
    const standing =
      members.find(({ resolvedAt }) => resolvedAt === null) ?? this.#standings.get(fingerprint);
    if (standing === undefined) return this.#closingUnknown(object.about);
    const { stack, finding, firstSeenAt, resolvedAt } = standing;
    if (resolvedAt !== null) {
      return this.#stacks.has(stack)
        ? { reason: "gone", from: firstSeenAt, to: resolvedAt }
        : { reason: "stack-gone" };
    }
    if (this.isWithheld) return { reason: "withheld" };
    if (!this.#isBelieved(standing)) return null;
    if (finding.intent.verdict === "ignore") return { reason: "ignored" };
    if (!DRIFT_KINDS.has(finding.kind)) return { reason: "settled" };
    if (wanted.has(keyOfIssue(finding.fingerprint))) return { reason: "replaced", by: "issue" };
    if (!this.#grouped.has(finding.fingerprint)) return null;
    // Of a pull request: its edit is another one's now.
    return object.key.startsWith("adoption:")
      ? { reason: "joined" }
      : { reason: "replaced", by: "pull-request" };
  }

  /** Of drift that went away while the database was lost. What was not looked at whole is left alone. */
  #closingUnknown(about: About | null): Closing | null {
    if (about === null) return null;
    const { stacks } = this.#situation;
    if (about.stack === null) return stacks.every(isWhole) ? { reason: "unseen" } : null;
    const stack = this.#stacks.get(about.stack);
    if (stack === undefined) return stacks.every(isWhole) ? { reason: "stack-gone" } : null;
    return isWhole(stack) ? { reason: "unseen" } : null;
  }

  /** The drift that gets issues and pull requests of its own. */
  #singles(): Standing[] {
    const { config, isFirst } = this.#situation;
    return this.#drift.filter((standing) => {
      if (!this.#isBelieved(standing)) return false;
      const isOld = isFirst || (standing.baseline && !this.#isUntold(standing));
      return !isOld || config.start === "all" || this.#hasObject(standing);
    });
  }

  /** Of a stack that could be scanned only after a person had closed the summary. */
  #isUntold({ firstSeenAt }: Standing): boolean {
    const summary = this.#objects.get(SUMMARY_KEY);
    return summary?.closedBy === "person" && summary.closedAt !== null && firstSeenAt > summary.closedAt;
  }

  #hasPullRequest({ finding }: Standing): boolean {
    const { intent, adoption, sensitive, fingerprint } = finding;
    if (intent.verdict !== "adopt" || sensitive || adoption === null) return false;
    const isProven = adoption.verdict !== "refused" && adoption.files.length > 0;
    return isProven && !this.#situation.unwritable.has(fingerprint);
  }

  /** A finding with the reason why it has an issue in place of a pull request, where there is one. */
  #explained(finding: JudgedFinding): JudgedFinding {
    const why = this.#situation.unwritable.get(finding.fingerprint);
    if (why === undefined) return finding;
    const note = `It was judged to be on purpose, and the pull request that adopts it could not be made: ${why}.`;
    return { ...finding, notes: [note, ...finding.notes] };
  }

  #isBelieved({ stack }: Standing): boolean {
    const status = this.#stacks.get(stack)?.status;
    return status === "complete" || status === "incomplete";
  }

  /** Once there is an issue or pull request it is looked after. */
  #hasObject({ finding: { fingerprint } }: Standing): boolean {
    const keys = [keyOfAdoption(fingerprint), keyOfIssue(fingerprint)];
    return this.#about.has(fingerprint) || keys.some((key) => this.#isThere(key));
  }

  #isThere(key: string): boolean {
    const state = this.#objects.get(key)?.state;
    return state === "open" || state === "creating";
  }

  #isLeftAlone(key: string): boolean {
    return this.#objects.get(key)?.closedBy === "person";
  }

  #waits(fingerprint: string): boolean {
    return this.#waiting.some((object) => membersOf(object).includes(fingerprint));
  }
}

/** Fingerprints of what an issue or pull request is about; the one that names it comes first. */
function membersOf({ key, about }: KnownObject): readonly string[] {
  return [fingerprintOf(key) ?? "", ...(about?.fingerprints ?? [])];
}

function fingerprintIn({ finding }: Standing): string {
  return finding.fingerprint;
}

function isDrift({ finding, resolvedAt }: Standing): boolean {
  return resolvedAt === null && DRIFT_KINDS.has(finding.kind) && finding.intent.verdict !== "ignore";
}

function isWhole({ status }: StackHead): boolean {
  return status === "complete";
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
