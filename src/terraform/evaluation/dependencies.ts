import type { Evaluation } from "./evaluation.ts";
import type { ModuleCall, ModuleInstance } from "./module-instance.ts";
import { type Node, type Step, Steps } from "./reading.ts";
import type { ResourceInstance } from "./resource-instance.ts";

/**
 * Which managed instances each managed instance refers to, directly or through variables, locals, outputs and data
 * sources; by address. A reference to a whole module (as in `depends_on`) means everything in it, and everything in a
 * module refers to what its call depends on.
 */
export function references(evaluation: Evaluation): ReadonlyMap<string, ReadonlySet<string>> {
  const steps = new Steps();
  return new Map(
    [...evaluation.instances.values()].map((instance) => [
      instance.name,
      referredBy(instance, callsAround(evaluation.root, instance), steps),
    ]),
  );
}

function referredBy(
  instance: ResourceInstance,
  calls: readonly ModuleCall[],
  steps: Steps,
): ReadonlySet<string> {
  const addresses = new Set<string>();
  const seen = new Set<Node>([instance]);
  const open: Step[] = [steps.from(instance), ...calls.map((call) => steps.fromCall(call))];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    for (const address of step.addresses) addresses.add(address);
    for (const node of step.through) {
      if (seen.has(node)) continue;
      seen.add(node);
      open.push(steps.from(node));
    }
  }
  addresses.delete(instance.name);
  return addresses;
}

/** The calls that lead from the root module to the one of an instance. */
function callsAround(root: ModuleInstance, { address }: ResourceInstance): ModuleCall[] {
  const calls: ModuleCall[] = [];
  let module: ModuleInstance | null = root;
  for (const { name, key } of address.module) {
    const call: ModuleCall | null = module?.call(name) ?? null;
    if (call === null) break;
    calls.push(call);
    module = call.instance(key);
  }
  return calls;
}
