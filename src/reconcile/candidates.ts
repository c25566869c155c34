import { editsOfFile } from "../hcl/editing/document-text.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { eraseItem, writeEntry } from "../hcl/editing/write.ts";
import { EvaluationError, type Located } from "../hcl/evaluation/context.ts";
import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { VariableNode } from "../terraform/evaluation/nodes.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { type Branch, evaluatedOrNull } from "../terraform/tracing/branch.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { treeIn } from "../terraform/tracing/document-branches.ts";
import { policySource } from "../terraform/tracing/policy-source.ts";
import { type Whereabouts, whereabouts } from "../terraform/tracing/trace.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import { addBlock, lastAttribute, rewriteArguments } from "./blocks.ts";
import { collectionOf, elementFor } from "./dynamic-blocks.ts";
import { insertWithin, removeWithin } from "./entries.ts";
import { onlyDifference } from "./json-difference.ts";
import { inFormOfJson, jsonIn } from "./json-texts.ts";
import { policySteps } from "./policy-steps.ts";
import { rewrite, rewriteAlias, rewriteAsText, rewriteWithoutInterpolation } from "./rewrite.ts";
import type { Wanted } from "./wanted.ts";

/** An edit that may make an attribute what is wanted; evaluation has to prove it. */
export interface Candidate {
  readonly edits: readonly Edit[];
  /** The lower, the sooner a maintainer would choose the place. */
  readonly cost: number;
}

/**
 * What a place costs, after the order in which maintainers look: the value given for this instance, then the choice of
 * another entry of a table, then what others share: a local, a branch of a conditional, a default.
 */
const COSTS = {
  argument: 0,
  tfvars: 0,
  element: 0,
  part: 0,
  document: 0,
  collection: 0,
  attribute: 1,
  output: 1,
  key: 1,
  override: 1,
  local: 2,
  condition: 3,
  anchor: 3,
  branch: 4,
  default: 5,
} satisfies Record<Branch["kind"], number>;

const INSERTED = 1;
/** A text that no longer follows what it was made of is a last resort, but better than changing what others share. */
const LOST_INTERPOLATION = 12;
/** A table's entry means the same for all who choose it: nobody redefines `small` while `large` can be chosen. */
const CHOSEN_ENTRY = 20;
/** What stands in for a missing value is meant for all that lack it, like a default. */
const FALLBACK = 4;
/** A text of JSON that is written anew where an edit in it would do. */
const REWRITTEN_JSON = 4;
/** Elements that are moved for their order alone: only where the order means something. */
const MOVED_ELEMENTS = 0.1;
const NULL_FOR_ABSENT = 3;
const LESS_LIKELY = 2;
/** Another operand does as well, and means this value more than anything else. */
const OTHER_OPERAND = 8;
const MOST_CANDIDATES = 40;
const MOST_HOPS = 60;

/** The edits that could make a path of an instance what is wanted, the best places first. */
export function candidatesFor(instance: ResourceInstance, path: Path, wanted: Wanted): Candidate[] {
  const search = new Search();
  exploreInstance(search, instance, path, wanted, 0);
  return distinct(search.found)
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_CANDIDATES);
}

/** The same for a part of an expression's value, wherever the expression stands. */
export function candidatesAt(place: Located, wanted: Wanted): Candidate[] {
  const search = new Search();
  search.explore(place, wanted, 0);
  return distinct(search.found)
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_CANDIDATES);
}

/** `cost`: that of the way to the instance. */
function exploreInstance(
  search: Search,
  instance: ResourceInstance,
  path: Path,
  wanted: Wanted,
  cost: number,
): void {
  const place = whereabouts(instance, path);
  if (place.kind === "argument") exploreArgument(search, place, wanted, cost);
  else if (place.kind === "absent") search.add(insertArgument(place, wanted), cost + INSERTED);
  else exploreBlock(search, place, wanted, cost);
}

class Search {
  readonly found: Candidate[] = [];

  explore(place: Located, wanted: Wanted, cost: number, hops = 0): void {
    if (hops > MOST_HOPS || this.found.length > MOST_CANDIDATES) return;
    const isJson = wanted !== "absent" && this.#exploreJson(place, wanted.value, cost, hops);
    this.#addHere(place, wanted, isJson ? cost + REWRITTEN_JSON : cost);
    if (wanted !== "absent") this.#explorePolicy(place, wanted.value, cost, hops);
    for (const branch of branchesOf(place)) {
      const further = invert(branch, wanted);
      if (further === null) continue;
      if (branch.kind === "default" && branch.variable !== null) {
        this.add(assign(branch.variable, branch.to, further), cost + INSERTED);
      }
      const entry = branch.chosen ? CHOSEN_ENTRY : 0;
      const unlikely = (branch.fallback ? FALLBACK : 0) + branch.behind * OTHER_OPERAND;
      const costThere = cost + COSTS[branch.kind] + entry + unlikely;
      if (isDecoded(wanted, further)) this.#exploreParts(branch.to, further.value, costThere, hops + 1);
      else this.explore(branch.to, further, costThere, hops + 1);
    }
  }

  /** The value of which a text is made: where it differs from what is wanted in one part, that part. */
  #exploreParts(place: Located, wanted: Json, cost: number, hops: number): void {
    const value = evaluatedOrNull(place.expression, place.context);
    const part = value === null ? null : valueAt(value, place.path);
    if (part === null) return;
    const current = toPlain(part, [], true).json;
    const formed = inFormOfJson(current, wanted);
    const difference = onlyDifference(current, formed);
    if (difference === null) return;
    const path = [...place.path, ...difference.path];
    if (difference.path.length > 0) this.explore({ ...place, path }, difference.wanted, cost, hops);
    this.explore(place, { value: formed }, cost, hops);
  }

  /** A text of JSON is edited in the parts that differ. Whether it is one. */
  #exploreJson({ expression, context, path }: Located, wanted: Json, cost: number, hops: number): boolean {
    if (expression.kind !== "template" || path.length > 0) return false;
    const json = jsonIn(wanted);
    const tree = json === null ? null : treeIn(expression, context, "json");
    if (json === null || tree === null || (tree.kind !== "object" && tree.kind !== "tuple")) return false;
    this.#exploreParts({ expression: tree, context, path: [] }, json, cost, hops + 1);
    return true;
  }

  /** The arguments of the data source that a policy is made of. */
  #explorePolicy(place: Located, wanted: Json, cost: number, hops: number): void {
    const source = typeof wanted === "string" ? policySource(place) : null;
    if (source === null) return;
    for (const [index, step] of policySteps(source, wanted).entries()) {
      const further = cost + COSTS.attribute + index * LESS_LIKELY;
      if (step.kind === "document") this.explore(step.place, { value: step.wanted }, further, hops + 1);
      else exploreInstance(this, source, step.path, step.wanted, further);
    }
  }

  add(edits: readonly Edit[] | null, cost: number): void {
    if (edits !== null && edits.length > 0) this.found.push({ edits, cost });
  }

  /** The edits of the expression itself. */
  #addHere(place: Located, wanted: Wanted, cost: number): void {
    if (place.path.length > 0) {
      this.#addAt(place, wanted === "absent" ? removeWithin(place) : insertWithin(place, wanted.value), cost);
    } else if (wanted !== "absent") {
      const kept = rewrite(place, wanted.value);
      this.#addAt(place, kept, cost);
      const moved = isInOrder(wanted.value) ? rewrite(place, wanted.value, "wanted") : kept;
      if (JSON.stringify(moved) !== JSON.stringify(kept)) this.#addAt(place, moved, cost + MOVED_ELEMENTS);
      this.#addAt(place, rewriteAlias(place, wanted.value), cost + INSERTED);
      this.#addAt(place, rewriteAsText(place, wanted.value), cost + INSERTED);
      this.#addAt(place, rewriteWithoutInterpolation(place, wanted.value), cost + LOST_INTERPOLATION);
    }
  }

  /** Edits of the text that an expression stands in, which may be one that a template gives. */
  #addAt({ expression: { file } }: Located, edits: readonly Edit[] | null, cost: number): void {
    const kept = editsOfFile(file, edits, true);
    if (kept !== null) this.add(kept, cost);
    else this.add(editsOfFile(file, edits), cost + LOST_INTERPOLATION);
  }
}

/** Whether a value has lists of which the elements could stand in another order. */
function isInOrder(value: Json): boolean {
  if (isJsonArray(value)) return value.length > 1 || value.some(isInOrder);
  return isJsonObject(value) && Object.values(value).some(isInOrder);
}

/** A text of which the value is wanted that it writes. */
function isDecoded(wanted: Wanted, further: Wanted): further is { readonly value: Json } {
  if (wanted === "absent" || further === "absent") return false;
  return typeof wanted.value === "string" && (isJsonObject(further.value) || isJsonArray(further.value));
}

function invert(branch: Branch, wanted: Wanted): Wanted | null {
  if (wanted === "absent") {
    const goesWith = branch.carries || branch.kind === "collection";
    return goesWith && branch.to.path.length > 0 ? wanted : null;
  }
  const value = invertOrNull(branch, wanted.value);
  return value === null && wanted.value !== null ? null : { value };
}

function invertOrNull(branch: Branch, wanted: Json): Json | null {
  try {
    return branch.invert(wanted);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

/** A value for a variable that has only its default: a line in the call or the variable file. */
function assign(variable: VariableNode, fallback: Located, wanted: Wanted): readonly Edit[] | null {
  if (wanted === "absent" || fallback.path.length > 0 || variable.assignable === null) return null;
  const { body } = variable.assignable;
  return writeEntry(body, variable.name, wanted.value, lastAttribute(body, variable.name));
}

function exploreArgument(
  search: Search,
  place: Whereabouts & { kind: "argument" },
  wanted: Wanted,
  cost: number,
): void {
  const { located, at, body } = place;
  search.explore(located, wanted, cost);
  if (wanted !== "absent" || located.path.length > 0) return;
  search.add(eraseItem(body.body, at), cost + INSERTED);
  search.explore(located, { value: null }, cost + NULL_FOR_ABSENT);
}

function insertArgument(
  { body, name, rest }: Whereabouts & { kind: "absent" },
  wanted: Wanted,
): readonly Edit[] | null {
  if (wanted === "absent") return null;
  const [first, ...deeper] = rest;
  if (typeof first === "number") {
    const value = nested(deeper, wanted.value);
    return isJsonObject(value) ? addBlock(body.body, name, value) : null;
  }
  const value = nested(rest, wanted.value);
  if (value === null && wanted.value !== null) return null;
  return writeEntry(body.body, name, value, lastAttribute(body.body, name));
}

/** The value with objects around it, one for each key; null where an element of a list is among the steps. */
function nested(path: Path, value: Json): Json | null {
  if (path.some((step) => typeof step === "number")) return null;
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
}

function exploreBlock(
  search: Search,
  place: Whereabouts & { kind: "block" },
  wanted: Wanted,
  cost: number,
): void {
  const { parent, type, made } = place;
  if (wanted === "absent") {
    if (made === null) return;
    const collection = made.dynamic === null ? null : collectionOf(made);
    if (made.dynamic === null) search.add(eraseItem(parent.body, made.block), cost);
    else if (collection !== null) search.explore(collection, "absent", cost);
    return;
  }
  if (made !== null) {
    if (isJsonObject(wanted.value)) search.add(rewriteArguments(made, wanted.value), cost);
    return;
  }
  if (!isJsonObject(wanted.value)) {
    const name = type;
    search.add(
      insertArgument({ ...place, kind: "absent", body: parent, name, rest: [] }, { value: [wanted.value] }),
      cost + INSERTED,
    );
    return;
  }
  const blocks = parent.blocks.get(type)?.blocks ?? [];
  const last = blocks.findLast((block) => block.dynamic !== null);
  const element = last === undefined ? null : elementFor(last, wanted.value);
  if (element !== null) search.explore(element.collection, { value: element.elements }, cost);
  // Beside a dynamic block alone, a block that is written out would be out of place.
  if (last === undefined || blocks.some((block) => block.dynamic === null))
    search.add(addBlock(parent.body, type, wanted.value), cost + INSERTED);
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = JSON.stringify(candidate.edits);
    const known = seen.get(key);
    if (known === undefined || candidate.cost < known.cost) seen.set(key, candidate);
  }
  return [...seen.values()];
}
