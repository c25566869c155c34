import type { Attribute, Block, Body, Expression, Label, ObjectItem, TemplatePart } from "./syntax.ts";

/** Every node of the syntax tree. */
export type SyntaxNode = Body | Attribute | Block | Label | Expression | ObjectItem | TemplatePart;

/** The nodes directly below a node, in source order. Their ranges lie in the node's. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  switch (node.kind) {
    case "body":
    case "tuple":
    case "object":
      return node.items;
    case "attribute":
      return [node.value];
    case "block":
      return [...node.labels, node.body];
    case "label":
    case "text":
    case "number":
    case "keyword":
    case "variable":
    case "splat-item":
      return [];
    case "template":
      return node.parts;
    case "interpolation":
      return [node.expression];
    case "if":
      return [node.condition, ...node.then, ...node.else];
    case "for-directive":
      return [node.collection, ...node.parts];
    case "get-attribute":
      return [node.object];
    case "index":
      return [node.collection, node.key];
    case "splat":
      return [node.source, node.each];
    case "call":
      return node.arguments;
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "conditional":
      return [node.condition, node.then, node.else];
    case "item":
      return [node.key, node.value];
    case "for":
      return [node.collection, node.key, node.value, node.condition].filter((child) => child !== null);
    case "parentheses":
      return [node.inner];
  }
}

/** The nodes that contain `[start, end)`, from the given one inward. */
export function nodesAround(node: SyntaxNode, start: number, end: number): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  for (let at: SyntaxNode | undefined = node; at !== undefined; ) {
    nodes.push(at);
    at = childrenOf(at).find((child) => child.start <= start && end <= child.end);
  }
  return nodes;
}
