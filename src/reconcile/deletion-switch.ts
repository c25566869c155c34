import { bindingOf, type EvaluationContext, type Located } from "../hcl/evaluation/context.ts";
import type { Binary, Block, Call, Expression } from "../hcl/syntax/syntax.ts";
import { isSequence } from "../hcl/values/value.ts";
import { isJsonArray } from "../json/json.ts";
import type { InstanceKey } from "../terraform/address.ts";
import { attributeOf } from "../terraform/code/module.ts";
import type { Expansion } from "../terraform/evaluation/expansion.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { evaluatedOrNull } from "../terraform/tracing/branch.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { lastFrom, placesFrom } from "../terraform/tracing/carried.ts";
import type { Candidate } from "./candidate.ts";
import { candidatesAt } from "./candidates.ts";

/** A block with `count` or `for_each`, and one of its instances. */
export interface Repeated {
  readonly block: Block;
  readonly expansion: Expansion;
  /** What the arguments of the instance are evaluated in. */
  readonly context: EvaluationContext;
  readonly key: InstanceKey;
}

const FLIPPED = 1;

/**
 * The edits that might make a block leave out one of its instances: the element or entry goes that it is made of, the
 * number becomes smaller, what switches the block off becomes so. `isGone` tells of which other instances that would be
 * right too.
 */
export function switchesOf(repeated: Repeated, isGone: (key: InstanceKey) => boolean): Candidate[] {
  const place = argumentOf(repeated);
  if (place === null || repeated.expansion.unknown) return [];
  const { instances, mode } = repeated.expansion;
  const all = [...instances.keys()].every(isGone);
  const flips = all ? flipsOn(place) : [];
  if (mode === "count") return [...flips, ...fewer(repeated, place, isGone, flips.length > 0)];
  const source = bindingOf(repeated.context, "each")?.source ?? null;
  return source === null ? flips : [...flips, ...withoutElement(source)];
}

/** How many instances are left where those at the end go that are gone. */
export function countWithout({ instances }: Expansion, isGone: (key: InstanceKey) => boolean): number {
  let left = instances.size;
  while (left > 0 && isGone(left - 1)) left -= 1;
  return left;
}

/** `count` or `for_each` of a block, in what it is evaluated in. */
export function argumentOf({ block, expansion, context }: Omit<Repeated, "key">): Located | null {
  const argument = expansion.mode === "single" ? null : attributeOf(block.body, expansion.mode);
  const around = { ...context, names: context.names?.outer ?? null };
  return argument && { expression: argument.value, context: around, path: [] };
}

function fewer(
  { expansion, key }: Repeated,
  place: Located,
  isGone: (key: InstanceKey) => boolean,
  canFlip: boolean,
): Candidate[] {
  const left = countWithout(expansion, isGone);
  // Those in front of others cannot go: the others would take their index.
  if (Number(key) < left) return [];
  const end = lastFrom(place, branchesOf);
  const list = countedList(end);
  if (list !== null) return shorter(list, left);
  // Where a block makes nothing, nobody keeps it with a zero in it.
  if (left === 0 && (canFlip || place.expression.kind === "number")) return [];
  return candidatesAt(place, { value: left });
}

/** The list that an expression counts. */
function countedList({ expression, context }: Located): Located | null {
  const [list, ...more] = isCallOf(expression, "length") ? expression.arguments : [];
  return list === undefined || more.length > 0 ? null : { expression: list, context, path: [] };
}

function shorter(list: Located, left: number): Candidate[] {
  const value = evaluatedOrNull(list.expression, list.context);
  if (value === null || !isSequence(value)) return [];
  if (value.items.length === left + 1) return withoutElement({ ...list, path: [left] });
  const known = toPlain(value, [], true).json;
  return isJsonArray(known) ? candidatesAt(list, { value: known.slice(0, left) }) : [];
}

/** The edits that take an element or entry away; of the names that `keys` gives, the entry. */
function withoutElement(source: Located): Candidate[] {
  const found = candidatesAt(source, "absent");
  const { expression, context, path } = lastFrom(source, branchesOf);
  const [table] = isCallOf(expression, "keys") ? expression.arguments : [];
  const names = evaluatedOrNull(expression, context);
  const name =
    table === undefined || names === null || !isSequence(names) ? undefined : names.items[Number(path[0])];
  if (table === undefined || name?.kind !== "string") return found;
  return [...found, ...candidatesAt({ expression: table, context, path: [name.value] }, "absent")];
}

/** The edits that turn round a condition on the way to the value of an expression. */
function flipsOn(start: Located): Candidate[] {
  const found: Candidate[] = [];
  for (const { expression, context } of placesFrom(start, branchesOf)) {
    if (expression.kind !== "conditional") continue;
    const now = evaluatedOrNull(expression.condition, context);
    if (now?.kind === "bool") found.push(...turned(expression.condition, context, !now.value));
  }
  return found.map(({ edits, cost }) => ({ edits, cost: cost + FLIPPED }));
}

/** The edits that make a condition say something else. */
function turned(node: Expression, context: EvaluationContext, wanted: boolean): Candidate[] {
  if (node.kind === "parentheses") return turned(node.inner, context, wanted);
  if (node.kind === "binary") return turnedBinary(node, context, wanted);
  if (isCallOf(node, "contains") && !wanted) return withoutMember(node, context);
  const place = { expression: node, context, path: [] };
  const found = candidatesAt(place, { value: wanted });
  // The condition may have a name: what it is made of is looked at there.
  for (const { expression, context: inner, path } of placesFrom(place, branchesOf)) {
    if (expression.kind === "unary") return found;
    if (expression.kind === "binary" && path.length === 0)
      return [...found, ...turnedBinary(expression, inner, wanted)];
  }
  return found;
}

function turnedBinary(node: Binary, context: EvaluationContext, wanted: boolean): Candidate[] {
  const { operator, left, right } = node;
  if (operator === "&&" || operator === "||") {
    const turning = [left, right].filter((side) => {
      const value = evaluatedOrNull(side, context);
      return value?.kind === "bool" && value.value !== wanted;
    });
    const one = (operator === "&&") !== wanted;
    return one || turning.length === 1 ? turning.flatMap((side) => turned(side, context, wanted)) : [];
  }
  const isZero = right.kind === "number" && right.text === "0";
  const list =
    (operator === ">" || operator === "!=") && isZero && !wanted
      ? countedList({ expression: left, context, path: [] })
      : null;
  return list === null ? [] : shorter(list, 0);
}

/** `contains(var.features, "cache")` is false once the list has no such element. */
function withoutMember({ arguments: [list, member] }: Call, context: EvaluationContext): Candidate[] {
  if (list === undefined || member === undefined) return [];
  const [all, one] = [evaluatedOrNull(list, context), evaluatedOrNull(member, context)];
  if (all === null || !isSequence(all) || one?.kind !== "string") return [];
  const at = all.items.findIndex((item) => item.kind === "string" && item.value === one.value);
  return at === -1 ? [] : withoutElement({ expression: list, context, path: [at] });
}

function isCallOf(node: Expression, name: string): node is Call {
  return node.kind === "call" && node.name === name;
}
