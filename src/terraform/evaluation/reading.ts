import {
  bindingOf,
  type EvaluationContext,
  EvaluationError,
  type Reference,
} from "../../hcl/evaluation/context.ts";
import { referencesIn, referencesInBody } from "../../hcl/evaluation/references.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { attributeOf } from "../code/module.ts";
import { ModuleCall, ModuleInstance } from "./module-instance.ts";
import type { NamedNode } from "./nodes.ts";
import { Resource } from "./resource.ts";
import { ResourceInstance } from "./resource-instance.ts";
import { ModuleScope, type Target } from "./scope.ts";

/** Something whose expressions are followed. */
export type Node = NamedNode | ResourceInstance;

/** What expressions lead to: managed instances, where the way ends, and nodes it goes on through. */
export interface Step {
  readonly addresses: readonly string[];
  readonly through: readonly Node[];
}

/** Whether the value of an expression hangs on any resource or data source, directly or through others. */
export function readsInstances(expression: Expression, context: EvaluationContext): boolean {
  const steps = new Steps();
  const seen = new Set<Node>();
  const open = [stepOf(referencesIn(expression), context)];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (step.addresses.length > 0) return true;
    for (const node of step.through) {
      if (node instanceof ResourceInstance) return true;
      if (seen.has(node)) continue;
      seen.add(node);
      open.push(steps.from(node));
    }
  }
  return false;
}

/** The steps of the nodes of one evaluation, each found once. */
export class Steps {
  readonly #known = new Map<Node | ModuleCall, Step>();

  from(node: Node): Step {
    return this.#once(node, () => {
      if (node instanceof ResourceInstance) return stepOf(referencesInBody(node.block.body), node.context);
      const located = node.definition()?.located;
      if (located === undefined) return { addresses: [], through: [] };
      return stepOf(referencesIn(located.expression), located.context);
    });
  }

  /** What everything in the instances of a module call waits for: what decides how many there are, and `depends_on`. */
  fromCall(call: ModuleCall): Step {
    return this.#once(call, () => {
      const found = ["count", "for_each", "depends_on"].flatMap((name) => {
        const attribute = attributeOf(call.block.body, name);
        return attribute === null ? [] : referencesIn(attribute.value);
      });
      return stepOf(found, call.outer.context);
    });
  }

  #once(node: Node | ModuleCall, read: () => Step): Step {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const step = read();
    this.#known.set(node, step);
    return step;
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
  if (node instanceof Resource || node instanceof ModuleCall) return node.instances().flatMap(instancesOf);
  if (!(node instanceof ModuleInstance)) return [];
  return [...node.resources.values(), ...node.calls.values()].flatMap(instancesOf);
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
