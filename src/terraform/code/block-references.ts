import type { Reference } from "../../hcl/evaluation/context.ts";
import { referencesIn } from "../../hcl/evaluation/references.ts";
import type { Attribute, Block, Body, Expression } from "../../hcl/syntax/syntax.ts";
import { literalKey } from "../place.ts";
import { attributeOf } from "./body-index.ts";
import { literalText } from "./literal.ts";
import { quotedReference } from "./static-reference.ts";

/**
 * What the code refers to by block, in the names that Terraform orders its work by: `var.x`, `local.x`, `TYPE.NAME`,
 * `data.TYPE.NAME`, `module.x` (all of it) and `module.x.output`.
 */
export type BlockName = string;

/** Arguments that name providers or addresses, not values. */
const NO_VALUES = new Set(["provider", "providers", "ignore_changes"]);

/** A body never changes, so the names in it are looked for once, however often a module with it is evaluated. */
const known = new WeakMap<Body, readonly BlockName[]>();

/** The names in a body and the blocks in it. */
export function namesInBody(body: Body): readonly BlockName[] {
  const before = known.get(body);
  if (before !== undefined) return before;
  const names = namesIn(body.items);
  known.set(body, names);
  return names;
}

/** The names in arguments and blocks. */
export function namesIn(items: readonly (Attribute | Block)[]): BlockName[] {
  const found = new Set<BlockName>();
  for (const reference of referencesOf(items)) {
    const name = blockNameOf(reference);
    if (name !== null) found.add(name);
  }
  return [...found];
}

/** The names in the argument of a body, if it is there. */
export function namesInArgument(body: Body, name: string): BlockName[] {
  const attribute = attributeOf(body, name);
  return attribute === null ? [] : namesIn([attribute]);
}

/** The references in arguments and blocks that are no iteration variables. */
export function referencesOf(items: readonly (Attribute | Block)[]): Reference[] {
  const found: Reference[] = [];
  visit(items, NO_ITERATORS, found);
  return found;
}

type Iterators = ReadonlySet<string>;

const NO_ITERATORS: Iterators = new Set();

function visit(items: readonly (Attribute | Block)[], iterators: Iterators, found: Reference[]): void {
  for (const item of items) {
    if (item.kind === "attribute") visitArgument(item, iterators, found);
    else if (item.type === "dynamic") visitDynamic(item, iterators, found);
    else visit(item.body.items, iterators, found);
  }
}

function visitArgument({ name, value }: Attribute, iterators: Iterators, found: Reference[]): void {
  if (NO_VALUES.has(name)) return;
  if (name === "depends_on") found.push(...quotedIn(value));
  for (const reference of referencesIn(value)) if (!iterators.has(reference.root.name)) found.push(reference);
}

/** Within the content the iterator's name means the element. */
function visitDynamic({ labels, body }: Block, iterators: Iterators, found: Reference[]): void {
  const named = attributeOf(body, "iterator")?.value;
  const iterator = named?.kind === "variable" ? named.name : (labels[0]?.value ?? "");
  const inner = new Set([...iterators, iterator]);
  for (const item of body.items) {
    if (item.kind === "block") visit(item.body.items, inner, found);
    else if (item.name !== "iterator")
      visitArgument(item, item.name === "for_each" ? iterators : inner, found);
  }
}

function quotedIn(value: Expression): Reference[] {
  if (value.kind !== "tuple") return [];
  return value.items.flatMap((item) => {
    const reference = literalText(item) === undefined ? null : quotedReference(item);
    return reference === null ? [] : [reference];
  });
}

/** The block that a reference needs; null where it needs none. */
export function blockNameOf({ root, steps }: Reference): BlockName | null {
  const at = (index: number) => {
    const step = steps[index];
    return step?.kind === "get-attribute" ? step.name : null;
  };
  const first = at(0);
  if (first === null) return null;
  switch (root.name) {
    case "var":
    case "local":
      return `${root.name}.${first}`;
    case "data":
      return at(1) && `data.${first}.${at(1)}`;
    case "resource":
      return at(1) && `${first}.${at(1)}`;
    case "module":
      return moduleName(first, steps);
    case "each":
    case "count":
    case "self":
    case "path":
    case "terraform":
    case "tofu":
    case "ephemeral":
      return null;
    default:
      return `${root.name}.${first}`;
  }
}

/** One output, where the reference is written so that it names one; else the whole module. */
function moduleName(call: string, steps: Reference["steps"]): BlockName {
  const [, key] = steps;
  const isKeyed = key?.kind === "index" && literalKey(key.key) !== undefined;
  const output = steps[isKeyed ? 2 : 1];
  return output?.kind === "get-attribute" ? `module.${call}.${output.name}` : `module.${call}`;
}
