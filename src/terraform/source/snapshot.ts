/**
 * The files of a repository at one moment. Paths are relative to its root, with `/`; `.` and the empty path are the
 * root itself. Nothing outside of the root can be reached.
 */
export interface Snapshot {
  /** The bytes of a file; undefined where there is none (or a folder). */
  read(path: string): Uint8Array | undefined;
  /**
   * The names directly inside a folder, sorted, those of folders with a trailing `/`; none where there is no folder.
   * `ahead`: the folders below are asked for next.
   */
  list(folder: string, ahead?: "below"): readonly string[];
  /**
   * Of a snapshot that comes piece by piece: whether what is at a path was asked for and is still to come. What was read
   * there means nothing, and all that follows from it is computed again.
   */
  isAwaited?(path: string): boolean;
  /** Why something that is at a path is not to be had; a clause. Null where there is nothing, or nothing is known. */
  whyNot?(path: string): string | null;
}

/** A text given for a path outside of the snapshot's root. */
export class OutsideSnapshot extends Error {
  override readonly name = "OutsideSnapshot";
}

/**
 * The path that `relative` means in the folder `base`, without `.` and `..`; `.` is the root. Null where it leaves the
 * root, which an absolute path does too.
 */
export function joinPath(base: string, relative: string): string | null {
  if (relative.startsWith("/") || base.startsWith("/")) return null;
  const steps: string[] = [];
  for (const step of `${base}/${relative}`.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.pop() === undefined) return null;
  }
  return steps.join("/") || ".";
}

/** The way from a folder of the snapshot to another path of it, as Terraform prints `path.module`. */
export function relativePath(from: string, to: string): string {
  const start = from === "." ? [] : from.split("/");
  const end = to === "." ? [] : to.split("/");
  let shared = 0;
  while (shared < start.length && shared < end.length && start[shared] === end[shared]) shared += 1;
  return [...start.slice(shared).map(() => ".."), ...end.slice(shared)].join("/") || ".";
}

/** The folder a path stands in, `.` for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "." : path.slice(0, slash);
}

/** The text of a file in UTF-8; a byte order mark stays its first character. Null where the bytes are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * A snapshot of the given files, by path.
 * @throws OutsideSnapshot for a path that leaves the root.
 */
export function memorySnapshot(files: Readonly<Record<string, string | Uint8Array>>): Snapshot {
  return treeOf(Object.entries(files));
}

/**
 * `snapshot` with other or additional files: what it would be after an edit.
 * @throws OutsideSnapshot for a path that leaves the root.
 */
export function withFiles(snapshot: Snapshot, changed: ReadonlyMap<string, string>): Snapshot {
  const over = treeOf(changed);
  return {
    read: (path) => over.read(path) ?? snapshot.read(path),
    list(folder, ahead) {
      const names = over.list(folder);
      if (names.length === 0) return snapshot.list(folder, ahead);
      return [...new Set([...snapshot.list(folder, ahead), ...names])].sort();
    },
    isAwaited: (path) => snapshot.isAwaited?.(path) === true,
    whyNot: (path) => snapshot.whyNot?.(path) ?? null,
  };
}

function treeOf(files: Iterable<readonly [string, string | Uint8Array]>): Snapshot {
  const contents = new Map<string, Uint8Array>();
  const folders = new Map<string, Set<string>>([[".", new Set()]]);
  for (const [given, content] of files) {
    const path = joinPath(".", given);
    if (path === null || path === ".") {
      throw new OutsideSnapshot(`${JSON.stringify(given)} names no file inside of the snapshot`);
    }
    contents.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    enter(folders, path);
  }
  return {
    read(path) {
      const place = joinPath(".", path);
      return place === null ? undefined : contents.get(place);
    },
    list(folder) {
      const place = joinPath(".", folder);
      return place === null ? [] : [...(folders.get(place) ?? [])].sort();
    },
  };
}

function enter(folders: Map<string, Set<string>>, path: string): void {
  let name = path.slice(path.lastIndexOf("/") + 1);
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const names = folders.get(folder) ?? new Set();
    folders.set(folder, names.add(name));
    if (folder === ".") return;
    name = `${folder.slice(folder.lastIndexOf("/") + 1)}/`;
  }
}
