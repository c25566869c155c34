import type { Budget } from "../functions/function.ts";
import type { Splat } from "../syntax/syntax.ts";
import { convert } from "../values/convert.ts";
import { ANY, listOf, type Type } from "../values/type.ts";
import { unify } from "../values/unify.ts";
import {
  asSensitive,
  isSequence,
  listValue,
  type Origin,
  tupleValue,
  typeOf,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { bind, type Evaluate, type EvaluationContext, EvaluationError, withinSecret } from "./context.ts";

/**
 * `source[*].each` and `source.*.each`: a list of a list or set, a tuple of a tuple; any other value stands for itself
 * alone, and null for nothing.
 * @throws EvaluationError for a list, set or tuple that is null.
 */
export function evaluateSplat(node: Splat, context: EvaluationContext, evaluate: Evaluate): Value {
  const source = evaluate(node.source, context);
  const origin: Origin = { kind: "expression", at: node };
  if (source.kind === "unknown")
    return asSensitive(unknownValue(resultType(source), source.origin), source.sensitive);
  if (source.kind === "null") {
    if (isCollection(source.type))
      throw new EvaluationError("cannot use [*]: the value is null", node.source);
    return tupleValue([], origin);
  }
  const items = isSequence(source) ? source.items : [source];
  context.budget.elements(items.length);
  const results = items.map((item, index) =>
    withinSecret(source.sensitive, context, () =>
      evaluate(node.each, bindItem(node, source, item, index, context)),
    ),
  );
  return asSensitive(collect(source, results, origin, context.budget), source.sensitive);
}

function isCollection({ kind }: Type): boolean {
  return kind === "list" || kind === "set" || kind === "tuple";
}

/** The context in which `each` is evaluated for one element of the source. */
export function bindItem(
  node: Splat,
  source: Value,
  item: Value,
  index: number,
  context: EvaluationContext,
): EvaluationContext {
  const path = isSequence(source) ? [index] : [];
  return bind(context, node.id, item, { expression: node.source, context, path });
}

function resultType(source: Value & { kind: "unknown" }): typeof ANY | ReturnType<typeof listOf> {
  return source.type.kind === "list" || source.type.kind === "set" ? listOf(ANY) : ANY;
}

function collect(source: Value, results: readonly Value[], origin: Origin, budget: Budget): Value {
  const isList = source.kind === "list" || source.kind === "set";
  if (isList) for (const result of results) budget.walk(result);
  const element = isList ? unify(results.map(typeOf)) : null;
  if (element === null) return tupleValue(results, origin);
  return listValue(
    element,
    results.map((result) => convert(result, element)),
    origin,
  );
}
