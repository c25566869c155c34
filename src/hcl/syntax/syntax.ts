import type { Diagnostic, Range } from "./source.ts";

/**
 * The syntax tree of HCL's native syntax (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md). Every node is
 * itself the range it was read from.
 */
export interface ParsedFile {
  readonly body: Body;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * How texts are meant where a node was read from JSON (https://github.com/hashicorp/hcl/blob/main/json/spec.md): as
 * templates, or as they are. The native syntax, also where it stands in a text of JSON, has none of it.
 */
export type JsonTexts = "templates" | "plain";

/** The inside of a file or block; the braces are not part of its range. `items` are in source order. */
export interface Body extends Range {
  readonly kind: "body";
  readonly items: readonly (Attribute | Block)[];
  readonly json?: JsonTexts;
  /** The names of attributes that are left out, since their values do not parse. */
  readonly unread?: readonly string[];
  /** The bodies that this one was merged from, the first with what the others override; `items` may be of any of them. */
  readonly merged?: readonly Body[];
}

/** `name = value`, in JSON a property; the range ends with the value. */
export interface Attribute extends Range {
  readonly kind: "attribute";
  readonly name: string;
  readonly nameRange: Range;
  readonly value: Expression;
}

/**
 * `type "label" { … }`; the range includes the closing brace. In JSON, where the type and the first labels are names of
 * objects around it, the range starts with the name before its body, and `typeRange` is that name.
 */
export interface Block extends Range {
  readonly kind: "block";
  readonly type: string;
  readonly typeRange: Range;
  readonly labels: readonly Label[];
  readonly body: Body;
}

export interface Label extends Range {
  readonly kind: "label";
  readonly value: string;
}

export type Expression =
  | NumberLiteral
  | KeywordLiteral
  | Template
  | Variable
  | GetAttribute
  | Index
  | Splat
  | SplatItem
  | Call
  | Unary
  | Binary
  | Conditional
  | TupleConstructor
  | ObjectConstructor
  | For
  | Parentheses;

/** `text` is the number as written: digits, perhaps a fraction and an exponent. */
export interface NumberLiteral extends Range {
  readonly kind: "number";
  readonly json?: JsonTexts;
  readonly text: string;
}

export interface KeywordLiteral extends Range {
  readonly kind: "keyword";
  readonly json?: JsonTexts;
  readonly value: true | false | null;
}

/**
 * A quoted string or a heredoc. A string without interpolation has one text part, an empty one has none.
 * Escapes are resolved, and heredoc indentation (`<<-`) and strip markers (`~`) are applied, in the parts' `value`.
 */
export interface Template extends Range {
  readonly kind: "template";
  readonly json?: JsonTexts;
  readonly form: "quoted" | "heredoc" | "indented-heredoc";
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = TextPart | Interpolation | IfDirective | ForDirective;

/** `value` is what the text means, its range what was written. */
export interface TextPart extends Range {
  readonly kind: "text";
  readonly value: string;
}

/** `${ … }`, its range with the delimiters. */
export interface Interpolation extends Range {
  readonly kind: "interpolation";
  readonly expression: Expression;
}

/** `%{ if c } … %{ else } … %{ endif }` */
export interface IfDirective extends Range {
  readonly kind: "if";
  readonly condition: Expression;
  readonly then: readonly TemplatePart[];
  readonly else: readonly TemplatePart[];
}

/** `%{ for k, v in c } … %{ endfor }` */
export interface ForDirective extends Range {
  readonly kind: "for-directive";
  readonly keyName: string | null;
  readonly valueName: string;
  readonly collection: Expression;
  readonly parts: readonly TemplatePart[];
}

/** A bare name, the root of a traversal: `var`, `local`, `each`, `aws_instance`. */
export interface Variable extends Range {
  readonly kind: "variable";
  readonly name: string;
}

/** `object.name`; the range covers all from the object's start. */
export interface GetAttribute extends Range {
  readonly kind: "get-attribute";
  readonly object: Expression;
  readonly name: string;
}

/** `collection[key]`, and the legacy form `collection.0` whose key is a number literal. */
export interface Index extends Range {
  readonly kind: "index";
  readonly collection: Expression;
  readonly key: Expression;
}

/**
 * `source[*]…` and `source.*…`. `each` is applied to every element; the element itself stands in it as a `splat-item`
 * whose `id` equals this node's. After `.*` only attribute access and legacy indexes belong to `each`; after `[*]` all
 * accessors do.
 */
export interface Splat extends Range {
  readonly kind: "splat";
  readonly id: number;
  readonly source: Expression;
  readonly each: Expression;
}

export interface SplatItem extends Range {
  readonly kind: "splat-item";
  readonly id: number;
}

/** `name(…)`; `name` holds the `::` of a namespaced function; `expand` where the last argument is followed by `...`. */
export interface Call extends Range {
  readonly kind: "call";
  readonly name: string;
  readonly nameRange: Range;
  readonly arguments: readonly Expression[];
  readonly expand: boolean;
}

export interface Unary extends Range {
  readonly kind: "unary";
  readonly json?: JsonTexts;
  readonly operator: "-" | "!";
  readonly operand: Expression;
}

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "&&"
  | "||"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">=";

export interface Binary extends Range {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Conditional extends Range {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly then: Expression;
  readonly else: Expression;
}

export interface TupleConstructor extends Range {
  readonly kind: "tuple";
  readonly json?: JsonTexts;
  readonly items: readonly Expression[];
}

export interface ObjectConstructor extends Range {
  readonly kind: "object";
  readonly json?: JsonTexts;
  readonly items: readonly ObjectItem[];
}

/**
 * `key = value` or `key : value`; its range covers both. A key that is a bare name is a `variable` node: it means its
 * own name, unless it stands in parentheses.
 */
export interface ObjectItem extends Range {
  readonly kind: "item";
  readonly key: Expression;
  readonly value: Expression;
}

/** `[for v in c : e if f]` (`key` is null) and `{for k, v in c : key => e... if f}`; `grouping` is the `...`. */
export interface For extends Range {
  readonly kind: "for";
  readonly keyName: string | null;
  readonly valueName: string;
  readonly collection: Expression;
  readonly key: Expression | null;
  readonly value: Expression;
  readonly condition: Expression | null;
  readonly grouping: boolean;
}

export interface Parentheses extends Range {
  readonly kind: "parentheses";
  readonly inner: Expression;
}
