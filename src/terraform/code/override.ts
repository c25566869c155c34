import type { Diagnostic } from "../../hcl/syntax/source.ts";
import type { Attribute, Block, Body } from "../../hcl/syntax/syntax.ts";

/** A block with what an override file says of it, and what that file may not say. */
export interface Overridden {
  readonly block: Block;
  readonly problems: readonly Diagnostic[];
}

/** What an override file cannot change of blocks that it can change otherwise. */
const NEVER_OVERRIDDEN = new Set(["depends_on", "validation", "precondition", "postcondition"]);

/**
 * Merges a block of an override file into the one it overrides, as Terraform does
 * (https://developer.hashicorp.com/terraform/language/files/override#merging-behavior): an argument takes the place of
 * that of its name, nested blocks of a type take the place of all of that type; of `lifecycle` argument by argument.
 * Every piece keeps the range that it has in its own file.
 */
export function overrideBlock(base: Block, over: Block): Overridden {
  const problems = refusals(over);
  const allowed = over.body.items.filter((item) => !NEVER_OVERRIDDEN.has(nameOf(item)));
  const items = allowed.flatMap((item): readonly (Attribute | Block)[] => {
    if (!isLifecycle(item)) return [item];
    const lifecycle = overrideLifecycle(base, item, problems);
    return lifecycle === null ? [] : [lifecycle];
  });
  return { block: { ...base, body: mergeBodies(base.body, { ...over.body, items }, over.body) }, problems };
}

/** A block of an override file with nothing to override, which stands for itself. */
export function unmergedOverride(over: Block): Overridden {
  return { block: over, problems: refusals(over) };
}

function refusals({ body }: Block): Diagnostic[] {
  return body.items.filter((item) => NEVER_OVERRIDDEN.has(nameOf(item))).map(refusal);
}

function refusal(item: Attribute | Block): Diagnostic {
  const range = item.kind === "block" ? item.typeRange : item.nameRange;
  return {
    severity: "error",
    message: `${nameOf(item)} cannot be overridden; write it where the block is declared`,
    range,
  };
}

function isLifecycle(item: Attribute | Block): item is Block {
  return item.kind === "block" && item.type === "lifecycle";
}

/** The lifecycle of a resource as both say it; null where the override says nothing that counts. */
function overrideLifecycle(base: Block, over: Block, problems: Diagnostic[]): Block | null {
  const own = base.body.items.find(isLifecycle);
  const items = over.body.items.filter((item) => {
    if (NEVER_OVERRIDDEN.has(nameOf(item))) {
      problems.push(refusal(item));
      return false;
    }
    return overridesLifecycle(item, own);
  });
  if (items.length === 0) return own ?? null;
  const body = { ...over.body, items };
  return own === undefined ? { ...over, body } : { ...own, body: mergeBodies(own.body, body, over.body) };
}

/** `replace_triggered_by` stays; so does `ignore_changes`, where it is `all` or the override's is empty. */
function overridesLifecycle(item: Attribute | Block, own: Block | undefined): boolean {
  const name = nameOf(item);
  if (name === "replace_triggered_by") return false;
  if (name !== "ignore_changes" || item.kind === "block") return true;
  if (item.value.kind === "tuple" && item.value.items.length === 0) return false;
  const known = own?.body.items.find((other) => other.kind === "attribute" && other.name === name);
  return !(known?.kind === "attribute" && isAll(known));
}

function isAll({ value }: Attribute): boolean {
  return value.kind === "variable" && value.name === "all";
}

/** What `over` has takes the place of what `base` has of its name, where that stands; `written` is `over` as it is in its file. */
function mergeBodies(base: Body, over: Body, written: Body): Body {
  const names = new Set(over.items.map(nameOf));
  const attributes = new Map(
    over.items.filter((item) => item.kind === "attribute").map((item) => [item.name, item]),
  );
  const placed = new Set<Attribute | Block>();
  const kept = base.items.flatMap((item): readonly (Attribute | Block)[] => {
    if (!names.has(nameOf(item))) return [item];
    const taking = attributes.get(nameOf(item));
    if (taking === undefined || placed.has(taking)) return [];
    placed.add(taking);
    return [taking];
  });
  const items = [...kept, ...over.items.filter((item) => !placed.has(item))];
  return { ...base, items, merged: [...(base.merged ?? [base]), written] };
}

/** The name under which an argument or block is overridden: a `dynamic` block makes blocks of another type. */
function nameOf(item: Attribute | Block): string {
  if (item.kind === "attribute") return item.name;
  return item.type === "dynamic" ? (item.labels[0]?.value ?? "") : item.type;
}
