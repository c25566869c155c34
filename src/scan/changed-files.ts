import { readCodeFolder } from "../terraform/discovery/code-folder.ts";
import { isLikelyRead } from "../terraform/source/file-names.ts";
import { walkFolders } from "../terraform/source/folder-walk.ts";
import { ParsedFiles } from "../terraform/source/parsed-files.ts";
import { folderOf, joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import type { PlannedStack } from "./plan.ts";

const WALKED = { folders: 20_000, files: 200_000, depth: 40 };
const MOST_CODE_BYTES = 8 * 1024 * 1024;

/** Paths of the files that are not the same on both sides of a change, those that only one side has included. */
export function changedFiles(base: Snapshot, head: Snapshot): ReadonlySet<string> {
  const all = new Set([...filesOf(base), ...filesOf(head)]);
  return new Set([...all].filter((path) => !isSame(base.read(path), head.read(path))));
}

function filesOf(snapshot: Snapshot): string[] {
  return walkFolders(snapshot, WALKED).folders.flatMap(({ path, files }) =>
    files.flatMap((name) => joinPath(path, name) ?? []),
  );
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

/**
 * Tells, without evaluating anything, which stacks a change of files may matter to. Rather one too many: what its
 * evaluation has really read is known afterwards.
 */
export class Readers {
  readonly #files: ParsedFiles;
  readonly #changed: ReadonlySet<string>;
  /** Of changed files that are no code: what code may call them, wherever they stand. */
  readonly #names: readonly string[];

  constructor(snapshot: Snapshot, changed: ReadonlySet<string>) {
    this.#files = new ParsedFiles(snapshot);
    this.#changed = changed;
    this.#names = [...changed].filter((path) => !isLikelyRead(path)).map(nameOf);
  }

  /** Looks at the folders of the code of a stack, those of the local modules that it calls included. */
  mayRead({ path, varFiles }: Pick<PlannedStack, "path" | "varFiles">): boolean {
    if (varFiles.some((file) => this.#changed.has(file) || this.#isNaming(file))) return true;
    const { snapshot } = this.#files;
    const seen = new Set([path]);
    for (const folder of seen) {
      if ([...this.#changed].some((file) => isReadBeside(folder, file))) return true;
      const files = snapshot.list(folder).filter((name) => !name.endsWith("/"));
      const likely = files.filter(isLikelyRead).flatMap((name) => joinPath(folder, name) ?? []);
      if (likely.some((file) => this.#isNaming(file))) return true;
      const { calls } = readCodeFolder(this.#files, { path: folder, files }, MOST_CODE_BYTES);
      for (const called of calls) seen.add(called);
    }
    return false;
  }

  #isNaming(file: string): boolean {
    const text = this.#names.length === 0 ? undefined : this.#files.get(file)?.file.text;
    return text !== undefined && this.#names.some((name) => text.includes(name));
  }
}

/** Code in the folder itself; of other files what stands below it too, but for what people alone read. */
function isReadBeside(folder: string, file: string): boolean {
  if (isLikelyRead(file)) return folderOf(file) === folder;
  return (folder === "." || file.startsWith(`${folder}/`)) && !/^\.github\/|\.md$/i.test(file);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
