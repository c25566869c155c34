import type { Edit } from "../hcl/editing/edit.ts";
import { writeValue } from "../hcl/editing/write.ts";
import { EvaluationError, type Located } from "../hcl/evaluation/context.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { isMapping } from "../hcl/values/value.ts";
import type { Json } from "../json/json.ts";
import { evaluatedOrNull, keyBranch } from "../terraform/tracing/branch.ts";

export interface OtherKey {
  readonly edits: readonly Edit[] | null;
  /** What the key names is an object, as a size is: who wants another one names another one. */
  readonly isPreset: boolean;
}

/**
 * The edit that takes another entry of a table, where the code names one: `local.sizes["small"]` for
 * `local.sizes["large"]`. Null where no other entry, or more than one, has what is wanted. Keys that are computed are
 * branches of their own. What is on or off in other entries says nothing about this one.
 */
export function otherKey({ expression, context, path }: Located, wanted: Json): OtherKey | null {
  if (expression.kind !== "index" || !isPlainText(expression.key) || typeof wanted === "boolean") return null;
  const entry = evaluatedOrNull(expression, context);
  if (entry === null) return null;
  const { key, collection } = expression;
  const other = keyOrNull(() => keyBranch(collection, key, path, context).invert(wanted));
  return other === null ? null : { edits: writeValue(key, other), isPreset: isMapping(entry) };
}

function isPlainText(key: Expression): boolean {
  return key.kind === "template" && key.parts.every((part) => part.kind === "text");
}

function keyOrNull(find: () => Json | null): Json | null {
  try {
    return find();
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}
