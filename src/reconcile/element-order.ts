import type { Value } from "../hcl/values/value.ts";
import { isJsonArray } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { EvaluatedBody } from "../terraform/evaluation/evaluated-body.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import { type ElementOrder, IN_ANY_ORDER, IN_ORDER, means, type Wanted } from "./wanted.ts";

/**
 * Whether the order of the elements means something in what an instance has at a path: it does in lists, not in what
 * the code's types make a set. Which nested blocks are a set stands in schemas that are not at hand, so theirs means
 * nothing.
 */
export function orderAt({ body }: Pick<InstanceContent, "body">, path: Path): ElementOrder {
  return path.reduce<ElementOrder>((order, step) => order.within(step), ofBody(body));
}

/**
 * The same for a change. What stands in nested blocks may come in any order where it was read from the cloud, so there
 * the order is asked for only where nothing else is.
 */
export function orderOfChange(
  content: Pick<InstanceContent, "at" | "body">,
  { path, wanted }: { readonly path: Path; readonly wanted: Wanted },
): ElementOrder {
  const order = orderAt(content, path);
  return isInBlock(content.body, path) && !isReordered(content, path, wanted) ? IN_ANY_ORDER : order;
}

/**
 * Whether an instance has what is wanted of an element at its place. In sets and among nested blocks, an element may be
 * in another one. `before` tells what each collection is.
 */
export function isInPlace(
  before: Pick<InstanceContent, "body">,
  after: Pick<InstanceContent, "at">,
  { path, wanted }: { readonly path: Path; readonly wanted: Wanted },
): boolean {
  return wanted === "absent" || !isInOrder(before, path) || means(after.at(path), wanted.value);
}

function isInOrder({ body }: Pick<InstanceContent, "body">, path: Path): boolean {
  let order = ofBody(body);
  for (const step of path) {
    if (!order.counts) return false;
    order = order.within(step);
  }
  return true;
}

function isReordered(content: Pick<InstanceContent, "at">, path: Path, wanted: Wanted): boolean {
  return wanted !== "absent" && isJsonArray(wanted.value) && means(content.at(path), wanted.value);
}

function isInBlock({ attributes, blocks }: EvaluatedBody, [name]: Path): boolean {
  return !attributes.has(String(name)) && blocks.has(String(name));
}

function ofBody({ attributes, blocks }: EvaluatedBody): ElementOrder {
  return {
    counts: true,
    within(name) {
      const value = attributes.get(String(name))?.value;
      if (value !== undefined) return ofValue(value);
      const group = blocks.get(String(name));
      return group === undefined ? IN_ORDER : ofBlocks(group.blocks.map(({ content }) => content));
    },
  };
}

function ofBlocks(bodies: readonly EvaluatedBody[]): ElementOrder {
  return {
    counts: false,
    within(index) {
      const body = bodies[Number(index)];
      return body === undefined ? IN_ORDER : ofBody(body);
    },
  };
}

function ofValue(value: Value): ElementOrder {
  return {
    counts: value.kind !== "set",
    within(step) {
      const part = valueAt(value, [step]);
      return part === null ? IN_ORDER : ofValue(part);
    },
  };
}
