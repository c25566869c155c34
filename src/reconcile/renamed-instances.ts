import type { Effect } from "../drift/model.ts";
import { isJsonObject } from "../json/json.ts";
import { type Address, type InstanceKey, parseAddress, printAddress } from "../terraform/address.ts";
import type { EvaluatedStack } from "./repository.ts";

/** An instance of a stack that is another one by its keys alone. */
export interface RenamedInstance {
  readonly stack: EvaluatedStack;
  /** Its address as it is, and what it consists of. */
  readonly address: string;
  readonly from: Address;
  readonly to: Address;
}

/** Whether an effect is that a managed instance goes. */
export function isDeparture({ address, path, before, after }: Effect): boolean {
  return path === "" && isJsonObject(before) && !isJsonObject(after) && isManaged(address);
}

/** Whether an effect is that a managed instance comes. */
export function isArrival({ address, path, before, after }: Effect): boolean {
  return path === "" && !isJsonObject(before) && isJsonObject(after) && isManaged(address);
}

function isManaged(address: string): boolean {
  return parseAddress(address).mode === "managed";
}

/** Which instances are another one by their keys, and whether that is all that comes and goes. */
export interface RenamedInstances {
  readonly renamed: readonly RenamedInstance[];
  /** No instance comes or goes of which nobody can say which one it is. */
  readonly isAll: boolean;
}

/**
 * The instances of a stack that edits take away, each with the one that comes in its place: of the same block, with
 * another key.
 */
export function renamedInstances(stack: EvaluatedStack, effects: readonly Effect[]): RenamedInstances {
  const gone = byBlock(effects.filter(isDeparture));
  const come = byBlock(effects.filter(isArrival));
  const renamed: RenamedInstance[] = [];
  let isAll = gone.size === come.size;
  for (const [block, from] of gone) {
    const pairs = pairsOf(from, come.get(block) ?? []);
    if (pairs === null) isAll = false;
    for (const [one, other] of pairs ?? [])
      renamed.push({ stack, address: printAddress(one), from: one, to: other });
  }
  return { renamed, isAll };
}

/** Addresses by what they are without their keys. */
function byBlock(effects: readonly Effect[]): ReadonlyMap<string, readonly Address[]> {
  const addresses = effects.map(({ address }) => parseAddress(address));
  return Map.groupBy(addresses, (address) => printAddress(withKeys(address, () => null)));
}

/** More at once are nobody's one rename. */
const MOST_OF_BLOCK = 200;

/** Each with the one that differs in the same text of a key, in as few keys as possible. */
function pairsOf(from: readonly Address[], to: readonly Address[]): (readonly [Address, Address])[] | null {
  const [first] = from;
  if (first === undefined || from.length !== to.length || from.length > MOST_OF_BLOCK) return null;
  const models = to
    .map((model) => ({ model, count: differing(first, model) }))
    .toSorted((a, b) => a.count - b.count);
  const byAddress = new Map(to.map((address) => [printAddress(address), address]));
  for (const { model } of models) {
    const rename = renameLike(first, model);
    const pairs = from.flatMap((address) => {
      const other = byAddress.get(printAddress(withKeys(address, rename)));
      return other === undefined ? [] : [[address, other] as const];
    });
    if (pairs.length === from.length && new Set(pairs.map(([, other]) => other)).size === to.length)
      return pairs;
  }
  return null;
}

function keysOf({ module, key }: Address): readonly InstanceKey[] {
  return [...module.map((step) => step.key), key];
}

function differing(a: Address, b: Address): number {
  const others = keysOf(b);
  return keysOf(a).filter((key, index) => key !== others[index]).length;
}

type Rename = (key: InstanceKey, level: number) => InstanceKey;

function withKeys(address: Address, rename: Rename): Address {
  const module = address.module.map(({ name, key }, level) => ({ name, key: rename(key, level) }));
  return { ...address, module, key: rename(address.key, module.length) };
}

/** What makes one address the other: in each key that differs, the text that differs is replaced. */
function renameLike(from: Address, to: Address): Rename {
  const [was, is] = [keysOf(from), keysOf(to)];
  const texts = was.map((key, level) => {
    const other = is[level];
    return typeof key !== "string" || typeof other !== "string" || key === other
      ? null
      : { key, other, ...difference(key, other) };
  });
  return (key, level) => {
    const text = texts[level] ?? null;
    if (text === null || typeof key !== "string") return key;
    if (key === text.key) return text.other;
    return text.before === "" ? key : key.replace(text.before, () => text.after);
  };
}

/** What two texts do not have in common, widened to whole words. */
function difference(a: string, b: string): { readonly before: string; readonly after: string } {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  while (start > 0 && WORD.test(a[start - 1] ?? "")) start -= 1;
  while (end > 0 && WORD.test(a[a.length - end] ?? "")) end -= 1;
  return { before: a.slice(start, a.length - end), after: b.slice(start, b.length - end) };
}

const WORD = /[\p{L}\p{N}]/u;
