import { attempt } from "../../hcl/evaluation/attempt.ts";
import { type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import {
  ANY,
  BOOL,
  NUMBER,
  type ObjectAttributeType,
  STRING,
  type Type,
  tupleOf,
} from "../../hcl/values/type.ts";
import {
  asSensitive,
  isMapping,
  isSequence,
  listValue,
  mapValue,
  objectValue,
  setValue,
  tupleValue,
  type Value,
} from "../../hcl/values/value.ts";

/**
 * What a variable's `type` says, with the defaults of `optional(…)`
 * (https://developer.hashicorp.com/terraform/language/expressions/type-constraints).
 */
export interface TypeConstraint {
  readonly type: Type;
  readonly defaults: Defaults | null;
}

/**
 * The defaults of an object's attributes, and those inside of the parts of a value (`element`: of all its elements;
 * `items`: of a tuple's, by position).
 */
interface Defaults {
  readonly own: ReadonlyMap<string, Value>;
  readonly attributes: ReadonlyMap<string, Defaults>;
  readonly element: Defaults | null;
  readonly items: readonly (Defaults | null)[];
}

const NO_DEFAULTS: Defaults = { own: new Map(), attributes: new Map(), element: null, items: [] };

export const ANYTHING: TypeConstraint = { type: ANY, defaults: null };

const PRIMITIVES = new Map<string, Type>([
  ["string", STRING],
  ["number", NUMBER],
  ["bool", BOOL],
  ["any", ANY],
]);

const OLD_SHORTHANDS = new Map<string, Type>([
  ["list", { kind: "list", element: ANY }],
  ["map", { kind: "map", element: ANY }],
  ["set", { kind: "set", element: ANY }],
]);

/** @throws EvaluationError where the expression is no type. */
export function readTypeConstraint(node: Expression, context: EvaluationContext): TypeConstraint {
  if (node.kind === "variable") return named(node.name, node);
  if (node.kind === "parentheses") return readTypeConstraint(node.inner, context);
  if (node.kind === "template") return named(quotedName(node), node);
  if (node.kind !== "call") throw noType(node);
  const [argument] = node.arguments;
  switch (node.name) {
    case "list":
    case "set":
    case "map": {
      if (argument === undefined || node.arguments.length > 1) throw noType(node);
      const element = readTypeConstraint(argument, context);
      return {
        type: { kind: node.name, element: element.type },
        defaults: element.defaults && { ...NO_DEFAULTS, element: element.defaults },
      };
    }
    case "tuple": {
      if (argument?.kind !== "tuple") throw noType(node);
      const parts = argument.items.map((item) => readTypeConstraint(item, context));
      const items = parts.map(({ defaults }) => defaults);
      return {
        type: tupleOf(parts.map(({ type }) => type)),
        defaults: items.every((item) => item === null) ? null : { ...NO_DEFAULTS, items },
      };
    }
    case "object":
      if (argument?.kind !== "object") throw noType(node);
      return readObject(argument, context);
    default:
      throw noType(node);
  }
}

function named(name: string, node: Expression): TypeConstraint {
  const type = PRIMITIVES.get(name) ?? OLD_SHORTHANDS.get(name);
  if (type === undefined) throw noType(node);
  return { type, defaults: null };
}

/** Terraform 0.11 wrote types in quotes, and later ones still read that. */
function quotedName(node: Expression & { kind: "template" }): string {
  const [part] = node.parts;
  return node.parts.length === 1 && part?.kind === "text" ? part.value : "";
}

function readObject(node: Expression & { kind: "object" }, context: EvaluationContext): TypeConstraint {
  const types = new Map<string, ObjectAttributeType>();
  const own = new Map<string, Value>();
  const attributes = new Map<string, Defaults>();
  for (const item of node.items) {
    const name = item.key.kind === "variable" ? item.key.name : keyText(item.key, context);
    const optional = item.value.kind === "call" && item.value.name === "optional" ? item.value : null;
    const [typeNode, fallback] = optional === null ? [item.value] : optional.arguments;
    if (typeNode === undefined) throw noType(item.value);
    const constraint = readTypeConstraint(typeNode, context);
    types.set(name, { type: constraint.type, optional: optional !== null });
    if (constraint.defaults !== null) attributes.set(name, constraint.defaults);
    if (fallback !== undefined) own.set(name, defaultOf(fallback, constraint, context));
  }
  const empty = own.size === 0 && attributes.size === 0;
  return {
    type: { kind: "object", attributes: types },
    defaults: empty ? null : { ...NO_DEFAULTS, own, attributes },
  };
}

function keyText(key: Expression, context: EvaluationContext): string {
  const value = evaluate(key, context);
  if (value.kind !== "string") throw noType(key);
  return value.value;
}

function defaultOf(node: Expression, constraint: TypeConstraint, context: EvaluationContext): Value {
  const given = evaluate(node, context);
  return attempt(() => conform(given, constraint), node, "the default does not fit its type: ");
}

function noType(node: Expression): EvaluationError {
  return new EvaluationError(
    "this is no type; write one such as string, list(number) or object({ name = string })",
    node,
  );
}

/**
 * The value as the constraint wants it: defaults put in where attributes are left out or null, then converted.
 * @throws ConversionError where it does not fit.
 */
export function conform(value: Value, constraint: TypeConstraint): Value {
  const complete = constraint.defaults === null ? value : applyDefaults(value, constraint.defaults);
  return convert(complete, constraint.type);
}

function applyDefaults(value: Value, defaults: Defaults): Value {
  const { element } = defaults;
  if (isSequence(value)) {
    const items = value.items.map((item, index) => {
      const inner = element ?? defaults.items[index] ?? null;
      return inner === null ? item : applyDefaults(item, inner);
    });
    return same(items, value.items) ? value : rebuildSequence(value, items);
  }
  if (!isMapping(value)) return value;
  const entries = new Map<string, Value>();
  for (const [name, child] of value.entries) {
    const inner = defaults.attributes.get(name) ?? element;
    entries.set(name, inner === null || inner === undefined ? child : applyDefaults(child, inner));
  }
  for (const [name, fallback] of defaults.own) {
    const given = entries.get(name);
    if (given !== undefined && given.kind !== "null") continue;
    const inner = defaults.attributes.get(name);
    entries.set(name, inner === undefined ? fallback : applyDefaults(fallback, inner));
  }
  if (same([...entries.values()], [...value.entries.values()])) return value;
  const origin = { kind: "conversion", from: value } as const;
  const rebuilt =
    value.kind === "map" && defaults.own.size === 0
      ? mapValue(ANY, entries, origin)
      : objectValue(entries, origin);
  return asSensitive(rebuilt, value.sensitive);
}

function rebuildSequence(value: Value, items: readonly Value[]): Value {
  const origin = { kind: "conversion", from: value } as const;
  const rebuilt =
    value.kind === "set"
      ? setValue(ANY, items, origin)
      : value.kind === "list"
        ? listValue(ANY, items, origin)
        : tupleValue(items, origin);
  return asSensitive(rebuilt, value.sensitive);
}

function same(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
