import type { Effect } from "../drift/model.ts";
import type { Json } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation/evaluation.ts";
import { editedNames, type InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { differences } from "./differences.ts";

/** What becomes of one instance. */
export function effectsOn(
  stack: string,
  address: string,
  before: InstanceContent | null,
  after: InstanceContent | null,
): Effect[] {
  if (isMadeByCode(before) && isMadeByCode(after)) return [];
  if (before === null || after === null) {
    if (before === after) return [];
    return [{ stack, address, path: "", before: before && masked(before), after: after && masked(after) }];
  }
  if (before === after) return [];
  const names = editedNames(before.body, after.body);
  if (names.size === 0) return [];
  return differences(before.plainOf(names), after.plainOf(names)).map(([path, was, is]) => {
    return { stack, address, path: printPath(path), before: was, after: is };
  });
}

/** What a data source makes of its arguments alone asks nobody: the effects are on those who read it. */
function isMadeByCode(content: InstanceContent | null): boolean {
  return content === null || content.policy !== null;
}

type Instances = ReadonlyMap<string, ResourceInstance>;

/**
 * What becomes of all instances. `moved`: the new addresses of those that have another one; what becomes of them is told
 * at the address that they had, and that they have another one too.
 */
export function instanceEffects(
  stack: string,
  before: Instances,
  after: Instances,
  moved: ReadonlyMap<string, string>,
): readonly Effect[] {
  const effects: Effect[] = [];
  for (const [address, { address: parts, content }] of before) {
    const to = moved.get(address);
    effects.push(...effectsOn(stack, address, content, after.get(to ?? address)?.content ?? null));
    // What a data source answers is kept nowhere, so that nothing has to move with its address.
    if (to !== undefined && parts.mode === "managed")
      effects.push({ stack, address, path: "", before: address, after: to });
  }
  const arrived = new Set(moved.values());
  for (const [address, { content }] of after) {
    if (!before.has(address) && !arrived.has(address))
      effects.push(...effectsOn(stack, address, null, content));
  }
  return effects;
}

/**
 * The data sources of a stack by address. The instances keep what they were evaluated to, so that asking
 * again costs little.
 */
export function dataSources({ root }: Evaluation): Instances {
  const found = new Map<string, ResourceInstance>();
  for (const module of modulesFrom(root)) {
    for (const resource of module.resources.values()) {
      if (resource.mode !== "data") continue;
      for (const instance of resource.instances()) found.set(instance.name, instance);
    }
  }
  return found;
}

function masked(content: InstanceContent): Json {
  return toPlain(content.value()).json;
}
