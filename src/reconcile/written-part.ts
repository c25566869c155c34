import type { Located } from "../hcl/evaluation/context.ts";
import { isMapping, isSequence, type Value } from "../hcl/values/value.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { VariableNode } from "../terraform/evaluation/nodes.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { evaluatedOrNull, keyText } from "../terraform/tracing/branch.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { lastFrom } from "../terraform/tracing/carried.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import { outcomeOf } from "./goal.ts";
import { Elements, isEmpty } from "./meaning-key.ts";
import { means, type Wanted } from "./wanted.ts";

/** A part of what is written, and what it should be. */
export interface WantedPart {
  readonly place: Located;
  readonly wanted: Wanted;
}

/**
 * What has to be written of a variable's value so that a part of it is what is wanted. Where the type's defaults give
 * what the part is in, that is written: a list or a map as a whole, of an object the attribute alone. Of a new object
 * among others, what the type gives those too is left out.
 */
export function writtenPart(variable: VariableNode, place: Located, wanted: Wanted): WantedPart {
  if (isWhereItIsWritten(place, wanted)) return { place, wanted };
  const { expression, context, path } = place;
  const written = evaluatedOrNull(expression, context);
  if (written === null) return { place, wanted };
  const missing = firstMissing(written, path);
  if (missing === -1) return { place, wanted: asWritten(variable, written, path, wanted) };
  if (missing === path.length - 1) return { place, wanted: withoutDefaults(variable, written, path, wanted) };
  const way = path.slice(0, missing + 1);
  const value = withChange(valueAt(variable.value(), way), path.slice(missing + 1), wanted);
  return value === undefined ? { place, wanted } : { place: { ...place, path: way }, wanted: { value } };
}

/** Whether something simple is to stand in what is written out: then nothing of it has to be evaluated. */
function isWhereItIsWritten(place: Located, wanted: Wanted): boolean {
  if (wanted !== "absent" && (isJsonArray(wanted.value) || isJsonObject(wanted.value))) return false;
  const { path, expression } = lastFrom(place, branchesOf, ({ kind }) => kind === "element");
  return path.length === 0 || (path.length === 1 && expression.kind === "object");
}

/** The defaults in a variable's type that may give a part of its value: none where the part is written. */
export function typeDefaultsFor(
  variable: VariableNode,
  { expression, context, path }: Located,
): readonly Located[] {
  if (path.length === 0) return [];
  const defaults = variable.typeDefaults(path);
  const written = defaults.length === 0 ? null : evaluatedOrNull(expression, context);
  return written === null || firstMissing(written, path) === -1 ? [] : defaults;
}

/** All of a variable's default with a part that is wanted, to be written elsewhere; undefined where that cannot be. */
export function defaultWith(variable: VariableNode, fallback: Located, wanted: Wanted): Json | undefined {
  const { expression, context, path } = fallback;
  if (path.length === 0) return wanted === "absent" ? undefined : wanted.value;
  const written = evaluatedOrNull(expression, context);
  const json = written === null ? undefined : knownJson(written);
  if (json === undefined) return undefined;
  const part = writtenPart(variable, fallback, wanted);
  return inOrderOf(fallback, outcomeOf(json, [{ path: part.place.path, wanted: part.wanted }]));
}

/** With the names in the order in which they are written. */
function inOrderOf({ expression, context }: Located, json: Json): Json {
  if (expression.kind !== "object" || !isJsonObject(json)) return json;
  const written = expression.items.map(({ key }) => keyText(key, context));
  const names = new Set([...written, ...Object.keys(json)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = name === null ? undefined : jsonAt(json, [name]);
      return name === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The index of the first step of a path that leads to nothing; -1 where all lead to something. */
function firstMissing(value: Value, path: Path): number {
  let at: Value | null = value;
  for (const [index, step] of path.entries()) {
    at = valueAt(at, [step]);
    if (at === null || at.kind === "null") return index;
  }
  return -1;
}

/** What the defaults give, as it is to be written with a change of a part; undefined where that is not known. */
function withChange(given: Value | null, path: Path, wanted: Wanted): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return wanted === "absent" ? undefined : wanted.value;
  if (given !== null && (given.kind === "map" || isSequence(given))) {
    const json = knownJson(given);
    return json === undefined ? undefined : outcomeOf(json, [{ path, wanted }]);
  }
  if (typeof step === "number") return undefined;
  const inner = withChange(given === null ? null : valueAt(given, [step]), rest, wanted);
  return inner === undefined ? undefined : { [step]: inner };
}

function knownJson(value: Value): Json | undefined {
  const { json, unknown, sensitive } = toPlain(value);
  return unknown.length > 0 || sensitive.length > 0 ? undefined : json;
}

/** A list without what the type gives its elements: those that stay as they are written. */
function asWritten(variable: VariableNode, written: Value, path: Path, wanted: Wanted): Wanted {
  if (wanted === "absent" || !isJsonArray(wanted.value)) return wanted;
  const [raw, made] = [valueAt(written, path), valueAt(variable.value(), path)];
  if (raw === null || made === null || !isSequence(raw) || !isSequence(made) || made.kind === "set")
    return wanted;
  const known = made.items.flatMap((item, index) => {
    const json = knownJson(item);
    return json === undefined ? [] : [{ json, own: raw.items[index] }];
  });
  const left = new Elements(known.map(({ json }) => json));
  const defaults = defaultsOf(raw, made);
  const items = wanted.value.map((each) => {
    const at = left.take(each, (item) => means(item, each));
    const found = at === null ? undefined : known[at]?.own;
    const own = found === undefined ? undefined : knownJson(found);
    if (own !== undefined) return own;
    return isJsonObject(each) ? withoutThose(each, defaults) : each;
  });
  return { value: items };
}

function withoutDefaults(variable: VariableNode, written: Value, path: Path, wanted: Wanted): Wanted {
  if (wanted === "absent" || !isJsonObject(wanted.value)) return wanted;
  const around = path.slice(0, -1);
  const [raw, made] = [valueAt(written, around), valueAt(variable.value(), around)];
  const defaults = raw === null || made === null || made.kind === "set" ? {} : defaultsOf(raw, made);
  return { value: withoutThose(wanted.value, defaults) };
}

function withoutThose(object: JsonObject, defaults: JsonObject): JsonObject {
  const own = Object.entries(object).filter(([name, value]) => {
    const known = jsonAt(defaults, [name]);
    return known === undefined || !(isEmpty(value) ? isEmpty(known) : means(known, value));
  });
  return Object.fromEntries(own);
}

/** What the type gives the objects in a collection that they do not say themselves. */
function defaultsOf(written: Value, made: Value): JsonObject {
  const found = childrenOf(written).flatMap(([step, each]) => {
    const full = valueAt(made, [step]);
    if (full === null || !isMapping(full) || !isMapping(each)) return [];
    return [...full.entries].flatMap(([name, value]): [string, Json][] => {
      const own = each.entries.get(name);
      const isLeftOut = own === undefined || own.kind === "null";
      const json = isLeftOut ? knownJson(value) : undefined;
      return json === undefined ? [] : [[name, json]];
    });
  });
  return Object.fromEntries(found);
}

function childrenOf(value: Value): readonly (readonly [string | number, Value])[] {
  if (isMapping(value)) return [...value.entries];
  return isSequence(value) ? [...value.items.entries()] : [];
}
