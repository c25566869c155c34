import type { Located } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { isMapping, isSequence, type Value } from "../hcl/values/value.ts";
import { decimalOf, isJsonArray, isNumber, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import type { PathStep } from "../json/path.ts";
import type { EvaluatedBlock } from "../terraform/evaluation/evaluated-body.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { isEmpty } from "./meaning-key.ts";
import { means } from "./wanted.ts";

/** The element of the collection from which a dynamic block was made. */
export function collectionOf({ content }: EvaluatedBlock): Located | null {
  return content.context.names?.source ?? null;
}

/** An element that a collection does not have yet: where it would be, and what. */
export interface NewElement {
  readonly place: Located;
  readonly value: Json;
}

/**
 * The element from which a dynamic block would make one more block, by the example of one that it makes: what of its
 * content is the element's key or value, or a part of it, is inverted, and the rest has to be what is wanted. Null where
 * that cannot be, or nothing tells the key that it would have.
 */
export function elementFor(example: EvaluatedBlock, wanted: JsonObject): NewElement | null {
  const source = collectionOf(example);
  if (source === null || example.content.blocks.size > 0) return null;
  const current = evaluate(source.expression, source.context);
  const parts = partsOf(example, wanted);
  if (parts === null) return null;
  const [keys, values] = [true, false].map((isKey) => parts.filter((part) => part.isKey === isKey));
  const told = assembled(values ?? []);
  const key = keyOf(current, keys ?? []);
  if (key === null || told === undefined) return null;
  const others = isSequence(current) ? current.items : [];
  const isText = others.length > 0 && others.every(({ kind }) => kind === "string");
  const value = isText && isNumber(told) ? decimalOf(told).toFixed() : told;
  return { place: { ...source, path: [key] }, value };
}

/** Behind the last of a list; the one key that all parts tell of a map that does not have it. */
function keyOf(collection: Value, parts: readonly Part[]): PathStep | null {
  if (isSequence(collection)) return parts.length === 0 ? collection.items.length : null;
  if (!isMapping(collection)) return null;
  const keys = new Set(parts.map(({ value }) => (typeof value === "string" ? value : null)));
  const [key = null] = keys;
  return keys.size === 1 && key !== null && !collection.entries.has(key) ? key : null;
}

/** What the element's key, or what a path of its value leads to, has to be. */
interface Part {
  readonly isKey: boolean;
  readonly path: readonly string[];
  readonly value: Json;
}

function partsOf({ content }: EvaluatedBlock, wanted: JsonObject): readonly Part[] | null {
  const iterator = String(content.context.names?.name ?? "");
  const parts: Part[] = [];
  for (const [name, { attribute, value }] of content.attributes) {
    const given = jsonAt(wanted, [name]) ?? null;
    const part = partIn(attribute.value, iterator, given);
    if (part !== null) parts.push(part);
    else if (!means(toPlain(value, [], true).json, given)) return null;
  }
  const told = Object.keys(wanted).filter((name) => !isEmpty(wanted[name] ?? null));
  return told.every((name) => content.attributes.has(name)) ? parts : null;
}

/** Of `ingress.value.port` the path `port` with the value it has to have; null for anything but a part of the element. */
function partIn(expression: Expression, iterator: string, given: Json): Part | null {
  if (expression.kind === "tuple") {
    const [item, ...more] = expression.items;
    const inside = isJsonArray(given) && given.length === 1 ? given[0] : undefined;
    return item === undefined || more.length > 0 || inside === undefined
      ? null
      : partIn(item, iterator, inside);
  }
  if (expression.kind !== "variable" && expression.kind !== "get-attribute" && expression.kind !== "index")
    return null;
  const reference = referenceOf(expression);
  const [first, ...rest] = reference?.steps ?? [];
  if (reference?.root.name !== iterator || first?.kind !== "get-attribute") return null;
  if (first.name === "key" && rest.length === 0) return { isKey: true, path: [], value: given };
  const names = rest.map((step) => (step.kind === "get-attribute" ? step.name : null));
  if (first.name !== "value" || names.includes(null)) return null;
  return { isKey: false, path: names.filter((name) => name !== null), value: given };
}

/** One value of all parts, where they agree. */
function assembled(parts: readonly Part[]): Json | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  if (parts.every(({ path }) => path.length === 0)) {
    return parts.every(({ value }) => means(value, first.value)) ? first.value : undefined;
  }
  const entries = new Map<string, Json>();
  for (const { path, value } of parts) {
    const [name, ...deeper] = path;
    if (name === undefined || deeper.length > 0) return undefined;
    const known = entries.get(name);
    if (known !== undefined && !means(known, value)) return undefined;
    entries.set(name, value);
  }
  return Object.fromEntries(entries);
}
