import { printAddress } from "../terraform/address.ts";
import type { Module } from "../terraform/code/module.ts";
import { modulesIn } from "../terraform/code/module-tree.ts";
import { type Move, movesIn } from "../terraform/evaluation/moved.ts";
import type { Place } from "../terraform/place.ts";
import type { RenamedKey } from "./named-keys.ts";
import type { RenamedInstance } from "./renamed-instances.ts";
import type { EvaluatedStack } from "./repository.ts";

/**
 * Whether the state has the new address already, whatever the code says: Terraform leaves an address that is taken to its
 * owner, with a warning alone, and destroys what should have come there. A deposed object takes it as well.
 */
export function isInState({ stack, to }: RenamedInstance): boolean {
  const { recorded, inputs } = stack.evaluation;
  const address = printAddress(to);
  if (recorded.get(address) !== null) return true;
  const { deposed = [], damaged = [] } = inputs.state ?? {};
  return damaged.includes(address) || deposed.some((object) => object.address === address);
}

/** What the `moved` blocks of a stack name, and where its modules are called. */
export interface NamedByMoves {
  /** The names that lead to the calls of a module, by its folder. */
  readonly calls: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** By `nameOf` of either end. */
  readonly moves: ReadonlyMap<string, readonly Move[]>;
}

export function namedByMoves({ evaluation }: EvaluatedStack): NamedByMoves {
  const { tree } = evaluation.internals;
  const calls = new Map<string, (readonly string[])[]>();
  for (const { names, module } of modulesIn(tree)) added(calls, module.path, names);
  const moves = new Map<string, Move[]>();
  for (const move of movesIn(tree)) {
    const ends = [nameOf(move.within, move.from), nameOf(move.within, move.to)];
    for (const end of new Set(ends)) added(moves, end, move);
  }
  return { calls, moves };
}

/** Whether other moves lead to the new address, or from it or the old one, but the same move turned round. */
export function isTaken(
  { type, name, from, to }: RenamedKey,
  module: Module,
  { calls, moves }: NamedByMoves,
): boolean {
  return (calls.get(module.path) ?? []).some((names) => {
    const place = (key: string): Place =>
      type === null
        ? { module: [{ name, key }], resource: null }
        : { module: [], resource: { type, name, key } };
    const [was, is] = [nameOf(names, place(from)), nameOf(names, place(to))];
    return [...(moves.get(was) ?? []), ...(moves.get(is) ?? [])].some((move) => {
      const [source, target] = [nameOf(move.within, move.from), nameOf(move.within, move.to)];
      const isOpposite = source === is && target === was && isWithin(move, names);
      return !isOpposite && (target === is || source === is || source === was);
    });
  });
}

function added<T>(groups: Map<string, T[]>, name: string, item: T): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [item]);
  else group.push(item);
}

function isWithin({ within }: Move, names: readonly string[]): boolean {
  return within.length === names.length && within.every((name, index) => name === names[index]);
}

/** What a place is called from the root, whatever the instances of the modules around it. */
function nameOf(within: readonly string[], { module, resource }: Place): string {
  const key = resource === null ? (module.at(-1)?.key ?? null) : resource.key;
  const names = [...within, ...module.map(({ name }) => name)];
  return JSON.stringify([names, resource === null ? null : [resource.type, resource.name], key]);
}
