import type { Effect } from "../drift/model.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { UNCONFIRMED, unreadRefusal } from "../reconcile/adoption.ts";
import { deleteTogether } from "../reconcile/deletion-together.ts";
import { unifiedDiff } from "../reconcile/diff.ts";
import { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { outcomesBetween } from "../reconcile/what-if.ts";
import { groupsOf } from "./adopted-groups.ts";
import type { AbsentInstance, AdoptedSet, StackFinding } from "./api.ts";
import { blockSteps } from "./block-steps.ts";
import { chosenFor } from "./chosen-edit.ts";
import { EditSteps } from "./edit-steps.ts";
import { EditsApart } from "./edits-apart.ts";
import { goalOf } from "./goals.ts";
import { lineEdits } from "./line-edits.ts";
import { placeOf } from "./why-shared.ts";
import { isDeletion, isReachedBetween, isReachedNow, type WantedFinding, type Wish } from "./wish.ts";

const MOST_ROUNDS = 5;

/**
 * Adopts findings one after the other, each on top of what the ones before changed, so that the whole is consistent. An
 * edit that changes other values too is taken only where each of those is what another of the findings wants, or is of an
 * instance that the cloud does not have (`absent`). The order in which the findings are given decides nothing.
 */
export function adoptTogether(
  repository: Repository,
  findings: readonly StackFinding[],
  absent: readonly AbsentInstance[] = [],
): AdoptedSet {
  const refused = new Map<string, string>();
  const wanted: WantedFinding[] = [];
  for (const { stack, finding } of findings) {
    const unread = unreadRefusal(repository, stack);
    const goal = unread === null ? goalOf(stack, finding, repository) : { refusal: unread };
    if ("refusal" in goal) refused.set(finding.fingerprint, goal.refusal);
    else wanted.push({ fingerprint: finding.fingerprint, goal });
  }
  const isAbsent = new Set(absent.map(keyOf));
  const set = new EditedSet(repository, wanted.toSorted(inOrder), ({ stack = "", address }) =>
    isAbsent.has(keyOf({ stack, address })),
  );
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

function keyOf({ stack, address }: AbsentInstance): string {
  return JSON.stringify([stack, address]);
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
  readonly #isOnAbsent: (effect: Effect) => boolean;
  readonly #steps: EditSteps;
  /** What is found for a goal in the files as they were. */
  readonly #first = new Map<Wish, ProvenEdit | string>();
  /** Whether a map that several take may be overridden for one: only where nothing else is left. */
  #ownMaps = false;
  #current: Repository;

  constructor(
    repository: Repository,
    wanted: readonly WantedFinding[],
    isOnAbsent: (effect: Effect) => boolean,
  ) {
    this.#before = repository;
    this.#wanted = wanted;
    this.#isOnAbsent = isOnAbsent;
    this.#steps = new EditSteps(repository);
    this.#current = repository;
  }

  /** What is adopted, in parts that prove alone. */
  groups(): AdoptedSet["groups"] {
    if (this.texts.size === 0) return [];
    const adopted = this.#wanted.filter(({ fingerprint }) => !this.refused.has(fingerprint));
    return groupsOf({
      before: this.#before,
      after: this.#current,
      steps: this.#steps,
      adopted,
      isOnAbsent: this.#isOnAbsent,
    });
  }

  adoptAll(): void {
    const left = this.#leftByRounds(this.#leftByAllAtOnce());
    this.#ownMaps = true;
    this.#first.clear();
    this.#leftByRounds(left);
    if (this.#isConsistent()) return;
    this.texts.clear();
    for (const { fingerprint } of this.#wanted) {
      if (!this.refused.has(fingerprint)) this.refused.set(fingerprint, INCONSISTENT);
    }
  }

  #leftByRounds(wanted: readonly WantedFinding[]): readonly WantedFinding[] {
    let open = wanted;
    for (let round = 0; round < MOST_ROUNDS && open.length > 0; round += 1) {
      const values = open.filter((each) => !isDeletion(each.goal) && !this.#isAdopted(each));
      const deletions = this.#leftByDeletingAtOnce(open.filter(({ goal }) => isDeletion(goal)));
      const left = [...values, ...deletions.filter((each) => !this.#isAdopted(each))];
      if (left.length === open.length) break;
      open = left;
    }
    return open;
  }

  /**
   * Makes the edits that have nothing to do with each other at once: one evaluation shows whether they do what each of
   * them does. Gives the findings that are left.
   */
  #leftByAllAtOnce(): readonly WantedFinding[] {
    const apart = new EditsApart(this.#before);
    const wishes = new Map<ProvenEdit, Wish[]>();
    const taken = this.#wanted.filter(({ goal }) => {
      const edit = isDeletion(goal) ? null : this.#choose(this.#before, goal);
      const kept = edit instanceof ProvenEdit ? apart.taken(edit) : null;
      if (kept !== null) wishes.set(kept, [...(wishes.get(kept) ?? []), goal]);
      return kept !== null;
    });
    if (apart.kept.length < 2) return this.#wanted;
    const edits = apart.kept.flatMap((edit) => edit.edits);
    const effects = apart.kept.flatMap((edit) => edit.allEffects);
    const together = new ProvenEdit(this.#before, edits, { effects, told: effects, aside: [], cost: 0 });
    const confirmed = together.confirmed();
    if (confirmed === null || !taken.every(({ goal }) => isReachedNow(this.#before, confirmed, goal)))
      return this.#wanted;
    const made = apart.kept.map((edit) => {
      const step = { wishes: wishes.get(edit) ?? [], effects: edit.allEffects, alone: edit, names: [] };
      return { edits: this.#byLines(edit.edits), step };
    });
    this.#steps.addTogether(made);
    for (const [path, text] of together.texts) this.texts.set(path, text);
    this.#current = confirmed;
    const isTaken = new Set(taken);
    return this.#wanted.filter((each) => !isTaken.has(each));
  }

  /** Takes out together what goes with whole blocks. Gives the findings that are left. */
  #leftByDeletingAtOnce(wanted: readonly WantedFinding[]): readonly WantedFinding[] {
    const goals = wanted.flatMap(({ goal }) => (isDeletion(goal) ? [goal] : []));
    if (goals.length < 2) return wanted;
    const together = deleteTogether(this.#current, goals);
    const { repository, texts, deletions } = together;
    if (deletions.length === 0) return wanted;
    this.#steps.addTogether(blockSteps(this.#current, together));
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
    if (typeof found === "string") return this.#explained(goal, found);
    const { edit, confirmed } = found;
    const alone = this.#current === this.#before ? edit : null;
    const own = { wishes: [goal], effects: edit.allEffects, alone, names: [] };
    this.#steps.add(this.#byLines(edit.edits), own);
    for (const [path, text] of edit.texts) this.texts.set(path, text);
    this.#current = confirmed;
    return null;
  }

  #byLines(edits: readonly Edit[]): readonly Edit[] {
    return edits.flatMap((edit) => lineEdits(edit, this.#current.files.get(edit.file)?.file.text ?? ""));
  }

  /** The reason with the lines that people see, those of the files as they were; what holds only now is said to. */
  #explained(goal: Wish, why: string): string {
    const first = this.#current === this.#before ? why : this.#choose(this.#before, goal);
    if (typeof first === "string") return first;
    return `${why}; alone it could be adopted${placeOf(this.#before, first)}, which does not go together with what else is adopted`;
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
    return chosenFor(repository, goal, others, this.#isOnAbsent, this.#ownMaps);
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

const INCONSISTENT = "the edits of all findings together do not show what each of them does; edit it by hand";
