import type { Effect, Finding } from "../drift/model.ts";
import { printPath } from "../json/path.ts";

/** A finding, and the name of its stack. */
interface Target {
  readonly finding: Finding;
  readonly stack: { readonly name: string };
}

/**
 * The effects of an edit that are not what the findings asked for. An element of a list or set has another number
 * before and after, so a change of one counts for the whole list.
 */
export function otherEffects(effects: readonly Effect[], targets: readonly Target[]): readonly Effect[] {
  const wanted = Map.groupBy(targets, ({ finding }) => finding.address);
  return effects.filter((effect) => {
    const here = (wanted.get(effect.address) ?? []).filter(
      ({ stack }) => effect.stack === undefined || effect.stack === stack.name,
    );
    return !here.some(({ finding }) => covers(roots(finding), effect.path));
  });
}

function roots(finding: Finding): readonly string[] {
  return finding.changes.map(({ path }) => {
    const element = path.findIndex((step) => typeof step === "number");
    return printPath(element === -1 ? path : path.slice(0, element));
  });
}

function covers(wanted: readonly string[], path: string): boolean {
  return wanted.length === 0 || wanted.some((root) => startsPath(root, path) || startsPath(path, root));
}

function startsPath(start: string, path: string): boolean {
  return path === start || path.startsWith(`${start}.`) || path.startsWith(`${start}[`);
}
