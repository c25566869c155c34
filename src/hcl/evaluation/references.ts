import type { Body, Expression, TemplatePart } from "../syntax/syntax.ts";
import type { Reference } from "./context.ts";
import { referenceOf } from "./reference.ts";

/**
 * Every reference in an expression whose root is not an iteration variable of the expression itself, in the order they
 * are written.
 */
export function referencesIn(expression: Expression): Reference[] {
  const found: Reference[] = [];
  visit(expression, NO_NAMES, found);
  return found;
}

/** The references of all arguments of a body and the blocks in it. */
export function referencesInBody(body: Body): Reference[] {
  return body.items.flatMap((item) =>
    item.kind === "attribute" ? referencesIn(item.value) : referencesInBody(item.body),
  );
}

type Bound = ReadonlySet<string>;

const NO_NAMES: Bound = new Set();

function visit(node: Expression, bound: Bound, found: Reference[]): void {
  switch (node.kind) {
    case "number":
    case "keyword":
    case "splat-item":
      return;
    case "template":
      visitParts(node.parts, bound, found);
      return;
    case "variable":
    case "get-attribute":
    case "index":
      visitAccess(node, bound, found);
      return;
    case "splat":
      visit(node.source, bound, found);
      visit(node.each, bound, found);
      return;
    case "call":
      for (const argument of node.arguments) visit(argument, bound, found);
      return;
    case "unary":
      visit(node.operand, bound, found);
      return;
    case "binary":
      visit(node.left, bound, found);
      visit(node.right, bound, found);
      return;
    case "conditional":
      visit(node.condition, bound, found);
      visit(node.then, bound, found);
      visit(node.else, bound, found);
      return;
    case "tuple":
      for (const item of node.items) visit(item, bound, found);
      return;
    case "object":
      for (const item of node.items) {
        if (item.key.kind !== "variable") visit(item.key, bound, found);
        visit(item.value, bound, found);
      }
      return;
    case "for": {
      visit(node.collection, bound, found);
      const inner = withNames(bound, node.keyName, node.valueName);
      if (node.key !== null) visit(node.key, inner, found);
      visit(node.value, inner, found);
      if (node.condition !== null) visit(node.condition, inner, found);
      return;
    }
    case "parentheses":
      visit(node.inner, bound, found);
  }
}

function visitAccess(
  node: Expression & { kind: "variable" | "get-attribute" | "index" },
  bound: Bound,
  found: Reference[],
): void {
  const reference = referenceOf(node);
  if (reference !== null && !bound.has(reference.root.name)) found.push(reference);
  if (reference === null && node.kind !== "variable") {
    visit(node.kind === "index" ? node.collection : node.object, bound, found);
    if (node.kind === "index") visit(node.key, bound, found);
    return;
  }
  for (const step of reference?.steps ?? []) if (step.kind === "index") visit(step.key, bound, found);
}

function visitParts(parts: readonly TemplatePart[], bound: Bound, found: Reference[]): void {
  for (const part of parts) {
    if (part.kind === "interpolation") visit(part.expression, bound, found);
    if (part.kind === "if") {
      visit(part.condition, bound, found);
      visitParts(part.then, bound, found);
      visitParts(part.else, bound, found);
    }
    if (part.kind === "for-directive") {
      visit(part.collection, bound, found);
      visitParts(part.parts, withNames(bound, part.keyName, part.valueName), found);
    }
  }
}

function withNames(bound: Bound, keyName: string | null, valueName: string): Bound {
  return new Set([...bound, ...(keyName === null ? [] : [keyName]), valueName]);
}
