import type { Finding } from "../src/drift/model.ts";
import { adoptTogether } from "../src/engine/adopted-set.ts";
import { printPath } from "../src/json/path.ts";
import { findAdoptions } from "../src/reconcile/adoption.ts";
import type { Candidate } from "../src/reconcile/candidate.ts";
import { candidatesFor } from "../src/reconcile/candidates.ts";
import { type Goal, isReached as isReachedFrom, stepsOf } from "../src/reconcile/goal.ts";
import type { ProvenEdit } from "../src/reconcile/proven-edit.ts";
import type { Repository } from "../src/reconcile/repository.ts";
import { whatIfFor } from "../src/reconcile/what-if.ts";
import { withWholeBudget } from "../src/reconcile/whole-budget.ts";
import type { Evaluation } from "../src/terraform/evaluation/evaluation.ts";
import type { InstanceContent } from "../src/terraform/evaluation/instance-content.ts";
import { traceValue } from "../src/terraform/tracing/trace.ts";
import type { Leaf } from "./adoption-leaves.ts";

/** What is found for one leaf, and the processor time that each part took at best, in milliseconds. */
export interface LeafMeasure {
  readonly outcome: "exact" | "shared" | "refused";
  /** Why it is refused, without the names in it. */
  readonly reason: string | null;
  readonly trace: number;
  readonly search: number;
  /** One for each candidate: whether it gives the value and changes nothing beside, in all stacks. */
  readonly proofs: readonly number[];
  /** `findAdoptions`, for one exact edit, as a scan asks for it; the diff included. */
  readonly whole: number;
  /** The same the first time. */
  readonly first: number;
  readonly best: ProvenEdit | null;
}

/** Each thing is done so many times; the shortest time counts. */
export function measureLeaf(repository: Repository, leaf: Leaf, rounds: number): LeafMeasure {
  const goal = goalFor(leaf);
  const look = <T>(work: () => T) => withWholeBudget(evaluationOf(repository, leaf), work);
  const wholes = times(rounds, () => look(() => adopted(repository, goal)));
  const { proven, refusal } = look(() => findAdoptions(repository, goal, 1));
  const candidates = timed(rounds, () => look(() => searched(leaf, goal)));
  const [best = null] = proven;
  return {
    outcome: best?.verdict ?? "refused",
    reason: refusal === null ? null : kindOf(refusal),
    trace: timed(rounds, () => look(() => traceValue(leaf.instance, leaf.path))).least,
    search: candidates.least,
    proofs: candidates.result.map(
      (candidate) => timed(rounds, () => look(() => proved(repository, goal, candidate))).least,
    ),
    whole: Math.min(...wholes),
    first: wholes[0] ?? 0,
    best,
  };
}

/** The evaluation of the leaf's stack: what is asked about it has all of its budget, as in the engine. */
function evaluationOf({ stacks }: Repository, { stack }: Leaf): Evaluation {
  const found = stacks.find(({ name }) => name === stack);
  if (found === undefined) throw new Error(`there is no stack ${stack}`);
  return found.evaluation;
}

function goalFor({ stack, instance, path, wanted }: Leaf): Goal {
  return { stack, address: instance.name, changes: [{ path, wanted: { value: wanted } }] };
}

function adopted(repository: Repository, goal: Goal): number {
  const { proven } = findAdoptions(repository, goal, 1);
  return proven[0]?.adoption.files.length ?? 0;
}

function searched({ instance }: Leaf, goal: Goal): Candidate[] {
  return stepsOf(instance, goal).flatMap(({ path, wanted }) => candidatesFor(instance, path, wanted));
}

/** As a search for edits that change nothing beside tries a candidate. */
function proved(repository: Repository, { stack, address, changes }: Goal, { edits }: Candidate): void {
  if (edits.some(({ file }) => repository.files.get(file) === null)) return;
  const before = repository.stacks
    .find(({ name }) => name === stack)
    ?.evaluation.instances.get(address)?.content;
  if (before === undefined) return;
  const isReached = (now: InstanceContent) => changes.every((change) => isReachedFrom(before, now, change));
  try {
    whatIfFor(repository, edits, { stack, address, isReached, mayChange: () => false }, (outcomeOf) => {
      const outcomes = repository.stacks.map(outcomeOf);
      return outcomes.some(({ errors }) => errors.length > 0)
        ? 0
        : outcomes.flatMap(({ effects }) => effects).length;
    });
  } catch (error) {
    // Edits that overlap.
    if (!(error instanceof RangeError)) throw error;
  }
}

/** The whole evaluation that the edit to be made gets, in milliseconds; and whether it shows the same. */
export function measureConfirmation(
  repository: Repository,
  leaf: Leaf,
): { readonly time: number; readonly same: boolean } | null {
  const look = <T>(work: () => T) => withWholeBudget(evaluationOf(repository, leaf), work);
  const { proven } = look(() => findAdoptions(repository, goalFor(leaf), 1));
  const [best] = proven;
  if (best === undefined) return null;
  const start = processorTime();
  const same = best.confirmed() !== null;
  return { time: processorTime() - start, same };
}

/** All findings of some leaves as one set of edits. */
export function measureTogether(
  repository: Repository,
  leaves: readonly Leaf[],
): { readonly time: number; readonly adopted: number; readonly left: number } {
  const findings = leaves.map((leaf) => ({ stack: leaf.stack, finding: findingOf(leaf) }));
  const start = processorTime();
  const adopt = () => adoptTogether(repository, findings);
  const looks = repository.stacks.reduce<typeof adopt>(
    (inner, { evaluation }) =>
      () =>
        withWholeBudget(evaluation, inner),
    adopt,
  );
  const { adopted: made, left } = looks();
  return { time: processorTime() - start, adopted: made.length, left: left.length };
}

function findingOf({ instance, path, before, wanted }: Leaf): Finding {
  const { name, address } = instance;
  return {
    fingerprint: `${name} ${printPath(path)}`,
    revision: "",
    address: name,
    resource: { type: address.type, id: null, account: null, region: null },
    kind: "drift",
    category: "configuration",
    severity: "medium",
    changes: [
      {
        path,
        desired: { known: before },
        recorded: { known: before },
        observed: { known: wanted },
        source: null,
      },
    ],
    widensAccess: false,
    sensitive: false,
    concern: null,
    notes: [],
    declaredAt: null,
    actor: null,
    detectedAt: "2026-01-01T00:00:00Z",
  };
}

/** Of this process so far, in milliseconds: what other programs do at the same time is no part of it. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed<T>(rounds: number, work: () => T): { readonly result: T; readonly least: number } {
  let start = processorTime();
  const result = work();
  let least = processorTime() - start;
  for (let round = 1; round < rounds; round += 1) {
    start = processorTime();
    work();
    least = Math.min(least, processorTime() - start);
  }
  return { result, least };
}

function times(rounds: number, work: () => unknown): number[] {
  return Array.from({ length: rounds }, () => timed(1, work).least);
}

/** Kinds of reasons, by what the sentence says. */
const KINDS: readonly (readonly [kind: string, says: RegExp])[] = [
  ["set outside of the repository", /set outside of the repository/],
  ["known from the state alone", /known from the state alone/],
  ["read from a document", /is read from /],
  ["decided in an installed module", /module that comes from elsewhere/],
  ["made by a dynamic block", /a dynamic block makes/],
  ["no edit that was tried gives it", /not give the wanted value/],
  ["computed", /no edit of a literal gives/],
  ["code that cannot be read", /could not be read in full/],
  ["sensitive", /is sensitive/],
];

function kindOf(refusal: string): string {
  return KINDS.find(([, says]) => says.test(refusal))?.[0] ?? refusal;
}
