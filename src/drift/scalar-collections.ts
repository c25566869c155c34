import { canonicalJson, isJsonArray, type Json } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { Values } from "./kind.ts";
import { elementRule, isBlank, normalForm } from "./normal-form.ts";
import { compareText } from "./order.ts";
import type { AttributeRule } from "./rules.ts";
import { type Difference, singleDifference, type View } from "./view.ts";

/**
 * What is observed of an attribute that the code leaves out and the state does not have: elements of a collection that
 * were added, or a value where none was.
 */
export function addedElements(
  view: View,
  path: Path,
  rule: AttributeRule,
  values: Values,
): Difference | null {
  const before = new Set(listOf(values.recorded).map((item) => textOf(item, rule)));
  const isOne = rule.kind !== "list" && rule.kind !== "set";
  if (isOne && isBlank(values.observed, rule)) return null;
  const added = listOf(values.observed).filter((item) => !before.has(textOf(item, rule)));
  if (added.length === 0) return null;
  return singleDifference(view, "drift", {
    path,
    values: inStableOrder(values, rule),
    rule,
    desire: "left-out",
  });
}

/**
 * The values to compare: the elements of a list that `ignore_changes` names are taken as observed. A set has no
 * positions, so a set of which an element is ignored is not compared (null).
 */
export function withoutIgnoredElements(
  view: View,
  path: Path,
  rule: AttributeRule,
  values: Values,
): Values | null {
  const observed = values.observed;
  if (rule.kind !== "list" || !isJsonArray(observed)) {
    const isTouched =
      rule.kind === "set" && listOf(values.desired).some((_, at) => view.isIgnored([...path, at]));
    return isTouched ? null : inStableOrder(values, rule);
  }
  const asObserved = (value: Json | undefined) =>
    isJsonArray(value)
      ? value.map((item, at) => (view.isIgnored([...path, at]) ? (observed[at] ?? item) : item))
      : value;
  return { desired: asObserved(values.desired), recorded: asObserved(values.recorded), observed };
}

/** Sets in the order of the code, then of their own contents, so that the same set always reads the same. */
function inStableOrder(values: Values, rule: AttributeRule): Values {
  if (rule.kind !== "set") return values;
  const rank = new Map(listOf(values.desired).map((item, at) => [textOf(item, rule), at]));
  const place = (item: Json) => rank.get(textOf(item, rule)) ?? rank.size;
  const inOrder = (value: Json | undefined) =>
    isJsonArray(value)
      ? value.toSorted((a, b) => place(a) - place(b) || compareText(textOf(a, rule), textOf(b, rule)))
      : value;
  return { desired: values.desired, recorded: inOrder(values.recorded), observed: inOrder(values.observed) };
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === "") return [];
  return isJsonArray(value) ? value : [value];
}

function textOf(item: Json, rule: AttributeRule): string {
  return canonicalJson(
    normalForm(item, rule.kind === "list" || rule.kind === "set" ? elementRule(rule) : rule),
  );
}
