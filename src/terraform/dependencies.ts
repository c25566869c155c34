import {
  bindingOf,
  type EvaluationContext,
  EvaluationError,
  type Reference,
} from "../hcl/evaluation/context.ts";
import { referencesIn, referencesInBody } from "../hcl/evaluation/references.ts";
import { type Evaluation, modulesFrom } from "./evaluation.ts";
import { ModuleCall, ModuleInstance } from "./module-instance.ts";
import type { NamedNode } from "./nodes.ts";
import { Resource, ResourceInstance } from "./resource.ts";
import { ModuleScope, type Target } from "./scope.ts";

/**
 * Which managed instances each managed instance refers to, directly or through variables, locals, outputs and data
 * sources; by address. A reference to a whole module (as in `depends_on`) means everything in it.
 */
export function references(evaluation: Evaluation): ReadonlyMap<string, ReadonlySet<string>> {
  const steps = new Steps();
  return new Map(
    [...evaluation.instances.values()].map((instance) => [instance.name, referredBy(instance, steps)]),
  );
}

/** Something whose expressions are followed. */
type Node = NamedNode | ResourceInstance;

/** What the expressions of a node lead to: managed instances, where the way ends, and nodes it goes on through. */
interface Step {
  readonly addresses: readonly string[];
  readonly through: readonly Node[];
}

function referredBy(instance: ResourceInstance, steps: Steps): ReadonlySet<string> {
  const addresses = new Set<string>();
  const seen = new Set<Node>([instance]);
  const open: Node[] = [instance];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const step = steps.from(node);
    for (const address of step.addresses) addresses.add(address);
    for (const next of step.through) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  addresses.delete(instance.name);
  return addresses;
}

class Steps {
  readonly #known = new Map<Node, Step>();

  from(node: Node): Step {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const step = this.#read(node);
    this.#known.set(node, step);
    return step;
  }

  #read(node: Node): Step {
    if (node instanceof ResourceInstance) return stepOf(referencesInBody(node.block.body), node.context);
    const located = node.definition()?.located;
    if (located === undefined) return { addresses: [], through: [] };
    return stepOf(referencesIn(located.expression), located.context);
  }
}

function stepOf(found: readonly Reference[], context: EvaluationContext): Step {
  const addresses: string[] = [];
  const through: Node[] = [];
  for (const reference of found) {
    const target = targetOf(reference, context);
    if (target === null || target.kind === "value") continue;
    if (target.kind === "named") through.push(target.node);
    else {
      for (const instance of instancesOf(target.node)) {
        if (instance.address.mode === "managed") addresses.push(instance.name);
        else through.push(instance);
      }
    }
  }
  return { addresses, through };
}

function instancesOf(node: object): readonly ResourceInstance[] {
  if (node instanceof ResourceInstance) return [node];
  if (node instanceof Resource) return node.instances();
  if (node instanceof ModuleCall) return node.instances().flatMap(instancesOf);
  if (!(node instanceof ModuleInstance)) return [];
  const modules = [...modulesFrom(node)];
  return modules.flatMap(({ resources }) => [...resources.values()].flatMap(instancesOf));
}

function targetOf(reference: Reference, context: EvaluationContext): Target | null {
  if (bindingOf(context, reference.root.name) !== null || !(context.scope instanceof ModuleScope))
    return null;
  try {
    return context.scope.target(reference, context);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}
