import type { Edit } from "../hcl/editing/edit.ts";
import { eraseItem, writeEntry } from "../hcl/editing/write.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { referencesIn } from "../hcl/evaluation/references.ts";
import { isJsonObject, type Json } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { type Whereabouts, whereabouts } from "../terraform/tracing/whereabouts.ts";
import { addBlock, lastAttribute, rewriteArguments } from "./blocks.ts";
import { BESIDE_DYNAMIC, type Candidate, INSERTED, MOST_CANDIDATES, NULL_FOR_ABSENT } from "./candidate.ts";
import { Search } from "./candidate-search.ts";
import { collectionOf, elementFor } from "./dynamic-blocks.ts";
import type { Wanted } from "./wanted.ts";

/** The edits that could make a path of an instance what is wanted, the best places first. `ownMaps`: as in `Goal`. */
export function candidatesFor(
  instance: ResourceInstance,
  path: Path,
  wanted: Wanted,
  ownMaps = false,
): Candidate[] {
  const search = new Search(exploreInstance, ownMaps);
  exploreInstance(search, instance, path, wanted, 0);
  return distinct(search.found)
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_CANDIDATES);
}

/** Those that make another value of the key of an instance, or of what a key is made of. */
export function renamingsFor(instance: ResourceInstance, path: Path, wanted: Wanted): Candidate[] {
  const search = new Search(exploreInstance, false, true);
  exploreInstance(search, instance, path, wanted, 0);
  return distinct(search.found.filter(({ renames }) => renames === true)).sort((a, b) => a.cost - b.cost);
}

/** The same for a part of an expression's value, wherever the expression stands. */
export function candidatesAt(place: Located, wanted: Wanted): Candidate[] {
  const search = new Search(exploreInstance, false);
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

function exploreArgument(
  search: Search,
  place: Whereabouts & { kind: "argument" },
  wanted: Wanted,
  cost: number,
): void {
  const { located, at, body } = place;
  const isWhole = located.path.length === 0;
  const isNothing = isWhole && (wanted === "absent" || (wanted.value === null && isConstant(located)));
  if (wanted === "absent" || !isNothing) search.explore(located, wanted, cost);
  if (!isNothing) return;
  search.add(eraseItem(body.body, at), cost + INSERTED);
  search.explore(located, { value: null }, cost + NULL_FOR_ABSENT);
}

/**
 * Whether nothing that the code could say elsewhere decides a value. An argument that is null is one that is left out
 * (https://developer.hashicorp.com/terraform/language/expressions/types#null), and nobody writes null where it stands.
 */
function isConstant({ expression }: Located): boolean {
  return referencesIn(expression).length === 0;
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
  const { value } = wanted;
  const blocks = parent.blocks.get(type)?.blocks ?? [];
  // Of each dynamic block the last that it makes.
  const examples = new Map(blocks.map((block) => [block.dynamic, block]));
  const elements = [...examples.values()]
    .map((example) => elementFor(example, value))
    .filter((each) => each !== null);
  for (const { place: to, value: element } of elements) search.explore(to, { value: element }, cost);
  const beside = elements.length > 0 ? BESIDE_DYNAMIC : INSERTED;
  search.add(addBlock(parent.body, type, value), cost + beside);
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
