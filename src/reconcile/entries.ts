import { documentOf } from "../hcl/editing/document-text.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { eraseElement, eraseItem, writeElement, writeEntry, writeValue } from "../hcl/editing/write.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { isJsonObject, type Json } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { keyText } from "../terraform/tracing/branch.ts";
import { likeSiblings } from "./like-siblings.ts";

/** The edits that add what a path names to an object or list that does not have it; null where they are no such. */
export function insertWithin({ expression, context, path }: Located, value: Json): readonly Edit[] | null {
  const [step, ...rest] = path;
  if (expression.kind === "object") {
    const known = expression.items.some(({ key }) => keyText(key, context) === String(step));
    if (known || rest.some((key) => typeof key === "number")) return null;
    const siblings = expression.items.map((item) => item.value);
    const entry = objectAt(rest, value);
    // Attributes of an object may be of any types.
    const added = isJsonObject(entry) ? likeSiblings(siblings, context, entry) : entry;
    return writeEntry(expression, String(step), added, expression.items.at(-1) ?? null);
  }
  // In a document of YAML a key without a value stands for what is still to come.
  if (
    expression.kind === "keyword" &&
    expression.value === null &&
    documentOf(expression)?.format === "yaml"
  ) {
    return path.some((key) => typeof key === "number") ? null : writeValue(expression, objectAt(path, value));
  }
  if (expression.kind !== "tuple" || rest.length > 0) return null;
  if (expression.items[Number(step)] !== undefined) return null;
  const added = likeSiblings(expression.items, context, value);
  return writeElement(expression, added, expression.items.at(-1) ?? null);
}

function objectAt(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
}

/** The edits that remove what a path names from an object or list; null where it is not written there. */
export function removeWithin({ expression, context, path }: Located): readonly Edit[] | null {
  const [step, ...rest] = path;
  if (rest.length > 0) return null;
  if (expression.kind === "object") {
    const item = expression.items.findLast(({ key }) => keyText(key, context) === String(step));
    return item === undefined ? null : eraseItem(expression, item);
  }
  const item = expression.kind === "tuple" ? expression.items[Number(step)] : undefined;
  return expression.kind !== "tuple" || item === undefined ? null : eraseElement(expression, item);
}
