import type { FetchedModule } from "../../terraform/code/installed-modules.ts";
import { joinPath, type Snapshot } from "../../terraform/source/snapshot.ts";
import type { ModuleSession } from "./module-session.ts";
import { theFolder } from "./subfolder.ts";
import { Unobtainable } from "./unobtainable.ts";

/** Where `terraform init` puts modules, too: what is there is not the repository's own. */
const SHELF = ".terraform/modules";

/**
 * A snapshot with the modules that its code has fetched from elsewhere: each package is a folder of it, below
 * `.terraform/modules` in the root.
 */
export class ModuleShelf implements Snapshot {
  readonly #base: Snapshot;
  readonly #session: ModuleSession;
  readonly #isTrusted: boolean;
  readonly #packages = new Map<string, Snapshot>();

  /** @param isTrusted see `ModuleSession.obtain` */
  constructor(base: Snapshot, session: ModuleSession, isTrusted = true) {
    this.#base = base;
    this.#session = session;
    this.#isTrusted = isTrusted;
  }

  /** Never throws: what cannot be had is an answer. */
  async fetch({
    source,
    version,
  }: {
    readonly source: string;
    readonly version: string | null;
  }): Promise<FetchedModule> {
    try {
      const { label, files, subfolder } = await this.#session.obtain(source, version, this.#isTrusted);
      const inside = theFolder(files, subfolder);
      if (inside === null) return missing(`its package has no folder ${JSON.stringify(subfolder)}`);
      const place = this.#put(label, files);
      return { folder: inside === "" ? place : `${place}/${inside}`, package: place, why: null };
    } catch (error) {
      if (error instanceof Unobtainable) return missing(error.message);
      return missing(`an unexpected error, please report it: ${String(error)}`);
    }
  }

  read(path: string): Uint8Array | undefined {
    const found = this.#locate(path);
    return found === null ? this.#base.read(path) : found.files.read(found.path);
  }

  list(folder: string, ahead?: "below"): readonly string[] {
    const found = this.#locate(folder);
    return found === null ? this.#base.list(folder, ahead) : found.files.list(found.path);
  }

  whyNot(path: string): string | null {
    return this.#locate(path) === null ? (this.#base.whyNot?.(path) ?? null) : null;
  }

  #put(label: string, files: Snapshot): string {
    const name = joinPath(".", label.replace(/[^A-Za-z0-9._/-]+/g, "_")) ?? "package";
    // Two packages may differ in what no path shows.
    for (let count = 1; ; count += 1) {
      const place = `${SHELF}/${name}${count === 1 ? "" : `-${count}`}`;
      const there = this.#packages.get(place);
      if (there !== undefined && there !== files) continue;
      this.#packages.set(place, files);
      return place;
    }
  }

  #locate(path: string): { readonly files: Snapshot; readonly path: string } | null {
    const place = joinPath(".", path);
    if (place === null || !place.startsWith(`${SHELF}/`)) return null;
    let found: { readonly files: Snapshot; readonly path: string } | null = null;
    for (const [folder, files] of this.#packages) {
      if (place !== folder && !place.startsWith(`${folder}/`)) continue;
      const inside = place.slice(folder.length + 1) || ".";
      // The folder of one package may stand where another has a folder: the nearer counts.
      if (found === null || inside.length < found.path.length) found = { files, path: inside };
    }
    return found;
  }
}

function missing(why: string): FetchedModule {
  return { folder: null, package: null, why };
}
