import { isLikelyRead } from "../terraform/source/file-names.ts";
import { joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import type { Demand, Supply } from "./protocol.ts";

/** The code reads more than its engine process may get. */
export class SupplyExceeded extends Error {
  override readonly name = "SupplyExceeded";
}

export interface SupplyLimits {
  /** Of all files that one engine process gets. */
  readonly bytes: number;
  /** Of the files in one answer; the first is given whatever its size. What is left is asked for again. */
  readonly bytesAtOnce: number;
  /** Folders below those that are wanted as trees, in one answer. */
  readonly foldersAtOnce: number;
}

const MEGABYTE = 1024 * 1024;

const SUPPLY_LIMITS: SupplyLimits = {
  bytes: 512 * MEGABYTE,
  bytesAtOnce: 64 * MEGABYTE,
  foldersAtOnce: 20_000,
};

/**
 * Answers the demands of one engine process out of the snapshot. With a folder come its code files, which are asked for
 * next.
 */
export class Supplier {
  readonly #snapshot: Snapshot;
  readonly #limits: SupplyLimits;
  #bytes = 0;

  constructor(snapshot: Snapshot, limits: SupplyLimits = SUPPLY_LIMITS) {
    this.#snapshot = snapshot;
    this.#limits = limits;
  }

  /** @throws SupplyExceeded where the files are more than the process may get. */
  answer(demand: Demand): Supply {
    const files = new Map<string, Uint8Array | null>();
    const folders = new Map<string, readonly string[]>();
    let atOnce = 0;
    const give = (path: string) => {
      if (files.has(path) || atOnce >= this.#limits.bytesAtOnce) return;
      const content = this.#snapshot.read(path) ?? null;
      const size = content?.length ?? 0;
      if (atOnce > 0 && atOnce + size > this.#limits.bytesAtOnce) return;
      atOnce += size;
      this.#count(size, path);
      files.set(path, content);
    };
    for (const path of demand.files) give(path);
    for (const folder of demand.folders) {
      const names = this.#snapshot.list(folder);
      folders.set(folder, names);
      for (const name of names) {
        const path = isLikelyRead(name) ? joinPath(folder, name) : null;
        if (path !== null) give(path);
      }
    }
    this.#listTrees(demand.trees, folders);
    return { files: [...files], folders: [...folders], refused: this.#refused(files, folders) };
  }

  #refused(
    files: ReadonlyMap<string, Uint8Array | null>,
    folders: ReadonlyMap<string, readonly string[]>,
  ): [string, string][] {
    const missing = [...files].flatMap(([path, content]) => (content === null ? [path] : []));
    const empty = [...folders].flatMap(([path, names]) => (names.length === 0 ? [path] : []));
    return [...missing, ...empty].flatMap((path) => {
      const why = this.#snapshot.whyNot?.(path) ?? null;
      return why === null ? [] : [[path, why]];
    });
  }

  #listTrees(trees: readonly string[], folders: Map<string, readonly string[]>): void {
    const seen = new Set<string>();
    let level = [...trees];
    let left = this.#limits.foldersAtOnce + level.length;
    while (level.length > 0) {
      const below: string[] = [];
      for (const folder of level) {
        if (seen.has(folder)) continue;
        if (left === 0) return;
        left -= 1;
        seen.add(folder);
        const names = this.#snapshot.list(folder);
        folders.set(folder, names);
        for (const name of names) {
          const path = name.endsWith("/") ? joinPath(folder, name) : null;
          if (path !== null) below.push(path);
        }
      }
      level = below;
    }
  }

  #count(size: number, path: string): void {
    this.#bytes += size;
    if (this.#bytes <= this.#limits.bytes) return;
    const megabytes = Math.floor(this.#limits.bytes / MEGABYTE);
    throw new SupplyExceeded(
      `the evaluation was ended: the code reads more than ${megabytes} MB of files; the last one is ${path}`,
    );
  }
}
