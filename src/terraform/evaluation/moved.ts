import type { Block } from "../../hcl/syntax/syntax.ts";
import { type Address, type ModulePath, moduleAddress, printAddress } from "../address.ts";
import { attributeOf } from "../code/module.ts";
import { type ModuleTree, moduleIn, modulesIn } from "../code/module-tree.ts";
import { literalKey, type Place, placeOf } from "../place.ts";
import type { StateInstance } from "../state/state-instance.ts";

/** What the state knows as `from`, the code calls `to`; both are relative to the modules that `within` names. */
export interface Move {
  readonly within: readonly string[];
  readonly from: Place;
  readonly to: Place;
}

/**
 * The instances of a state at the addresses that the code has for them: after its `moved` blocks
 * (https://developer.hashicorp.com/terraform/language/block/moved), and between the only instance and the one with
 * index 0 where `count` came or went. An address that is taken stays with its owner.
 */
export function applyMoves(instances: readonly StateInstance[], tree: ModuleTree): StateInstance[] {
  const moves = movesIn(tree);
  const taken = new Set(instances.map(({ address }) => address));
  return instances.map((instance) => {
    const parts = movedAddress(instance.parts, moves, tree);
    const address = printAddress(parts);
    if (address === instance.address || taken.has(address)) return instance;
    taken.add(address);
    return { ...instance, parts, address };
  });
}

/** What the `moved` blocks of a stack say, those of the root first. */
export function movesIn(tree: ModuleTree): readonly Move[] {
  return [...modulesIn(tree)].flatMap(({ names, module }) => readMoves(names, module.moved));
}

/** Blocks that cannot be read are left out. */
function readMoves(within: readonly string[], blocks: readonly Block[]): Move[] {
  return blocks.flatMap((block) => {
    const [from, to] = ["from", "to"].map((name) =>
      placeOf(attributeOf(block.body, name)?.value ?? null, literalKey),
    );
    return from && to && (from.resource === null) === (to.resource === null) ? [{ within, from, to }] : [];
  });
}

const MOST_STEPS = 20;

/** The address that an instance has after some moves. Data sources have no moves of their own, but go with their module. */
export function movedAddress(start: Address, moves: readonly Move[], tree: ModuleTree): Address {
  let address = start;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const next = firstMove(address, moves);
    if (next === null) break;
    address = next;
  }
  return address.mode === "managed" ? counted(address, tree) : address;
}

function firstMove(address: Address, moves: readonly Move[]): Address | null {
  for (const move of moves) {
    const moved = follow(address, move);
    if (moved !== null && printAddress(moved) !== printAddress(address)) return moved;
  }
  return null;
}

function follow(address: Address, { within, from, to }: Move): Address | null {
  const outer = address.module.slice(0, within.length);
  if (outer.length < within.length || within.some((name, index) => outer[index]?.name !== name)) return null;
  const inner = address.module.slice(within.length);
  const moved =
    from.resource === null || to.resource === null
      ? followModule(address, inner, from.module, to.module)
      : followResource(
          address,
          inner,
          { ...from, resource: from.resource },
          { ...to, resource: to.resource },
        );
  return moved === null ? null : { ...moved, module: [...outer, ...moved.module] };
}

type ResourcePlace = Place & { readonly resource: NonNullable<Place["resource"]> };

function followResource(
  address: Address,
  module: ModulePath,
  from: ResourcePlace,
  to: ResourcePlace,
): Address | null {
  const { type, name, key } = from.resource;
  if (address.mode !== "managed") return null;
  if (moduleAddress(module) !== moduleAddress(from.module)) return null;
  if (address.type !== type || address.name !== name) return null;
  const moved = { ...address, module: to.module, type: to.resource.type, name: to.resource.name };
  if (key === null && to.resource.key === null) return moved;
  return address.key === key ? { ...moved, key: to.resource.key } : null;
}

function followModule(
  address: Address,
  module: ModulePath,
  from: ModulePath,
  to: ModulePath,
): Address | null {
  const [here, rest] = [module.slice(0, from.length), module.slice(from.length)];
  const [last, wanted, target] = [here.at(-1), from.at(-1), to.at(-1)];
  if (last === undefined || wanted === undefined || target === undefined) return null;
  const whole = wanted.key === null && target.key === null;
  const found = whole ? [...here.slice(0, -1), { name: last.name, key: null }] : here;
  if (here.length < from.length || moduleAddress(found) !== moduleAddress(from)) return null;
  const key = whole ? last.key : target.key;
  return { ...address, module: [...to.slice(0, -1), { name: target.name, key }, ...rest] };
}

/** Terraform moves by itself between the only instance and the one with index 0. */
function counted(address: Address, tree: ModuleTree): Address {
  const module = moduleIn(
    tree,
    address.module.map(({ name }) => name),
  );
  const block = module?.resources.get(`${address.type}.${address.name}`);
  if (block === undefined) return address;
  const [count, forEach] = [attributeOf(block.body, "count"), attributeOf(block.body, "for_each")];
  if (count !== null && address.key === null) return { ...address, key: 0 };
  if (count === null && forEach === null && address.key === 0) return { ...address, key: null };
  return address;
}
