import type { Reference } from "../../hcl/evaluation/context.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import { parseExpression } from "../../hcl/syntax/parser.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { literalKey } from "../place.ts";
import { literalText } from "./literal.ts";

/** `root.a["key"][0]` with nothing in it that has to be evaluated; null where an expression is anything else. */
export function staticReference(node: Expression): Reference | null {
  if (node.kind !== "variable" && node.kind !== "get-attribute" && node.kind !== "index") return null;
  const reference = referenceOf(node);
  if (reference === null) return null;
  const isStatic = reference.steps.every(
    (step) => step.kind === "get-attribute" || literalKey(step.key) !== undefined,
  );
  return isStatic ? reference : null;
}

/** The same of an element of `depends_on` or `ignore_changes`, which older code writes as a text. */
export function quotedReference(node: Expression): Reference | null {
  const text = literalText(node);
  if (text === undefined) return staticReference(node);
  const { expression, diagnostics } = parseExpression({ path: node.file.path, text });
  return expression === null || diagnostics.length > 0 ? null : staticReference(expression);
}
