import { documentOf, writtenRange } from "../hcl/editing/document-text.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { positionAt, type Range } from "../hcl/syntax/source.ts";
import { isJsonArray, type Json } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { lastFrom } from "../terraform/tracing/carried.ts";
import { lastTowards } from "../terraform/tracing/towards.ts";
import { traceValue } from "../terraform/tracing/trace.ts";
import { type Whereabouts, whereabouts } from "../terraform/tracing/whereabouts.ts";
import { onlyDynamic } from "./blocks.ts";
import { collectionOf } from "./dynamic-blocks.ts";
import type { WantedChange } from "./goal.ts";
import { type OwnKey, ownKeyOf } from "./instance-key.ts";
import { unknownReferences } from "./losses.ts";
import { decidedOutside } from "./outside.ts";
import { isInstalledModule } from "./shared-modules.ts";

/** An edit that would give what is wanted, and the error that it would bring about. */
export interface RefusedEdit {
  readonly at: Range;
  readonly error: string;
  /** What Terraform would point at: the condition that does not hold. */
  readonly where: Range | null;
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
  const asked = wanted === "absent" ? undefined : wanted.value;
  const inBlock = place.kind === "block" ? (dynamicReason(place, name) ?? noBlockReason(place, asked)) : null;
  if (inBlock !== null) return inBlock;
  if (wanted === "absent" && instance.at(path) === undefined)
    return `the code does not set ${name} here; it comes from elsewhere, such as the provider's default tags`;
  const outside = place.kind === "argument" ? decidedOutside(place.located, asked) : null;
  if (outside !== null) return outside;
  if (refused !== null)
    return `the edit at ${placeText(refused.at)} would give it, but then: ${errorText(refused)}`;
  const given = place.kind === "argument" ? givenReason(place.located, asked) : null;
  if (given !== null) return given;
  const decisive = traceValue(instance, path, asked).at(-1)?.range ?? instance.block;
  const where = placeText(decisive);
  if (isInstalledModule(decisive.file.path))
    return `it is decided at ${where}, in a module that comes from elsewhere; it has no argument that would change it`;
  if (tried > 0) {
    const edits = tried === 1 ? "the one edit that was tried does" : `the ${tried} edits that were tried do`;
    return `${edits} not give the wanted value; it is decided at ${where}, edit it by hand`;
  }
  if (place.kind === "argument" && isMadeText(lastTowards(place.located, asked)))
    return `the text at ${where} would have to be another, and no edit of it gives the wanted one while what is put into it stays; edit it by hand`;
  return `the value is computed at ${where}, and no edit of a literal gives the wanted value; edit it by hand`;
}

/** What the expression that gives the value says about it. */
function givenReason(located: Located, wanted: Json | undefined): string | null {
  const own = ownKeyOf(located, wanted);
  return own === null ? (unknownReason(located) ?? heredocReason(located, wanted)) : ownKeyReason(own);
}

function isMadeText({ expression }: Located): boolean {
  return expression.kind === "template" && expression.parts.some(({ kind }) => kind !== "text");
}

function ownKeyReason({ kind, at, taken }: OwnKey): string {
  if (taken !== null)
    return `the value is the key of the instance itself, decided at ${placeText(at)}, and another instance has the key ${JSON.stringify(taken)} already; rename that one first, or give this one a name of its own`;
  const byHand =
    kind === "key"
      ? `rename the key at ${placeText(at)} and add a moved block by hand`
      : `it is counted at ${placeText(at)}, edit that by hand`;
  return `the value is the ${kind} of the instance itself: another value is another instance; ${byHand}`;
}

function dynamicReason({ parent, type, made }: Whereabouts & { kind: "block" }, name: string): string | null {
  const example = made ?? parent.blocks.get(type)?.blocks.findLast((block) => block.dynamic !== null);
  if (example === undefined) {
    const idle = onlyDynamic(parent.body, type);
    return idle && `the dynamic block at ${placeText(idle)} makes no ${name} now; edit that by hand`;
  }
  const { dynamic } = example;
  if (dynamic === null) return null;
  const collection = collectionOf(example);
  const decided =
    collection === null ? dynamic : lastFrom({ ...collection, path: [] }, branchesOf).expression;
  return `a dynamic block makes ${name} from the collection at ${placeText(decided)}; edit that by hand`;
}

/** Blocks of which there should be none, though that the code has none says less than that there are none. */
function noBlockReason(
  { made, type }: Whereabouts & { kind: "block" },
  wanted: Json | undefined,
): string | null {
  if (made === null || !isJsonArray(wanted) || wanted.length > 0) return null;
  return `without the ${type} block at ${placeText(made.block)} the code would not say that there is none: a provider may then keep what is there; remove the block, or write ${type} = [] where the provider takes that, by hand`;
}

function errorText({ error, where }: RefusedEdit): string {
  return where === null ? error : `${error} (${placeText(where)})`;
}

/** What is referred to and not known may be what is wanted. */
function unknownReason(located: Located): string | null {
  const last = lastFrom(located, branchesOf);
  const [unknown] = unknownReferences(last);
  if (unknown === undefined) return null;
  const at = placeText(writtenRange(last.expression));
  return `the value of ${unknown} (${at}) is not known without a state, so it may be what is wanted already; edit it by hand`;
}

function heredocReason(located: Located, wanted: Json | undefined): string | null {
  const { expression } = lastTowards(located, wanted);
  if (expression.kind !== "template" || expression.form === "quoted" || documentOf(expression) !== null)
    return null;
  if (typeof wanted !== "string" || wanted === "" || wanted.endsWith("\n")) return null;
  return `the heredoc at ${placeText(expression)} always ends with a line end, and the wanted text does not; edit it by hand, with chomp() or as a quoted text`;
}

/** `main.tf:12` */
export function placeText(range: Range): string {
  return `${range.file.path}:${positionAt(range.file.text, range.start).line}`;
}
