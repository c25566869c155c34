import { type Address, type InstanceKey, printAddress } from "../address.ts";
import { type Evaluation, modulesFrom } from "./evaluation.ts";
import { type Move, movedAddress, movesIn } from "./moved.ts";

/** No instance has another address. */
const NOT_MOVED: ReadonlyMap<string, string> = new Map();

/**
 * The instances of one evaluation that have another address in a later one, by the old address: those that `moved` blocks
 * lead there which the code before did not have. A data source has no `moved` block; one that is made for the same keys
 * as what moves is the same one still.
 */
export function newAddresses(before: Evaluation, after: Evaluation): ReadonlyMap<string, string> {
  if (before === after) return NOT_MOVED;
  const { tree } = after.internals;
  const known = new Set(movesIn(before.internals.tree).map(textOf));
  const moves = movesIn(tree).filter((move) => !known.has(textOf(move)));
  if (moves.length === 0) return NOT_MOVED;
  const found = new Map<string, string>();
  const [was, is] = [addressesIn(before), addressesIn(after)];
  const taken = new Set(was.keys());
  for (const [address, parts] of was) {
    if (is.has(address)) continue;
    const moved = movedAddress(parts, moves, tree);
    const to = parts.mode === "data" ? withKeyOf(moved, moves) : moved;
    const next = [moved, to].map(printAddress).find((text) => is.has(text) && !taken.has(text));
    if (next === undefined) continue;
    taken.add(next);
    found.set(address, next);
  }
  return found;
}

function textOf({ within, from, to }: Move): string {
  return JSON.stringify([within, from, to]);
}

function addressesIn({ root }: Evaluation): ReadonlyMap<string, Address> {
  const found = new Map<string, Address>();
  for (const module of modulesFrom(root)) {
    for (const resource of module.resources.values()) {
      for (const { name, address } of resource.instances()) found.set(name, address);
    }
  }
  return found;
}

/** With the key that other instances with its key get. */
function withKeyOf(address: Address, moves: readonly Move[]): Address {
  const renamed = moves.find(({ from }) => keyOf(from) !== null && keyOf(from) === address.key);
  return renamed === undefined ? address : { ...address, key: keyOf(renamed.to) };
}

function keyOf({ module, resource }: Move["from"]): InstanceKey {
  return resource === null ? (module.at(-1)?.key ?? null) : resource.key;
}
