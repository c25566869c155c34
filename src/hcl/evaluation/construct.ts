import type { Expression, ObjectConstructor, TupleConstructor } from "../syntax/syntax.ts";
import { convert } from "../values/convert.ts";
import { ANY, STRING } from "../values/type.ts";
import {
  asSensitive,
  type Origin,
  objectValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { type Evaluate, type EvaluationContext, EvaluationError } from "./context.ts";

export function evaluateTuple(node: TupleConstructor, context: EvaluationContext, evaluate: Evaluate): Value {
  context.budget.elements(node.items.length);
  return tupleValue(
    node.items.map((item) => evaluate(item, context)),
    { kind: "expression", at: node },
  );
}

/**
 * An object; the last of equal keys counts.
 * @throws EvaluationError where a key is null or has no text.
 */
export function evaluateObject(
  node: ObjectConstructor,
  context: EvaluationContext,
  evaluate: Evaluate,
): Value {
  context.budget.elements(node.items.length);
  const entries = new Map<string, Value>();
  let unknown: Origin | null = null;
  let sensitive = false;
  for (const item of node.items) {
    const key = evaluateKey(item.key, context, evaluate);
    const value = evaluate(item.value, context);
    if (typeof key === "string") {
      entries.set(key, value);
      continue;
    }
    if (key.kind === "string") entries.set(key.value, value);
    else unknown ??= key.origin;
    if (key.sensitive) sensitive = true;
  }
  if (unknown !== null) return asSensitive(unknownValue(ANY, unknown), sensitive);
  return asSensitive(objectValue(entries, { kind: "expression", at: node }), sensitive);
}

/** The key of an object's item: a bare name means itself, also where it is `null` or `true`. */
export function evaluateKey(key: Expression, context: EvaluationContext, evaluate: Evaluate): string | Value {
  if (key.kind === "variable") return key.name;
  if (key.kind === "keyword") return String(key.value);
  const value = evaluate(key, context);
  if (value.kind === "null") throw new EvaluationError("the key is null", key);
  return attempt(() => convert(value, STRING), key, "the key does not fit: ");
}
