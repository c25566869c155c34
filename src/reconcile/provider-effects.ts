import type { Effect } from "../drift/model.ts";
import { compareText } from "../hcl/values/text-order.ts";
import { printPath } from "../json/path.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation/evaluation.ts";
import type { ProviderBlock, ProviderContent } from "../terraform/evaluation/provider-block.ts";
import type { TriedEdits } from "../terraform/trial/tried-edits.ts";
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
    return effectsOn(stack, address, provider.content, same.content);
  });
}

/** The same of edits, while they are tried out. */
export function triedProviderEffects(stack: string, tried: TriedEdits): readonly Effect[] {
  return [...tried.providers()]
    .toSorted(([a], [b]) => compareText(a.address, b.address))
    .flatMap(([{ address }, { before, after }]) => effectsOn(stack, address, before, after));
}

function effectsOn(
  stack: string,
  address: string,
  before: ProviderContent,
  after: ProviderContent,
): Effect[] {
  return differences(before.plain(), after.plain()).flatMap(([path, was, is]): Effect[] =>
    path[0] === "default_tags" ? [] : [{ stack, address, path: printPath(path), before: was, after: is }],
  );
}

function providersOf({ root }: Evaluation): ReadonlyMap<string, ProviderBlock> {
  const found = new Map<string, ProviderBlock>();
  for (const module of modulesFrom(root)) {
    for (const provider of module.providers) found.set(provider.address, provider);
  }
  return found;
}
