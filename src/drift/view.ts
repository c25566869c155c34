import type { Json, JsonObject } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import type { InstanceTruths } from "./instance.ts";
import type { ValueKind, Values } from "./kind.ts";
import type { Change, ObservedResource } from "./model.ts";
import { normalForm } from "./normal-form.ts";
import { coversPath, touchesPath } from "./path-match.ts";
import { readingOf } from "./readings.ts";
import type { AttributeRule } from "./rules.ts";

/** One instance while it is compared: what is unknown, unread, ignored or sensitive in it, and how to say a change. */
export interface View {
  readonly truths: InstanceTruths;
  readonly resource: ObservedResource;
  readonly key: string;
  isUnknown(path: Path): boolean;
  /** Something at the path, around it or inside of it is unknown. */
  touchesUnknown(path: Path): boolean;
  isUnread(path: Path): boolean;
  isIgnored(path: Path): boolean;
  /** Something at the path, around it or inside of it is sensitive to the code, the state or the rules. */
  isSensitive(path: Path, rule: AttributeRule): boolean;
}

/**
 * A unit of decision of which the three truths do not agree: one value, or the differing elements of one collection.
 * `values` are the real ones and never leave the comparison but as readings.
 */
export interface Difference {
  /** The unit's path: what the fingerprint names. */
  readonly path: Path;
  readonly kind: ValueKind;
  readonly changes: readonly Change[];
  /** Of each change, its values in normal form: what the revision is made of. */
  readonly normal: readonly Json[];
  readonly values: Values;
  readonly rule: AttributeRule;
  readonly category: AttributeRule["category"];
  readonly sensitive: boolean;
  /** What the code leaves out, or cannot know yet, and so cannot be compared with. */
  readonly desired: "set" | "left-out" | "unknown";
}

/** How the code speaks about a value. */
export type Desire = Difference["desired"];

/**
 * Positions are taken as written for what the code says about itself; for what the state and the rules call sensitive
 * and for what the cloud did not tell, any position means all, since sets have no order.
 */
export function viewOf(truths: InstanceTruths, resource: ObservedResource, key: string): View {
  const unknown = truths.desired?.unknown ?? [];
  const ignored = truths.desired?.ignoreChanges ?? [];
  const sensitive = [...(truths.desired?.sensitive ?? []), ...(truths.recorded?.sensitive ?? [])];
  return {
    truths,
    resource,
    key,
    isUnknown: (path) => coversPath(unknown, path, "exact"),
    touchesUnknown: (path) => touchesPath(unknown, path, "exact"),
    isUnread: (path) => coversPath(resource.unread, path, "any"),
    isIgnored: (path) => ignored === "all" || coversPath(ignored, path, "exact"),
    isSensitive: (path, rule) => isSensitiveRule(rule) || touchesPath(sensitive, path, "any"),
  };
}

function isSensitiveRule(rule: AttributeRule): boolean {
  if (rule.sensitive === true) return true;
  if (rule.element !== undefined && isSensitiveRule(rule.element)) return true;
  return Object.values(rule.attributes ?? {}).some(isSensitiveRule);
}

/** One value that differs. */
export interface DifferentValue {
  readonly path: Path;
  readonly values: Values;
  readonly rule: AttributeRule;
  readonly desire: Desire;
}

/** Says one value's change in a form that may be shown. */
export function changeOf(view: View, { path, values, rule, desire }: DifferentValue): Change {
  const secrecy = { sensitive: view.isSensitive(path, rule), key: view.key };
  const read = (value: Json | undefined) => readingOf(value, normalOf(value, rule), secrecy);
  return {
    path,
    desired: desire === "set" ? read(values.desired) : desire === "unknown" ? "unknown" : "absent",
    recorded: read(values.recorded),
    observed: read(values.observed),
    source: view.truths.sourceOf(path),
  };
}

/** The three values of a change in normal form, with its path; of what is not there, null. */
export function normalValues({ path, values, rule, desire }: DifferentValue): Json {
  return [
    printPath(path),
    desire,
    normalOf(values.desired, rule) ?? null,
    normalOf(values.recorded, rule) ?? null,
    normalOf(values.observed, rule) ?? null,
  ];
}

function normalOf(value: Json | undefined, rule: AttributeRule): Json | undefined {
  return value === undefined ? undefined : normalForm(value, rule);
}

/** A difference about a single value. */
export function singleDifference(view: View, kind: ValueKind, value: DifferentValue): Difference {
  return {
    path: value.path,
    kind,
    changes: [changeOf(view, value)],
    normal: [normalValues(value)],
    values: value.values,
    rule: value.rule,
    category: value.rule.category,
    sensitive: view.isSensitive(value.path, value.rule),
    desired: value.desire,
  };
}

/** An attribute's value; null is the same as left out. */
export function valueAt(attributes: JsonObject | undefined, name: string): Json | undefined {
  if (attributes === undefined || !Object.hasOwn(attributes, name)) return undefined;
  return attributes[name] ?? undefined;
}

/** What the code says of an instance, and where it says nothing or does not know, what the state has. */
export function statedAttributes({ desired, recorded }: InstanceTruths): JsonObject {
  const set = Object.entries(desired?.attributes ?? {}).filter(([, value]) => value !== null);
  return { ...recorded?.attributes, ...Object.fromEntries(set) };
}
