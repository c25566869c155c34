import type { Edit } from "../hcl/editing/edit.ts";
import { writeKey } from "../hcl/editing/write.ts";
import { bindingOf, EvaluationError, type Located } from "../hcl/evaluation/context.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import type { Call, Expression, ObjectConstructor } from "../hcl/syntax/syntax.ts";
import { isSequence } from "../hcl/values/value.ts";
import { ModuleCall } from "../terraform/evaluation/module-instance.ts";
import { Resource } from "../terraform/evaluation/resource.ts";
import { ModuleScope } from "../terraform/evaluation/scope.ts";
import { evaluatedOrNull, keyText } from "../terraform/tracing/branch.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { placesFrom } from "../terraform/tracing/carried.ts";
import { elementOfKey, entryOfKey } from "../terraform/tracing/key-place.ts";

/** A way to another key: an edit of an object that is written out, or a place of which the value makes the key. */
export type KeyWay =
  | { readonly kind: "edit"; readonly object: ObjectConstructor; readonly edits: readonly Edit[] | null }
  | { readonly kind: "place"; readonly place: Located };

/**
 * Where the keys of instances come from: the ways on from `each.key`, from an element of what `keys()` gives, and from a
 * `for`'s key that is no entry written out, to what would have to be another for the key to be `wanted`.
 */
export function keyWays(place: Located, wanted: string): KeyWay[] {
  const { expression, context, path } = place;
  if (expression.kind === "call") return waysOfKeys(expression, place, wanted);
  if (path.length > 0) return [];
  const source = ownKeySource(place);
  if (source === null) {
    const element = elementOfKey(expression, context);
    return element === null || entryOfKey(place) !== null ? [] : waysToEntry(element, wanted);
  }
  const all = evaluatedOrNull(source.expression, source.context);
  return all?.kind === "set" ? [{ kind: "place", place: source }] : waysToEntry(source, wanted);
}

/**
 * The same for a key that is no instance's own: of the blocks that are made for each entry of a map, or of a `for` over
 * one. Nothing where an entry has the wanted key already.
 */
export function entryKeyWays(place: Located, wanted: string): KeyWay[] {
  const entry = entryOfKey(place);
  if (entry === null) {
    const element = place.path.length > 0 ? null : elementOfKey(place.expression, place.context);
    return element === null ? [] : waysToEntry(element, wanted, false);
  }
  const { object, item, context } = entry;
  if (object.items.some(({ key }) => keyText(key, context) === wanted)) return [];
  return [{ kind: "edit", object, edits: writeKey(object, item, wanted) }];
}

/** The element of `for_each` of which an expression is `each.key`; null where it is none. */
function ownKeySource({ expression, context }: Located): Located | null {
  if (expression.kind !== "get-attribute") return null;
  const reference = referenceOf(expression);
  const [step, ...more] = reference?.steps ?? [];
  if (reference === null || reference.root.name !== "each" || more.length > 0) return null;
  const binding = bindingOf(context, "each");
  return step?.kind === "get-attribute" && step.name === "key" && binding?.iterator === true
    ? binding.source
    : null;
}

/** `keys(local.users)[1]`: the entry of that name. */
function waysOfKeys(call: Call, { context, path }: Located, wanted: string): KeyWay[] {
  const [table] = call.arguments;
  const [index, ...more] = path;
  if (call.name !== "keys" || table === undefined || index === undefined || more.length > 0) return [];
  const names = evaluatedOrNull(call, context);
  const key = names !== null && isSequence(names) ? names.items[Number(index)] : undefined;
  return key?.kind === "string" ? waysToEntry({ expression: table, context, path: [key.value] }, wanted) : [];
}

/**
 * To an entry of a map: the way to where it is written, or to what its key is made of. `ofInstances`: also where the map
 * is that of the instances of a resource or module.
 */
function waysToEntry(entry: Located, wanted: string, ofInstances = true): KeyWay[] {
  for (const place of placesFrom(entry, branchesOf)) {
    const { expression, path } = place;
    const [key, ...rest] = path;
    if (key === undefined) return [];
    if (rest.length > 0) continue;
    if (expression.kind === "object") return waysInObject(expression, String(key), place, wanted);
    if (expression.kind === "for" && expression.key !== null) {
      const made = branchesOf(place).find(({ kind }) => kind === "element");
      return made === undefined ? [] : [at(expression.key, made.to.context)];
    }
    if (expression.kind === "call" && expression.name === "zipmap") return waysInZip(expression, place);
    const source = ofInstances ? sourceOfInstances(place) : null;
    if (source !== null) return waysToEntry(source, wanted);
  }
  return [];
}

function waysInObject(
  object: ObjectConstructor,
  name: string,
  { context }: Located,
  wanted: string,
): KeyWay[] {
  const item = object.items.findLast(({ key }) => keyText(key, context) === name);
  if (item === undefined || object.items.some(({ key }) => keyText(key, context) === wanted)) return [];
  const edits = writeKey(object, item, wanted);
  return edits === null ? [at(item.key, context)] : [{ kind: "edit", object, edits }];
}

function waysInZip({ arguments: [keys] }: Call, { context, path }: Located): KeyWay[] {
  const all = keys === undefined ? null : evaluatedOrNull(keys, context);
  if (keys === undefined || all === null || !isSequence(all)) return [];
  const index = all.items.findIndex((item) => item.kind === "string" && item.value === path[0]);
  return index === -1 ? [] : [{ kind: "place", place: { expression: keys, context, path: [index] } }];
}

/** Where all instances of a resource or module are what is iterated over: what those are made of. */
function sourceOfInstances({ expression, context, path: [key] }: Located): Located | null {
  if (expression.kind !== "get-attribute" && expression.kind !== "index") return null;
  const reference = referenceOf(expression);
  if (reference === null || !(context.scope instanceof ModuleScope) || typeof key !== "string") return null;
  if (bindingOf(context, reference.root.name) !== null) return null;
  const named = targetOrNull(() => (context.scope as ModuleScope).target(reference, context));
  if (named?.kind !== "whole" || named.consumed < reference.steps.length) return null;
  const { node } = named;
  if (!(node instanceof Resource || node instanceof ModuleCall)) return null;
  const instance = node.expansion.contextOf(key);
  return instance === null ? null : (bindingOf(instance, "each")?.source ?? null);
}

function targetOrNull<T>(find: () => T): T | null {
  try {
    return find();
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function at(expression: Expression, context: Located["context"]): KeyWay {
  return { kind: "place", place: { expression, context, path: [] } };
}
