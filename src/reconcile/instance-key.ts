import { writtenRange } from "../hcl/editing/document-text.ts";
import { bindingOf, type Located } from "../hcl/evaluation/context.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import type { Range } from "../hcl/syntax/source.ts";
import type { Json } from "../json/json.ts";
import { evaluatedOrNull, keyText } from "../terraform/tracing/branch.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { lastFrom } from "../terraform/tracing/carried.ts";
import { placesTowards } from "../terraform/tracing/towards.ts";

/** The value is what an instance, or its module's, is called by: where that is written. */
export interface OwnKey {
  readonly kind: "key" | "index";
  readonly at: Range;
}

/**
 * Whether a value is handed through from `each.key`, an element of the set in `for_each`, or `count.index`: of a text that
 * is made of parts, the part that would have to be another.
 */
export function ownKeyOf(located: Located, wanted: Json | undefined): OwnKey | null {
  for (const place of placesTowards(located, wanted)) {
    const own = ownKeyAt(place);
    if (own !== null) return { ...own, at: writtenRange(own.at) };
  }
  return null;
}

function ownKeyAt({ expression, context, path }: Located): OwnKey | null {
  if (expression.kind !== "get-attribute" || path.length > 0) return null;
  const reference = referenceOf(expression);
  const [step, ...more] = reference?.steps ?? [];
  const binding = reference && bindingOf(context, reference.root.name);
  if (binding === null || step?.kind !== "get-attribute" || more.length > 0) return null;
  if (binding.name === "count" && binding.source === null) return { kind: "index", at: expression };
  if (binding.name !== "each" || !binding.iterator || binding.source === null) return null;
  const { source } = binding;
  const all = evaluatedOrNull(source.expression, source.context);
  if (all?.kind === "set") return { kind: "key", at: lastFrom(source, branchesOf).expression };
  return step.name === "key" ? { kind: "key", at: keyIn(source) } : null;
}

/** Where a map that is written out has a key. */
function keyIn({ expression, context, path }: Located): Range {
  const { expression: map, context: inner } = lastFrom({ expression, context, path: [] }, branchesOf);
  const items = map.kind === "object" ? map.items : [];
  return items.find(({ key }) => keyText(key, inner) === String(path[0]))?.key ?? map;
}
