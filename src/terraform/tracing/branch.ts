import { attempt } from "../../hcl/evaluation/attempt.ts";
import { evaluateKey } from "../../hcl/evaluation/construct.ts";
import {
  bindingOf,
  type EvaluationContext,
  EvaluationError,
  type Located,
} from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import type { Type } from "../../hcl/values/type.ts";
import { isMapping, type Value } from "../../hcl/values/value.ts";
import { equalJson, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import type { VariableNode } from "../evaluation/nodes.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { valueAt } from "./value-at.ts";

/** One way on from an expression towards what decides (a part of) its value. */
export interface Branch {
  readonly kind:
    | "argument"
    | "tfvars"
    | "default"
    | "local"
    | "output"
    | "attribute"
    | "element"
    | "branch"
    | "part"
    | "document"
    | "anchor"
    | "key"
    | "condition"
    | "override"
    | "collection";
  readonly to: Located;
  /** Where the value goes on, for people. */
  readonly at: Range;
  /**
   * False where it only selects the value (the key of a table, a condition), could give one in its place (`override`),
   * or is that of which the value is made (`collection`, a number that is counted with).
   */
  readonly carries: boolean;
  /** What must stand at `to` so that `wanted` stands here; null where nothing does it. */
  readonly invert: (wanted: Json) => Json | null;
  /** The variable that the branch goes through. */
  readonly variable: VariableNode | null;
  /** The value is an entry that a key chose which could be another one: the entry is meant for all who choose it. */
  readonly chosen: boolean;
  /** The value stands in for one that the arguments before it do not have. */
  readonly fallback: boolean;
  /** How many other ways on people would rather go. */
  readonly behind: number;
}

/** The value goes on as it is. */
export function carry(
  kind: Branch["kind"],
  to: Located,
  at: Range,
  more: Partial<Pick<Branch, "variable" | "chosen" | "invert" | "carries" | "fallback" | "behind">> = {},
): Branch {
  return {
    kind,
    to,
    at,
    carries: true,
    invert: (wanted) => wanted,
    variable: null,
    chosen: false,
    fallback: false,
    behind: 0,
    ...more,
  };
}

/** The key of an object's item as text; null where it is not known. */
export function keyText(key: Expression, context: EvaluationContext): string | null {
  const value = evaluateKey(key, context, evaluate);
  if (typeof value === "string") return value;
  return value.kind === "string" ? value.value : null;
}

/** A table's entry is chosen by a key that is computed: another key may choose the wanted entry. */
export function keyBranch(
  table: Expression,
  key: Expression,
  rest: Path,
  context: EvaluationContext,
): Branch {
  return carry("key", { expression: key, context, path: [] }, key, {
    carries: false,
    invert: (wanted) => onlyKeyOf(evaluate(table, context), rest, wanted),
  });
}

/** The one key whose entry has the wanted value; null where there is none or more than one. */
function onlyKeyOf(table: Value, rest: Path, wanted: Json): string | null {
  if (!isMapping(table)) return null;
  const keys = [...table.entries].filter(([, entry]) => {
    const value = valueAt(entry, rest);
    return value !== null && equalJson(toPlain(value, [], true).json, wanted);
  });
  const [only] = keys;
  return keys.length === 1 && only !== undefined ? only[0] : null;
}

/** Whether a key is computed from something that the code could say otherwise: not from `each.key` or `count.index`. */
export function isChoice(key: Expression, context: EvaluationContext): boolean {
  if (key.kind === "number" || isPlainText(key)) return false;
  if (key.kind === "parentheses") return isChoice(key.inner, context);
  if (key.kind !== "variable" && key.kind !== "get-attribute" && key.kind !== "index") return true;
  const reference = referenceOf(key);
  const binding = reference && bindingOf(context, reference.root.name);
  if (reference === null || binding === null) return true;
  if (binding.source === null) return false;
  const [first] = reference.steps;
  return !binding.iterator || (first?.kind === "get-attribute" && first.name === "value");
}

function isPlainText(key: Expression): boolean {
  return key.kind === "template" && key.parts.every((part) => part.kind === "text");
}

/** The value of an expression; null where it fails. */
export function evaluatedOrNull(expression: Expression, context: EvaluationContext): Value | null {
  try {
    return evaluate(expression, context);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

/** The value of an expression as one of a type; null where it fails or is none. */
export function convertedOrNull(
  expression: Expression,
  context: EvaluationContext,
  type: Type,
): Value | null {
  try {
    return attempt(() => convert(evaluate(expression, context), type), expression);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}
