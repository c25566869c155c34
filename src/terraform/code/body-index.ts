import type { Attribute, Body } from "../../hcl/syntax/syntax.ts";

/** What a body has by name: its first argument of a name, and the types of its blocks, of those in `dynamic` ones too. */
interface BodyIndex {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blockTypes: ReadonlySet<string>;
}

/** Smaller bodies are looked through as fast as they are looked up. */
const FEW_ITEMS = 16;

/** A body never changes, so what was found in it holds as long as it is there. */
const indexes = new WeakMap<Body, BodyIndex>();

/** The first argument with a name; null where there is none. */
export function attributeOf(body: Body, name: string): Attribute | null {
  if (body.items.length > FEW_ITEMS) return indexOf(body).attributes.get(name) ?? null;
  for (const item of body.items) if (item.kind === "attribute" && item.name === name) return item;
  return null;
}

/** Whether blocks of a type are written in a body, or made by a `dynamic` one. */
export function hasBlocks(body: Body, type: string): boolean {
  return indexOf(body).blockTypes.has(type);
}

function indexOf(body: Body): BodyIndex {
  const known = indexes.get(body);
  if (known !== undefined) return known;
  const attributes = new Map<string, Attribute>();
  const blockTypes = new Set<string>();
  for (const item of body.items) {
    if (item.kind === "block") {
      blockTypes.add(item.type);
      const made = item.type === "dynamic" ? item.labels[0]?.value : undefined;
      if (made !== undefined) blockTypes.add(made);
    } else if (!attributes.has(item.name)) attributes.set(item.name, item);
  }
  const index = { attributes, blockTypes };
  indexes.set(body, index);
  return index;
}
