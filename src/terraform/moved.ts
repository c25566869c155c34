import { referenceOf } from "../hcl/reference.ts";
import type { Block, Expression } from "../hcl/syntax.ts";
import {
  type Address,
  AddressError,
  type ModulePath,
  moduleAddress,
  parseAddress,
  parseModuleAddress,
  printAddress,
} from "./address.ts";
import { attributeOf } from "./module.ts";
import type { StateInstance } from "./state-instance.ts";

/** A `moved` block of the root module: what the state knows as `from`, the code calls `to`. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Reads `moved` blocks (https://developer.hashicorp.com/terraform/language/block/moved); unreadable ones are left out. */
export function readMoves(blocks: readonly Block[]): Move[] {
  return blocks.flatMap((block) => {
    const [from, to] = ["from", "to"].map((name) =>
      addressText(attributeOf(block.body, name)?.value ?? null),
    );
    return from && to ? [{ from, to }] : [];
  });
}

/** The instances of a state at the addresses that the code has for them; an address that is taken stays with its owner. */
export function applyMoves(instances: readonly StateInstance[], moves: readonly Move[]): StateInstance[] {
  if (moves.length === 0) return [...instances];
  const taken = new Set(instances.map(({ address }) => address));
  return instances.map((instance) => {
    const parts = movedAddress(instance.parts, moves);
    const address = printAddress(parts);
    if (address === instance.address || taken.has(address)) return instance;
    taken.add(address);
    return { ...instance, parts, address };
  });
}

const MOST_STEPS = 20;

function movedAddress(start: Address, moves: readonly Move[]): Address {
  let address = start;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const next = moves.map((move) => follow(address, move)).find((moved) => moved !== null);
    if (next === undefined || next === null) break;
    address = next;
  }
  return address;
}

function follow(address: Address, { from, to }: Move): Address | null {
  if (from === to) return null;
  if (printAddress(address) === from) return resource(to);
  if (printAddress({ ...address, key: null }) === from) {
    const target = resource(to);
    return target === null ? null : { ...target, key: target.key ?? address.key };
  }
  return followModule(address, from, to);
}

function followModule(address: Address, from: string, to: string): Address | null {
  for (let length = address.module.length; length > 0; length -= 1) {
    const outer = address.module.slice(0, length);
    const rest = address.module.slice(length);
    if (moduleAddress(outer) === from) return inModule(address, to, null, rest);
    const last = outer.at(-1);
    if (last === undefined) continue;
    const bare = [...outer.slice(0, -1), { name: last.name, key: null }];
    if (moduleAddress(bare) === from) return inModule(address, to, last.key, rest);
  }
  return null;
}

function inModule(
  address: Address,
  to: string,
  key: ModulePath[number]["key"],
  rest: ModulePath,
): Address | null {
  const target = modulePath(to);
  const last = target?.at(-1);
  if (target === null || last === undefined) return null;
  return { ...address, module: [...target.slice(0, -1), { name: last.name, key: last.key ?? key }, ...rest] };
}

function resource(text: string): Address | null {
  return readOrNull(() => parseAddress(text));
}

function modulePath(text: string): ModulePath | null {
  return readOrNull(() => parseModuleAddress(text));
}

function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}

/** The address that a reference writes, with its keys. */
function addressText(node: Expression | null): string | null {
  if (node?.kind !== "variable" && node?.kind !== "get-attribute" && node?.kind !== "index") return null;
  return referenceOf(node) === null ? null : node.file.text.slice(node.start, node.end).replace(/\s+/g, "");
}
