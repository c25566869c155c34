import { positionAt, type Range } from "../hcl/syntax/source.ts";
import { printPath } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { lastFrom } from "../terraform/tracing/carried.ts";
import { traceValue, type Whereabouts, whereabouts } from "../terraform/tracing/trace.ts";
import { collectionOf } from "./dynamic-blocks.ts";
import type { WantedChange } from "./goal.ts";
import { type OwnKey, ownKeyOf } from "./instance-key.ts";
import { decidedOutside } from "./outside.ts";
import { isInstalledModule } from "./shared-modules.ts";

/** An edit that would give what is wanted, and the error that it would bring about. */
export interface RefusedEdit {
  readonly at: Range;
  readonly error: string;
}

/**
 * Why no edit is offered, in a sentence that names the place to look at. `refused`: the best edit of those that
 * Terraform would refuse.
 */
export function explainRefusal(
  instance: ResourceInstance,
  { path, wanted }: WantedChange,
  tried: number,
  refused: RefusedEdit | null = null,
): string {
  const place = whereabouts(instance, path);
  const name = printPath(path);
  const dynamic = place.kind === "block" ? dynamicReason(place, name) : null;
  if (dynamic !== null) return dynamic;
  if (wanted === "absent" && instance.at(path) === undefined)
    return `the code does not set ${name} here; it comes from elsewhere, such as the provider's default tags`;
  const outside = place.kind === "argument" ? decidedOutside(place.located) : null;
  if (outside !== null) return outside;
  if (refused !== null)
    return `the edit at ${placeText(refused.at)} would give it, but then: ${refused.error}`;
  const own = place.kind === "argument" ? ownKeyOf(place.located) : null;
  if (own !== null) return ownKeyReason(own);
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

function ownKeyReason({ kind, at }: OwnKey): string {
  const byHand =
    kind === "key"
      ? `rename the key at ${placeText(at)} and add a moved block by hand`
      : `it is counted at ${placeText(at)}, edit that by hand`;
  return `the value is the ${kind} of the instance itself: another value is another instance; ${byHand}`;
}

function dynamicReason({ parent, type, made }: Whereabouts & { kind: "block" }, name: string): string | null {
  const example = made ?? parent.blocks.get(type)?.blocks.findLast((block) => block.dynamic !== null);
  const dynamic = example?.dynamic;
  if (example === undefined || dynamic === undefined || dynamic === null) return null;
  const collection = collectionOf(example);
  const decided =
    collection === null ? dynamic : lastFrom({ ...collection, path: [] }, branchesOf).expression;
  return `a dynamic block makes ${name} from the collection at ${placeText(decided)}; edit that by hand`;
}

/** `main.tf:12` */
export function placeText(range: Range): string {
  return `${range.file.path}:${positionAt(range.file.text, range.start).line}`;
}
