import type { Effect } from "../drift/model.ts";
import { parseAddress, printAddress } from "../terraform/address.ts";
import { readImports } from "../terraform/evaluation/imports.ts";
import { removeBlocksTo } from "./deletion-references.ts";
import type { Draft } from "./draft.ts";
import type { GoneInstances } from "./gone-instances.ts";
import type { Repository } from "./repository.ts";
import type { Outcome } from "./what-if.ts";

/** What an edit that takes instances out of the code does, told apart. */
export interface DeletionEffects {
  readonly effects: readonly Effect[];
  /** Managed instances that the code does not declare any more. */
  readonly removed: readonly Effect[];
  /** Whether it declares others. */
  readonly adds: boolean;
  /** What is neither, nor a data source that goes. */
  readonly aside: readonly Effect[];
}

export function deletionEffects(outcomes: readonly Outcome[]): DeletionEffects {
  const effects = outcomes.flatMap((outcome) => outcome.effects);
  const removed = effects.filter((effect) => isWhole(effect, "managed") && effect.after === null);
  const adds = effects.some((effect) => isWhole(effect, "managed") && effect.before === null);
  const isGoing = new Set(removed);
  const aside = effects.filter(
    (effect) => !isGoing.has(effect) && !(isWhole(effect, "data") && effect.after === null),
  );
  return { effects, removed, adds, aside };
}

function isWhole({ address, path }: Effect, mode: "managed" | "data"): boolean {
  return path === "" && parseAddress(address).mode === mode;
}

/** Takes out the blocks that import the instances or moved them: they mean nothing any more. */
export function removeBlocksOfGone(
  draft: Draft,
  { stacks }: Repository,
  removed: readonly Effect[],
): boolean {
  return stacks.every(({ name, evaluation }) => {
    const addresses = new Set(removed.flatMap(({ stack, address }) => (stack === name ? [address] : [])));
    if (addresses.size === 0) return true;
    return removeBlocksTo(draft, evaluation.root.module, ({ module, resource }) => {
      return resource !== null && addresses.has(printAddress({ module, mode: "managed", ...resource }));
    });
  });
}

/** Whether there are `import` blocks at all. */
export function hasImports({ stacks }: Repository): boolean {
  return stacks.some(({ evaluation }) => evaluation.root.module.imports.length > 0);
}

/** An instance that is gone and that an `import` block names all the same: Terraform refuses that. */
export function stillImported({ stacks }: Repository, gone: GoneInstances): string | null {
  const found: string[] = [];
  for (const { name, evaluation } of stacks) {
    const isNew = (address: string) => {
      if (gone.has(name, address) && !evaluation.instances.has(address)) found.push(address);
      return false;
    };
    readImports(evaluation.root, isNew, { add: () => {} });
  }
  return found[0] ?? null;
}
