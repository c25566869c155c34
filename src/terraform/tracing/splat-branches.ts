import { bindingOf, type EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { bindItem } from "../../hcl/evaluation/splat.ts";
import type { Expression, Splat, SplatItem } from "../../hcl/syntax/syntax.ts";
import { isSequence, type Value } from "../../hcl/values/value.ts";
import { canonicalJson, isJsonArray, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { type Branch, carry, keyText } from "./branch.ts";
import { withParts } from "./element-parts.ts";
import { pairedElements } from "./paired-elements.ts";

/** The ways on from `source[*].each`: to the element that gives one, and to the collection that another one would be in. */
export function splatBranches(node: Splat, context: EvaluationContext, path: Path): Branch[] {
  const [step, ...rest] = path;
  const source = evaluate(node.source, context);
  if (step === undefined) return wholeBranches(node, source, context, (wanted) => wanted);
  const items = isSequence(source) ? source.items : [source];
  const item = items[Number(step)];
  if (item !== undefined) {
    const inner = bindItem(node, source, item, Number(step), context);
    const carried = carry("element", { expression: node.each, context: inner, path: rest }, node);
    return rest.length > 0 || !isSequence(source) ? [carried] : [carried, goneWith(node, context, step)];
  }
  if (rest.length > 0 || step !== items.length) return [];
  return wholeBranches(node, source, context, (wanted, given) => [...given, wanted]);
}

/** The ways on from what stands for one element. */
export function splatItemBranches(node: SplatItem, context: EvaluationContext, path: Path): Branch[] {
  const source = bindingOf(context, node.id)?.source;
  return source ? [carry("element", { ...source, path: [...source.path, ...path] }, node)] : [];
}

/** What is read of an element goes when the element goes. */
function goneWith({ source }: Splat, context: EvaluationContext, step: Path[number]): Branch {
  const to = { expression: source, context, path: [step] };
  return carry("collection", to, source, { carries: false, invert: () => null });
}

/** `whole`: all that is to be read, by what is wanted and what is read now. */
function wholeBranches(
  node: Splat,
  source: Value,
  context: EvaluationContext,
  whole: (wanted: Json, given: readonly Json[]) => Json,
): Branch[] {
  const way = wayOf(node.each, context);
  if (!isSequence(source) || way === null) return [];
  const invert = (wanted: Json) => {
    const given = source.items.map((item, index) =>
      plain(evaluate(node.each, bindItem(node, source, item, index, context))),
    );
    const asked = whole(wanted, given);
    return isJsonArray(asked) ? elementsFor(source.items, way, given, asked) : null;
  };
  const to = { expression: node.source, context, path: [] };
  return [carry("collection", to, node.source, { carries: false, invert })];
}

/** The elements of which what is wanted is read; null where nothing tells what a new one is. */
function elementsFor(
  items: readonly Value[],
  path: Path,
  given: readonly Json[],
  wanted: readonly Json[],
): Json | null {
  const pairs = pairedElements(given.map(canonicalJson), wanted.map(canonicalJson));
  const elements = wanted.map((value, index): Json | undefined => {
    const pair = pairs[index] ?? null;
    const item = pair === null ? undefined : items[pair.at];
    const known = item === undefined ? undefined : plain(item);
    return pair?.isSame === true ? known : withParts(known, [{ path, value }]);
  });
  return elements.includes(undefined) ? null : elements.flatMap((each) => (each === undefined ? [] : [each]));
}

/** The steps from an element to what is read of it; null where one is not known. */
function wayOf(each: Expression, context: EvaluationContext): Path | null {
  const steps: Path[number][] = [];
  for (let node = each; node.kind !== "splat-item"; ) {
    if (node.kind === "get-attribute") {
      steps.push(node.name);
      node = node.object;
    } else if (node.kind === "index") {
      const key = node.key.kind === "number" ? evaluate(node.key, context) : null;
      const step =
        key?.kind === "number" && typeof key.value === "number" ? key.value : keyText(node.key, context);
      if (step === null) return null;
      steps.push(step);
      node = node.collection;
    } else return null;
  }
  return steps.reverse();
}

function plain(value: Value): Json {
  return toPlain(value, [], true).json;
}
