import type { Block } from "../hcl/syntax/syntax.ts";
import { modulesFrom } from "../terraform/evaluation/evaluation.ts";
import type { ModuleCall, ModuleInstance } from "../terraform/evaluation/module-instance.ts";
import type { Resource } from "../terraform/evaluation/resource.ts";
import type { Declared } from "./deletion-references.ts";
import { keyOfInstance } from "./keyed-instance.ts";
import type { Repository } from "./repository.ts";

/** An instance that the code should declare no more. */
export interface Deletion {
  readonly stack: string;
  readonly address: string;
  readonly deleted: true;
}

/** What a block makes, in all stacks. */
interface Made {
  readonly instances: { readonly stack: string; readonly address: string }[];
  /** Which instances it makes is known. */
  known: boolean;
}

/** Which instances are not there any more, and what is left of the blocks that make them. */
export class GoneInstances {
  readonly #gone: ReadonlySet<string>;
  readonly #byBlock = new Map<string, Made>();

  constructor({ stacks }: Repository, deletions: readonly Deletion[]) {
    this.#gone = new Set(deletions.map(keyOfInstance));
    for (const { name, evaluation } of stacks) this.#take(name, evaluation.root);
  }

  has(stack: string, address: string): boolean {
    return this.#gone.has(keyOfInstance({ stack, address }));
  }

  /** Whether the managed resources of a module instance are all gone, and there are any. */
  hasAllIn(stack: string, module: ModuleInstance): boolean {
    const all = [...managedIn(module)];
    return all.length > 0 && all.every((address) => this.has(stack, address));
  }

  /** Whether everything that a block makes is gone: all its instances, in all stacks, and there are any. */
  isAllOf(block: Block): boolean {
    const made = this.#byBlock.get(keyOf(block));
    return made?.known === true && made.instances.length > 0 && this.livingOf(block) === null;
  }

  /** An instance that a block makes and that is still there; null where there is none. */
  livingOf(block: Block): Made["instances"][number] | null {
    const made = this.#byBlock.get(keyOf(block))?.instances ?? [];
    return made.find(({ stack, address }) => !this.has(stack, address)) ?? null;
  }

  isAllOfDeclared({ module, type, name }: Declared): boolean {
    const block = type === null ? module.calls.get(name) : module.resources.get(`${type}.${name}`);
    return block !== undefined && this.isAllOf(block);
  }

  #take(stack: string, root: ModuleInstance): void {
    for (const module of modulesFrom(root)) {
      const calls = callsAround(module);
      for (const call of module.calls.values()) {
        if (call.undecided || call.expansion.get().unknown) this.#madeBy(call.block).known = false;
      }
      for (const resource of module.resources.values()) {
        if (resource.mode !== "managed") continue;
        const isKnown = !resource.undecided && !resource.expansion.get().unknown;
        for (const { block } of [resource, ...calls]) {
          const made = this.#madeBy(block);
          if (!isKnown) made.known = false;
          for (const { name } of resource.instances()) made.instances.push({ stack, address: name });
        }
      }
    }
  }

  #madeBy(block: Block): Made {
    const key = keyOf(block);
    const known = this.#byBlock.get(key);
    if (known !== undefined) return known;
    const made: Made = { instances: [], known: true };
    this.#byBlock.set(key, made);
    return made;
  }
}

/** A block is another object in each stack that reads it. */
function keyOf({ file, start }: Block): string {
  return JSON.stringify([file.path, start]);
}

function callsAround(module: ModuleInstance): ModuleCall[] {
  const calls: ModuleCall[] = [];
  for (let call = module.caller; call !== null; call = call.outer.caller) calls.push(call);
  return calls;
}

function* managedIn(module: ModuleInstance): Generator<string> {
  for (const inner of modulesFrom(module)) {
    for (const resource of inner.resources.values()) yield* addressesOf(resource);
  }
}

function addressesOf(resource: Resource): string[] {
  return resource.mode === "managed" ? resource.instances().map(({ name }) => name) : [];
}
