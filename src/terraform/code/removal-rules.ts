import { literalKey, type Place, placeOf } from "../place.ts";
import { attributeOf } from "./body-index.ts";
import { type ModuleTree, moduleIn, modulesIn } from "./module-tree.ts";
import type { Wrong } from "./wrong.ts";

/** `removed` blocks about what is still declared (https://developer.hashicorp.com/terraform/language/block/removed). */
export function wrongRemovals(tree: ModuleTree): Wrong[] {
  return [...modulesIn(tree)].flatMap((inner) =>
    inner.module.removed.flatMap((block): Wrong[] => {
      const from = attributeOf(block.body, "from")?.value;
      const place = from === undefined ? null : placeOf(from, literalKey);
      if (from === undefined || place === null || !isDeclared(inner, place)) return [];
      return [
        { message: `${nameOf(place)} is still declared; take out its block, or this one`, range: from },
      ];
    }),
  );
}

function isDeclared(tree: ModuleTree, { module, resource }: Place): boolean {
  const names = module.map(({ name }) => name);
  const declaring = moduleIn(tree, resource === null ? names.slice(0, -1) : names);
  if (resource === null) return declaring?.calls.has(names.at(-1) ?? "") ?? false;
  return declaring?.resources.has(`${resource.type}.${resource.name}`) ?? false;
}

function nameOf({ module, resource }: Place): string {
  const calls = module.map(({ name }) => `module.${name}`);
  return [...calls, ...(resource === null ? [] : [`${resource.type}.${resource.name}`])].join(".");
}
