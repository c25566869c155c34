import type { Located } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { isSequence } from "../hcl/values/value.ts";
import { isJsonArray, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import type { EvaluatedBlock } from "../terraform/evaluation/evaluated-body.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { isEmpty, means } from "./wanted.ts";

/** The element of the collection from which a dynamic block was made. */
export function collectionOf({ content }: EvaluatedBlock): Located | null {
  return content.context.names?.source ?? null;
}

/**
 * The list of elements from which a dynamic block would make one more block, by the example of one that it makes: what
 * of its content is an element, or a part of it, is inverted, and the rest has to be what is wanted. Null where that
 * cannot be, or the collection has keys, which nothing tells.
 */
export function elementFor(
  example: EvaluatedBlock,
  wanted: JsonObject,
): { readonly collection: Located; readonly elements: readonly Json[] } | null {
  const source = collectionOf(example);
  if (source === null || example.content.blocks.size > 0) return null;
  const collection = { ...source, path: [] };
  const current = evaluate(collection.expression, collection.context);
  const known = isSequence(current) ? toPlain(current, [], true).json : null;
  if (!isJsonArray(known)) return null;
  const element = elementOf(example, wanted);
  return element === undefined ? null : { collection, elements: [...known, element] };
}

type Part = readonly [path: readonly string[], value: Json];

function elementOf({ content }: EvaluatedBlock, wanted: JsonObject): Json | undefined {
  const iterator = String(content.context.names?.name ?? "");
  const parts: Part[] = [];
  for (const [name, { attribute, value }] of content.attributes) {
    const given = jsonAt(wanted, [name]) ?? null;
    const part = partIn(attribute.value, iterator, given);
    if (part !== null) parts.push(part);
    else if (!means(toPlain(value, [], true).json, given)) return undefined;
  }
  const told = Object.keys(wanted).filter((name) => !isEmpty(wanted[name] ?? null));
  return told.every((name) => content.attributes.has(name)) ? assembled(parts) : undefined;
}

/** `["port"]` for `ingress.value.port`, with the value it has to have; null for anything but a part of the element. */
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
  if (reference?.root.name !== iterator || first?.kind !== "get-attribute" || first.name !== "value")
    return null;
  const names = rest.map((step) => (step.kind === "get-attribute" ? step.name : null));
  return names.includes(null) ? null : [names.filter((name) => name !== null), given];
}

/** One value of all parts, where they agree. */
function assembled(parts: readonly Part[]): Json | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  if (parts.every(([path]) => path.length === 0)) {
    return parts.every(([, value]) => means(value, first[1])) ? first[1] : undefined;
  }
  const entries = new Map<string, Json>();
  for (const [[name, ...deeper], value] of parts) {
    if (name === undefined || deeper.length > 0) return undefined;
    const known = entries.get(name);
    if (known !== undefined && !means(known, value)) return undefined;
    entries.set(name, value);
  }
  return Object.fromEntries(entries);
}
