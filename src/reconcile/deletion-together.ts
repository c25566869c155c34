import { BudgetExceeded } from "../hcl/functions/function.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { blindRefusal } from "./blind-stacks.ts";
import { IN_SHARED_MODULE } from "./candidate.ts";
import { deletionCandidates } from "./deletion-candidates.ts";
import { deletionEffects, hasImports, removeBlocksOfGone, stillImported } from "./deletion-effects.ts";
import { type Declared, removeDeclared, stillNamed } from "./deletion-references.ts";
import { Draft } from "./draft.ts";
import { type Deletion, GoneInstances } from "./gone-instances.ts";
import { type EvaluatedStack, type Repository, withEdits } from "./repository.ts";
import { isInstalledModule, sharedModules } from "./shared-modules.ts";
import { outcomesBetween } from "./what-if.ts";

/** Deletions that were made at once. */
export interface DeletedTogether {
  readonly repository: Repository;
  /** New texts of the edited files. */
  readonly texts: ReadonlyMap<string, string>;
  readonly deletions: readonly Deletion[];
}

/** A deletion for which a block goes as a whole. */
interface WholeBlock {
  readonly deletion: Deletion;
  readonly declared: Declared;
}

/** How often a set is evaluated in parts before the rest of it is left to be looked at one by one. */
const MOST_EVALUATIONS = 24;

/**
 * Takes out of the code, with one evaluation for all of them, what goes with a whole block; where that shows anything
 * but that just these are gone, each half of them alone, and so on. What is left needs a look of its own.
 */
export function deleteTogether(repository: Repository, deletions: readonly Deletion[]): DeletedTogether {
  const none = { repository, texts: new Map<string, string>(), deletions: [] };
  try {
    const gone = new GoneInstances(repository, deletions);
    const whole = wholeBlocks(repository, deletions, gone);
    return new Together(gone).made(none, whole);
  } catch (error) {
    if (error instanceof BudgetExceeded || error instanceof RangeError) return none;
    throw error;
  }
}

function wholeBlocks(
  repository: Repository,
  deletions: readonly Deletion[],
  gone: GoneInstances,
): WholeBlock[] {
  const isShared = sharedModules(repository);
  return deletions.flatMap((deletion): WholeBlock[] => {
    const stack = repository.stacks.find(({ name }) => name === deletion.stack);
    const instance = stack?.evaluation.instances.get(deletion.address);
    if (stack === undefined || instance === undefined) return [];
    const declared = wholeBlockOf(stack, instance, gone, isShared);
    return declared === null ? [] : [{ deletion, declared }];
  });
}

/** The block to remove, where nothing else would take the instance out of the code. */
function wholeBlockOf(
  stack: EvaluatedStack,
  instance: ResourceInstance,
  gone: GoneInstances,
  isShared: (file: string) => boolean,
): Declared | null {
  const found = deletionCandidates(stack.name, stack.evaluation.root, instance, gone);
  if (found.some(({ edits, blocks }) => edits.length > 0 || blocks.length !== 1)) return null;
  const ranked = found.flatMap(({ blocks, cost }) =>
    blocks.map((declared) => {
      const { files, path } = declared.module;
      const distance = files.some(isShared) ? IN_SHARED_MODULE : 0;
      return { declared, cost: cost + distance, isInstalled: isInstalledModule(`${path}/`) };
    }),
  );
  const [best] = ranked.filter(({ isInstalled }) => !isInstalled).toSorted((a, b) => a.cost - b.cost);
  return best?.declared ?? null;
}

class Together {
  readonly #gone: GoneInstances;
  #evaluations = 0;

  constructor(gone: GoneInstances) {
    this.#gone = gone;
  }

  made(before: DeletedTogether, whole: readonly WholeBlock[]): DeletedTogether {
    if (whole.length < 2 || this.#evaluations >= MOST_EVALUATIONS) return before;
    const { draft, free } = unnamed(before.repository, whole);
    if (free.length < 2) return before;
    const after = draft === null ? null : this.#proven(before, draft, free);
    if (after !== null) return after;
    const half = Math.ceil(free.length / 2);
    return this.made(this.made(before, free.slice(0, half)), free.slice(half));
  }

  /** Null where an evaluation does not show that just these are gone. */
  #proven(before: DeletedTogether, draft: Draft, whole: readonly WholeBlock[]): DeletedTogether | null {
    const { repository } = before;
    const files = new Set(draft.edits().map(({ file }) => file));
    if (whole.some(({ deletion }) => blindRefusal(repository, deletion.stack, files) !== null)) return null;
    const first = this.#evaluated(repository, draft);
    if (first === null) return null;
    const { removed } = first;
    const known = JSON.stringify(draft.edits());
    if (!removeBlocksOfGone(draft, repository, removed)) return null;
    const last = JSON.stringify(draft.edits()) === known ? first : this.#evaluated(repository, draft);
    if (last === null || last.removed.length !== removed.length) return null;
    const { after, texts } = last;
    const isGone = ({ stack, address }: Deletion) =>
      !after.stacks.some(({ name, evaluation }) => name === stack && evaluation.instances.has(address));
    if (!whole.every(({ deletion }) => isGone(deletion))) return null;
    if (hasImports(repository) && stillImported(after, this.#gone) !== null) return null;
    return {
      repository: after,
      texts: new Map([...before.texts, ...texts]),
      deletions: [...before.deletions, ...whole.map(({ deletion }) => deletion)],
    };
  }

  /** What is left with the edits made; null where there are errors, or anything happens to what is still there. */
  #evaluated(repository: Repository, draft: Draft) {
    this.#evaluations += 1;
    const edited = withEdits(repository, draft.edits());
    const after = edited.whole();
    const outcomes = outcomesBetween(repository, after);
    if (outcomes.some(({ errors }) => errors.length > 0)) return null;
    const { removed, adds, aside } = deletionEffects(outcomes);
    const isRight = removed.every(({ stack = "", address }) => this.#gone.has(stack, address));
    return isRight && !adds && aside.length === 0 ? { after, texts: edited.texts, removed } : null;
  }
}

/** The files without those blocks that nothing names which stays; the draft is null where one cannot be removed. */
function unnamed(
  { files }: Repository,
  whole: readonly WholeBlock[],
): { readonly draft: Draft | null; readonly free: readonly WholeBlock[] } {
  for (let free = whole; ; ) {
    const draft = new Draft(files);
    const declared = distinct(free.map((each) => each.declared));
    if (!removeDeclared(draft, declared)) return { draft: null, free };
    const named = new Set(
      [...Map.groupBy(declared, ({ module }) => module.path).values()].flatMap((own) =>
        own[0] === undefined ? [] : stillNamed(draft, own[0].module, own).map(keyOf),
      ),
    );
    if (named.size === 0) return { draft, free };
    free = free.filter((each) => !named.has(keyOf(each.declared)));
  }
}

function distinct(declared: readonly Declared[]): readonly Declared[] {
  return [...new Map(declared.map((each) => [keyOf(each), each])).values()];
}

function keyOf({ module, type, name }: Declared): string {
  return JSON.stringify([module.path, type, name]);
}
