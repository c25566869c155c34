import type { Located } from "../hcl/evaluation/context.ts";
import { EvaluationError } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { positionAt, type Range } from "../hcl/syntax/source.ts";
import { writtenOrigin } from "../hcl/values/convert.ts";
import type { Value } from "../hcl/values/value.ts";
import { printPath } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { traceValue, type Whereabouts, whereabouts } from "../terraform/tracing/trace.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import { collectionOf } from "./dynamic-blocks.ts";
import type { WantedChange } from "./goal.ts";
import { isInstalledModule } from "./shared-modules.ts";

/** Why no edit is offered, in a sentence that names the place to look at. */
export function explainRefusal(
  instance: ResourceInstance,
  { path, wanted }: WantedChange,
  tried: number,
): string {
  const place = whereabouts(instance, path);
  const name = printPath(path);
  const dynamic = place.kind === "block" ? dynamicReason(place, name) : null;
  if (dynamic !== null) return dynamic;
  if (wanted === "absent" && instance.at(path) === undefined)
    return `the code does not set ${name} here; it comes from elsewhere, such as the provider's default tags`;
  const outside = place.kind === "argument" ? decidedOutside(place.located) : null;
  if (outside !== null) return outside;
  const decisive = traceValue(instance, path).at(-1)?.range ?? instance.block;
  const where = placeText(decisive);
  if (isInstalledModule(decisive.file.path))
    return `it is decided at ${where}, in a module that comes from elsewhere; it has no argument that would change it`;
  if (tried > 0) {
    const edits = tried === 1 ? "the one edit that was tried does" : `the ${tried} edits that were tried do`;
    return `${edits} not give the wanted value; it is decided at ${where}, edit it by hand`;
  }
  return `the value is computed at ${where}, and no edit of a literal gives the wanted value; edit it by hand`;
}

function dynamicReason({ parent, type, made }: Whereabouts & { kind: "block" }, name: string): string | null {
  const example = made ?? parent.blocks.get(type)?.blocks.findLast((block) => block.dynamic !== null);
  const dynamic = example?.dynamic;
  if (example === undefined || dynamic === undefined || dynamic === null) return null;
  const collection = collectionOf(example);
  const decided = collection === null ? dynamic : lastOf({ ...collection, path: [] }).expression;
  return `a dynamic block makes ${name} from the collection at ${placeText(decided)}; edit that by hand`;
}

function decidedOutside(located: Located): string | null {
  const value = valueOrNull(lastOf(located));
  if (value === null) return null;
  const origin = writtenOrigin(value);
  if (origin.kind === "setting") return `the value is set outside of the repository's files (${origin.name})`;
  if (origin.kind === "state")
    return `the value comes from ${origin.address}, which is known from the state alone`;
  if (origin.kind === "document") return `the value is read from ${origin.file}; edit it there by hand`;
  return null;
}

const MOST_HOPS = 200;

/** The place that decides a value, as far as it is handed through. */
function lastOf(located: Located): Located {
  let place = located;
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const next = branchesOf(place).find((branch) => branch.carries);
    if (next === undefined) return place;
    place = next.to;
  }
  return place;
}

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
