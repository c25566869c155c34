import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import type { Call } from "../../hcl/syntax/syntax.ts";
import { isSequence, type Value } from "../../hcl/values/value.ts";
import { equalJson, isJsonArray, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { type Branch, carry, evaluatedOrNull } from "./branch.ts";

/** Neighbours in a flat list that stand in one list of the nested ones, or one that stands there beside lists. */
interface Run {
  readonly path: Path;
  readonly isList: boolean;
  readonly start: number;
  readonly items: readonly Json[];
}

/**
 * The ways on from the whole of what `flatten(lists)` or `concat(lists...)` makes: each of the lists, which has to be
 * another one where nothing but its elements differs. Null for other calls.
 */
export function flatBranches(node: Call, context: EvaluationContext): Branch[] | null {
  const [argument, ...others] = node.arguments;
  const isJoined = node.name === "concat" && node.expand;
  if (argument === undefined || others.length > 0 || (node.name !== "flatten" && !isJoined)) return null;
  const lists = evaluatedOrNull(argument, context);
  if (lists === null || !isSequence(lists)) return null;
  const runs = [...runsOf(lists, isJoined ? 1 : Number.POSITIVE_INFINITY)];
  const given = runs.flatMap(({ items }) => items);
  const endsIn = endsLike(given);
  return runs.toReversed().map((run) =>
    carry("element", { expression: argument, context, path: run.path }, argument, {
      invert: (wanted) => (isJsonArray(wanted) ? runIn(wanted, run, given.length, endsIn(wanted)) : null),
    }),
  );
}

/** `depth`: how many lists within each other are undone. */
function* runsOf(lists: Value, depth: number): Generator<Run> {
  const open: { readonly value: Value; readonly path: Path }[] = [{ value: lists, path: [] }];
  let start = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    const isNested = isSequence(value) && path.length < depth && value.items.some(isSequence);
    if (isNested || (isSequence(value) && path.length === 0 && depth === 1)) {
      const inner = value.items.map((item, index) => ({ value: item, path: [...path, index] }));
      for (const each of inner.toReversed()) open.push(each);
      continue;
    }
    const { json } = toPlain(value, [], true);
    const items = isSequence(value) && isJsonArray(json) ? json : [json];
    yield { path, isList: isSequence(value), start, items };
    start += items.length;
  }
}

interface Ends {
  readonly head: number;
  readonly tail: number;
}

/** How many elements a list begins and ends with that are those of the given one; of one list found only once. */
function endsLike(given: readonly Json[]): (wanted: readonly Json[]) => Ends {
  let known: { readonly wanted: readonly Json[]; readonly ends: Ends } | null = null;
  return (wanted) => {
    if (known?.wanted !== wanted) {
      const ends = {
        head: sharedHead(given, wanted),
        tail: sharedHead(given.toReversed(), wanted.toReversed()),
      };
      known = { wanted, ends };
    }
    return known.ends;
  };
}

function sharedHead(given: readonly Json[], wanted: readonly Json[]): number {
  const most = Math.min(given.length, wanted.length);
  for (let at = 0; at < most; at += 1) if (!equalJson(given[at] ?? null, wanted[at] ?? null)) return at;
  return most;
}

/** What has to stand in the place of a run, where all before and behind it is as it is wanted; else null. */
function runIn(
  wanted: readonly Json[],
  { isList, start, items }: Run,
  length: number,
  { head, tail }: Ends,
): Json | null {
  const behind = length - start - items.length;
  if (start > head || behind > tail || start + behind > wanted.length) return null;
  const own = wanted.slice(start, wanted.length - behind);
  if (isList) return own;
  return own.length === 1 ? (own[0] ?? null) : null;
}
