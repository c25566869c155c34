import {
  bindingOf,
  type EvaluationContext,
  EvaluationError,
  type Located,
  type Names,
} from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import type { GetAttribute, Index, Parentheses, Template, Variable } from "../../hcl/syntax/syntax.ts";
import { isSequence, type Value } from "../../hcl/values/value.ts";
import type { Path, PathStep } from "../../json/path.ts";
import type { InstanceNode, VariableNode } from "../evaluation/nodes.ts";
import { ResourceInstance } from "../evaluation/resource-instance.ts";
import { ModuleScope } from "../evaluation/scope.ts";
import { type Branch, carry, isChoice, keyBranch, keyText } from "./branch.ts";
import { callBranches } from "./call-branches.ts";
import { conditionalBranches } from "./conditional-branches.ts";
import { partBranches } from "./directive-branches.ts";
import { documentBranches } from "./document-branches.ts";
import { forBranches } from "./for-branches.ts";
import { binaryBranches, unaryBranches } from "./operator-branches.ts";
import { splatBranches, splatItemBranches } from "./splat-branches.ts";
import { subnetBranches } from "./subnet-branches.ts";
import { textBranches } from "./text-branches.ts";
import { isSameValue, valueAt } from "./value-at.ts";
import { whereabouts } from "./whereabouts.ts";
import { within } from "./within-whole.ts";

/** The ways on, the one that carries the value first. An expression that fails has none. */
export function branchesOf(located: Located): Branch[] {
  try {
    return branches(located);
  } catch (error) {
    if (error instanceof EvaluationError) return [];
    throw error;
  }
}

function branches({ expression, context, path }: Located): Branch[] {
  switch (expression.kind) {
    case "parentheses":
      return [
        carry(
          isAround(expression) ? "element" : "anchor",
          { expression: expression.inner, context, path },
          expression,
        ),
      ];
    case "template":
      return templateBranches(expression, context, path);
    case "variable":
    case "get-attribute":
    case "index":
      return accessBranches(expression, context, path);
    case "splat":
      return splatBranches(expression, context, path);
    case "splat-item":
      return splatItemBranches(expression, context, path);
    case "call":
      return (
        documentBranches(expression, context, path, branchesOf) ??
        textBranches(expression, context, path) ??
        subnetBranches(expression, context, path) ??
        callBranches(expression, context, path)
      );
    case "unary":
      return unaryBranches(expression, context, path);
    case "binary":
      return binaryBranches(expression, context, path);
    case "conditional":
      return conditionalBranches(expression, context, path);
    case "object": {
      const [step, ...rest] = path;
      const item = expression.items.findLast(({ key }) => keyText(key, context) === String(step));
      if (step === undefined || item === undefined) return [];
      return [carry("element", { expression: item.value, context, path: rest }, item)];
    }
    case "tuple": {
      const [step, ...rest] = path;
      const item = expression.items[Number(step)];
      return item === undefined ? [] : [carry("element", { expression: item, context, path: rest }, item)];
    }
    case "for":
      return forBranches(expression, context, path, branchesOf);
    default:
      return [];
  }
}

/** An alias of YAML leads to another place. */
function isAround({ start, end, inner }: Parentheses): boolean {
  return start <= inner.start && inner.end <= end;
}

function templateBranches(node: Template, context: EvaluationContext, path: Path): Branch[] {
  const [only] = node.parts;
  if (node.parts.length === 1 && only?.kind === "interpolation" && node.form === "quoted") {
    return [carry("element", { expression: only.expression, context, path }, node)];
  }
  return path.length > 0 ? [] : partBranches(node, context, branchesOf);
}

function accessBranches(
  node: Variable | GetAttribute | Index,
  context: EvaluationContext,
  path: Path,
): Branch[] {
  const reference = referenceOf(node);
  if (reference === null) {
    if (node.kind === "variable") return [];
    const source = node.kind === "get-attribute" ? node.object : node.collection;
    const step = stepOf(node, context);
    return step === null
      ? []
      : [carry("element", { expression: source, context, path: [step, ...path] }, node)];
  }
  const { root, steps } = reference;
  const binding = bindingOf(context, root.name);
  if (binding !== null) {
    if (binding.source === null) return [];
    const selects = steps[0];
    if (binding.iterator && !isElement(binding, selects)) return [];
    const rest = pathOf(steps.slice(binding.iterator ? 1 : 0), context);
    if (rest === null) return [];
    const to = { ...binding.source, path: [...binding.source.path, ...rest, ...path] };
    const keys = keyBranches(steps, context, path);
    return [carry("element", to, node, { chosen: keys.length > 0 }), ...keys];
  }
  if (!(context.scope instanceof ModuleScope)) return [];
  const named = context.scope.target(reference, context);
  const rest = pathOf(steps.slice(named.consumed), context);
  if (rest === null) return [];
  const keys = keyBranches(steps.slice(named.consumed), context, path);
  const chosen = keys.length > 0;
  const { target, path: whole } = within(named, [...rest, ...path]);
  if (target.kind === "attribute") {
    if (target.node.keptAt([target.name, ...whole]) !== null) return keys;
    const argument = writtenAt(target.node, [target.name, ...whole]);
    return argument === null ? [] : [carry("attribute", argument, argument.expression, { chosen }), ...keys];
  }
  if (target.kind !== "named") return [];
  const variable = target.what === "variable" ? (target.node as VariableNode) : null;
  const definition = target.node.definition();
  if (definition === null) return keys;
  const { located } = definition;
  const to = { ...located, path: realign(target.node.value(), located, whole) };
  return [carry(definition.kind, to, located.expression, { variable, chosen }), ...keys];
}

/** Whether what an iterator is asked for is the element: of a set, in which each is its own key, by either name. */
function isElement({ name, source }: Names, selects: GetAttribute | Index | undefined): boolean {
  if (selects?.kind !== "get-attribute") return false;
  // Another `each.key` is another instance.
  if (selects.name !== "key" || name === "each" || source === null) return selects.name === "value";
  return evaluate(source.expression, source.context).kind === "set";
}

/** An argument of a resource, or of a block in it, as the code gives it. */
function writtenAt(node: InstanceNode, [name, ...path]: Path): Located | null {
  const argument = node.argument(String(name));
  if (argument !== null) return { ...argument, path };
  if (path.length === 0 || !(node instanceof ResourceInstance)) return null;
  const place = whereabouts(node, [String(name), ...path]);
  return place.kind === "argument" ? place.located : null;
}

function pathOf(steps: readonly (GetAttribute | Index)[], context: EvaluationContext): Path | null {
  const path = steps.map((step) => stepOf(step, context));
  return path.includes(null) ? null : path.filter((step) => step !== null);
}

function stepOf(step: GetAttribute | Index, context: EvaluationContext): PathStep | null {
  if (step.kind === "get-attribute") return step.name;
  const key = evaluate(step.key, context);
  if (key.kind === "string") return key.value;
  return key.kind === "number" && typeof key.value === "number" ? key.value : null;
}

function keyBranches(
  steps: readonly (GetAttribute | Index)[],
  context: EvaluationContext,
  path: Path,
): Branch[] {
  return steps.flatMap((step, index) => {
    if (step.kind !== "index" || !isChoice(step.key, context)) return [];
    const rest = pathOf(steps.slice(index + 1), context);
    return rest === null ? [] : [keyBranch(step.collection, step.key, [...rest, ...path], context)];
  });
}

/** A conversion to a set sorts: the same element stands elsewhere in what was written. */
function realign(value: Value, written: Located, path: Path): Path {
  if (!leadsThroughSet(value, path)) return path;
  const source = evaluate(written.expression, written.context);
  let [made, raw]: [Value | null, Value | null] = [value, source];
  const aligned: PathStep[] = [];
  for (const step of path) {
    const child: Value | null = made === null ? null : valueAt(made, [step]);
    let place = step;
    if (made?.kind === "set" && child !== null && raw !== null && isSequence(raw)) {
      const found = raw.items.findIndex((item) => isSameValue(child, item));
      if (found !== -1) place = found;
    }
    aligned.push(place);
    raw = raw === null ? null : valueAt(raw, [place]);
    made = child;
  }
  return aligned;
}

function leadsThroughSet(value: Value, path: Path): boolean {
  let at: Value | null = value;
  for (const step of path) {
    if (at === null) return false;
    if (at.kind === "set") return true;
    at = valueAt(at, [step]);
  }
  return false;
}
