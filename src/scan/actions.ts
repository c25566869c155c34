import type { JudgedFinding } from "../drift/model.ts";
import { adoptionGroups, editOf } from "./adoption-groups.ts";
import { closingOf, openIn, type Replacing } from "./closings.ts";
import { confirmed, isWhole } from "./confirmation.ts";
import type { NamedGroup } from "./group-claims.ts";
import { issueWishes } from "./issue-wishes.ts";
import { fingerprintIn, SeenSituation } from "./seen-situation.ts";
import {
  isAdoptionKey,
  isIssueGroupKey,
  isIssueKey,
  type KnownObject,
  membersOf,
  type Situation,
  type StackHead,
  type Standing,
  SUMMARY_KEY,
  type Wish,
} from "./wishes.ts";

/**
 * What should be on GitHub after a scan. The rules: only drift of stacks that are believed; ignored drift has no object;
 * what was judged intentional and has a proven edit that can be written is a pull request, findings with the same edit
 * together, of all stacks; all else is an issue. What the first scan finds gets nothing of its own unless `start: all`: the
 * dashboard tells of it, or one summary where none is wanted, which a stack that could not be scanned then joins later. In a public repository there is
 * that one issue alone, with numbers. What people decided since the scan counts. An issue that a person closed opens again
 * once a scan has seen the drift since then, and a pull request when a person says so.
 */
export function planActions(situation: Situation): Wish[] {
  const plan = new Planning(situation);
  const summary = plan.summary();
  const singles = plan.isWithheld ? [] : [...plan.adoptions(), ...plan.issues()];
  return [...summary, ...singles, ...plan.closings(singles), ...plan.forgotten()];
}

/** Whether nothing but numbers is told in a repository, since it is public. */
export function isWithheld({
  isPublic,
  config,
}: {
  readonly isPublic: boolean;
  readonly config: Pick<Situation["config"], "public">;
}): boolean {
  return isPublic && config.public !== "details";
}

class Planning {
  readonly isWithheld: boolean;
  readonly #situation: Situation;
  readonly #seen: SeenSituation;
  /** Pull requests that wait for a stack that is not believed now: what is in them stays as it is. */
  readonly #waiting: readonly KnownObject[];
  /** The pull requests that should be there. */
  readonly #groups: readonly NamedGroup[];
  /** Keys of the pull requests, by fingerprint of what is in `#groups` or waits. */
  readonly #grouped: ReadonlyMap<string, string>;
  /** Why a pull request cannot be made, by fingerprint: as a sentence without its full stop. */
  readonly #unwritable: ReadonlyMap<string, string>;

  constructor(situation: Situation) {
    this.#situation = situation;
    this.isWithheld = isWithheld(situation);
    this.#seen = new SeenSituation(situation);
    this.#waiting = this.isWithheld ? [] : situation.objects.filter((object) => this.#isWaiting(object));
    const waiting = this.#waiting.flatMap(membersOf);
    this.#groups = this.isWithheld ? [] : this.#wantedGroups(new Set(waiting));
    this.#grouped = new Map([
      ...this.#waiting.flatMap((object) => membersOf(object).map((each) => [each, object.key] as const)),
      ...this.#groups.flatMap(({ key, standings }) =>
        standings.map((each) => [fingerprintIn(each), key] as const),
      ),
    ]);
    this.#unwritable = new Map([
      ...situation.unwritable,
      ...this.#besidesRefused().map(({ finding }) => [finding.fingerprint, BESIDE_REFUSED] as const),
    ]);
  }

  /** The one issue about everything: kept up to date while it is open, closed when nothing of it is left. */
  summary(): Wish[] {
    const { stacks, isFirst, config } = this.#situation;
    const object = this.#seen.objects.get(SUMMARY_KEY);
    const isOpen = object !== undefined && object.state !== "closed";
    if (config.dashboard) {
      return isOpen
        ? [{ kind: "close", key: SUMMARY_KEY, because: { reason: "on-dashboard" }, about: [] }]
        : [];
    }
    if (this.#seen.wholeClosedAt() !== null) return [];
    const told = this.#told();
    const hasUnbelieved = stacks.some(({ status }) => status === "failed" || status === "suspect");
    if (isOpen && stacks.length === 0) {
      return [{ kind: "close", key: SUMMARY_KEY, because: { reason: "stack-gone" }, about: [] }];
    }
    if (told.length === 0 && isOpen && stacks.some(isWhole) && !hasUnbelieved) {
      return [{ kind: "close", key: SUMMARY_KEY, because: { reason: "nothing-left" }, about: [] }];
    }
    const isNews = this.isWithheld
      ? told.length > 0
      : told.some((standing) => !this.#seen.isToldAlone(standing));
    if (!isOpen && !isNews && !(isFirst && hasUnbelieved)) return [];
    const byStack = Map.groupBy(told, ({ stack }) => stack);
    const filled = stacks.map((stack) => {
      const known = (byStack.get(stack.name) ?? []).map(({ finding }) => finding);
      return { ...stack, findings: [...known, ...this.#unbelieved(stack)] };
    });
    return [{ kind: "summary", key: SUMMARY_KEY, countsOnly: this.isWithheld, stacks: filled }];
  }

  /** What was found in a suspect stack, and never before. */
  #unbelieved({ name, status }: StackHead): readonly JudgedFinding[] {
    const found = status === "suspect" ? (this.#situation.unbelieved?.get(name) ?? []) : [];
    const isOpen = (fingerprint: string) => this.#seen.standings.get(fingerprint)?.resolvedAt === null;
    return this.isWithheld ? [] : found.filter(({ fingerprint }) => !isOpen(fingerprint));
  }

  /**
   * What the summary tells of. Not what has an issue or pull request of its own, as after a lost database: it would be
   * said twice. With `start: all` both are wanted.
   */
  #told(): readonly Standing[] {
    const { isFirst, config } = this.#situation;
    if (this.isWithheld) return this.#seen.drift;
    return this.#seen.drift
      .filter(({ baseline }) => baseline || isFirst)
      .filter((standing) => {
        const isToldAlone = this.#seen.isToldAlone(standing) || this.#grouped.has(fingerprintIn(standing));
        return config.start === "all" || !isToldAlone;
      });
  }

  /** One pull request for each edit, about all that it adopts. */
  adoptions(): Extract<Wish, { kind: "open-adoption" }>[] {
    return this.#groups.flatMap(({ key, standings }) => {
      const [first, ...others] = standings.flatMap((each) => this.#seen.stacked(each));
      return first === undefined ? [] : [{ kind: "open-adoption", key, findings: [first, ...others] }];
    });
  }

  /**
   * What was there at first is in a pull request too where its edit is that of something new. What a person refused is
   * not proposed again until one says so.
   */
  #wantedGroups(waiting: ReadonlySet<string>): readonly NamedGroup[] {
    const singles = new Set(this.#singles());
    return this.#editGroups().filter(({ isThere, standings }) => {
      const fingerprints = standings.map(fingerprintIn);
      if (fingerprints.some((fingerprint) => waiting.has(fingerprint))) return false;
      if (!standings.some((each) => singles.has(each))) return false;
      if (isThere) return true;
      return !standings.some(
        (each) => this.#seen.isRefused(each) || this.#seen.decided.refusedEdits.has(editOf(each.finding)),
      );
    });
  }

  #editGroups(): readonly NamedGroup[] {
    const adopted = this.#seen.drift.filter(
      (each) => this.#seen.isBelieved(each) && this.#seen.hasEdit(each),
    );
    return adoptionGroups(adopted, this.#situation.objects);
  }

  /** What nobody refused, and yet is adopted by no other edit than one that somebody refused. */
  #besidesRefused(): readonly Standing[] {
    if (this.isWithheld) return [];
    const refused = this.#editGroups().filter(
      ({ isThere, standings }) => !isThere && standings.some((each) => this.#seen.isRefused(each)),
    );
    return refused.flatMap(({ standings }) => standings.filter((each) => !this.#seen.isRefused(each)));
  }

  #isWaiting(object: KnownObject): boolean {
    if (object.state !== "open") return false;
    const standings = membersOf(object).flatMap((each) => this.#seen.standings.get(each) ?? []);
    const open = standings.filter(({ resolvedAt }) => resolvedAt === null);
    // What it tells of besides goes on.
    if (isIssueGroupKey(object.key)) return false;
    if (open.some((each) => this.#seen.decided.pending.has(fingerprintIn(each)))) return true;
    if (!isAdoptionKey(object.key)) return false;
    return (
      open.some((each) => !this.#seen.isBelieved(each)) && open.some((each) => this.#seen.isBelieved(each))
    );
  }

  /** Issues for everything else. */
  issues(): Extract<Wish, { kind: "open-issue" }>[] {
    const { objects, config } = this.#situation;
    return issueWishes(
      this.#singles().filter((standing) => this.#needsIssue(standing)),
      {
        seen: this.#seen,
        grouping: config.grouping,
        objects,
        adopted: new Set(this.#grouped.keys()),
        shown: (finding) => this.#explained(finding),
      },
    );
  }

  #needsIssue(standing: Standing): boolean {
    const { finding, decision } = standing;
    // A branch of ours that somebody took over is theirs, and what it is about, unless somebody says otherwise. An
    // issue that is there is kept up to date all the same.
    const isTheirs = this.#seen.isRefused(standing) && decision === null;
    if (isTheirs && finding.intent.verdict !== "revert" && !this.#seen.isInIssue(standing)) return false;
    const hasPullRequest = isTheirs ? this.#grouped.has(finding.fingerprint) : this.#hasPullRequest(standing);
    const isInPullRequest = hasPullRequest || this.#waits(finding.fingerprint);
    return !isInPullRequest && this.#seen.stacks.has(standing.stack) && this.#seen.isSeenSince(standing);
  }

  /** What is open and should not be, given what should be. */
  closings(wanted: readonly Wish[]): Wish[] {
    const keys = new Set(wanted.map(({ key }) => key));
    const issues = wanted.flatMap((wish) =>
      wish.kind === "open-issue"
        ? wish.findings.map(({ finding }) => [finding.fingerprint, wish.key] as const)
        : [],
    );
    const { objects, stacks } = this.#situation;
    const replacing: Replacing = {
      seen: this.#seen,
      stacks,
      isWithheld: this.isWithheld,
      issues: new Map(issues),
      adopted: this.#grouped,
    };
    return objects.flatMap((object): Wish[] => {
      const { key, state } = object;
      const isAboutFindings = isAdoptionKey(key) || isIssueKey(key);
      if (state === "closed" || !isAboutFindings || keys.has(key)) return [];
      if (this.#waiting.includes(object)) return [];
      const because = closingOf(object, replacing);
      return because === null ? [] : [{ kind: "close", key, because, about: openIn(object, this.#seen) }];
    });
  }

  /** What people closed or merged, and the scan confirms. */
  forgotten(): Wish[] {
    return confirmed(this.#situation, this.#seen.standings);
  }

  /** The drift that gets issues and pull requests of its own. */
  #singles(): Standing[] {
    const { config, isFirst } = this.#situation;
    return this.#seen.drift.filter((standing) => {
      if (!this.#seen.isBelieved(standing) || this.#seen.decided.pending.has(fingerprintIn(standing)))
        return false;
      const isOld = isFirst || (standing.baseline && !this.#isUntold(standing));
      return !isOld || config.start === "all" || this.#seen.hasObject(standing);
    });
  }

  /** Of a stack that could be scanned only after a person had closed what would tell of it. */
  #isUntold({ firstSeenAt }: Standing): boolean {
    const closedAt = this.#seen.wholeClosedAt();
    return closedAt !== null && firstSeenAt > closedAt;
  }

  #hasPullRequest(standing: Standing): boolean {
    return this.#seen.hasEdit(standing) && !this.#unwritable.has(fingerprintIn(standing));
  }

  /** A finding with the reason why it has an issue in place of a pull request, where there is one. */
  #explained(finding: JudgedFinding): JudgedFinding {
    const why = this.#unwritable.get(finding.fingerprint);
    if (why === undefined) return finding;
    const note = `It was judged to be on purpose, and the pull request that adopts it could not be made: ${why}.`;
    return { ...finding, notes: [note, ...finding.notes] };
  }

  #waits(fingerprint: string): boolean {
    return this.#waiting.some((object) => membersOf(object).includes(fingerprint));
  }
}

const BESIDE_REFUSED = "its edit is part of one that somebody closed or made their own";
