import { folderOf } from "../terraform/source/snapshot.ts";
import type { Repository } from "./repository.ts";

/**
 * Why edits of these files cannot be proven although those that were evaluated show what is wanted: another stack of the
 * repository reads them too, or may, and what it says is not known. Null where nothing stands in the way.
 */
export function blindRefusal(
  { stacks, unseen = [] }: Repository,
  stack: string,
  files: Iterable<string>,
): string | null {
  const all = [...files];
  for (const { name, evaluation } of stacks) {
    const [broken] = evaluation.broken;
    const shared = all.find((file) => evaluation.files.has(file));
    if (name === stack || broken === undefined || shared === undefined) continue;
    return `the stack ${name} reads ${shared} too, and ${broken} could not be read in full, so nobody knows what the edit does there; mend that first`;
  }
  const roots = new Set(stacks.map(({ evaluation }) => evaluation.inputs.root));
  for (const { name, root, files: own } of unseen) {
    const shared = all.find(
      (file) => own.includes(file) || folderOf(file) === root || !roots.has(folderOf(file)),
    );
    if (shared === undefined) continue;
    const how = own.includes(shared) || folderOf(shared) === root ? "reads" : "may read";
    return `the stack ${name} ${how} ${shared} too and could not be evaluated, so nobody knows what the edit does there; see why it failed`;
  }
  return null;
}
