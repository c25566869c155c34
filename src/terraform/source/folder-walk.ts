import { joinPath, type Snapshot } from "./snapshot.ts";

/** One folder of a snapshot and the names of the files directly in it, sorted. */
export interface Folder {
  readonly path: string;
  readonly files: readonly string[];
}

export interface WalkLimits {
  readonly folders: number;
  readonly files: number;
  /** Steps below the root. */
  readonly depth: number;
}

export interface Walk {
  /** The root first, then its folders level by level, by name. */
  readonly folders: readonly Folder[];
  /** Which limits were met, so that there is more than was found: `20000 folders`. */
  readonly exceeded: readonly string[];
}

/** Folders that tools fill: caches, installed packages, the states of workspaces. */
const FILLED_BY_TOOLS = new Set([
  ".git",
  ".terraform",
  ".terragrunt-cache",
  "node_modules",
  "terraform.tfstate.d",
]);

/** Every folder of a snapshot but those that tools fill, as far as the limits allow. */
export function walkFolders(snapshot: Snapshot, limits: WalkLimits): Walk {
  const folders: Folder[] = [];
  const exceeded = new Set<string>();
  let files = 0;
  let level = ["."];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const path of level) {
      if (folders.length >= limits.folders) exceeded.add(`${limits.folders} folders`);
      if (files >= limits.files) exceeded.add(`${limits.files} files`);
      if (exceeded.size > 0) return { folders, exceeded: [...exceeded] };
      const names = snapshot.list(path);
      const folder = { path, files: names.filter((name) => !name.endsWith("/")) };
      files += folder.files.length;
      folders.push(folder);
      for (const name of names) {
        if (!name.endsWith("/") || FILLED_BY_TOOLS.has(name.slice(0, -1))) continue;
        const below = joinPath(path, name);
        if (below !== null) next.push(below);
      }
    }
    if (depth >= limits.depth && next.length > 0) {
      return { folders, exceeded: [`${limits.depth} levels of folders`] };
    }
    level = next;
  }
  return { folders, exceeded: [] };
}
