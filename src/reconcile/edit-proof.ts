import type { Effect } from "../drift/model.ts";
import { isMove } from "../drift/move.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import type { Diagnostic } from "../hcl/syntax/source.ts";
import type { Json } from "../json/json.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { alignedEdits } from "./aligned-edits.ts";
import type { Candidate } from "./candidate.ts";
import {
  type Goal,
  gathered,
  isIntended,
  isReachedAlone,
  narrowed,
  outcomeOf,
  type WantedChange,
} from "./goal.ts";
import { type Judgement, ProvenEdit } from "./proven-edit.ts";
import type { RefusedEdit } from "./refusal.ts";
import { isArrival } from "./renamed-instances.ts";
import type { Repository } from "./repository.ts";
import { isInstalledModule } from "./shared-modules.ts";
import { type MayChange, whatIf, whatIfFor } from "./what-if.ts";

/** The instance that a goal is about; null where the code does not declare it. */
export function instanceOf({ stacks }: Repository, { stack, address }: Goal): ResourceInstance | null {
  return stacks.find(({ name }) => name === stack)?.evaluation.instances.get(address) ?? null;
}

/**
 * What an edit does, where it makes a change and brings about no error: else null, `gone` where the instance is no more,
 * `broken` where there are errors and others are renamed, or `shared` as `Prove` has it. `refused` gets what Terraform
 * would refuse.
 */
export function prove(
  repository: Repository,
  goal: Goal,
  change: WantedChange,
  candidate: Candidate,
  mayChange: MayChange,
  refused: RefusedEdit[],
): ProvenEdit | "gone" | "broken" | "shared" | null {
  const { cost } = candidate;
  const edits = unlessOverlapping(() => alignedEdits(repository.files, candidate.edits));
  if (edits === null) return null;
  if (edits.some(({ file }) => isInstalledModule(file) || repository.files.get(file) === null)) return null;
  const stack = repository.stacks.find(({ name }) => name === goal.stack);
  const before = instanceOf(repository, goal)?.content;
  if (stack === undefined || before === undefined) return null;
  const isWanted = (now: InstanceContent) => isReachedAlone(before, now, change);
  const aim = { stack: goal.stack, address: goal.address, isReached: isWanted, mayChange };
  const look: Parameters<typeof whatIf<ProvenEdit | "gone" | "broken" | null>>[2] = (outcomeOf) => {
    const target = outcomeOf(stack);
    const now = target.content(goal.address);
    if (now === null) return "gone";
    if (!isWanted(now)) return null;
    const outcomes = target.errors.length > 0 ? [target] : repository.stacks.map(outcomeOf);
    const [error] = outcomes.flatMap(({ errors }) => errors);
    if (error !== undefined) {
      refused.push(...refusedEdit(repository, edits, error));
      return outcomes.some((outcome) => outcome.effects.some(isArrival)) ? "broken" : null;
    }
    const effects = outcomes.flatMap((outcome) => outcome.effects);
    // A step towards a policy is what was asked for, too.
    const reached = { ...change, wanted: { value: now.at(change.path) ?? null } };
    const steps = change.partly === true ? [goal.changes, [reached]] : [goal.changes, [change]];
    const intended = steps.map((changes) => outcomeOfChanges(before, changes));
    return new ProvenEdit(repository, edits, { ...judged(effects, goal, before, now, intended), cost });
  };
  const found = unlessOverlapping(() => whatIfFor(repository, edits, aim, look));
  return found === "unreached" ? null : found;
}

/** The edits with what stands against them. */
export function refusedEdit(
  { files }: Repository,
  edits: readonly Edit[],
  { message, range }: Pick<Diagnostic, "message" | "range">,
): RefusedEdit[] {
  const [first] = edits;
  const file = first === undefined ? undefined : files.get(first.file)?.file;
  if (first === undefined || file === undefined) return [];
  return [{ at: { file, start: first.start, end: first.end }, error: message, where: range }];
}

/** What an instance says with changes made. */
export function outcomeOfChanges(content: InstanceContent, changes: readonly WantedChange[]): Json {
  return outcomeOf(content.plain().json, changes);
}

/**
 * Which effects were asked for: those that lead to one of the intended outcomes. That an instance has another address
 * changes nothing that runs.
 */
export function judged(
  effects: readonly Effect[],
  goal: Goal,
  was: InstanceContent,
  is: InstanceContent,
  intended: readonly Json[],
): Judgement {
  const told = gathered(effects, goal, was, is);
  const aside = told.filter((effect) => !isMove(effect) && !isIntended(effect, goal, intended, was));
  return { effects, told: told.map((effect) => narrowed(effect, goal)), aside };
}

/** What edits do, as `whatIf` lets one look at it; null where they overlap. */
export function whatIfOrNull<T>(...[repository, edits, look]: Parameters<typeof whatIf<T | null>>): T | null {
  return unlessOverlapping(() => whatIf(repository, edits, look));
}

function unlessOverlapping<T>(tryOut: () => T): T | null {
  try {
    return tryOut();
  } catch (error) {
    // Edits that overlap.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
