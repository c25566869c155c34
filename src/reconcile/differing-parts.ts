import type { Located } from "../hcl/evaluation/context.ts";
import type { Json } from "../json/json.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { evaluatedOrNull } from "../terraform/tracing/branch.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import { onlyDifference } from "./json-difference.ts";
import { inFormOfJson } from "./json-texts.ts";
import type { WantedPart } from "./written-part.ts";

/**
 * What differs in the value at a place, of which a text is made, from what that text should hold: the one part that
 * does, then all of it. None where it is what it should be, or is not known.
 */
export function differingParts(place: Located, wanted: Json): readonly WantedPart[] {
  const value = evaluatedOrNull(place.expression, place.context);
  const part = value === null ? null : valueAt(value, place.path);
  if (part === null) return [];
  const current = toPlain(part, [], true).json;
  const formed = inFormOfJson(current, wanted);
  const difference = onlyDifference(current, formed);
  if (difference === null) return [];
  const all = { place, wanted: { value: formed } };
  if (difference.path.length === 0) return [all];
  return [{ place: { ...place, path: [...place.path, ...difference.path] }, wanted: difference.wanted }, all];
}
