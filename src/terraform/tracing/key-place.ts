import { bindingOf, type EvaluationContext, type Located } from "../../hcl/evaluation/context.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import type { Expression, ObjectConstructor, ObjectItem } from "../../hcl/syntax/syntax.ts";
import { keyText } from "./branch.ts";
import { branchesOf } from "./branches.ts";
import { placesFrom } from "./carried.ts";

/** An entry of an object as it is written. */
export interface WrittenEntry {
  readonly object: ObjectConstructor;
  readonly item: ObjectItem;
  readonly context: EvaluationContext;
}

/** A key is made of another one this often at most. */
const MOST_LOOPS = 20;

/**
 * The entry of which an expression is the key: `k` of `for k, v in …`, or `x.key` of the blocks that are made for each
 * entry of a map. Null where it is none, the map is not written out, or its keys are the instances' own.
 */
export function entryOfKey({ expression, context, path }: Located): WrittenEntry | null {
  if (path.length > 0) return null;
  let from = elementOfKey(expression, context);
  for (let loops = 0; from !== null && loops < MOST_LOOPS; loops += 1) {
    const found: WrittenEntry | Located | null = writtenOrMade(from);
    if (found === null || "item" in found) return found;
    from = elementOfKey(found.expression, found.context);
  }
  return null;
}

/** The entry that an element is; where a `for` makes it, what gives its key. */
function writtenOrMade(element: Located): WrittenEntry | Located | null {
  for (const { expression, context, path } of placesFrom(element, branchesOf)) {
    const [key, ...rest] = path;
    if (key === undefined) return null;
    if (rest.length > 0) continue;
    if (expression.kind === "object") {
      const item = expression.items.find((each) => keyText(each.key, context) === String(key));
      return item === undefined ? null : { object: expression, item, context };
    }
    if (expression.kind === "for" && expression.key !== null && !expression.grouping) {
      const made = branchesOf({ expression, context, path }).find(({ kind }) => kind === "element");
      return made === undefined ? null : { expression: expression.key, context: made.to.context, path: [] };
    }
  }
  return null;
}

/** The element of the map that is iterated over, of which an expression is the key. */
export function elementOfKey(expression: Expression, context: EvaluationContext): Located | null {
  if (expression.kind !== "variable" && expression.kind !== "get-attribute") return null;
  const reference = referenceOf(expression);
  const binding = reference && bindingOf(context, reference.root.name);
  if (reference === null || binding === null) return null;
  const [step, ...more] = reference.steps;
  if (binding.iterator) {
    const isKey = step?.kind === "get-attribute" && step.name === "key" && more.length === 0;
    return isKey && binding.name !== "each" ? binding.source : null;
  }
  if (step !== undefined || binding.source !== null) return null;
  // The names of a `for` are bound together, that of the value last.
  let names = context.names;
  while (names !== null && names.outer !== binding) names = names.outer;
  return names?.source ?? null;
}
