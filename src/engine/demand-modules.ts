import type { ExternalModules, FetchedModule, ModuleRequest } from "../terraform/code/installed-modules.ts";
import type { WantedModule } from "./protocol.ts";

/**
 * Modules from elsewhere as the engine process knows them: only what was fetched. What else is asked for is noted as a
 * demand, and is awaited until the next round.
 */
export class DemandModules implements ExternalModules {
  readonly #fetched = new Map<string, FetchedModule>();
  readonly #wanted = new Map<string, WantedModule>();

  folderOf(request: ModuleRequest): string | null {
    const key = keyOf(request);
    const known = this.#fetched.get(key);
    if (known === undefined) this.#wanted.set(key, { source: request.source, version: request.version });
    return known?.folder ?? null;
  }

  whyNot(request: ModuleRequest): string | null {
    return this.#fetched.get(keyOf(request))?.why ?? null;
  }

  escapes(from: string, to: string): boolean {
    const packages = [...this.#fetched.values()].flatMap((one) => one.package ?? []);
    const own = packages.filter((folder) => isIn(folder, from));
    return own.length > 0 && !own.some((folder) => isIn(folder, to));
  }

  get isWanting(): boolean {
    return this.#wanted.size > 0;
  }

  /** What was asked for in vain since the last time. */
  demand(): readonly WantedModule[] {
    const demand = [...this.#wanted.values()];
    this.#wanted.clear();
    return demand;
  }

  supply(wanted: readonly WantedModule[], fetched: readonly FetchedModule[]): void {
    for (const [index, one] of wanted.entries()) {
      // Without an answer it would be asked for again and again.
      this.#fetched.set(keyOf(one), fetched[index] ?? NOT_TRIED);
    }
  }
}

const NOT_TRIED: FetchedModule = { folder: null, package: null, why: null };

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function keyOf({ source, version }: WantedModule): string {
  return JSON.stringify([source, version]);
}
