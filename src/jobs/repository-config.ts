import { CONFIG_PATH, DEFAULT_CONFIG, type RepositoryConfig } from "../config/model.ts";
import {
  isOwnerRepository,
  NO_OWNER_CONFIG,
  OWNER_CONFIG_PATHS,
  type OwnerConfig,
  parseOwnerConfig,
} from "../config/owner-config.ts";
import { configWithout, parseConfig } from "../config/parse.ts";
import type { Diagnostic } from "../drift/model.ts";
import { readFileAt } from "../github/contents.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";

/** The configuration of a repository, as the default branch has it. */
export interface LoadedConfig {
  /** The defaults where the file is broken. */
  readonly effective: RepositoryConfig;
  readonly diagnostics: readonly Diagnostic[];
  /** The file has errors: nothing may be written because of it. */
  readonly broken: boolean;
}

/** A repository's file of configuration. */
export interface ConfigText {
  readonly path: string;
  /** Null where there is none; not text in UTF-8. */
  readonly text: string | "unreadable" | null;
}

/** Where the configuration of a repository may stand; the first that is there counts. */
export function configPathsOf(repository: { readonly name: string }): readonly [string, ...string[]] {
  return isOwnerRepository(repository) ? OWNER_CONFIG_PATHS : [CONFIG_PATH];
}

/** The configuration of a repository at a commit. */
export async function readConfigAt(
  github: GitHub,
  repository: RepositoryRef,
  sha: string,
): Promise<ConfigText & { readonly text: string | null }> {
  const paths = configPathsOf(repository);
  for (const path of paths) {
    const text = await readFileAt(github, repository, sha, path);
    if (text !== null) return { path, text };
  }
  return { path: paths[0], text: null };
}

/**
 * What a repository's file says, with what its owner says. The file in an owner's own repository is about the others:
 * there it is only looked at for mistakes.
 */
export function configOf(
  { path, text }: ConfigText,
  now: Date,
  { name, owner = NO_OWNER_CONFIG }: { readonly name: string; readonly owner?: OwnerConfig },
): LoadedConfig {
  const without = configWithout(owner);
  if (text === null) return { effective: without, diagnostics: [], broken: false };
  if (text === "unreadable") {
    const message = "the file is not text in UTF-8; save it as such";
    const diagnostic: Diagnostic = { severity: "error", message, file: path, line: null, column: null };
    return { effective: without, diagnostics: [diagnostic], broken: true };
  }
  if (isOwnerRepository({ name })) {
    const { config, diagnostics } = parseOwnerConfig(text, path, now);
    return { effective: DEFAULT_CONFIG, diagnostics, broken: config === null };
  }
  const { config, diagnostics } = parseConfig(text, path, now, owner);
  return { effective: config ?? without, diagnostics, broken: config === null };
}
