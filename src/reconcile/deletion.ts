import { withCommentAbove } from "../hcl/editing/comment-above.ts";
import { BudgetExceeded } from "../hcl/functions/function.ts";
import type { Module } from "../terraform/code/module.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { type Adopted, refuse } from "./adopted.ts";
import { unreadRefusal } from "./adoption.ts";
import { blindRefusal } from "./blind-stacks.ts";
import { IN_SHARED_MODULE } from "./candidate.ts";
import { type DeletionCandidate, deletionCandidates } from "./deletion-candidates.ts";
import {
  type DeletionEffects,
  deletionEffects,
  hasImports,
  removeBlocksOfGone,
  stillImported,
} from "./deletion-effects.ts";
import {
  type Declared,
  lineIn,
  namedAt,
  type Referrer,
  referrersOf,
  removeDeclared,
  triggersOf,
} from "./deletion-references.ts";
import { explainDeletion } from "./deletion-refusal.ts";
import { Draft } from "./draft.ts";
import { whatIfOrNull } from "./edit-proof.ts";
import { type Deletion, GoneInstances } from "./gone-instances.ts";
import { ProvenEdit } from "./proven-edit.ts";
import { type EvaluatedStack, type Repository, withEdits } from "./repository.ts";
import { isInstalledModule, sharedModules } from "./shared-modules.ts";
import { type Outcome, outcomeBetween } from "./what-if.ts";
import { withWholeBudget } from "./whole-budget.ts";

/**
 * The edits after which the code does not declare an instance any more that was deleted, the best first, each proven by
 * evaluating every stack that sees the edited files; or the reason why there is none. Of `others`, which were deleted
 * too, any may go with it; nothing else does.
 */
export function findDeletion(
  repository: Repository,
  goal: Deletion,
  others: readonly Deletion[] = [],
): Adopted {
  const unread = unreadRefusal(repository, goal.stack);
  if (unread !== null) return refuse(unread);
  const stack = repository.stacks.find(({ name }) => name === goal.stack);
  const instance = stack?.evaluation.instances.get(goal.address);
  if (stack === undefined || instance === undefined) return refuse("the code does not declare this instance");
  try {
    return withWholeBudget(stack.evaluation, () => {
      const gone = new GoneInstances(repository, [goal, ...others]);
      return new Search(repository, stack, instance, gone).result();
    });
  } catch (error) {
    if (error instanceof BudgetExceeded) return refuse(`${error.message}; edit it by hand`);
    throw error;
  }
}

/** An edit that proves, and how many of the deleted instances go with it. */
interface Found {
  readonly edit: ProvenEdit;
  readonly served: number;
}

/** How often blocks are taken along that refer to what goes. */
const MOST_ROUNDS = 20;

class Search {
  readonly #repository: Repository;
  readonly #stack: EvaluatedStack;
  readonly #instance: ResourceInstance;
  readonly #gone: GoneInstances;
  readonly #reasons: string[] = [];

  constructor(
    repository: Repository,
    stack: EvaluatedStack,
    instance: ResourceInstance,
    gone: GoneInstances,
  ) {
    this.#repository = repository;
    this.#stack = stack;
    this.#instance = instance;
    this.#gone = gone;
  }

  result(): Adopted {
    const { root } = this.#stack.evaluation;
    const isShared = sharedModules(this.#repository);
    const found: Found[] = [];
    for (const candidate of deletionCandidates(this.#stack.name, root, this.#instance, this.#gone)) {
      const proven = this.#prove(candidate);
      if (proven === null) continue;
      const isDistant = proven.edit.edits.some(({ file }) => isShared(file));
      found.push(isDistant ? { ...proven, edit: proven.edit.at(IN_SHARED_MODULE) } : proven);
    }
    if (found.length > 0) return { proven: rank(found), refusal: null };
    const [reason] = this.#reasons;
    return refuse(reason ?? explainDeletion(this.#stack, this.#instance, this.#gone));
  }

  #prove(candidate: DeletionCandidate, blocks: Declared[] = [...candidate.blocks]): Found | null {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const draft = this.#draft(candidate, blocks);
      if (draft === null) return null;
      const referrers = [
        ...blocks.flatMap((block) => referrersOf(draft, block)),
        ...(candidate.blocks.length === 0 ? this.#triggers(draft) : []),
      ];
      if (this.#taken(referrers, blocks)) continue;
      return referrers.length === 0 ? this.#tried(candidate, draft, blocks) : null;
    }
    return null;
  }

  /** Blocks that name what goes go too, where all they make is gone. False where there is nothing to take along. */
  #taken(
    referrers: readonly Referrer[],
    blocks: Declared[],
    why = (staying: readonly Referrer[]) => this.#referredBy(staying),
  ): boolean {
    if (referrers.length === 0) return false;
    const staying = referrers.filter(
      ({ declared }) => declared === null || !this.#gone.isAllOfDeclared(declared),
    );
    if (staying.length > 0) {
      this.#reasons.push(why(staying));
      return false;
    }
    const added = referrers.flatMap(({ declared }) => declared ?? []);
    const isKnown = (one: Declared) => blocks.some((other) => isSame(one, other));
    const [next] = added.filter((one) => !isKnown(one));
    if (next === undefined) return false;
    blocks.push(next);
    return true;
  }

  #referredBy(referrers: readonly Referrer[]): string {
    const texts = new Set(referrers.map((each) => this.#placed(each)));
    const named = [...texts].slice(0, MOST_NAMED).join(", ");
    const more = texts.size > MOST_NAMED ? ` and ${texts.size - MOST_NAMED} more` : "";
    return `${named}${more} ${texts.size === 1 ? "refers" : "refer"} to it; change that by hand first`;
  }

  /** With the line where it stands now, before anything is edited. */
  #placed(referrer: Referrer): string {
    const line = lineIn(new Draft(this.#repository.files), referrer);
    return `${referrer.name} (${referrer.at.file.path}:${line})`;
  }

  #draft({ edits }: DeletionCandidate, blocks: readonly Declared[]): Draft | null {
    if (edits.some(({ file }) => isInstalledModule(file))) return null;
    if (blocks.some(({ module }) => isInstalledModule(`${module.path}/`))) return null;
    const draft = new Draft(this.#repository.files);
    draft.apply(
      edits.map((edit) => withCommentAbove(this.#repository.files.get(edit.file)?.file.text ?? "", edit)),
    );
    return removeDeclared(draft, blocks) ? draft : null;
  }

  #triggers(draft: Draft): Referrer[] {
    const { module, key } = this.#around();
    const { type, name } = this.#instance.address;
    return triggersOf(draft, { module, type, name }, key);
  }

  #around(): { module: Module; key: string | number | null } {
    const { file } = this.#instance.block;
    const { modules } = this.#stack.evaluation.internals;
    const found = [...modules.keys()].find(({ files }) => files.includes(file.path));
    return { module: found ?? this.#stack.evaluation.root.module, key: this.#instance.address.key };
  }

  #tried(candidate: DeletionCandidate, draft: Draft, blocks: Declared[]): Found | null {
    const edits = draft.edits();
    const blind = blindRefusal(this.#repository, this.#stack.name, new Set(edits.map(({ file }) => file)));
    if (blind !== null) {
      this.#reasons.push(blind);
      return null;
    }
    const judged = whatIfOrNull(this.#repository, edits, (outcomeOf) => {
      if (outcomeOf(this.#stack).content(this.#instance.name) !== null) return "stays" as const;
      const outcomes = this.#repository.stacks.map(outcomeOf);
      return outcomes.some(({ errors }) => errors.length > 0) ? ("breaks" as const) : this.#judge(outcomes);
    });
    if (judged === null || judged === "stays") return null;
    if (judged === "breaks") return this.#broken(candidate, draft, blocks);
    const { removed, aside, effects } = judged;
    if (!removeBlocksOfGone(draft, this.#repository, removed)) return null;
    const { cost } = candidate;
    const edit = new ProvenEdit(this.#repository, draft.edits(), { effects, told: effects, aside, cost });
    return this.#isImported(edit) ? null : { edit, served: removed.length };
  }

  /** What an edit does, told apart; null where it takes or makes an instance that it must not. */
  #judge(outcomes: readonly Outcome[]): DeletionEffects | null {
    const found = deletionEffects(outcomes);
    const living = found.removed.find(({ stack = "", address }) => !this.#gone.has(stack, address));
    if (living !== undefined) {
      const whose = living.stack === this.#stack.name ? "" : ` of the stack ${living.stack}`;
      this.#reasons.push(
        `the edit would take ${living.address}${whose} out of the code too, which still exists`,
      );
      return null;
    }
    return found.adds ? null : found;
  }

  /** Errors tell by their places what still needs the instance. */
  #broken(candidate: DeletionCandidate, draft: Draft, blocks: Declared[]): Found | null {
    const after = withEdits(this.#repository, draft.edits());
    const modules = this.#repository.stacks.flatMap(({ evaluation }) => [
      ...evaluation.internals.modules.keys(),
    ]);
    const errors = this.#repository.stacks.flatMap(
      (stack) => outcomeBetween(stack, after.after(stack)).errors,
    );
    const failing = errors.flatMap(({ message, range }) => {
      const module = range && modules.find(({ files }) => files.includes(range.file.path));
      const referrer = range && module ? namedAt(draft, module, range) : null;
      return referrer === null ? [] : [{ referrer, message }];
    });
    const messageOf = new Map(failing.map(({ referrer, message }) => [referrer, message]));
    if (failing.length < errors.length) {
      this.#reasons.push(`without it the code has an error: ${errors[0]?.message}`);
      return null;
    }
    const why = ([first]: readonly Referrer[]) =>
      `${first === undefined ? "the code" : this.#placed(first)} fails without it: ${first && messageOf.get(first)}`;
    return this.#taken([...messageOf.keys()], blocks, why) ? this.#prove(candidate, blocks) : null;
  }

  /** Terraform refuses to import what the code does not declare. */
  #isImported(edit: ProvenEdit): boolean {
    const after = hasImports(this.#repository) ? edit.confirmed() : null;
    const imported = after === null ? null : stillImported(after, this.#gone);
    if (imported !== null) this.#reasons.push(`an import block still names ${imported}; edit both by hand`);
    return imported !== null;
  }
}

function isSame(one: Declared, other: Declared): boolean {
  return one.module.path === other.module.path && one.type === other.type && one.name === other.name;
}

const MOST_NAMED = 3;

function rank(found: readonly Found[]): ProvenEdit[] {
  return found
    .toSorted(
      (a, b) =>
        Number(a.edit.verdict === "shared") - Number(b.edit.verdict === "shared") ||
        b.served - a.served ||
        a.edit.cost - b.edit.cost ||
        a.edit.effects.length - b.edit.effects.length,
    )
    .map(({ edit }) => edit);
}
