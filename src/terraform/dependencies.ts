import { bindingOf, type EvaluationContext, EvaluationError, type Reference } from "../hcl/context.ts";
import { referencesIn, referencesInBody } from "../hcl/references.ts";
import type { Evaluation } from "./evaluation.ts";
import type { NamedNode } from "./nodes.ts";
import { Resource, ResourceInstance } from "./resource.ts";
import { ModuleScope, type Target } from "./scope.ts";

/**
 * Which managed instances each managed instance refers to, directly or through variables, locals, outputs and data
 * sources; by address.
 */
export function references(evaluation: Evaluation): ReadonlyMap<string, ReadonlySet<string>> {
  const collector = new Collector();
  return new Map(
    [...evaluation.instances.values()].map((instance) => [instance.name, collector.referredBy(instance)]),
  );
}

class Collector {
  readonly #known = new Map<NamedNode | ResourceInstance, Set<string>>();

  referredBy(instance: ResourceInstance): ReadonlySet<string> {
    const found = this.#from(instance, referencesInBody(instance.block.body), instance.context);
    return new Set([...found].filter((address) => address !== instance.name));
  }

  #from(
    node: NamedNode | ResourceInstance,
    found: readonly Reference[],
    context: EvaluationContext,
  ): Set<string> {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const addresses = new Set<string>();
    this.#known.set(node, addresses);
    for (const reference of found) {
      for (const address of this.#through(targetOf(reference, context))) addresses.add(address);
    }
    return addresses;
  }

  #through(target: Target | null): Iterable<string> {
    if (target === null || target.kind === "value") return [];
    if (target.kind === "named") return this.#definition(target.node);
    const { node } = target;
    if (node instanceof Resource)
      return node.instances().flatMap((instance) => [...this.#instance(instance)]);
    return node instanceof ResourceInstance ? this.#instance(node) : [];
  }

  #instance(instance: ResourceInstance): Iterable<string> {
    if (instance.address.mode === "managed") return [instance.name];
    return this.#from(instance, referencesInBody(instance.block.body), instance.context);
  }

  #definition(node: NamedNode): Iterable<string> {
    const located = node.definition()?.located;
    return located === undefined ? [] : this.#from(node, referencesIn(located.expression), located.context);
  }
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
