import type { Effect } from "../drift/model.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { EvaluationError } from "../hcl/evaluation/context.ts";
import { BudgetExceeded } from "../hcl/functions/function.ts";
import type { Diagnostic } from "../hcl/syntax/source.ts";
import { inAddressOrder } from "../terraform/address.ts";
import type { Reported } from "../terraform/cells/graph.ts";
import { WholeNeeded } from "../terraform/cells/trial.ts";
import { newErrors } from "../terraform/evaluation/errors.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import { newAddresses } from "../terraform/evaluation/new-addresses.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { type EditedFile, editedFiles } from "../terraform/source/edited-file.ts";
import { TriedEdits, type Turned, type Watch } from "../terraform/trial/tried-edits.ts";
import { defaultTagEffects, triedTagEffects } from "./default-tags.ts";
import { dataSources, effectsOn, instanceEffects } from "./instance-effects.ts";
import { providerEffects, triedProviderEffects } from "./provider-effects.ts";
import { type EvaluatedStack, type Repository, withEdits } from "./repository.ts";

/**
 * Everything that differs between two evaluations of a stack: instances, what data sources are asked for, how providers
 * are configured. Sensitive values are masked. Outputs of the root module are not told: they are derived from the rest,
 * and to change one changes nothing in a cloud. `moved`: as in `instanceEffects`.
 */
function effectsBetween(
  stack: string,
  before: Evaluation,
  after: Evaluation,
  moved: ReadonlyMap<string, string>,
): readonly Effect[] {
  if (before === after) return [];
  return [
    ...instanceEffects(stack, before.instances, after.instances, moved),
    ...defaultTagEffects(stack, before, after, moved),
    ...instanceEffects(stack, dataSources(before), dataSources(after), moved),
    ...providerEffects(stack, before, after),
  ];
}

/** What edits do to one stack. */
export interface Outcome {
  /** The errors that were not there before. */
  readonly errors: readonly Diagnostic[];
  /** Everything that changes, as `effectsBetween` tells it. */
  readonly effects: readonly Effect[];
  /** What the code says of an instance with the edits made, wherever it moved to; null where there is no such instance. */
  content(address: string): InstanceContent | null;
}

/**
 * Lets the caller look at what edits do to the stacks of a repository. Only what depends on them is evaluated again, and
 * when the caller is done everything is as it was; what such a trial does not follow (`WholeNeeded` says when) is
 * evaluated as a whole.
 * @throws RangeError where edits overlap.
 */
export function whatIf<T>(
  repository: Repository,
  edits: readonly Edit[],
  look: (outcomeOf: (stack: EvaluatedStack) => Outcome) => T,
): T {
  return triedOut(repository, edits, () => null, look);
}

/** What edits are for, so that they need not be tried out to the end once it is clear that they miss it. */
export interface Aim {
  readonly stack: string;
  readonly address: string;
  /** Whether the instance says then what is wanted. */
  isReached(content: InstanceContent): boolean;
  readonly mayChange: MayChange;
}

/** Which effects there may be on other instances: `any`, or those for which this holds. */
export type MayChange = "any" | ((effect: Effect) => boolean);

/**
 * How edits miss an aim: the instance is no more (where it goes with its module, `unreached` may be said of it), does not
 * say what is wanted, or others change that may not.
 */
export type Missed = "gone" | "unreached" | "shared";

/** As `whatIf`; but what is clear before all is evaluated is told at once. */
export function whatIfFor<T>(
  repository: Repository,
  edits: readonly Edit[],
  aim: Aim,
  look: (outcomeOf: (stack: EvaluatedStack) => Outcome) => T,
): T | Missed {
  try {
    return triedOut(repository, edits, (stack) => watchFor(stack, aim), look);
  } catch (error) {
    if (error instanceof GivenUp) return error.missed;
    throw error;
  }
}

/** Ends a trial. */
class GivenUp extends Error {
  readonly missed: Missed;

  constructor(missed: Missed) {
    super(`the edits miss their aim: ${missed}`);
    this.missed = missed;
  }
}

function watchFor(
  { name, evaluation }: EvaluatedStack,
  { stack, address, mayChange, isReached }: Aim,
): Watch {
  const first = name === stack ? (evaluation.instances.get(address) ?? null) : null;
  return {
    first,
    ready() {
      const content = first?.contentCell.get() ?? null;
      if (content === null) throw new GivenUp("gone");
      if (!isReached(content)) throw new GivenUp("unreached");
    },
    turned(instance, { before, after }) {
      if (mayChange === "any" || instance === first) return;
      if (!effectsOn(name, instance.name, before, after).every(mayChange)) throw new GivenUp("shared");
    },
  };
}

function triedOut<T>(
  repository: Repository,
  edits: readonly Edit[],
  watchOf: (stack: EvaluatedStack) => Watch | null,
  look: (outcomeOf: (stack: EvaluatedStack) => Outcome) => T,
): T {
  const files = editedFiles(repository.files, edits);
  const whole = once(() => withEdits(repository, edits));
  const tried: TriedEdits[] = [];
  const outcomes = new Map<string, Outcome>();
  function outcomeOf(stack: EvaluatedStack): Outcome {
    const known = outcomes.get(stack.name);
    if (known !== undefined) return known;
    const attempt = tryOrNull(stack.evaluation, files, watchOf(stack));
    if (attempt !== null) tried.push(attempt);
    const outcome =
      attempt === null ? outcomeBetween(stack, whole().after(stack)) : triedOutcome(stack, attempt);
    outcomes.set(stack.name, outcome);
    return outcome;
  }
  try {
    return look(outcomeOf);
  } finally {
    for (const each of tried.reverse()) each.end();
  }
}

/** Null where the stack has to be evaluated as a whole. */
function tryOrNull(
  evaluation: Evaluation,
  files: readonly EditedFile[],
  watch: Watch | null,
): TriedEdits | null {
  try {
    return new TriedEdits(evaluation, files, watch);
  } catch (error) {
    // What costs too much or has an error that no cell takes is told by the whole evaluation.
    if (error instanceof WholeNeeded || error instanceof EvaluationError || error instanceof BudgetExceeded)
      return null;
    throw error;
  }
}

/** What a whole evaluation shows. */
export function outcomeBetween({ name, evaluation }: EvaluatedStack, after: Evaluation): Outcome {
  const moved = newAddresses(evaluation, after);
  return {
    errors: after === evaluation ? [] : newErrors(reportedBy(evaluation), reportedBy(after)),
    effects: effectsBetween(name, evaluation, after, moved),
    content: (address) => after.instances.get(moved.get(address) ?? address)?.content ?? null,
  };
}

function reportedBy({ internals }: Evaluation): readonly Reported[] {
  return internals.graph.reported();
}

/** The same for each stack of a repository. */
export function outcomesBetween(before: Repository, after: Repository): Outcome[] {
  return before.stacks.map((stack) => {
    const now = after.stacks.find(({ name }) => name === stack.name)?.evaluation;
    return outcomeBetween(stack, now ?? stack.evaluation);
  });
}

function triedOutcome({ name, evaluation }: EvaluatedStack, tried: TriedEdits): Outcome {
  const turned = tried.instances();
  const byAddress = new Map([...turned].map(([instance, { after }]) => [instance.name, after]));
  const effects = once(() => triedEffects(name, evaluation, tried, turned));
  return {
    errors: tried.errors(),
    get effects() {
      return effects();
    },
    content(address) {
      const after = byAddress.get(address);
      return after !== undefined ? after : (evaluation.instances.get(address)?.content ?? null);
    },
  };
}

/** What edits change, while they are tried out: in time that goes with what changes. */
function triedEffects(
  stack: string,
  evaluation: Evaluation,
  tried: TriedEdits,
  turned: ReadonlyMap<ResourceInstance, Turned<InstanceContent>>,
): readonly Effect[] {
  const all = inAddressOrder(turned, ([{ address }]) => address);
  const effectsIn = (mode: "managed" | "data") => {
    const own = all.filter(([{ address }]) => address.mode === mode);
    const known = own.filter(([, { before }]) => before !== null);
    const added = own.filter(([, { before }]) => before === null);
    return [...known, ...added].flatMap(([{ name }, { before, after }]) =>
      effectsOn(stack, name, before, after),
    );
  };
  return [
    ...effectsIn("managed"),
    ...triedTagEffects(stack, evaluation, tried),
    ...effectsIn("data"),
    ...triedProviderEffects(stack, tried),
  ];
}

function once<T>(compute: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: compute() };
    return made.value;
  };
}
