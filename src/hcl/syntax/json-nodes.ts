import type { Range } from "./source.ts";

/** A JSON text as it is written: every node is the range it was read from. */
export type JsonNode = JsonObjectNode | JsonArrayNode | JsonText | JsonNumber | JsonKeyword;

/** Its range is with the braces. Names may come twice: what that means is the reader's to say. */
export interface JsonObjectNode extends Range {
  readonly kind: "json-object";
  readonly members: readonly JsonMember[];
}

/** `"name": value`, from the name's start to the value's end. */
export interface JsonMember extends Range {
  readonly kind: "json-member";
  readonly name: JsonText;
  readonly value: JsonNode;
}

/** Its range is with the brackets. */
export interface JsonArrayNode extends Range {
  readonly kind: "json-array";
  readonly items: readonly JsonNode[];
}

/** A string, its range with the quotes; `value` is what it means, `escaped` whether a backslash stands in it. */
export interface JsonText extends Range {
  readonly kind: "json-text";
  readonly value: string;
  readonly escaped: boolean;
}

/** `text` is the number as written, perhaps with a sign, a fraction and an exponent. */
export interface JsonNumber extends Range {
  readonly kind: "json-number";
  readonly text: string;
}

export interface JsonKeyword extends Range {
  readonly kind: "json-keyword";
  readonly value: true | false | null;
}

/** The nodes that contain `[start, end)`, from the given one inward: members, and the nodes in them. */
export function jsonNodesAround(root: JsonNode, start: number, end: number): (JsonNode | JsonMember)[] {
  const nodes: (JsonNode | JsonMember)[] = [];
  for (let at: JsonNode | JsonMember | undefined = root; at !== undefined; ) {
    nodes.push(at);
    at = childHolding(childrenOf(at), start, end);
  }
  return nodes;
}

function childrenOf(node: JsonNode | JsonMember): readonly (JsonNode | JsonMember)[] {
  switch (node.kind) {
    case "json-object":
      return node.members;
    case "json-array":
      return node.items;
    case "json-member":
      return [node.name, node.value];
    default:
      return [];
  }
}

/** The children stand in the order of the text, so that the one that holds a place is found by halving. */
function childHolding<T extends Range>(children: readonly T[], start: number, end: number): T | undefined {
  let [low, high] = [0, children.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((children[middle]?.end ?? 0) < end) low = middle + 1;
    else high = middle;
  }
  const child = children[low];
  return child !== undefined && child.start <= start && end <= child.end ? child : undefined;
}
