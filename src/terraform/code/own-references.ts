import type { Range } from "../../hcl/syntax/source.ts";
import type { Attribute, Block } from "../../hcl/syntax/syntax.ts";
import type { InstanceKey } from "../address.ts";
import { literalKey } from "../place.ts";
import { blockNameOf, referencesOf } from "./block-references.ts";

/** A reference in the body of a resource to the resource itself; `key` where it is written out. */
export interface OwnReference {
  readonly range: Range;
  readonly key: InstanceKey | undefined;
}

/** These are evaluated apart from the resource's own arguments, or for all of its instances at once. */
const ELSEWHERE = new Set(["lifecycle", "provisioner", "connection", "depends_on", "count", "for_each"]);

const NONE: readonly OwnReference[] = [];

/** Where the arguments of a resource or data source refer to it, which Terraform refuses. */
export function ownReferences({ type, labels, body }: Block): readonly OwnReference[] {
  const label = labels[1]?.value ?? "";
  const items = body.items.filter(
    (item) => mentions(item, label) && !ELSEWHERE.has(item.kind === "attribute" ? item.name : item.type),
  );
  if (items.length === 0) return NONE;
  const own = [...(type === "data" ? ["data"] : []), ...labels.map(({ value }) => value)].join(".");
  return referencesOf(items).flatMap((reference) => {
    if (blockNameOf(reference) !== own) return [];
    const { root, steps } = reference;
    const name = steps.findIndex((step) => step.kind === "get-attribute" && step.name === label);
    const step = steps[name + 1];
    const key = step?.kind === "index" ? literalKey(step.key) : undefined;
    return [{ range: steps.at(-1) ?? root, key }];
  });
}

/** Whether a name stands anywhere in the text, which is found out sooner than what that refers to. */
function mentions({ file, start, end }: Attribute | Block, name: string): boolean {
  // JSON may write the letters of a name otherwise.
  return file.path.endsWith(".json") || file.text.slice(start, end).includes(name);
}
