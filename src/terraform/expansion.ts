import { attempt } from "../hcl/evaluation/attempt.ts";
import { bind, bindIterator, type EvaluationContext, EvaluationError } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { iterate } from "../hcl/evaluation/iterate.ts";
import type { Attribute, Body } from "../hcl/syntax/syntax.ts";
import { convert } from "../hcl/values/convert.ts";
import { ANY, NUMBER } from "../hcl/values/type.ts";
import {
  isMapping,
  isUnknownOrOpen,
  numberValue,
  objectValue,
  stringValue,
  unknownValue,
  type Value,
} from "../hcl/values/value.ts";
import type { InstanceKey } from "./address.ts";
import { attributeOf } from "./module.ts";

/**
 * The instances that a block stands for, by key, each with the context its arguments are evaluated in
 * (https://developer.hashicorp.com/terraform/language/meta-arguments).
 */
export interface Expansion {
  readonly mode: "single" | "count" | "for_each";
  readonly instances: ReadonlyMap<InstanceKey, EvaluationContext>;
  /** `count` or `for_each` is not known: the keys are those of the state. */
  readonly unknown: boolean;
}

/** What an expansion that failed leaves: which instances there are cannot be said. */
export const NO_EXPANSION: Expansion = { mode: "for_each", instances: new Map(), unknown: true };

/**
 * Expands a block. `recorded` are the keys the state has, used where `count` or `for_each` is unknown; `cost` is what an
 * instance costs, in elements of collections.
 * @throws EvaluationError where `count` or `for_each` has a value that makes no instances.
 */
export function expand(
  body: Body,
  context: EvaluationContext,
  recorded: () => readonly InstanceKey[],
  cost: number,
): Expansion {
  const count = attributeOf(body, "count");
  if (count !== null) return expandCount(count, context, recorded, cost);
  const forEach = attributeOf(body, "for_each");
  if (forEach !== null) return expandForEach(forEach, context, recorded, cost);
  context.budget.elements(cost);
  return { mode: "single", instances: new Map([[null, context]]), unknown: false };
}

function expandCount(
  attribute: Attribute,
  context: EvaluationContext,
  recorded: () => readonly InstanceKey[],
  cost: number,
): Expansion {
  const given = evaluate(attribute.value, context);
  if (given.kind === "null") throw new EvaluationError("count is null", attribute.value);
  const count = attempt(() => convert(given, NUMBER), attribute.value, "count: ");
  if (count.kind !== "number") {
    const known = recorded().filter((key) => typeof key === "number");
    return {
      mode: "count",
      instances: new Map(known.map((key) => [key, countContext(key, context)])),
      unknown: true,
    };
  }
  if (typeof count.value !== "number" || count.value < 0) {
    throw new EvaluationError("count must be a whole number, zero or more", attribute.value);
  }
  context.budget.elements(count.value * cost);
  const instances = new Map<InstanceKey, EvaluationContext>();
  for (let index = 0; index < count.value; index += 1) instances.set(index, countContext(index, context));
  return { mode: "count", instances, unknown: false };
}

function countContext(index: number, context: EvaluationContext): EvaluationContext {
  return bind(context, "count", objectValue([["index", numberValue(index)]]));
}

function expandForEach(
  attribute: Attribute,
  context: EvaluationContext,
  recorded: () => readonly InstanceKey[],
  cost: number,
): Expansion {
  const collection = evaluate(attribute.value, context);
  const unknownKeys = collection.kind === "set" && collection.items.some((item) => item.kind === "unknown");
  if (isUnknownOrOpen(collection) || unknownKeys) {
    const known = recorded().filter((key) => typeof key === "string");
    const value = unknownValue(ANY, collection.origin);
    const instances = new Map(
      known.map((key) => [key, eachContext(stringValue(key), value, key, attribute, context)]),
    );
    return { mode: "for_each", instances, unknown: true };
  }
  if (!isMapping(collection) && collection.kind !== "set") {
    const hint = collection.kind === "tuple" || collection.kind === "list" ? "; wrap it in toset(…)" : "";
    throw new EvaluationError(
      `for_each needs a map or a set of strings, not a ${collection.kind}${hint}`,
      attribute.value,
    );
  }
  if (collection.sensitive) {
    throw new EvaluationError("for_each is sensitive, and its keys would show in addresses", attribute.value);
  }
  const instances = new Map<InstanceKey, EvaluationContext>();
  for (const { key, value, step } of iterate(collection, attribute.value)) {
    context.budget.elements(cost);
    if (key.kind !== "string") throw new EvaluationError("for_each needs a set of strings", attribute.value);
    instances.set(key.value, eachContext(key, value, step, attribute, context));
  }
  return { mode: "for_each", instances, unknown: false };
}

function eachContext(
  key: Value,
  value: Value,
  step: string | number,
  attribute: Attribute,
  context: EvaluationContext,
): EvaluationContext {
  return bindIterator(
    context,
    "each",
    { key, value },
    { expression: attribute.value, context, path: [step] },
  );
}
