import type { EvaluationContext, Located } from "../../hcl/evaluation/context.ts";
import type { Block, Body } from "../../hcl/syntax/syntax.ts";
import type { Path } from "../../json/path.ts";
import type { Address } from "../address.ts";
import { attributeOf } from "../code/module.ts";
import type { ModuleInstance } from "../evaluation/module-instance.ts";
import type { ResourceInstance } from "../evaluation/resource-instance.ts";
import { type Deciding, DecidingSearch } from "./deciding-search.ts";
import { type Whereabouts, whereabouts } from "./whereabouts.ts";

/**
 * Everything in the code that takes part in deciding a value of an instance: the argument of the resource, and of
 * variables, locals, outputs and arguments of modules that it refers to, the parts that come in. Wider than `traceValue`,
 * which follows the one literal that an edit would change: a template's text and all of its parts belong to it, both
 * sides of an operator, the condition that chose a branch.
 * @param root folder of the stack
 */
export function decidingValue(instance: ResourceInstance, path: Path, root: string): Deciding {
  const search = new DecidingSearch(root);
  search.from(startsOf(whereabouts(instance, path), search));
  return search;
}

/**
 * Everything in the code that takes part in deciding that an instance is not there: the `count` or `for_each` of its
 * resource, or of the call of its module. None where the block itself is gone.
 */
export function decidingAbsence(
  top: ModuleInstance,
  { module, type, name, mode }: Address,
  root: string,
): Deciding {
  const search = new DecidingSearch(root);
  let at: ModuleInstance | null = top;
  for (const step of module) {
    const call = at.call(step.name);
    const next: ModuleInstance | null = call?.instance(step.key) ?? null;
    if (call !== null && next === null) search.from(expansionOf(call.block, at.context));
    at = next;
    if (at === null) return search;
  }
  const resource = at.resource(mode === "data" ? `data.${type}.${name}` : `${type}.${name}`);
  if (resource !== null) search.from(expansionOf(resource.block, at.context));
  return search;
}

/** A map says with each of its keys that there is an instance; that one is missing stands nowhere in it. */
function expansionOf({ body }: Block, context: EvaluationContext): Located[] {
  const argument = attributeOf(body, "count") ?? attributeOf(body, "for_each");
  return argument === null || argument.value.kind === "object"
    ? []
    : [{ expression: argument.value, context, path: [] }];
}

function startsOf(place: Whereabouts, search: DecidingSearch): Located[] {
  switch (place.kind) {
    case "argument":
      return [place.located];
    case "absent":
      return dynamicsIn(place.body.body, place.name, place.body.context);
    case "block": {
      const { made, parent, type } = place;
      if (made === null) return dynamicsIn(parent.body, type, parent.context);
      search.ranges.push(made.block);
      return [
        ...(made.dynamic === null ? [] : collectionOf(made.dynamic, parent.context)),
        ...argumentsIn(made.content.body, made.content.context),
      ];
    }
  }
}

function dynamicsIn(body: Body, type: string, context: EvaluationContext): Located[] {
  return body.items.flatMap((item) =>
    item.kind === "block" && item.type === "dynamic" && item.labels[0]?.value === type
      ? collectionOf(item, context)
      : [],
  );
}

function collectionOf(dynamic: Block, context: EvaluationContext): Located[] {
  const forEach = attributeOf(dynamic.body, "for_each");
  return forEach === null ? [] : [{ expression: forEach.value, context, path: [] }];
}

function argumentsIn(body: Body, context: EvaluationContext): Located[] {
  return body.items.flatMap((item) =>
    item.kind === "attribute" ? [{ expression: item.value, context, path: [] }] : [],
  );
}
