import type { Json } from "../json/json.ts";
import type { Truths } from "./instance.ts";
import { isBlank, sameValue, withoutDefaults } from "./normal-form.ts";
import type { AttributeRule } from "./rules.ts";

/** What the design's second table says of one value. `absorbed` is settled with the history (`settle`). */
export type ValueKind = "drift" | "absorbed" | "conflict" | "stale-state";

/** Which of the three values of one attribute mean the same. */
export interface Agreement {
  readonly desiredObserved: boolean;
  readonly desiredRecorded: boolean;
  readonly recordedObserved: boolean;
}

/** A value that is not there is undefined. */
export type Values = Truths<Json | undefined>;

/** Applies the second table; null where all agree. */
export function kindOf(agreement: Agreement): ValueKind | null {
  if (agreement.desiredObserved) return agreement.desiredRecorded ? null : "stale-state";
  if (agreement.desiredRecorded) return "drift";
  return agreement.recordedObserved ? "absorbed" : "conflict";
}

/**
 * The kind of a finding about several values that differ from the code: the one they share, else a conflict, since
 * nothing single can be done about them.
 */
export function commonKind(kinds: readonly ValueKind[]): ValueKind | null {
  const [first, ...rest] = new Set(kinds);
  if (first === undefined) return null;
  return rest.length === 0 ? first : "conflict";
}

const COLLECTIONS: ReadonlySet<AttributeRule["kind"]> = new Set([
  "list",
  "set",
  "map",
  "tags",
  "block",
  "block-set",
]);

/**
 * Agreement about an attribute that the code sets. A value that is not there equals only an empty collection: `""`, 0
 * and false were said, so they are not the same as nothing. The state is taken less strictly, since providers record
 * null and the empty value as they please.
 */
export function agreementOnDeclared(values: Values, rule: AttributeRule): Agreement {
  const { desired, recorded, observed } = values;
  return {
    desiredObserved: sameDeclared(desired, observed, rule),
    desiredRecorded: sameRecorded(desired, recorded, rule),
    recordedObserved: sameRecorded(recorded, observed, rule),
  };
}

/** Agreement about an attribute that the code leaves out, or computes from something unknown: state against cloud. */
export function agreementOnUndeclared(values: Values, rule: AttributeRule): Agreement {
  const same = sameUndeclared(values.recorded, values.observed, rule);
  return { desiredObserved: same, desiredRecorded: true, recordedObserved: same };
}

/** Agreement where the state says nothing about the attribute at all: code against cloud. */
export function agreementWithoutState(values: Values, rule: AttributeRule): Agreement {
  const same = sameDeclared(values.desired, values.observed, rule);
  return { desiredObserved: same, desiredRecorded: true, recordedObserved: same };
}

/** Both values mean the same where the code leaves the attribute out: all that is empty or a default is one. */
function sameUndeclared(a: Json | undefined, b: Json | undefined, rule: AttributeRule): boolean {
  if (isBlank(a, rule) && isBlank(b, rule)) return true;
  return a !== undefined && b !== undefined && sameValue(a, b, rule);
}

function sameDeclared(a: Json | undefined, b: Json | undefined, rule: AttributeRule): boolean {
  if (a !== undefined && b !== undefined) return sameValue(a, b, rule);
  if (a === b) return true;
  const plain = withoutDefaults(rule);
  return COLLECTIONS.has(rule.kind) && isBlank(a, plain) && isBlank(b, plain);
}

function sameRecorded(a: Json | undefined, b: Json | undefined, rule: AttributeRule): boolean {
  const plain = withoutDefaults(rule);
  return sameDeclared(a, b, rule) || (isBlank(a, plain) && isBlank(b, plain));
}
