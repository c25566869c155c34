import { posix } from "node:path";

/** A folder, or the files of one, that several stacks read: an edit there changes all of them. */
export interface SharedCode {
  /** `.` for the root of the repository. */
  readonly folder: string;
  /** Names, in order. */
  readonly stacks: readonly string[];
}

/** What several stacks read, but the folder that is all of theirs: one used with several workspaces. */
export function sharedCode(
  stacks: readonly { readonly name: string; readonly path: string; readonly files: readonly string[] }[],
): SharedCode[] {
  const readers = new Map<string, { readonly name: string; readonly path: string }[]>();
  for (const { files, ...stack } of stacks) {
    for (const file of files) {
      const known = readers.get(file);
      if (known === undefined) readers.set(file, [stack]);
      else known.push(stack);
    }
  }
  const shared = new Map<string, SharedCode>();
  for (const [file, of] of readers) {
    const folder = posix.dirname(file);
    // Modules from elsewhere are nobody's here to edit.
    if (folder.split("/").includes(".terraform")) continue;
    if (of.length < 2 || of.every(({ path }) => path === folder)) continue;
    const names = of.map(({ name }) => name).sort();
    shared.set(JSON.stringify([folder, names]), { folder, stacks: names });
  }
  return [...shared.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}
