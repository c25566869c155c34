import type { Effect } from "../drift/model.ts";
import { isMove } from "../drift/move.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { gathered, narrowed } from "../reconcile/goal.ts";
import { keyOfInstance } from "../reconcile/keyed-instance.ts";
import { type Judgement, ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { type Outcome, outcomesBetween, whatIf } from "../reconcile/what-if.ts";
import { withWholeBudget } from "../reconcile/whole-budget.ts";
import { parseAddress } from "../terraform/address.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { AdoptedGroup } from "./api.ts";
import type { EditSteps, Step } from "./edit-steps.ts";
import { isAbout, isDeletion, isReachedWith, isWantedBy, type WantedFinding, type Wish } from "./wish.ts";

/** A set of edits that is right as a whole. */
export interface WholeSet {
  readonly before: Repository;
  readonly after: Repository;
  readonly steps: EditSteps;
  /** What it adopts. */
  readonly adopted: readonly WantedFinding[];
  /** Whether an effect is on an instance that the cloud does not have. */
  readonly isOnAbsent: (effect: Effect) => boolean;
}

/**
 * A set of edits in parts that each prove alone, as small as that is possible: steps that stand on each other are one
 * part, and so are those that one finding needs.
 */
export function groupsOf(set: WholeSet): readonly AdoptedGroup[] {
  const groups = new Grouping(set).proven();
  return groups.map(({ findings, edit: { adoption, verdict } }) => ({
    fingerprints: findings.map(({ fingerprint }) => fingerprint).sort(),
    adoption: verdict === "shared" ? { ...adoption, why: `${adoption.why}, ${ABSENT}` } : adoption,
  }));
}

const ABSENT = "all of instances that the cloud does not have";

interface Part {
  readonly steps: readonly number[];
  readonly findings: readonly WantedFinding[];
}

interface ProvenPart extends Part {
  readonly edit: ProvenEdit;
}

class Grouping {
  readonly #set: WholeSet;
  /** By instance, the steps that change it. */
  readonly #changing = new Map<string, { readonly effect: Effect; readonly owner: number }[]>();
  readonly #made = new Map<Wish, number[]>();
  /** One of the steps that a finding needs; all of them are joined. */
  readonly #needed = new Map<WantedFinding, number>();

  constructor(set: WholeSet) {
    this.#set = set;
    const { steps } = set;
    for (const [owner, { effects, wishes }] of steps.steps.entries()) {
      for (const wish of wishes) this.#made.set(wish, [...(this.#made.get(wish) ?? []), owner]);
      for (const effect of effects) {
        const known = this.#changing.get(keyOfInstance(effect)) ?? [];
        this.#changing.set(keyOfInstance(effect), known);
        known.push({ effect, owner });
      }
    }
    steps.joinByNames();
    for (const finding of set.adopted) {
      const owners = this.#serving(finding.goal);
      steps.joined.joinAll(owners);
      this.#needed.set(finding, owners[0] ?? 0);
      // Nobody knows which: then any may have done it.
      if (owners.length === 0) steps.joined.joinAll(steps.steps.keys());
    }
  }

  proven(): readonly ProvenPart[] {
    const known = new Map<string, ProvenEdit>();
    for (;;) {
      const parts = this.#parts();
      const proven: ProvenPart[] = [];
      for (const part of parts) {
        const key = part.steps.join();
        const result = known.get(key) ?? (parts.length === 1 ? this.#whole(part) : this.#prove(part));
        if (!(result instanceof ProvenEdit)) {
          this.#joinWith(part, result);
          break;
        }
        known.set(key, result);
        proven.push({ ...part, edit: result });
      }
      if (proven.length === parts.length) return proven;
    }
  }

  #parts(): readonly Part[] {
    const { joined } = this.#set.steps;
    const findings = Map.groupBy(this.#set.adopted, (one) => joined.of(this.#needed.get(one) ?? 0));
    return joined.groups().map((steps) => {
      return { steps, findings: findings.get(joined.of(steps[0] ?? 0)) ?? [] };
    });
  }

  #serving(goal: Wish): readonly number[] {
    const about = (this.#changing.get(keyOfInstance(goal)) ?? []).flatMap(({ effect, owner }) =>
      isAbout(effect, goal) ? [owner] : [],
    );
    return [...new Set([...(this.#made.get(goal) ?? []), ...about])];
  }

  /** The edit of a part, where it does alone what is wanted of it and nothing else; else what else it changes. */
  #prove(part: Part): ProvenEdit | readonly Effect[] {
    const { before, steps } = this.#set;
    const edits = steps.editsOf(new Set(part.steps));
    const known = part.steps.map((owner) => steps.steps[owner]?.alone ?? null);
    const judgement = isAll(known) ? this.#known(part, known) : null;
    return judgement === null
      ? this.#tried(part, edits)
      : new ProvenEdit(before, edits, { ...judgement, cost: 0 });
  }

  /** What is known already of steps that have nothing to do with each other. */
  #known(part: Part, alone: readonly NonNullable<Step["alone"]>[]): Judgement | null {
    // Two literals may have an effect together that none of them has.
    if (alone.length > 1 && !part.findings.every(({ goal }) => isDeletion(goal))) return null;
    const aside = this.#unwanted(
      part,
      alone.flatMap((each) => each.aside),
    );
    if (aside.some((effect) => !this.#set.isOnAbsent(effect))) return null;
    const told = alone.flatMap((each) => each.effects);
    return {
      effects: alone.flatMap((each) => each.allEffects),
      told: told.map((effect) => toldTo(part.findings, effect)),
      aside,
    };
  }

  /** All of the set is known to be right, from an evaluation as a whole: for a part of it a trial will do. */
  #tried(part: Part, edits: readonly Edit[]): ProvenEdit | readonly Effect[] {
    const { before, isOnAbsent } = this.#set;
    const seen = withWholeBudgets(before, () =>
      whatIf(before, edits, (outcomeOf) => before.stacks.map((stack) => seenOf(outcomeOf(stack), part))),
    );
    const judgement = this.#judged(part, seen);
    if (judgement === null) return [];
    const wrong = judgement.aside.filter((effect) => !isOnAbsent(effect));
    return wrong.length > 0 ? wrong : new ProvenEdit(before, edits, { ...judgement, cost: 0 });
  }

  /** All of the set: that is known to be right. */
  #whole(part: Part): ProvenEdit {
    const { before, after, steps } = this.#set;
    const edits = steps.editsOf(new Set(part.steps));
    const judgement = this.#judged(part, outcomesBetween(before, after));
    if (judgement === null) throw new Error("the set of all edits does not do what it was made for");
    return new ProvenEdit(before, edits, { ...judgement, cost: 0 });
  }

  /** Null where there are new errors, or something is not reached. */
  #judged(part: Part, outcomes: readonly Outcome[]): Judgement | null {
    const { before } = this.#set;
    if (outcomes.some(({ errors }) => errors.length > 0)) return null;
    const outcomeOf = new Map(before.stacks.map(({ name }, index) => [name, outcomes[index]]));
    const after = ({ stack, address }: Wish) => outcomeOf.get(stack)?.content(address) ?? null;
    if (!part.findings.every(({ goal }) => isReachedWith(before, after(goal), goal))) return null;
    const effects = outcomes.flatMap((outcome) => outcome.effects);
    const told = part.findings.reduce<readonly Effect[]>((sofar, { goal }) => {
      const [was, is] = [contentOf(before, goal), after(goal)];
      return isDeletion(goal) || was === null || is === null ? sofar : gathered(sofar, goal, was, is);
    }, effects);
    const aside = this.#unwanted(part, told);
    return { effects, told: told.map((effect) => toldTo(part.findings, effect)), aside };
  }

  /** Of some effects those that no finding of a part wants; a data source that goes with what is deleted is none. */
  #unwanted({ findings }: Part, effects: readonly Effect[]): readonly Effect[] {
    const { before } = this.#set;
    const goals = Map.groupBy(
      findings.map(({ goal }) => goal),
      keyOfInstance,
    );
    const hasDeletion = findings.some(({ goal }) => isDeletion(goal));
    return effects.filter((effect) => {
      if (isMove(effect)) return false;
      if (hasDeletion && effect.path === "" && effect.after === null && isDataSource(effect)) return false;
      return !(goals.get(keyOfInstance(effect)) ?? []).some((goal) => isWantedBy(before, effect, goal));
    });
  }

  /** With whatever else changes or wants what a part changes; where that is nothing, with all in its files, then with all. */
  #joinWith({ steps: [first = 0] }: Part, wrong: readonly Effect[]): void {
    const { steps, adopted } = this.#set;
    const { joined } = steps;
    const before = joined.groups().length;
    for (const effect of wrong) {
      for (const { effect: other, owner } of this.#changing.get(keyOfInstance(effect)) ?? [])
        if (other.path === effect.path) joined.join(first, owner);
      for (const finding of adopted)
        if (isAbout(effect, finding.goal)) joined.join(first, this.#needed.get(finding) ?? first);
    }
    if (joined.groups().length < before) return;
    const groups = joined.groups().map((group) => ({ group, files: this.#filesOf(group) }));
    const own = groups.find(({ group }) => group.includes(joined.of(first)))?.files ?? [];
    for (const { group, files } of groups)
      if (files.some((file) => own.includes(file))) joined.joinAll([first, ...group]);
    if (joined.groups().length === before) joined.joinAll(steps.steps.keys());
  }

  #filesOf(group: readonly number[]): readonly string[] {
    return this.#set.steps.editsOf(new Set(group)).map(({ file }) => file);
  }
}

function isAll<T>(items: readonly (T | null)[]): items is readonly T[] {
  return items.every((item) => item !== null);
}

/** What an outcome tells while it is looked at, kept: until the trial has ended, nothing that was before may be asked. */
function seenOf({ errors, effects, content }: Outcome, { findings }: Part): Outcome {
  const contents = new Map(findings.map(({ goal: { address } }) => [address, content(address)]));
  return { errors, effects, content: (address) => contents.get(address) ?? null };
}

/** Looks at the stacks of a repository, each with all of its budget. */
function withWholeBudgets<T>({ stacks }: Repository, look: () => T): T {
  return stacks.reduce<() => T>(
    (inner, { evaluation }) =>
      () =>
        withWholeBudget(evaluation, inner),
    look,
  )();
}

function contentOf({ stacks }: Repository, { stack, address }: Wish): InstanceContent | null {
  const found = stacks.find(({ name }) => name === stack)?.evaluation.instances.get(address);
  return found?.content ?? null;
}

function isDataSource({ address }: Effect): boolean {
  return parseAddress(address).mode === "data";
}

/** As it is told with regard to what is wanted. */
function toldTo(findings: Part["findings"], effect: Effect): Effect {
  return findings.reduce((told, { goal }) => (isDeletion(goal) ? told : narrowed(told, goal)), effect);
}
