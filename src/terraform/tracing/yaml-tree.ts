import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { DocumentText } from "../../hcl/editing/document-text.ts";
import { FunctionError } from "../../hcl/functions/function.ts";
import { isMergeKey, yamlScalar } from "../../hcl/functions/yaml-decode.ts";
import type { Expression, ObjectItem } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import { printNumber } from "../../hcl/values/number.ts";
import { STRING } from "../../hcl/values/type.ts";
import { COMPUTED, type Value } from "../../hcl/values/value.ts";
import { decodedPart, type Place, partsAround, textLiteral } from "./document-nodes.ts";

/** The same depth as that to which documents are decoded. */
const DEEPEST = 500;

/**
 * What a document of YAML says as an expression; null where it is none. An alias stands in parentheses around what its
 * anchor names, and a mapping with merge keys is a call of `merge`, so that it is plain where each value comes from.
 */
export function yamlExpression(document: DocumentText): Expression | null {
  const root = document.yaml?.contents;
  if (root === undefined || root === null) return null;
  try {
    return new Reader(document).expression(root, 0);
  } catch (error) {
    if (error instanceof FunctionError) return null;
    throw error;
  }
}

class Reader {
  readonly #document: DocumentText;
  readonly #anchors = new Map<string, Expression>();
  /** How deep what is in a node is nested, with what its aliases stand for. */
  readonly #heights = new Map<Expression, number>();

  constructor(document: DocumentText) {
    this.#document = document;
  }

  expression(node: Node, depth: number): Expression {
    if (depth > DEEPEST) throw new FunctionError("is nested too deep", 0);
    const made = this.#made(node, depth);
    const height = this.#heightOf(made);
    if (height > DEEPEST) throw new FunctionError("is nested too deep", 0);
    this.#heights.set(made, height);
    return made;
  }

  #heightOf(made: Expression): number {
    let highest = 0;
    for (const part of partsOf(made))
      highest = Math.max(highest, this.#heights.get(part) ?? this.#heightOf(part));
    return highest + 1;
  }

  #made(node: Node, depth: number): Expression {
    const at = this.#placeOf(node);
    if (isAlias(node)) {
      const inner = this.#anchors.get(node.source);
      if (inner === undefined) throw new FunctionError("has an alias for no anchor", 0);
      return { kind: "parentheses", ...at, inner };
    }
    const made = this.#content(node, at, depth);
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined)
      this.#anchors.set(node.anchor, made);
    return made;
  }

  #placeOf(node: Node): Place {
    const [start = 0, end = 0] = node.range ?? [];
    return { file: this.#document, start, end };
  }

  #content(node: Node, at: Place, depth: number): Expression {
    const computed = decodedPart(at, "yamldecode");
    if (computed !== null) return computed;
    if (isMap(node)) return this.#mapping(node, at, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => {
        if (!isNode(item)) throw new FunctionError("has an element that is none", 0);
        return this.expression(item, depth + 1);
      });
      return { kind: "tuple", ...at, items };
    }
    return isScalar(node) ? this.#scalar(node, at) : { kind: "keyword", ...at, value: null };
  }

  #scalar(node: Scalar, at: Place): Expression {
    const value = yamlScalar(node, this.#document.text, COMPUTED);
    if (value.kind !== "string") return literal(at, value);
    const written = node.type === "PLAIN" ? at : { ...at, start: at.start + 1, end: at.end - 1 };
    const isPlain = this.#document.text.slice(written.start, written.end) === value.value;
    const parts = isPlain ? partsAround(written, (text) => text) : null;
    return parts === null ? textLiteral(at, value.value) : { kind: "template", ...at, form: "quoted", parts };
  }

  /** Entries that come later win, as Terraform reads it, those that are merged too. */
  #mapping({ items }: YAMLMap, at: Place, depth: number): Expression {
    const parts: Expression[] = [];
    let own: ObjectItem[] = [];
    for (const pair of items as Pair[]) {
      const { key, value } = pair;
      if (!isScalar(key)) throw new FunctionError("has a key that is no text", 0);
      const inner = isNode(value)
        ? this.expression(value, depth + 1)
        : ({ kind: "keyword", ...this.#placeOf(key), value: null } as const);
      if (isMergeKey(key)) {
        if (own.length > 0) parts.push({ kind: "object", ...at, items: own });
        own = [];
        parts.push(...(inner.kind === "tuple" ? inner.items : [inner]));
      } else {
        const start = this.#placeOf(key).start;
        const end = Math.max(start, inner.file === this.#document ? inner.end : start);
        own.push({ kind: "item", ...at, start, end, key: this.#key(key), value: inner });
      }
    }
    if (parts.length === 0) return { kind: "object", ...at, items: own };
    parts.push({ kind: "object", ...at, items: own });
    return { kind: "call", ...at, name: "merge", nameRange: at, arguments: parts, expand: false };
  }

  #key(key: Scalar): Expression {
    const name = convert(yamlScalar(key, this.#document.text, COMPUTED), STRING);
    if (name.kind !== "string") throw new FunctionError("has a key that is null", 0);
    return textLiteral(this.#placeOf(key), name.value);
  }
}

/** The values in one that a node of YAML has become. */
function partsOf(made: Expression): readonly Expression[] {
  if (made.kind === "parentheses") return [made.inner];
  if (made.kind === "tuple") return made.items;
  if (made.kind === "object") return made.items.map(({ value }) => value);
  return made.kind === "call" && made.name === "merge" ? made.arguments : [];
}

function literal(at: Place, value: Value): Expression {
  if (value.kind === "bool") return { kind: "keyword", ...at, value: value.value };
  if (value.kind !== "number") return { kind: "keyword", ...at, value: null };
  const text = printNumber(value.value);
  if (!text.startsWith("-")) return { kind: "number", ...at, text };
  return { kind: "unary", ...at, operator: "-", operand: { kind: "number", ...at, text: text.slice(1) } };
}
