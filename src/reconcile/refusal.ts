import type { Located } from "../hcl/context.ts";
import { EvaluationError } from "../hcl/context.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { positionAt, type Range } from "../hcl/source.ts";
import type { Value } from "../hcl/value.ts";
import { type Path, printPath } from "../json/path.ts";
import { branchesOf } from "../terraform/branches.ts";
import type { ResourceInstance } from "../terraform/resource.ts";
import { traceValue, whereabouts } from "../terraform/trace.ts";
import { valueAt } from "../terraform/value-at.ts";

/** Why no edit is offered, in a sentence that names the place to look at. */
export function explainRefusal(instance: ResourceInstance, path: Path, tried: number): string {
  const place = whereabouts(instance, path);
  const where = placeText(traceValue(instance, path).at(-1)?.range ?? instance.block);
  if (place.kind === "block") {
    const dynamic = instance
      .body()
      .blocks.get(place.type)
      ?.blocks.some((block) => block.dynamic !== null);
    if (dynamic)
      return `a dynamic block makes ${printPath(path)} from a collection (${where}); edit that by hand`;
  }
  if (place.kind === "argument") {
    const outside = decidedOutside(place.located);
    if (outside !== null) return outside;
  }
  if (tried > 0)
    return `none of the ${tried} edits that were tried gives the wanted value; it is decided at ${where}`;
  return `the value is computed at ${where}, and no edit of a literal gives the wanted value`;
}

function decidedOutside(located: Located): string | null {
  let place = located;
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const next = branchesOf(place).find((branch) => branch.carries);
    if (next === undefined) break;
    place = next.to;
  }
  const value = valueOrNull(place);
  if (value === null) return null;
  let { origin } = value;
  while (origin.kind === "conversion") origin = origin.from.origin;
  if (origin.kind === "setting") return `the value is set outside of the repository's files (${origin.name})`;
  if (origin.kind === "state")
    return `the value comes from ${origin.address}, which is known from the state alone`;
  if (origin.kind === "document") return `the value is read from ${origin.file}; edit it there by hand`;
  return null;
}

const MOST_HOPS = 200;

function valueOrNull({ expression, context, path }: Located): Value | null {
  try {
    return valueAt(evaluate(expression, context), path);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function placeText(range: Range): string {
  return `${range.file.path}:${positionAt(range.file.text, range.start).line}`;
}
