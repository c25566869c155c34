import type { Edit } from "../hcl/editing/edit.ts";
import type { EvaluationContext } from "../hcl/evaluation/context.ts";
import { type InstanceKey, printAddress } from "../terraform/address.ts";
import type { ModuleCall, ModuleInstance } from "../terraform/evaluation/module-instance.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import type { Candidate } from "./candidate.ts";
import type { Declared } from "./deletion-references.ts";
import { switchesOf } from "./deletion-switch.ts";
import type { GoneInstances } from "./gone-instances.ts";

/** What may take an instance out of the code: edits of what decides how many there are, then blocks that go. */
export interface DeletionCandidate {
  readonly edits: readonly Edit[];
  readonly blocks: readonly Declared[];
  /** The lower, the sooner a maintainer would choose it. */
  readonly cost: number;
}

/** Where all of a module is gone, the call goes, not what is in it. */
const WITHIN_MODULE = 2;
/** A block with `count` or `for_each` goes when nothing else leaves its instances out, or many of them go with it. */
const WHOLE_REPETITION = 6;
const MOST_CANDIDATES = 20;

/** The module calls that lead to an instance, outermost first, each with the key that leads on. */
export function callsTo(root: ModuleInstance, { address }: ResourceInstance): CallStep[] {
  const steps: CallStep[] = [];
  let module: ModuleInstance | null = root;
  for (const { name, key } of address.module) {
    const call: ModuleCall | null = module?.call(name) ?? null;
    const context = call?.expansion.contextOf(key) ?? null;
    const inner: ModuleInstance | null = call?.instance(key) ?? null;
    if (call === null || context === null || inner === null) break;
    steps.push({ call, key, context, inner });
    module = inner;
  }
  return steps;
}

interface CallStep {
  readonly call: ModuleCall;
  readonly key: InstanceKey;
  readonly context: EvaluationContext;
  readonly inner: ModuleInstance;
}

/** All that may take an instance out of the code, the best first; evaluation has to prove it. */
export function deletionCandidates(
  stack: string,
  root: ModuleInstance,
  instance: ResourceInstance,
  gone: GoneInstances,
): DeletionCandidate[] {
  const calls = callsTo(root, instance);
  const found = [
    ...calls.flatMap((step, depth) => ofCall(stack, step, depth, gone)),
    ...ofResource(stack, calls.at(-1)?.inner ?? root, instance, gone),
  ];
  return found.toSorted((a, b) => a.cost - b.cost).slice(0, MOST_CANDIDATES);
}

function ofCall(stack: string, step: CallStep, depth: number, gone: GoneInstances): DeletionCandidate[] {
  const { call, key, context, inner } = step;
  if (!gone.hasAllIn(stack, inner)) return [];
  const { block, outer, name } = call;
  const expansion = call.expansion.get();
  const isGone = (other: InstanceKey) => {
    const sibling = call.instance(other);
    return sibling !== null && gone.hasAllIn(stack, sibling);
  };
  const declared = { module: outer.module, type: null, name };
  const cost = depth / 10;
  return [
    ...switchesOf({ block, expansion, context, key }, isGone).map((each) => switched(each, cost)),
    ...(gone.isAllOf(block) ? [removed(declared, cost + repetitionCost(key))] : []),
  ];
}

function ofResource(
  stack: string,
  { module }: ModuleInstance,
  { resource, block, context, address }: ResourceInstance,
  gone: GoneInstances,
): DeletionCandidate[] {
  const { key, type, name } = address;
  const expansion = resource.expansion.get();
  const isGone = (other: InstanceKey) => gone.has(stack, printAddress({ ...address, key: other }));
  const declared = { module, type, name };
  return [
    ...switchesOf({ block, expansion, context, key }, isGone).map((each) => switched(each, WITHIN_MODULE)),
    ...(gone.isAllOf(block) ? [removed(declared, WITHIN_MODULE + repetitionCost(key))] : []),
  ];
}

function repetitionCost(key: InstanceKey): number {
  return key === null ? 0 : WHOLE_REPETITION;
}

function switched({ edits, cost }: Candidate, extra: number): DeletionCandidate {
  return { edits, blocks: [], cost: cost + extra };
}

function removed(declared: Declared, cost: number): DeletionCandidate {
  return { edits: [], blocks: [declared], cost };
}
