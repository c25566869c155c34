import { joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import type { Demand, Supply } from "./protocol.ts";

/** There are files or modules that have to be supplied first. */
export class Unsupplied extends Error {
  override readonly name = "Unsupplied";
}

/**
 * The snapshot as the engine process knows it: only what was supplied. What else is asked for is noted as a demand, and
 * is awaited until the next round.
 */
export class DemandSnapshot implements Snapshot {
  readonly #files = new Map<string, Uint8Array | null>();
  readonly #folders = new Map<string, readonly string[]>();
  readonly #refused = new Map<string, string>();
  readonly #wantedFiles = new Set<string>();
  readonly #wantedFolders = new Set<string>();
  readonly #wantedTrees = new Set<string>();

  read(path: string): Uint8Array | undefined {
    const place = joinPath(".", path);
    if (place === null) return undefined;
    const known = this.#files.get(place);
    if (known === undefined) this.#wantedFiles.add(place);
    return known ?? undefined;
  }

  list(folder: string, ahead?: "below"): readonly string[] {
    const place = joinPath(".", folder);
    if (place === null) return [];
    const known = this.#folders.get(place);
    if (known === undefined) (ahead === "below" ? this.#wantedTrees : this.#wantedFolders).add(place);
    return known ?? [];
  }

  isAwaited(path: string): boolean {
    const place = joinPath(".", path);
    return place !== null && this.#wanted.some((wanted) => wanted.has(place));
  }

  whyNot(path: string): string | null {
    return this.#refused.get(joinPath(".", path) ?? path) ?? null;
  }

  /** What was asked for in vain since the last time; null where nothing was. */
  demand(): Demand | null {
    if (!this.#isWanting) return null;
    const demand = {
      files: [...this.#wantedFiles],
      folders: [...this.#wantedFolders],
      trees: [...this.#wantedTrees],
    };
    for (const wanted of this.#wanted) wanted.clear();
    return demand;
  }

  /**
   * Ends a round that could only go on with the wrong contents.
   * @throws Unsupplied where something was asked for in vain.
   */
  settle(): void {
    if (this.#isWanting) throw new Unsupplied();
  }

  supply({ files, folders, refused }: Supply): void {
    for (const [path, content] of files) this.#files.set(path, content);
    for (const [path, names] of folders) this.#folders.set(path, names);
    for (const [path, why] of refused) this.#refused.set(path, why);
  }

  get #wanted(): readonly Set<string>[] {
    return [this.#wantedFiles, this.#wantedFolders, this.#wantedTrees];
  }

  get #isWanting(): boolean {
    return this.#wanted.some(({ size }) => size > 0);
  }
}
