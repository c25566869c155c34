import { type Adopted, findAdoptions, UNCONFIRMED, unreadRefusal } from "../reconcile/adoption.ts";
import { findDeletion } from "../reconcile/deletion.ts";
import { deleteTogether } from "../reconcile/deletion-together.ts";
import { unifiedDiff } from "../reconcile/diff.ts";
import { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { outcomesBetween } from "../reconcile/what-if.ts";
import type { AdoptedSet, StackFinding } from "./api.ts";
import { EditsApart } from "./edits-apart.ts";
import { goalOf } from "./goals.ts";
import { whyShared } from "./why-shared.ts";
import { isAlike, isDeletion, isReachedBetween, isReachedNow, isWantedBy, type Wish } from "./wish.ts";

const MOST_ALTERNATIVES = 5;
const MOST_ROUNDS = 5;

interface WantedFinding {
  readonly fingerprint: string;
  readonly goal: Wish;
}

/**
 * Adopts findings one after the other, each on top of what the ones before changed, so that the whole is consistent. An
 * edit that changes other values too is taken only where each of those is what another of the findings wants. The order
 * in which the findings are given decides nothing.
 */
export function adoptTogether(repository: Repository, findings: readonly StackFinding[]): AdoptedSet {
  const refused = new Map<string, string>();
  const wanted: WantedFinding[] = [];
  for (const { stack, finding } of findings) {
    const unread = unreadRefusal(repository, stack);
    const goal = unread === null ? goalOf(stack, finding, repository) : { refusal: unread };
    if ("refusal" in goal) refused.set(finding.fingerprint, goal.refusal);
    else wanted.push({ fingerprint: finding.fingerprint, goal });
  }
  const set = new EditedSet(repository, wanted.toSorted(inOrder));
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

/** The edits that are chosen so far, and the repository with them made. */
class EditedSet {
  readonly texts = new Map<string, string>();
  readonly refused = new Map<string, string>();
  readonly #before: Repository;
  readonly #wanted: readonly WantedFinding[];
  /** What is found for a goal in the files as they were. */
  readonly #first = new Map<Wish, ProvenEdit | string>();
  #current: Repository;

  constructor(repository: Repository, wanted: readonly WantedFinding[]) {
    this.#before = repository;
    this.#wanted = wanted;
    this.#current = repository;
  }

  adoptAll(): void {
    let open = this.#leftByAllAtOnce();
    for (let round = 0; round < MOST_ROUNDS && open.length > 0; round += 1) {
      const values = open.filter((each) => !isDeletion(each.goal) && !this.#isAdopted(each));
      const deletions = this.#leftByDeletingAtOnce(open.filter(({ goal }) => isDeletion(goal)));
      const left = [...values, ...deletions.filter((each) => !this.#isAdopted(each))];
      if (left.length === open.length) break;
      open = left;
    }
    if (this.#isConsistent()) return;
    this.texts.clear();
    for (const { fingerprint } of this.#wanted) {
      if (!this.refused.has(fingerprint)) this.refused.set(fingerprint, INCONSISTENT);
    }
  }

  /**
   * Makes the edits that have nothing to do with each other at once: one evaluation shows whether they do what each of
   * them does. Gives the findings that are left.
   */
  #leftByAllAtOnce(): readonly WantedFinding[] {
    const apart = new EditsApart(this.#before);
    const taken = this.#wanted.filter(({ goal }) => {
      const edit = isDeletion(goal) ? null : this.#choose(this.#before, goal);
      return edit instanceof ProvenEdit && apart.takes(edit);
    });
    if (apart.kept.length < 2) return this.#wanted;
    const edits = apart.kept.flatMap((edit) => edit.edits);
    const effects = apart.kept.flatMap((edit) => edit.allEffects);
    const together = new ProvenEdit(this.#before, edits, { effects, told: effects, aside: [], cost: 0 });
    const confirmed = together.confirmed();
    if (confirmed === null || !taken.every(({ goal }) => isReachedNow(this.#before, confirmed, goal)))
      return this.#wanted;
    for (const [path, text] of together.texts) this.texts.set(path, text);
    this.#current = confirmed;
    return this.#wanted.filter((each) => !taken.includes(each));
  }

  /** Takes out together what goes with whole blocks. Gives the findings that are left. */
  #leftByDeletingAtOnce(wanted: readonly WantedFinding[]): readonly WantedFinding[] {
    const goals = wanted.flatMap(({ goal }) => (isDeletion(goal) ? [goal] : []));
    if (goals.length < 2) return wanted;
    const { repository, texts, deletions } = deleteTogether(this.#current, goals);
    if (deletions.length === 0) return wanted;
    for (const [path, text] of texts) this.texts.set(path, text);
    this.#current = repository;
    const isMade = new Set<Wish>(deletions);
    const [made, left] = [true, false].map((is) => wanted.filter(({ goal }) => isMade.has(goal) === is));
    for (const { fingerprint } of made ?? []) this.refused.delete(fingerprint);
    return left ?? [];
  }

  /** What is refused now may be adopted once others have values of their own. */
  #isAdopted({ goal, fingerprint }: WantedFinding): boolean {
    const why = this.#adopt(goal);
    if (why === null) this.refused.delete(fingerprint);
    else this.refused.set(fingerprint, why);
    return why === null;
  }

  /** Null where the code says now what is wanted, else why not. */
  #adopt(goal: Wish): string | null {
    if (this.#current !== this.#before && isReachedBetween(this.#before, this.#current, goal)) return null;
    const found = this.#search(this.#current, goal);
    if (typeof found === "string") return this.#explained(goal) ?? found;
    for (const [path, text] of found.edit.texts) this.texts.set(path, text);
    this.#current = found.confirmed;
    return null;
  }

  /** The reason with the lines that people see, those of the files as they were; null where it holds only now. */
  #explained(goal: Wish): string | null {
    const found = this.#current === this.#before ? null : this.#choose(this.#before, goal);
    return typeof found === "string" ? found : null;
  }

  #search(repository: Repository, goal: Wish): Chosen | string {
    const edit = this.#choose(repository, goal);
    if (typeof edit === "string") return edit;
    const confirmed = edit.confirmed();
    // With it, all that was evaluated would be kept.
    this.#first.delete(goal);
    return confirmed === null ? UNCONFIRMED : { edit, confirmed };
  }

  #choose(repository: Repository, goal: Wish): ProvenEdit | string {
    if (repository !== this.#before) return this.#chosenIn(repository, goal);
    const known = this.#first.get(goal) ?? this.#chosenIn(repository, goal);
    this.#first.set(goal, known);
    return known;
  }

  #chosenIn(repository: Repository, goal: Wish): ProvenEdit | string {
    const others = this.#wanted.map((each) => each.goal).filter((other) => other !== goal);
    const { proven, refusal } = find(repository, goal, others);
    if (refusal !== null) return refusal;
    return bestOf(repository, proven, others) ?? whyShared(repository, goal, proven, others);
  }

  /** Whether the set as a whole does what each of its edits did: nobody gets a part of it. */
  #isConsistent(): boolean {
    if (this.#current === this.#before) return true;
    const isRight = this.#wanted.every(
      ({ fingerprint, goal }) =>
        this.refused.has(fingerprint) || isReachedNow(this.#before, this.#current, goal),
    );
    return isRight && outcomesBetween(this.#before, this.#current).every(({ errors }) => errors.length === 0);
  }
}

interface Chosen {
  readonly edit: ProvenEdit;
  readonly confirmed: Repository;
}

function find(repository: Repository, goal: Wish, others: readonly Wish[]): Adopted {
  if (isDeletion(goal)) return findDeletion(repository, goal, others.filter(isDeletion));
  const isShared = others.some((other) => !isDeletion(other) && isAlike(goal, other));
  return findAdoptions(repository, goal, isShared ? MOST_ALTERNATIVES : 1);
}

const INCONSISTENT = "the edits of all findings together do not show what each of them does; edit it by hand";

/**
 * The edit that others of the findings want most: a literal that they share is changed once, not overridden for each of
 * them. Else the first that changes nothing beside. Null where each of them changes what nobody wants changed.
 */
function bestOf(
  repository: Repository,
  proven: readonly ProvenEdit[],
  others: readonly Wish[],
): ProvenEdit | null {
  let best: { edit: ProvenEdit; served: number } | null = null;
  for (const edit of proven) {
    const served = edit.aside.map((effect) => others.find((other) => isWantedBy(repository, effect, other)));
    if (served.includes(undefined)) continue;
    const count = new Set(served).size;
    if (best === null || count > best.served) best = { edit, served: count };
  }
  return best?.edit ?? null;
}
