import { joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import type { Demand, Supply } from "./protocol.ts";

/** There are files that have to be supplied first. */
class Unsupplied extends Error {
  override readonly name = "Unsupplied";
}

/**
 * The snapshot as the engine process knows it: only what was supplied. What else is asked for is noted as a demand, and
 * looks absent until the next round.
 */
export class DemandSnapshot implements Snapshot {
  readonly #files = new Map<string, Uint8Array | null>();
  readonly #folders = new Map<string, readonly string[]>();
  readonly #wantedFiles = new Set<string>();
  readonly #wantedFolders = new Set<string>();

  read(path: string): Uint8Array | undefined {
    const place = joinPath(".", path);
    if (place === null) return undefined;
    const known = this.#files.get(place);
    if (known === undefined) this.#wantedFiles.add(place);
    return known ?? undefined;
  }

  list(folder: string): readonly string[] {
    const place = joinPath(".", folder);
    if (place === null) return [];
    const known = this.#folders.get(place);
    if (known === undefined) this.#wantedFolders.add(place);
    return known ?? [];
  }

  /** What was asked for in vain since the last time; null where nothing was. */
  demand(): Demand | null {
    const demand = { files: [...this.#wantedFiles], folders: [...this.#wantedFolders] };
    this.#wantedFiles.clear();
    this.#wantedFolders.clear();
    return demand.files.length === 0 && demand.folders.length === 0 ? null : demand;
  }

  /**
   * Ends a round that could only go on with the wrong contents.
   * @throws Unsupplied where something was asked for in vain.
   */
  settle(): void {
    if (this.#wantedFiles.size > 0 || this.#wantedFolders.size > 0) throw new Unsupplied();
  }

  supply({ files, folders }: Supply): void {
    for (const [path, content] of files) this.#files.set(path, content);
    for (const [path, names] of folders) this.#folders.set(path, names);
  }
}
