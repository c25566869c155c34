import { attempt } from "../../hcl/evaluation/attempt.ts";
import { type EvaluationContext, EvaluationError, type Located } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { bindElement } from "../../hcl/evaluation/for.ts";
import { type Element, iterate } from "../../hcl/evaluation/iterate.ts";
import type { Expression, For } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import { STRING } from "../../hcl/values/type.ts";
import type { Path } from "../../json/path.ts";

/** An element of the collection that the condition lets through. */
export interface Made {
  readonly element: Element;
  readonly context: EvaluationContext;
  readonly key: string | null;
  readonly node: For;
}

export function* madeBy(node: For, context: EvaluationContext): Generator<Made> {
  for (const element of iterate(evaluate(node.collection, context), node.collection)) {
    const inner = bindElement(node, element, context);
    if (node.condition !== null) {
      const condition = evaluate(node.condition, inner);
      if (condition.kind !== "bool" || !condition.value) continue;
    }
    yield { element, context: inner, key: node.key && keyOfResult(node.key, inner), node };
  }
}

/** What gives the result at a path of what the `for` gives. */
export function madeAt(node: For, context: EvaluationContext, path: Path): Made | null {
  const [name, wanted] = placeOf(node, path);
  let kept = 0;
  for (const made of madeBy(node, context)) {
    if (nameOf(made) !== name) continue;
    if (kept === wanted) return made;
    kept += 1;
  }
  return null;
}

/** The rest of a path: that in the value of the element. */
export function pathInElement({ grouping }: For, path: Path): Path {
  return path.slice(grouping ? 2 : 1);
}

/**
 * The same for many paths: each `for` is gone through once. Only for as long as nothing is edited.
 */
export class ForElements {
  readonly #known = new Map<EvaluationContext, Map<For, ReadonlyMap<string, readonly Made[]>>>();

  /** The place that gives (a part of) what a `for` gives; null where no element of it does. */
  placeAt(node: For, context: EvaluationContext, path: Path): Located | null {
    if (path.length === 0) return null;
    const [name, position] = placeOf(node, path);
    const made = this.#madeBy(node, context).get(name)?.[position];
    if (made === undefined) return null;
    return { expression: node.value, context: made.context, path: pathInElement(node, path) };
  }

  #madeBy(node: For, context: EvaluationContext): ReadonlyMap<string, readonly Made[]> {
    const inContext = this.#known.get(context) ?? new Map<For, ReadonlyMap<string, readonly Made[]>>();
    this.#known.set(context, inContext);
    const known = inContext.get(node);
    if (known !== undefined) return known;
    const made = madeByName(node, context);
    inContext.set(node, made);
    return made;
  }
}

/** As far as nothing fails. */
function madeByName(node: For, context: EvaluationContext): ReadonlyMap<string, readonly Made[]> {
  const found = new Map<string, Made[]>();
  try {
    for (const made of madeBy(node, context)) {
      const name = nameOf(made);
      if (name === null) continue;
      const group = found.get(name);
      if (group === undefined) found.set(name, [made]);
      else group.push(made);
    }
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
  }
  return found;
}

/** What stands at a path: the name that it has in an object, and the place among those that have it. */
function placeOf({ key, grouping }: For, [step, position]: Path): readonly [name: string, position: number] {
  return key === null ? [LISTED, Number(step)] : [String(step), grouping ? Number(position) : 0];
}

/** The name of all that a list is made of. */
const LISTED = "";

function nameOf({ node, key }: Made): string | null {
  return node.key === null ? LISTED : key;
}

function keyOfResult(key: Expression, context: EvaluationContext): string | null {
  const value = attempt(() => convert(evaluate(key, context), STRING), key);
  return value.kind === "string" ? value.value : null;
}
