import { EvaluationError, type Located } from "../hcl/context.ts";
import type { Edit } from "../hcl/edit.ts";
import type { BlockText, ItemText } from "../hcl/format.ts";
import { alignedInsert, insertBlock, insertTupleItem } from "../hcl/insert.ts";
import { removeItem, removeTupleItem } from "../hcl/remove.ts";
import { renderExpression, renderKey } from "../hcl/render.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { type Branch, branchesOf, keyText } from "../terraform/branches.ts";
import type { EvaluatedBody } from "../terraform/evaluated-body.ts";
import type { VariableNode } from "../terraform/nodes.ts";
import type { ResourceInstance } from "../terraform/resource.ts";
import { type Whereabouts, whereabouts } from "../terraform/trace.ts";
import { insertEntry, rewrite } from "./rewrite.ts";
import { isEmpty, type Wanted } from "./wanted.ts";

/** An edit that may make an attribute what is wanted; evaluation has to prove it. */
export interface Candidate {
  readonly edits: readonly Edit[];
  /** The lower, the sooner a maintainer would choose the place. */
  readonly cost: number;
}

/**
 * What a place costs, after the order in which maintainers look: the value given for this instance, then the choice of
 * another entry of a table, then what others share: a table's entry, a default, a branch of a conditional.
 */
const COSTS = {
  argument: 0,
  tfvars: 0,
  element: 0,
  part: 0,
  attribute: 1,
  output: 1,
  key: 1,
  override: 1,
  local: 2,
  branch: 4,
  default: 5,
} satisfies Record<Branch["kind"], number>;

const INSERTED = 1;
const MOST_CANDIDATES = 40;
const MOST_HOPS = 60;

/** The edits that could make a path of an instance what is wanted, the best places first. */
export function candidatesFor(instance: ResourceInstance, path: Path, wanted: Wanted): Candidate[] {
  const place = whereabouts(instance, path);
  const found: Candidate[] = [];
  if (place.kind === "argument") {
    const search = new Search();
    search.explore(place.located, wanted, 0, 0);
    found.push(...search.found);
    if (place.located.path.length === 0 && wanted === "absent")
      found.push(...removeArgument(place, instance));
  } else if (place.kind === "absent") {
    found.push(...insertArgument(place.body, place.name, place.rest, wanted));
  } else {
    found.push(...changeBlock(place, wanted));
  }
  return distinct(found)
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_CANDIDATES);
}

class Search {
  readonly found: Candidate[] = [];

  explore(place: Located, wanted: Wanted, cost: number, hops: number): void {
    if (hops > MOST_HOPS || this.found.length > MOST_CANDIDATES) return;
    this.#add(editsHere(place, wanted), cost);
    for (const branch of branchesOf(place)) {
      const further = invert(branch, wanted);
      if (further === null) continue;
      const onwards = cost + COSTS[branch.kind];
      if (branch.variable !== null && branch.kind === "default") {
        this.#add(assign(branch.variable, branch.to, further), cost + INSERTED);
      }
      this.explore(branch.to, further, onwards, hops + 1);
    }
  }

  #add(edits: readonly Edit[] | null, cost: number): void {
    if (edits !== null && edits.length > 0) this.found.push({ edits, cost });
  }
}

function invert(branch: Branch, wanted: Wanted): Wanted | null {
  if (wanted === "absent") return branch.carries && branch.to.path.length > 0 ? wanted : null;
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

/** The edits of the expression itself. */
function editsHere(place: Located, wanted: Wanted): readonly Edit[] | null {
  const { expression, context, path } = place;
  if (path.length === 0) return wanted === "absent" ? null : rewrite(place, wanted.value);
  const [step, ...rest] = path;
  if (rest.length > 0) return null;
  if (expression.kind === "object") {
    const item = expression.items.findLast(({ key }) => keyText(key, context) === String(step));
    if (wanted === "absent") return item === undefined ? null : removeItem(expression, item);
    return item === undefined ? insertEntry(expression, String(step), wanted.value) : null;
  }
  if (expression.kind !== "tuple") return null;
  const item = expression.items[Number(step)];
  if (wanted === "absent") return item === undefined ? null : removeTupleItem(expression, item);
  if (item !== undefined) return null;
  const { value } = wanted;
  return insertTupleItem(
    expression,
    (indentation) => renderExpression(value, indentation),
    expression.items.at(-1) ?? null,
  );
}

/** A value for a variable that has only its default: a line in the call or the variable file. */
function assign(variable: VariableNode, fallback: Located, wanted: Wanted): readonly Edit[] | null {
  if (wanted === "absent" || fallback.path.length > 0 || variable.assignable === null) return null;
  const { body } = variable.assignable;
  const { value } = wanted;
  return alignedInsert(
    body,
    variable.name,
    (indentation) => renderExpression(value, indentation),
    body.items.at(-1) ?? null,
  );
}

function removeArgument(place: Whereabouts & { kind: "argument" }, instance: ResourceInstance): Candidate[] {
  const body = instance.block.body;
  const attribute = body.items.find((item) => item === place.at);
  return attribute === undefined ? [] : [{ edits: removeItem(body, attribute), cost: INSERTED }];
}

function insertArgument(body: EvaluatedBody, name: string, rest: Path, wanted: Wanted): Candidate[] {
  if (wanted === "absent") return [];
  const [key, ...deeper] = rest;
  if (deeper.length > 0 || typeof key === "number") return [];
  const value = key === undefined ? wanted.value : { [key]: wanted.value };
  const last = body.body.items.findLast((item) => item.kind === "attribute") ?? null;
  const edits = alignedInsert(body.body, name, (indentation) => renderExpression(value, indentation), last);
  return [{ edits, cost: INSERTED }];
}

function changeBlock(place: Whereabouts & { kind: "block" }, wanted: Wanted): Candidate[] {
  const { parent, type, block } = place;
  const written = block !== null && parent.body.items.includes(block);
  if (wanted === "absent") return written ? [{ edits: removeItem(parent.body, block), cost: 0 }] : [];
  if (block !== null || !isJsonObject(wanted.value)) return [];
  const siblings = parent.body.items
    .filter((item) => item.kind === "block")
    .filter((item) => item.type === type);
  const after = siblings.at(-1) ?? parent.body.items.at(-1) ?? null;
  return [{ edits: insertBlock(parent.body, blockText(type, wanted.value), after), cost: 0 }];
}

/** A block as code would have it: what only repeats a default is left out. */
function blockText(type: string, value: JsonObject): BlockText {
  const items = Object.entries(value)
    .filter(([, inner]) => !isEmpty(inner) || typeof inner === "number")
    .flatMap(([name, inner]): ItemText[] => {
      if (isJsonArray(inner) && inner.some(isJsonObject)) {
        return inner.filter(isJsonObject).map((nested) => blockText(name, nested));
      }
      return [{ name: renderKey(name), value: renderExpression(inner) }];
    });
  return { type, labels: [], items };
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
