import type { Json, JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { Truths } from "./instance.ts";
import { type Agreement, kindOf, type Values } from "./kind.ts";
import { elementRule, sameValue } from "./normal-form.ts";
import type { AttributeRule } from "./rules.ts";
import { type Desire, type Difference, singleDifference, type View, valueAt } from "./view.ts";

/**
 * The differences of a map, one for each entry. An entry is there or not: an empty value is not the same as none.
 * @param desire of the map as a whole; a single entry may still be unknown.
 */
export function mapDifferences(
  view: View,
  path: Path,
  rule: AttributeRule,
  maps: Truths<JsonObject | undefined>,
  desire: Desire,
): readonly Difference[] {
  const keys = new Set([maps.desired, maps.recorded, maps.observed].flatMap((map) => Object.keys(map ?? {})));
  return [...keys].flatMap((key) => {
    const at = [...path, key];
    if (view.isIgnored(at)) return [];
    const values = {
      desired: valueAt(maps.desired, key),
      recorded: valueAt(maps.recorded, key),
      observed: valueAt(maps.observed, key),
    };
    const entryDesire = view.touchesUnknown(at) ? "unknown" : desire;
    const kind = kindOf(agreementOnEntry(values, elementRule(rule), entryDesire));
    if (kind === null) return [];
    const entry = {
      path: at,
      values,
      rule: { ...elementRule(rule), ...inherited(rule) },
      desire: entryDesire,
    };
    return [singleDifference(view, kind, entry)];
  });
}

/** What is said of a map holds for its entries. */
function inherited(rule: AttributeRule): Partial<AttributeRule> {
  return {
    ...(rule.category === undefined ? {} : { category: rule.category }),
    ...(rule.severity === undefined ? {} : { severity: rule.severity }),
    ...(rule.sensitive === undefined ? {} : { sensitive: rule.sensitive }),
    ...(rule.impact === undefined ? {} : { impact: rule.impact }),
  };
}

function agreementOnEntry(values: Values, rule: AttributeRule, desire: Desire): Agreement {
  const recordedObserved = sameEntry(values.recorded, values.observed, rule);
  if (desire !== "set") {
    return { desiredObserved: recordedObserved, desiredRecorded: true, recordedObserved };
  }
  return {
    desiredObserved: sameEntry(values.desired, values.observed, rule),
    desiredRecorded: sameEntry(values.desired, values.recorded, rule),
    recordedObserved,
  };
}

function sameEntry(a: Json | undefined, b: Json | undefined, rule: AttributeRule): boolean {
  return a === undefined || b === undefined ? a === b : sameValue(a, b, rule);
}
