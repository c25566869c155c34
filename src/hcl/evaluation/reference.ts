import type { Expression, GetAttribute, Index, Variable } from "../syntax/syntax.ts";
import type { Reference } from "./context.ts";

/** The reference that ends with this node, or null where its root is no bare name. */
export function referenceOf(node: Variable | GetAttribute | Index): Reference | null {
  let count = 0;
  let root: Expression = node;
  for (; root.kind === "get-attribute" || root.kind === "index"; root = sourceOf(root)) count += 1;
  if (root.kind !== "variable") return null;
  // Made in its length: references are what evaluation reads most.
  const steps = new Array<GetAttribute | Index>(count);
  for (let at: Expression = node; at.kind === "get-attribute" || at.kind === "index"; at = sourceOf(at)) {
    count -= 1;
    steps[count] = at;
  }
  return { root, steps };
}

function sourceOf(node: GetAttribute | Index): Expression {
  return node.kind === "get-attribute" ? node.object : node.collection;
}
