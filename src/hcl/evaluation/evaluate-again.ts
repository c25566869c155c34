import type { Expression, ObjectConstructor, ObjectItem, TupleConstructor } from "../syntax/syntax.ts";
import { ReplacedEntries } from "../values/replaced-entries.ts";
import { isMapping, isSequence, type Origin, type Value } from "../values/value.ts";
import { evaluateKey } from "./construct.ts";
import type { EvaluationContext } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { evaluatePart } from "./part.ts";

/**
 * The value of an edited expression that had the value `before`, where all that it refers to is as it was, and nothing in
 * it failed. Parts of a large object or tuple that are the same nodes still keep their values and are not evaluated again.
 * @throws EvaluationError and BudgetExceeded as `evaluate` does.
 */
export function evaluateAgain(before: Value, node: Expression, context: EvaluationContext): Value {
  context.budget.step();
  const made = before.origin.kind === "expression" ? before.origin.at : null;
  if (made === node) return before;
  if (node.kind === "object" && made?.kind === "object")
    return objectAgain(before, made, node, context) ?? evaluate(node, context);
  if (node.kind === "tuple" && made?.kind === "tuple")
    return tupleAgain(before, made, node, context) ?? evaluate(node, context);
  return evaluate(node, context);
}

/** Null where keys changed: then which item counts may have changed too. */
function objectAgain(
  before: Value,
  made: ObjectConstructor,
  node: ObjectConstructor,
  context: EvaluationContext,
): Value | null {
  if (!isMapping(before) || before.entries.size !== made.items.length) return null;
  if (made.items.length !== node.items.length) return null;
  const replaced = new Map<string, Value>();
  for (const [index, item] of node.items.entries()) {
    const old = made.items[index];
    if (old === item) continue;
    const key = old === undefined ? null : sameKey(old, item, context);
    const was = key === null ? undefined : before.entries.get(key);
    if (key === null || was === undefined) return null;
    replaced.set(key, partAgain(was, item.value, context));
  }
  context.budget.elements(replaced.size);
  return { ...before, entries: new ReplacedEntries(before.entries, replaced), origin: originAt(node) };
}

/** The key of an item, where it is still the node that it was. */
function sameKey(old: ObjectItem, item: ObjectItem, context: EvaluationContext): string | null {
  if (old.key !== item.key) return null;
  const key = evaluateKey(item.key, context, evaluate);
  if (typeof key === "string") return key;
  return key.kind === "string" && !key.sensitive ? key.value : null;
}

function tupleAgain(
  before: Value,
  made: TupleConstructor,
  node: TupleConstructor,
  context: EvaluationContext,
): Value | null {
  if (!isSequence(before) || before.items.length !== made.items.length) return null;
  if (made.items.length !== node.items.length) return null;
  const items = node.items.map((item, index) => {
    const was = before.items[index];
    if (was === undefined) return evaluatePart(item, context, evaluate);
    return item === made.items[index] ? was : partAgain(was, item, context);
  });
  return { ...before, items, origin: originAt(node) };
}

function partAgain(before: Value, node: Expression, context: EvaluationContext): Value {
  return evaluatePart(node, context, () => evaluateAgain(before, node, context));
}

function originAt(node: Expression): Origin {
  return { kind: "expression", at: node };
}
