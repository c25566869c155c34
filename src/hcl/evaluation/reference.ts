import type { Expression, GetAttribute, Index, Variable } from "../syntax/syntax.ts";
import type { Reference } from "./context.ts";

/** The reference that ends with this node, or null where its root is no bare name. */
export function referenceOf(node: Variable | GetAttribute | Index): Reference | null {
  const steps: (GetAttribute | Index)[] = [];
  let at: Expression = node;
  while (at.kind === "get-attribute" || at.kind === "index") {
    steps.push(at);
    at = at.kind === "get-attribute" ? at.object : at.collection;
  }
  return at.kind === "variable" ? { root: at, steps: steps.reverse() } : null;
}
