import type { Effect } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation.ts";
import type { ProviderBlock } from "../terraform/provider-block.ts";
import { differences } from "./differences.ts";

/**
 * What two evaluations of a stack say differently in provider blocks: another profile or region is another cloud for
 * everything in the stack. Default tags are told with the resources that get them (`defaultTagEffects`), and a block
 * that comes or goes with its module is told with that module's resources.
 */
export function providerEffects(stack: string, before: Evaluation, after: Evaluation): readonly Effect[] {
  const now = providersOf(after);
  return [...providersOf(before)].flatMap(([address, provider]): Effect[] => {
    const same = now.get(address);
    if (same === undefined) return [];
    return differences(provider.plain(), same.plain()).flatMap(([path, was, is]): Effect[] =>
      path[0] === "default_tags" ? [] : [{ stack, address, path: printPath(path), before: was, after: is }],
    );
  });
}

function providersOf({ root }: Evaluation): ReadonlyMap<string, ProviderBlock> {
  const found = new Map<string, ProviderBlock>();
  for (const module of modulesFrom(root)) {
    for (const provider of module.providers) found.set(provider.address, provider);
  }
  return found;
}
