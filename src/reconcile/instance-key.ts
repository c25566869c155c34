import { writtenRange } from "../hcl/editing/document-text.ts";
import { bindingOf, type Located } from "../hcl/evaluation/context.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import type { Range } from "../hcl/syntax/source.ts";
import { isMapping, type Value } from "../hcl/values/value.ts";
import type { Json } from "../json/json.ts";
import { evaluatedOrNull, keyText } from "../terraform/tracing/branch.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { lastFrom } from "../terraform/tracing/carried.ts";
import { carriedOn, carriersTowards } from "../terraform/tracing/towards.ts";

/** The value is what an instance, or its module's, is called by: where that is written. */
export interface OwnKey {
  readonly kind: "key" | "index";
  readonly at: Range;
  /** The key that is wanted, where another instance has it. */
  readonly taken: string | null;
}

/**
 * Whether a value is handed through from `each.key`, an element of the set in `for_each`, or `count.index`: of a text that
 * is made of parts, the part that would have to be another.
 */
export function ownKeyOf(located: Located, wanted: Json | undefined): OwnKey | null {
  let asked = wanted;
  const first = ownKeyAt(located, asked);
  if (first !== null) return first;
  for (const branch of carriersTowards(located, wanted)) {
    asked = carriedOn(branch, asked);
    const own = ownKeyAt(branch.to, asked);
    if (own !== null) return own;
  }
  return null;
}

function ownKeyAt({ expression, context, path }: Located, wanted: Json | undefined): OwnKey | null {
  if (expression.kind !== "get-attribute" || path.length > 0) return null;
  const reference = referenceOf(expression);
  const [step, ...more] = reference?.steps ?? [];
  const binding = reference && bindingOf(context, reference.root.name);
  if (binding === null || step?.kind !== "get-attribute" || more.length > 0) return null;
  if (binding.name === "count" && binding.source === null)
    return { kind: "index", at: writtenRange(expression), taken: null };
  if (binding.name !== "each" || !binding.iterator || binding.source === null) return null;
  const { source } = binding;
  const all = evaluatedOrNull(source.expression, source.context);
  const taken = all !== null && typeof wanted === "string" && hasKey(all, wanted) ? wanted : null;
  if (all?.kind === "set")
    return { kind: "key", at: writtenRange(lastFrom(source, branchesOf).expression), taken };
  return step.name === "key" ? { kind: "key", at: writtenRange(keyIn(source)), taken } : null;
}

function hasKey(all: Value, key: string): boolean {
  if (isMapping(all)) return all.entries.has(key);
  return all.kind === "set" && all.items.some((item) => item.kind === "string" && item.value === key);
}

/** Where a map that is written out has a key. */
function keyIn({ expression, context, path }: Located): Range {
  const { expression: map, context: inner } = lastFrom({ expression, context, path: [] }, branchesOf);
  const items = map.kind === "object" ? map.items : [];
  return items.find(({ key }) => keyText(key, inner) === String(path[0]))?.key ?? map;
}
