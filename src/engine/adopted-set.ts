import type { Effect } from "../drift/model.ts";
import { UNCONFIRMED, unreadRefusal } from "../reconcile/adoption.ts";
import { deleteTogether } from "../reconcile/deletion-together.ts";
import { unifiedDiff } from "../reconcile/diff.ts";
import { keyOfInstance } from "../reconcile/keyed-instance.ts";
import { goalIn } from "../reconcile/moved-goal.ts";
import { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { outcomesBetween } from "../reconcile/what-if.ts";
import { groupsOf } from "./adopted-groups.ts";
import type { AbsentInstance, AdoptedSet, StackFinding } from "./api.ts";
import { blockSteps } from "./block-steps.ts";
import { chosenFor } from "./chosen-edit.ts";
import { EditedCode, type MadeAtOnce } from "./edited-code.ts";
import { type ChosenEdit, madeAtOnce } from "./edits-at-once.ts";
import { goalOf } from "./goals.ts";
import { madeByStepsAtOnce } from "./steps-at-once.ts";
import { placeOf } from "./why-shared.ts";
import { isDeletion, isReachedBetween, isReachedNow, type WantedFinding, type Wish } from "./wish.ts";
import { Wishes } from "./wishes.ts";
import { Work } from "./work.ts";

const MOST_ROUNDS = 5;
/** So many maps are overridden one after the other. */
const MOST_ONE_BY_ONE = 20;

/**
 * Adopts findings one after the other, each on top of what the ones before changed, so that the whole is consistent. An
 * edit that changes other values too is taken only where each of those is what another of the findings wants, or is of an
 * instance that the cloud does not have (`absent`). The order in which the findings are given decides nothing.
 */
export function adoptTogether(
  repository: Repository,
  findings: readonly StackFinding[],
  absent: readonly AbsentInstance[] = [],
  work = new Work(),
): AdoptedSet {
  const refused = new Map<string, string>();
  const wanted: WantedFinding[] = [];
  for (const { stack, finding } of findings) {
    const unread = unreadRefusal(repository, stack);
    const goal = unread === null ? goalOf(stack, finding, repository) : { refusal: unread };
    if ("refusal" in goal) refused.set(finding.fingerprint, goal.refusal);
    else wanted.push({ fingerprint: finding.fingerprint, goal });
  }
  const isAbsent = new Set(absent.map(keyOfInstance));
  const isOnAbsent = ({ stack = "", address }: Effect) => isAbsent.has(keyOfInstance({ stack, address }));
  const set = new EditedSet(repository, wanted.toSorted(inOrder), isOnAbsent, work);
  set.adoptAll();
  const why = new Map([...refused, ...set.refused]);
  const files = [...set.texts].map(([path, text]) => ({
    path,
    text,
    diff: unifiedDiff(path, repository.files.get(path)?.file.text ?? null, text),
  }));
  return {
    files: files.toSorted((a, b) => compare(a.path, b.path)),
    adopted: findings
      .map(({ finding }) => finding.fingerprint)
      .filter((fingerprint) => !why.has(fingerprint)),
    left: findings.flatMap(({ finding: { fingerprint } }) => {
      const reason = why.get(fingerprint);
      return reason === undefined ? [] : [{ fingerprint, why: reason }];
    }),
    groups: set.groups(),
  };
}

/** Values first; what they are looked for in is not taken away before. */
function inOrder(a: WantedFinding, b: WantedFinding): number {
  return Number(isDeletion(a.goal)) - Number(isDeletion(b.goal)) || compare(orderOf(a), orderOf(b));
}

function orderOf({ goal, fingerprint }: WantedFinding): string {
  return JSON.stringify([goal.stack, goal.address, fingerprint]);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** One of so many is few. */
const FEW = 8;

/** The edits that are chosen so far, and why others are not. */
class EditedSet {
  readonly refused = new Map<string, string>();
  readonly #before: Repository;
  readonly #wanted: readonly WantedFinding[];
  readonly #wishes: Wishes;
  readonly #isOnAbsent: (effect: Effect) => boolean;
  readonly #code: EditedCode;
  readonly #work: Work;
  /** What is found for a goal in the files as they were. */
  readonly #first = new Map<Wish, ProvenEdit | string>();
  /** For which code there is no edit, by goal: while it is the same, none is looked for again. */
  readonly #refusedIn = new Map<Wish, Repository>();
  /** Whether a map that several take may be overridden for one, and keys be renamed: only where nothing else is left. */
  #ownMaps = false;
  #isInconsistent = false;

  constructor(
    repository: Repository,
    wanted: readonly WantedFinding[],
    isOnAbsent: (effect: Effect) => boolean,
    work: Work,
  ) {
    this.#before = work.counted(repository);
    this.#wanted = wanted;
    this.#wishes = new Wishes(wanted.map(({ goal }) => goal));
    this.#isOnAbsent = isOnAbsent;
    this.#code = new EditedCode(this.#before);
    this.#work = work;
  }

  /** New texts of the edited files. */
  get texts(): ReadonlyMap<string, string> {
    return this.#isInconsistent ? new Map() : this.#code.texts;
  }

  /** What is adopted, in parts that prove alone. */
  groups(): AdoptedSet["groups"] {
    if (this.texts.size === 0) return [];
    const adopted = this.#wanted.filter(({ fingerprint }) => !this.refused.has(fingerprint));
    return groupsOf({
      before: this.#before,
      after: this.#code.current,
      steps: this.#code.steps,
      adopted,
      isOnAbsent: this.#isOnAbsent,
    });
  }

  adoptAll(): void {
    const left = this.#leftByRounds(this.#wanted);
    this.#ownMaps = true;
    this.#first.clear();
    this.#refusedIn.clear();
    this.#leftByRounds(left);
    this.#isInconsistent = !this.#isConsistent();
    if (!this.#isInconsistent) return;
    for (const { fingerprint } of this.#wanted) {
      if (!this.refused.has(fingerprint)) this.refused.set(fingerprint, INCONSISTENT);
    }
  }

  #leftByRounds(wanted: readonly WantedFinding[]): readonly WantedFinding[] {
    let open = wanted;
    for (let round = 0; round < MOST_ROUNDS && open.length > 0; round += 1) {
      const values = this.#leftAtOnce(open.filter(({ goal }) => !isDeletion(goal)));
      const leftValues = values.filter((each) => !this.#isAdopted(each));
      const deletions = this.#leftByDeletingAtOnce(open.filter(({ goal }) => isDeletion(goal)));
      const leftDeletions = this.#leftAtOnce(deletions).filter((each) => !this.#isAdopted(each));
      const left = [...leftValues, ...leftDeletions];
      if (left.length === open.length) break;
      open = left;
    }
    return open;
  }

  /**
   * Makes edits that have nothing to do with each other at once, again and again, since those that stand beside others
   * can be made once these are. Gives the findings that are left.
   */
  #leftAtOnce(wanted: readonly WantedFinding[]): readonly WantedFinding[] {
    // A map of its own for one may leave the others alone with what they share.
    if (this.#ownMaps && wanted.length <= MOST_ONE_BY_ONE) return wanted;
    let open = this.#leftBySteps(wanted);
    while (open.length > 1 && !this.#work.isOver) {
      const { current } = this.#code;
      const chosen = open.flatMap((finding): ChosenEdit[] => {
        const edit = this.#isKnownToBeRefused(finding.goal) ? null : this.#choose(current, finding.goal);
        if (edit instanceof ProvenEdit) return [{ finding, goal: finding.goal, edit }];
        if (edit !== null) this.#refuse(finding, edit);
        return [];
      });
      const together = chosen.length < 2 ? null : madeAtOnce(current, chosen);
      if (together === null) break;
      this.#make(together.made);
      const left = this.#leftOf(open);
      // Where few can be made together, each is looked for once more in vain.
      if (left.length * FEW > open.length * (FEW - 1)) return left;
      open = left;
    }
    return open;
  }

  #leftBySteps(wanted: readonly WantedFinding[]): readonly WantedFinding[] {
    const { made, findings } = madeByStepsAtOnce(this.#code.current, wanted, (repository, goal) =>
      this.#chosenIn(repository, goal),
    );
    for (const each of made) this.#make(each);
    return findings.length === 0 ? wanted : this.#leftOf(wanted);
  }

  #make(made: MadeAtOnce): void {
    this.#code.make(made);
    // With them, all that was evaluated would be kept.
    for (const { wishes } of made.edits) for (const wish of wishes) this.#first.delete(wish);
  }

  /** Those of some findings that the code does not say by now. */
  #leftOf(findings: readonly WantedFinding[]): readonly WantedFinding[] {
    return findings.filter(({ goal, fingerprint }) => {
      const isMade = this.#isReached(goal);
      if (isMade) this.refused.delete(fingerprint);
      return !isMade;
    });
  }

  #isReached(goal: Wish): boolean {
    const { current } = this.#code;
    return current !== this.#before && isReachedBetween(this.#before, current, goal);
  }

  /** Takes out together what goes with whole blocks. Gives the findings that are left. */
  #leftByDeletingAtOnce(wanted: readonly WantedFinding[]): readonly WantedFinding[] {
    const goals = wanted.flatMap(({ goal }) => (isDeletion(goal) ? [goal] : []));
    if (goals.length < 2 || this.#work.isOver) return wanted;
    const together = deleteTogether(this.#code.current, goals);
    const { repository, deletions } = together;
    if (deletions.length === 0) return wanted;
    this.#code.makeSteps(blockSteps(this.#code.current, together), repository);
    const isMade = new Set<Wish>(deletions);
    const [made, left] = [true, false].map((is) => wanted.filter(({ goal }) => isMade.has(goal) === is));
    for (const { fingerprint } of made ?? []) this.refused.delete(fingerprint);
    return left ?? [];
  }

  /** What is refused now may be adopted once others have values of their own. */
  #isAdopted(finding: WantedFinding): boolean {
    const { goal, fingerprint } = finding;
    if (!this.#isReached(goal)) {
      if (this.#isKnownToBeRefused(goal)) return false;
      const why = this.#work.isOver ? TOO_MUCH : this.#adopt(goal);
      if (why !== null) {
        this.#refuse(finding, why);
        return false;
      }
    }
    this.refused.delete(fingerprint);
    return true;
  }

  #refuse({ goal, fingerprint }: WantedFinding, why: string): void {
    this.#refusedIn.set(goal, this.#code.current);
    this.refused.set(fingerprint, why === TOO_MUCH ? why : this.#explained(goal, why));
  }

  #isKnownToBeRefused(goal: Wish): boolean {
    return this.#refusedIn.get(goal) === this.#code.current;
  }

  /** Null where the edit is made, else why there is none. */
  #adopt(goal: Wish): string | null {
    const before = this.#code.current;
    const edit = this.#choose(before, goal);
    if (typeof edit === "string") return edit;
    const after = edit.confirmed();
    if (after === null) {
      this.#first.delete(goal);
      return UNCONFIRMED;
    }
    this.#make({ before, after, edits: [{ edit, wishes: [goal] }] });
    return null;
  }

  /** The reason with the lines that people see, those of the files as they were; what holds only now is said to. */
  #explained(goal: Wish, why: string): string {
    const first =
      this.#code.current === this.#before || this.#work.isOver ? why : this.#choose(this.#before, goal);
    if (typeof first === "string") return first;
    return `${why}; alone it could be adopted${placeOf(this.#before, first)}, which does not go together with what else is adopted`;
  }

  #choose(repository: Repository, goal: Wish): ProvenEdit | string {
    if (repository !== this.#before) return this.#chosenIn(repository, goal);
    const known = this.#first.get(goal) ?? this.#chosenIn(repository, goal);
    this.#first.set(goal, known);
    return known;
  }

  #chosenIn(repository: Repository, goal: Wish): ProvenEdit | string {
    if (this.#work.isOver) return TOO_MUCH;
    const own = goalIn(this.#before, repository, goal);
    const found = chosenFor(repository, own, this.#wishes, this.#isOnAbsent, this.#ownMaps);
    this.#work.spend(found instanceof ProvenEdit ? found.allEffects.length : 0);
    return found;
  }

  /** Whether the set as a whole does what each of its edits did: nobody gets a part of it. */
  #isConsistent(): boolean {
    const { current } = this.#code;
    if (current === this.#before) return true;
    const isRight = this.#wanted.every(
      ({ fingerprint, goal }) => this.refused.has(fingerprint) || isReachedNow(this.#before, current, goal),
    );
    return isRight && outcomesBetween(this.#before, current).every(({ errors }) => errors.length === 0);
  }
}

const INCONSISTENT = "the edits of all findings together do not show what each of them does; edit it by hand";
const TOO_MUCH =
  "there is too much to adopt at once; it is adopted by a later scan, once what is adopted now is merged";
