import { attempt } from "../../hcl/evaluation/attempt.ts";
import { bind, bindIterator, type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { evaluateAgain } from "../../hcl/evaluation/evaluate-again.ts";
import { iterate } from "../../hcl/evaluation/iterate.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Attribute, Block, Body } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import { isSameContent } from "../../hcl/values/difference.ts";
import { ReplacedEntries, replacedKeys } from "../../hcl/values/replaced-entries.ts";
import { ANY, NUMBER } from "../../hcl/values/type.ts";
import {
  isMapping,
  isUnknownOrOpen,
  numberValue,
  objectValue,
  stringValue,
  unknownValue,
  type Value,
} from "../../hcl/values/value.ts";
import type { InstanceKey } from "../address.ts";
import { type Before, Cell, type Computation, type Difference } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import { attributeOf } from "../code/module.ts";

/**
 * The instances that a block stands for, by key, each with the context its arguments are evaluated in
 * (https://developer.hashicorp.com/terraform/language/meta-arguments).
 */
export interface Expansion {
  readonly mode: "single" | "count" | "for_each";
  readonly instances: ReadonlyMap<InstanceKey, EvaluationContext>;
  /** `count` or `for_each` is not known: the keys are those of the state. */
  readonly unknown: boolean;
  /** What `for_each` iterates over, where it is known. */
  readonly collection: Value | null;
}

/** What an expansion that failed leaves: which instances there are cannot be said. */
export const NO_EXPANSION: Expansion = {
  mode: "for_each",
  instances: new Map(),
  unknown: true,
  collection: null,
};

/** A cell with the expansion of `owner`; a reader may look at the instance with one key. */
export class ExpansionCell<Owner extends Computation<Expansion>> extends Cell<Expansion> {
  readonly owner: Owner;

  constructor(graph: Graph, owner: Owner) {
    super(graph, owner);
    this.owner = owner;
  }

  /** The context of one instance; null where there is none. */
  contextOf(key: InstanceKey): EvaluationContext | null {
    return this.get(String(key)).instances.get(key) ?? null;
  }

  protected override difference(was: Expansion, is: Expansion): Difference {
    if (was.mode !== is.mode || was.unknown !== is.unknown) return "everything";
    const keys = differingInstances(was, is).map(String);
    return keys.length === 0 ? "nothing" : new Set(keys);
  }

  protected override hasEntry({ mode, instances }: Expansion, key: string): boolean {
    // The only instance is all there is.
    if (mode === "single") return false;
    if (mode === "for_each") return instances.has(key);
    const index = Number(key);
    return String(index) === key && instances.has(index);
  }
}

/** The keys of instances that came, went, or are evaluated in another context than before. */
export function differingInstances(was: Expansion, is: Expansion): InstanceKey[] {
  const few = replacedKeys(was.instances, is.instances);
  const keys = few === null ? new Set([...was.instances.keys(), ...is.instances.keys()]) : new Set(few);
  return [...keys].filter((key) => was.instances.get(key) !== is.instances.get(key));
}

/** What says how many instances a block stands for. */
export function expandedBy({ body, typeRange }: Block): Range {
  return (attributeOf(body, "count") ?? attributeOf(body, "for_each"))?.value ?? typeRange;
}

/**
 * Expands a block. `recorded` are the keys the state has, used where `count` or `for_each` is unknown; `cost` is what an
 * instance costs, in elements of collections. The contexts of `before` are used again where they are the same still.
 * @throws EvaluationError where `count` or `for_each` has a value that makes no instances.
 */
export function expand(
  body: Body,
  context: EvaluationContext,
  recorded: () => readonly InstanceKey[],
  cost: number,
  before: Before<Expansion> | null = null,
): Expansion {
  const count = attributeOf(body, "count");
  if (count !== null) return expandCount(count, context, recorded, cost, before);
  const forEach = attributeOf(body, "for_each");
  if (forEach !== null) return expandForEach(forEach, context, recorded, cost, before);
  context.budget.instances(cost);
  return singleIn(context);
}

/** Most blocks of a module stand for one instance each, and say so with one and the same object. */
const singles = new WeakMap<EvaluationContext, Expansion>();

function singleIn(context: EvaluationContext): Expansion {
  const known = singles.get(context);
  if (known !== undefined) return known;
  const instances = new Map([[null, context]]);
  const single: Expansion = { mode: "single", instances, unknown: false, collection: null };
  singles.set(context, single);
  return single;
}

function expandCount(
  attribute: Attribute,
  context: EvaluationContext,
  recorded: () => readonly InstanceKey[],
  cost: number,
  before: Before<Expansion> | null,
): Expansion {
  const known = before?.result.mode === "count" ? before.result.instances : null;
  const contextAt = (index: number) => known?.get(index) ?? countContext(index, context);
  const given = evaluate(attribute.value, context);
  if (given.kind === "null") throw new EvaluationError("count is null", attribute.value);
  const count = attempt(() => convert(given, NUMBER), attribute.value, "count: ");
  if (count.kind !== "number") {
    const keys = recorded().filter((key) => typeof key === "number");
    const instances = new Map(keys.map((key) => [key, contextAt(key)]));
    return { mode: "count", instances, unknown: true, collection: null };
  }
  if (typeof count.value !== "number" || count.value < 0) {
    throw new EvaluationError("count must be a whole number, zero or more", attribute.value);
  }
  context.budget.instances(count.value * cost);
  const instances = new Map<InstanceKey, EvaluationContext>();
  for (let index = 0; index < count.value; index += 1) instances.set(index, contextAt(index));
  return { mode: "count", instances, unknown: false, collection: null };
}

function countContext(index: number, context: EvaluationContext): EvaluationContext {
  return bind(context, "count", objectValue([["index", numberValue(index)]]));
}

function expandForEach(
  attribute: Attribute,
  context: EvaluationContext,
  recorded: () => readonly InstanceKey[],
  cost: number,
  before: Before<Expansion> | null,
): Expansion {
  const last = before?.result.mode === "for_each" ? before.result : null;
  const collection = evaluateForEach(attribute, context, before?.sameSources && !before.failed ? last : null);
  const unknownKeys = collection.kind === "set" && collection.items.some((item) => item.kind === "unknown");
  if (isUnknownOrOpen(collection) || unknownKeys) {
    const known = recorded().filter((key) => typeof key === "string");
    const value = unknownValue(ANY, collection.origin);
    const instances = new Map(
      known.map((key) => [key, eachContext(stringValue(key), value, key, attribute, context)]),
    );
    return { mode: "for_each", instances, unknown: true, collection: null };
  }
  if (!isMapping(collection) && collection.kind !== "set") {
    const hint = collection.kind === "tuple" || collection.kind === "list" ? "; wrap it in toset(…)" : "";
    throw new EvaluationError(
      `for_each needs a map or a set of strings, not a ${collection.kind}${hint}`,
      attribute.value,
    );
  }
  if (collection.sensitive) {
    throw new EvaluationError("for_each is sensitive, and its keys would show in addresses", attribute.value);
  }
  const few = last === null ? null : rebound(collection, last, attribute, context);
  if (few !== null) return { mode: "for_each", instances: few, unknown: false, collection };
  const instances = new Map<InstanceKey, EvaluationContext>();
  const size = isMapping(collection) ? collection.entries.size : collection.items.length;
  context.budget.instances(size * cost);
  for (const { key, value, step } of iterate(collection, attribute.value)) {
    if (key.kind !== "string") throw new EvaluationError("for_each needs a set of strings", attribute.value);
    const known = last === null ? null : knownContext(last, key.value, value);
    instances.set(key.value, known ?? eachContext(key, value, step, attribute, context));
  }
  return { mode: "for_each", instances, unknown: false, collection };
}

/** A large collection that is written in place is not evaluated again for one of its entries. */
function evaluateForEach(attribute: Attribute, context: EvaluationContext, before: Expansion | null): Value {
  const known = before?.collection ?? null;
  return known === null ? evaluate(attribute.value, context) : evaluateAgain(known, attribute.value, context);
}

/** The instances of a collection of which a few entries were replaced; null where it is not known which. */
function rebound(
  collection: Value,
  last: Expansion,
  attribute: Attribute,
  context: EvaluationContext,
): Expansion["instances"] | null {
  if (!isMapping(collection) || last.collection === null || !isMapping(last.collection)) return null;
  const keys = replacedKeys(last.collection.entries, collection.entries);
  if (keys === null) return null;
  const replaced = new Map<InstanceKey, EvaluationContext>();
  for (const key of keys) {
    const value = collection.entries.get(key);
    if (value === undefined || knownContext(last, key, value) !== null) continue;
    replaced.set(key, eachContext(stringValue(key), value, key, attribute, context));
  }
  return new ReplacedEntries(last.instances, replaced);
}

/** The context of an instance whose element is the same still. */
function knownContext({ instances }: Expansion, key: string, value: Value): EvaluationContext | null {
  const context = instances.get(key) ?? null;
  const each = context?.names?.value;
  const was = each?.kind === "object" ? each.entries.get("value") : undefined;
  return was !== undefined && isSameContent(was, value) ? context : null;
}

function eachContext(
  key: Value,
  value: Value,
  step: string | number,
  attribute: Attribute,
  context: EvaluationContext,
): EvaluationContext {
  return bindIterator(
    context,
    "each",
    { key, value },
    { expression: attribute.value, context, path: [step] },
  );
}
