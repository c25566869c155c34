import { createHash } from "node:crypto";
import { TarballError } from "../tarball-error.ts";
import { checksumProblem } from "./checksum.ts";
import { downloadCommit, isGzip } from "./git-archive.ts";
import { commitOf, readRefs } from "./git-refs.ts";
import type { Answer, GuardedClient } from "./guarded-client.ts";
import { MOST_PACKAGE_BYTES } from "./module-limits.ts";
import { type ArchiveModule, type GitModule, type ModuleSource, moduleSource } from "./module-source.ts";
import type { OwnRepositories } from "./own-repositories.ts";
import type { PackageCache, StoredPackage } from "./package-cache.ts";
import { openPackage, type PackageFiles } from "./package-files.ts";
import { Registry } from "./registry.ts";
import type { RegistryModule } from "./registry-address.ts";
import { Remembered } from "./remembered.ts";
import { joined } from "./subfolder.ts";
import { nextSource } from "./terraform-get.ts";
import { BadAnswer, quoted, Unobtainable } from "./unobtainable.ts";
import { printVersion } from "./version.ts";
import {
  exactVersion,
  newestAllowed,
  parseConstraint,
  type VersionConstraint,
} from "./version-constraint.ts";

/** Who asks for a module. */
export interface Asker {
  readonly own: OwnRepositories | null;
  readonly signal: AbortSignal;
}

/** A package, found but not downloaded. */
export interface LocatedPackage {
  /** Names it, and where `isPinned` all that is in it. */
  readonly key: string;
  /** The same for people, as a path. */
  readonly label: string;
  readonly isPinned: boolean;
  /** The folder in it that is wanted. */
  readonly subfolder: string;
  readonly download: (signal: AbortSignal) => Promise<StoredPackage>;
}

/** A package that is there; its own subfolder goes before the wanted one. */
export interface OpenPackage {
  readonly files: PackageFiles;
  readonly subfolder: string;
}

/** Milliseconds for which a branch, a tag or a list of versions counts as it was. */
const SHORT = 5 * 60_000;
/** Sources that name another source, one after the other. */
const MOST_HOPS = 3;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SHORT_COMMIT = /^[0-9a-f]{7,39}$/;

/** Finds and downloads packages of modules, for all repositories that a process looks at. */
export class ModuleSources {
  readonly #client: GuardedClient;
  readonly #cache: PackageCache | null;
  readonly #now: () => Date;
  readonly #registries = new Map<string, Registry>();
  readonly #versions = new Remembered<readonly string[]>(SHORT);
  readonly #commits = new Remembered<string>(SHORT);

  constructor(parts: {
    readonly client: GuardedClient;
    readonly cache: PackageCache | null;
    readonly now: () => Date;
  }) {
    this.#client = parts.client;
    this.#cache = parts.cache;
    this.#now = parts.now;
  }

  /**
   * Finds out which package a call means.
   * @throws Unobtainable; whatever the asker's own repositories throw
   */
  locate(source: string, version: string | null, asker: Asker): Promise<LocatedPackage> {
    return this.#locate(moduleSource(source), version, asker, MOST_HOPS);
  }

  /**
   * Opens a package that was found: what is pinned is downloaded once, and kept.
   * @throws as `locate`
   */
  async open({ key, isPinned, download }: LocatedPackage, signal: AbortSignal): Promise<OpenPackage> {
    const kept = isPinned ? await this.#cache?.read(key, this.#now()) : null;
    if (kept !== null && kept !== undefined) return opened(kept);
    const stored = await download(signal);
    const open = await opened(stored);
    // What cannot be read is not kept.
    if (isPinned) await this.#cache?.write(key, stored, this.#now());
    return open;
  }

  #locate(source: ModuleSource, version: string | null, asker: Asker, hops: number): Promise<LocatedPackage> {
    if (source.kind === "registry") return this.#inRegistry(source, version);
    if (version !== null)
      throw new Unobtainable("only a registry's modules have a version; take it out of the call");
    switch (source.kind) {
      case "git":
        return this.#inGit(source, asker);
      case "archive":
        return Promise.resolve(this.#inArchive(source));
      case "page":
        return this.#behindPage(source, asker, hops);
      default:
        throw new Unobtainable(source.why);
    }
  }

  async #inRegistry(module: RegistryModule, version: string | null): Promise<LocatedPackage> {
    const constraint = parseConstraint(version);
    if (constraint === null) {
      throw new Unobtainable(
        `its version ${quoted(version ?? "")} is not well-formed; write it as "~> 1.2" or "1.2.3"`,
      );
    }
    const registry = this.#registryAt(module.host);
    const chosen = await this.#version(registry, module, constraint);
    const name = `${module.host}/${module.namespace}/${module.name}/${module.system}`;
    return {
      key: `registry:${name}@${chosen}`,
      label: `${name}/${chosen}`,
      isPinned: true,
      subfolder: module.subfolder,
      download: async (signal) => {
        const location = await registry.location(module, chosen, signal);
        const source = moduleSource(location);
        if (source.kind === "registry") throw new Unobtainable("the registry names another registry for it");
        // What a registry gives is kept for all who ask, so it is asked for as anybody does.
        const located = await this.#locate(source, null, { own: null, signal }, MOST_HOPS);
        const stored = await located.download(signal);
        return { ...stored, subfolder: joined(stored.subfolder, located.subfolder) };
      },
    };
  }

  /** One that the constraint names itself is taken without a look at the list. */
  async #version(registry: Registry, module: RegistryModule, constraint: VersionConstraint): Promise<string> {
    const exact = exactVersion(constraint);
    if (exact !== null && (await this.#isKept(module, printVersion(exact)))) return printVersion(exact);
    const { host, namespace, name, system } = module;
    const versions = await this.#versions.get(`${host}/${namespace}/${name}/${system}`, this.#now(), () =>
      registry.versions(module, lookupTime()),
    );
    const newest = newestAllowed(versions, constraint);
    if (newest !== null) return printVersion(newest);
    throw new Unobtainable(
      constraint.text === ""
        ? "the registry has no release of it"
        : `the registry has no version of it that is ${constraint.text.trim()}`,
    );
  }

  async #isKept({ host, namespace, name, system }: RegistryModule, version: string): Promise<boolean> {
    return (await this.#cache?.has(`registry:${host}/${namespace}/${name}/${system}@${version}`)) === true;
  }

  #registryAt(host: string): Registry {
    const known = this.#registries.get(host);
    if (known !== undefined) return known;
    const registry = new Registry(this.#client, host);
    this.#registries.set(host, registry);
    return registry;
  }

  async #inGit(module: GitModule, { own, signal }: Asker): Promise<LocatedPackage> {
    const { repository, ref, subfolder } = module;
    const mine = own?.find(repository) ?? null;
    const commit = mine === null ? await this.#commit(module) : await mine.commit(ref, signal);
    const path = `${repository.host}${repository.pathname.replace(/\/+$/, "").replace(/\.git$/, "")}`;
    const limits = (during: AbortSignal) => ({ mostBytes: MOST_PACKAGE_BYTES, signal: during });
    return {
      // What was read with rights is only for those who have them, and they are asked for the commit each time.
      key: `${mine === null ? "git" : "own"}:${path}@${commit}`,
      label: `${path}/${commit.slice(0, 12)}`,
      isPinned: COMMIT.test(commit),
      subfolder,
      download: async (during) => ({
        archive:
          mine === null
            ? await downloadCommit(this.#client, repository, commit, limits(during))
            : await mine.archive(commit, during),
        format: "git",
        commit,
        subfolder: "",
      }),
    };
  }

  /** A commit's id is what it is; the beginning of one is left to the host. */
  #commit({ repository, ref, shallow }: GitModule): Promise<string> {
    if (ref !== null && COMMIT.test(ref)) return Promise.resolve(ref);
    const key = JSON.stringify([repository.href, ref, shallow]);
    return this.#commits.get(key, this.#now(), async () => {
      const refs = await readRefs(this.#client, repository, { ref, signal: lookupTime() });
      const commit = commitOf(refs, ref, shallow);
      if (commit !== null) return commit;
      if (ref !== null && SHORT_COMMIT.test(ref)) return ref;
      throw new Unobtainable(
        ref === null
          ? `the repository at ${quoted(repository.host)} has no commit`
          : `the repository at ${quoted(repository.host)} has no branch and no tag ${quoted(ref)}`,
      );
    });
  }

  #inArchive({ url, format, checksum, subfolder }: ArchiveModule): LocatedPackage {
    const name = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
    const key = `archive:${url.href}#${checksum ?? ""}`;
    const id = createHash("sha256").update(key).digest("hex").slice(0, 12);
    return {
      key,
      label: `${url.host}/${name === "" ? id : `${name}-${id}`}`,
      isPinned: checksum !== null,
      subfolder,
      download: async (signal) => {
        const answer = await this.#client.ask(url, { mostBytes: MOST_PACKAGE_BYTES, signal });
        const archive = archiveOf(answer, url, format === "tar.gz");
        const problem = checksum === null ? null : checksumProblem(archive, checksum);
        if (problem !== null) throw new Unobtainable(problem);
        return { archive, format, commit: null, subfolder: "" };
      },
    };
  }

  async #behindPage(
    { url, subfolder }: ModuleSource & { readonly kind: "page" },
    asker: Asker,
    hops: number,
  ): Promise<LocatedPackage> {
    if (hops === 0) throw new Unobtainable(`its source leads on more than ${MOST_HOPS} times`);
    const next = await nextSource(this.#client, url, asker.signal);
    const source = moduleSource(next);
    if (source.kind === "registry") throw new Unobtainable(`${quoted(url.host)} names a registry for it`);
    const located = await this.#locate(source, null, asker, hops - 1);
    return { ...located, subfolder: joined(located.subfolder, subfolder) };
  }
}

/** Of what is asked once for many: no one of them can end it. */
function lookupTime(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

function archiveOf({ status, body }: Answer, url: URL, isCompressed: boolean): Buffer {
  if (status === 200 && (!isCompressed || isGzip(body))) return body;
  if (status === 200)
    throw new Unobtainable(`${quoted(url.host)} answers with something else than an archive`);
  const advice =
    status === 401 || status === 403 || status === 404 ? "it is private, or not there" : "try again later";
  throw new BadAnswer(status, `${quoted(url.host)} answers with the status ${status}; ${advice}`);
}

async function opened({ archive, format, commit, subfolder }: StoredPackage): Promise<OpenPackage> {
  try {
    const isWhole = commit !== null && COMMIT.test(commit);
    const files = await openPackage(archive, format, isWhole ? commit : null);
    if (commit !== null && files.commit?.startsWith(commit) === false) {
      throw new Unobtainable(`its archive is of commit ${files.commit}, not of ${commit}`);
    }
    return { files, subfolder };
  } catch (error) {
    if (!(error instanceof TarballError)) throw error;
    throw new Unobtainable(`its archive cannot be used: ${error.message}`);
  }
}
