import { attempt } from "../hcl/evaluation/attempt.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { referencesIn } from "../hcl/evaluation/references.ts";
import type { Binary, Conditional } from "../hcl/syntax/syntax.ts";
import { convert } from "../hcl/values/convert.ts";
import { BOOL } from "../hcl/values/type.ts";
import { equalJson, type Json } from "../json/json.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { evaluatedOrNull } from "../terraform/tracing/branch.ts";
import { asksFor } from "../terraform/tracing/own-value.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import type { Wanted } from "./wanted.ts";

/** What would make a condition come out otherwise, the likelier ways first. */
interface Way {
  readonly place: Located;
  readonly wanted: Wanted;
}

/** What one side of `==` or `!=` has to be so that the comparison is what is wanted; none for anything else. */
export function comparisonWays({ expression, context, path }: Located, wanted: Wanted): readonly Way[] {
  if (wanted === "absent" || typeof wanted.value !== "boolean" || path.length > 0) return [];
  if (expression.kind !== "binary" || (expression.operator !== "==" && expression.operator !== "!="))
    return [];
  const isEqual = (expression.operator === "==") === wanted.value;
  return sidesOf(expression).flatMap(([own, other]) => {
    const fixed = evaluatedOrNull(other, context);
    if (fixed === null || fixed.kind === "unknown" || referencesIn(own).length === 0) return [];
    const place = { expression: own, context, path: [] };
    return valuesFor(toPlain(fixed, [], true).json, isEqual).map((each) => ({ place, wanted: each }));
  });
}

function sidesOf({ left, right }: Binary) {
  return [
    [left, right],
    [right, left],
  ] as const;
}

/** What is not there has its default, or null: that may be what makes the difference. */
function valuesFor(fixed: Json, isEqual: boolean): readonly Wanted[] {
  if (isEqual) return fixed === null ? ["absent", { value: null }] : [{ value: fixed }];
  return typeof fixed === "boolean" ? ["absent", { value: !fixed }] : fixed === null ? ["absent"] : [];
}

/**
 * The condition of a conditional, turned, where it asks for what its other side is made of: nobody knows what that side
 * would give then. Null for anything else.
 */
export function turnedCondition({ expression, context }: Located): Way | null {
  if (expression.kind !== "conditional") return null;
  const condition = attempt(() => convert(evaluate(expression.condition, context), BOOL), expression);
  if (condition.kind !== "bool") return null;
  const [, other] = sidesByChoice(expression, condition.value);
  if (!asksFor(expression.condition, other) || evaluatedOrNull(other, context) !== null) return null;
  const place = { expression: expression.condition, context, path: [] };
  return { place, wanted: { value: !condition.value } };
}

/**
 * Whether the other side of a conditional is the one that gives what is wanted, and nobody would write it on the side that
 * is taken: where that says itself what it gives, so that the condition would decide nothing any more; and null, where
 * the condition asks whether what the side is made of is null.
 */
export function isOnOtherSide({ expression, context, path }: Located, wanted: Wanted): boolean {
  if (expression.kind !== "conditional" || wanted === "absent") return false;
  const condition = evaluatedOrNull(expression.condition, context);
  if (condition?.kind !== "bool") return false;
  const [chosen, other] = sidesByChoice(expression, condition.value);
  const asksForNull = wanted.value === null && asksFor(expression.condition, chosen);
  if (referencesIn(chosen).length > 0 && !asksForNull) return false;
  const whole = evaluatedOrNull(other, context);
  const value = whole === null ? null : valueAt(whole, path);
  return value !== null && equalJson(toPlain(value, [], true).json, wanted.value);
}

function sidesByChoice({ then, else: otherwise }: Conditional, condition: boolean) {
  return condition ? ([then, otherwise] as const) : ([otherwise, then] as const);
}
