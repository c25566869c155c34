import { SHELF_LIMITS, type ShelfLimits } from "./module-limits.ts";
import type { Asker, LocatedPackage, ModuleSources, OpenPackage } from "./module-sources.ts";
import type { OwnRepositories, OwnRepository } from "./own-repositories.ts";
import { joined } from "./subfolder.ts";
import { Unobtainable } from "./unobtainable.ts";

/** A package, and where in it the module is that was asked for. */
export interface ObtainedPackage extends OpenPackage {
  readonly label: string;
}

export interface SessionParts {
  readonly sources: ModuleSources;
  /** Null: nothing is read with rights. */
  readonly own: OwnRepositories | null;
  readonly signal: AbortSignal;
  readonly limits?: ShelfLimits;
}

/**
 * The packages that the work on one repository needs, each had once: all its stacks and commits see the same. What they
 * may take together is bounded.
 */
export class ModuleSession {
  readonly #sources: ModuleSources;
  readonly #own: OwnRepositories | null;
  readonly #signal: AbortSignal;
  readonly #limits: ShelfLimits;
  readonly #located = new Map<string, Promise<LocatedPackage>>();
  readonly #open = new Map<string, Promise<OpenPackage>>();
  /** Repositories that trusted code has had read with rights. */
  readonly #granted = new Set<string>();
  readonly #line: (() => void)[] = [];
  #working = 0;
  #bytes = 0;
  #deadline: AbortSignal | null = null;
  #failure: { readonly reason: unknown } | null = null;

  constructor({ sources, own, signal, limits = SHELF_LIMITS }: SessionParts) {
    this.#sources = sources;
    this.#own = own;
    this.#signal = signal;
    this.#limits = limits;
  }

  /**
   * @param isTrusted whether those who may write to the repository wrote the call; for others nothing is read with rights
   * that they had not read already
   * @throws Unobtainable
   */
  async obtain(source: string, version: string | null, isTrusted: boolean): Promise<ObtainedPackage> {
    this.#deadline ??= AbortSignal.timeout(this.#limits.milliseconds);
    const signal = AbortSignal.any([this.#signal, this.#deadline]);
    try {
      return await this.#within(() =>
        this.#obtain(source, version, { own: this.#ownFor(isTrusted), signal }, isTrusted),
      );
    } catch (error) {
      if (error instanceof Unobtainable) throw error;
      const isLate = this.#deadline.aborted && !this.#signal.aborted;
      if (isLate) {
        throw new Unobtainable(
          `fetching modules took longer than ${this.#limits.milliseconds / 1000} seconds`,
        );
      }
      this.#failure ??= { reason: error };
      throw new Unobtainable("fetching it was interrupted");
    }
  }

  /** @throws what kept a module from being had, and may pass: GitHub's limits, for one */
  assertSound(): void {
    if (this.#failure !== null) throw this.#failure.reason;
  }

  async #obtain(
    source: string,
    version: string | null,
    asker: Asker,
    isTrusted: boolean,
  ): Promise<ObtainedPackage> {
    const located = await once(this.#located, JSON.stringify([source, version, isTrusted]), () =>
      this.#sources.locate(source, version, asker),
    );
    const { label, subfolder } = located;
    const open = await once(this.#open, located.key, () => this.#openOnce(located, asker.signal));
    return { label, files: open.files, subfolder: joined(open.subfolder, subfolder) };
  }

  async #openOnce(located: LocatedPackage, signal: AbortSignal): Promise<OpenPackage> {
    const { packages, bytes } = this.#limits;
    if (this.#open.size >= packages) {
      throw new Unobtainable(`the repository uses more than ${packages} packages of modules`);
    }
    const open = await this.#sources.open(located, signal);
    this.#bytes += open.files.bytes;
    if (this.#bytes > bytes) {
      throw new Unobtainable(`the modules that the repository uses have more than ${bytes} bytes together`);
    }
    return open;
  }

  #ownFor(isTrusted: boolean): OwnRepositories | null {
    const own = this.#own;
    if (own === null) return null;
    return {
      find: (repository: URL): OwnRepository | null => {
        const name = `${repository.host}${repository.pathname}`.toLowerCase().replace(/\.git$/, "");
        if (isTrusted) this.#granted.add(name);
        return isTrusted || this.#granted.has(name) ? own.find(repository) : null;
      },
    };
  }

  /** Of many that are wanted at once some wait. */
  async #within<T>(work: () => Promise<T>): Promise<T> {
    if (this.#working >= this.#limits.atOnce) await new Promise<void>((resolve) => this.#line.push(resolve));
    else this.#working += 1;
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next === undefined) this.#working -= 1;
      else next();
    }
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = ask();
  known.set(key, value);
  return value;
}
