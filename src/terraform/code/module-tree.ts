import type { Block } from "../../hcl/syntax/syntax.ts";
import type { Module } from "./module.ts";

/** A module of a stack by the names of the calls that lead to it, whatever their instances. */
export interface ModuleTree {
  readonly names: readonly string[];
  readonly module: Module;
  readonly children: ReadonlyMap<string, ModuleTree>;
}

const MOST_MODULES = 10_000;

/**
 * The modules that a root's calls lead to. A module that calls itself is followed once, and of more modules than any
 * stack has the rest is left out.
 */
export function readModuleTree(root: Module, load: (call: Block, from: Module) => Module | null): ModuleTree {
  let left = MOST_MODULES;
  function read(module: Module, names: readonly string[], outer: ReadonlySet<Module>): ModuleTree {
    const children = new Map<string, ModuleTree>();
    const inside = new Set([...outer, module]);
    for (const [name, call] of module.calls) {
      const child = left > 0 ? load(call, module) : null;
      if (child === null || inside.has(child)) continue;
      left -= 1;
      children.set(name, read(child, [...names, name], inside));
    }
    return { names, module, children };
  }
  return read(root, [], new Set());
}

/** The tree and all that is below it. */
export function* modulesIn(tree: ModuleTree): Generator<ModuleTree> {
  yield tree;
  for (const child of tree.children.values()) yield* modulesIn(child);
}

/** The module that a path of calls leads to; null where the code has none. */
export function moduleIn(tree: ModuleTree, names: readonly string[]): Module | null {
  let at: ModuleTree | undefined = tree;
  for (const name of names) at = at?.children.get(name);
  return at?.module ?? null;
}
