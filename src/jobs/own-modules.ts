import { type Access, mayReadModules, type RepositoryName } from "../config/access.ts";
import type { GitHubApp } from "../github/client.ts";
import { commitAt, downloadTarball } from "../github/contents.ts";
import { Forbidden, type GitHubError, Invalid, NotFound, TooLarge } from "../github/errors.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { repositoryNamed } from "../github/repository-state.ts";
import { MOST_PACKAGE_BYTES } from "../sources/modules/module-limits.ts";
import type { OwnRepositories, OwnRepository } from "../sources/modules/own-repositories.ts";
import { Unobtainable } from "../sources/modules/unobtainable.ts";
import { nameOf } from "./acting-for.ts";

export interface OwnModuleParts {
  readonly github: Pick<GitHubApp, "installation" | "repository">;
  readonly installationId: number;
  readonly repository: RepositoryName;
  readonly access: Access | null;
  /** The host of the GitHub that the App belongs to, with a port where it has one. */
  readonly host: string;
}

/**
 * Repositories of the same owner that the operator lets a repository read modules from, with the rights of the App's
 * installation: each with a token for it alone that can read its code, and nothing else.
 */
export function ownModules(parts: OwnModuleParts): OwnRepositories {
  return {
    find(address) {
      const named = namedBy(address);
      if (named === null || address.host !== parts.host) return null;
      return mayReadModules(parts.repository, named, parts.access)
        ? new InstalledRepository(parts, named)
        : null;
    },
  };
}

function namedBy({ pathname }: URL): Omit<RepositoryName, "id"> | null {
  const [, owner, name] = /^\/([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+?)(?:\.git)?\/?$/.exec(pathname) ?? [];
  return owner === undefined || name === undefined ? null : { owner, name };
}

class InstalledRepository implements OwnRepository {
  readonly #parts: OwnModuleParts;
  readonly #named: Omit<RepositoryName, "id">;
  #client: Promise<{ readonly github: GitHub; readonly repository: RepositoryRef }> | null = null;

  constructor(parts: OwnModuleParts, named: Omit<RepositoryName, "id">) {
    this.#parts = parts;
    this.#named = named;
  }

  commit(ref: string | null, signal: AbortSignal): Promise<string> {
    return this.#explained(async () => {
      const { github, repository } = await this.#open();
      return commitAt(github, repository, ref ?? "HEAD", signal);
    });
  }

  archive(commit: string, signal: AbortSignal): Promise<Buffer> {
    return this.#explained(async () => {
      const { github, repository } = await this.#open();
      const pieces = await downloadTarball(github, repository, commit, {
        signal,
        mostBytes: MOST_PACKAGE_BYTES,
      });
      const chunks: Uint8Array[] = [];
      for await (const piece of pieces) chunks.push(piece);
      return Buffer.concat(chunks);
    });
  }

  #open(): Promise<{ readonly github: GitHub; readonly repository: RepositoryRef }> {
    this.#client ??= this.#find();
    return this.#client;
  }

  async #find(): Promise<{ readonly github: GitHub; readonly repository: RepositoryRef }> {
    const { github, installationId, repository: reader, access } = this.#parts;
    const found = await repositoryNamed(
      github.installation(installationId, TOKEN_PERMISSIONS.find),
      this.#named,
    );
    // The name may be a former one of a repository that is not allowed.
    if (!mayReadModules(reader, found, access)) {
      throw new Unobtainable(
        `${nameOf({ ...this.#named, id: 0 })} has another name now, which is not among modules in the file that ACCESS_FILE names`,
      );
    }
    return { github: github.repository(installationId, found.id, TOKEN_PERMISSIONS.scan), repository: found };
  }

  /** What doing it again does not mend is a reason; everything else is the job's. */
  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isLasting(error)) throw new Unobtainable(this.#why(error));
      throw error;
    }
  }

  #why(error: GitHubError): string {
    const which = nameOf({ ...this.#named, id: 0 });
    if (error instanceof TooLarge) return `${which} is too large: ${error.message}`;
    return `the App cannot read ${which}, or it does not have the branch, tag or commit that is named; install the App there, or correct the source`;
  }
}

function isLasting(error: unknown): error is GitHubError {
  return [NotFound, Forbidden, Invalid, TooLarge].some((kind) => error instanceof kind);
}
