import type { Expression, ObjectConstructor, TupleConstructor } from "../syntax/syntax.ts";
import { convert } from "../values/convert.ts";
import { ANY, STRING } from "../values/type.ts";
import {
  asSensitive,
  type Origin,
  objectOfParts,
  tupleValue,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { type Evaluate, type EvaluationContext, EvaluationError } from "./context.ts";
import { evaluatePart, keptFailure } from "./part.ts";

export function evaluateTuple(node: TupleConstructor, context: EvaluationContext, evaluate: Evaluate): Value {
  context.budget.elements(node.items.length);
  return tupleValue(
    node.items.map((item) => evaluatePart(item, context, evaluate)),
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
  const names: string[] = [];
  const values: Value[] = [];
  let unknown: Origin | null = null;
  let sensitive = false;
  for (const item of node.items) {
    const key = keyOrUnknown(item.key, context, evaluate);
    const value = evaluatePart(item.value, context, evaluate);
    const name = typeof key === "string" ? key : nameOf(key);
    if (name !== null) {
      names.push(name);
      values.push(value);
    }
    if (typeof key === "string") continue;
    if (name === null) unknown ??= key.origin;
    if (key.sensitive) sensitive = true;
  }
  if (unknown !== null) return asSensitive(unknownValue(ANY, unknown), sensitive);
  return asSensitive(objectOfParts(names, values, { kind: "expression", at: node }), sensitive);
}

/** Of a key that has no value nothing is known, so that it leaves the object unknown. */
function keyOrUnknown(key: Expression, context: EvaluationContext, evaluate: Evaluate): string | Value {
  try {
    return evaluateKey(key, context, evaluate);
  } catch (error) {
    return unknownValue(undefined, keptFailure(error, context));
  }
}

function nameOf(key: Value): string | null {
  return key.kind === "string" ? key.value : null;
}

/** The key of an object's item: a bare name means itself, also where it is `null` or `true`. */
export function evaluateKey(key: Expression, context: EvaluationContext, evaluate: Evaluate): string | Value {
  if (key.kind === "variable") return key.name;
  if (key.kind === "keyword") return String(key.value);
  const value = evaluate(key, context);
  if (value.kind === "null") throw new EvaluationError("the key is null", key);
  return attempt(() => convert(value, STRING), key, "the key does not fit: ");
}
