import { isOwnerRepository } from "../config/owner-config.ts";
import type { Tarball } from "../sources/tarball.ts";
import { decodeText } from "../terraform/source/snapshot.ts";
import { ownerConfigOf, renewOwnerConfig } from "./owner-config.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import {
  type ConfigText,
  configOf,
  configPathsOf,
  type LoadedConfig,
  readConfigAt,
} from "./repository-config.ts";

/** What holds in a repository, and whether anybody has said so. */
export interface GivenConfig extends LoadedConfig {
  /** There is a file in the repository, or its owner has one for all. Without one, nothing but onboarding is written. */
  readonly configured: boolean;
}

/** What holds in a repository, as the newest commit of its default branch and its owner have it. */
export interface ConfigNow extends GivenConfig {
  readonly written: ConfigText;
  /** Why it is not known what its owner says, so that nothing may be written; null where it is. */
  readonly unknown: string | null;
}

/** @throws RateLimited, and whatever else GitHub says of the repository itself */
export async function configNow(
  ports: JobPorts,
  { github, facts, head, stored }: Pick<OpenRepository, "github" | "facts" | "head" | "stored">,
): Promise<ConfigNow> {
  const { name } = facts;
  const written = await readConfigAt(github, facts, head);
  const { config: owner, unknown, isThere } = await ownerConfigOf(ports, { ...stored, name });
  const config = configOf(written, ports.now(), { name, owner });
  // An owner may forbid what a repository allows to be shown.
  const shown = unknown === null ? {} : { public: "counts" as const };
  const configured = written.text !== null || isThere;
  return { ...config, effective: { ...config.effective, ...shown }, written, unknown, configured };
}

/**
 * What holds in a repository, as the files of a commit and its owner have it. Where the repository is the one that
 * speaks for its owner, what it says is read anew for the others.
 * @throws RateLimited
 */
export async function configIn(
  ports: JobPorts,
  { facts, stored }: Pick<OpenRepository, "facts" | "stored">,
  tarball: Tarball,
): Promise<GivenConfig> {
  const { name } = facts;
  if (isOwnerRepository(facts)) await renewOwnerConfig(ports, { ...stored, ...facts });
  const owner = await ownerConfigOf(ports, { ...stored, name });
  const written = textIn(tarball, facts);
  const own = configOf(written, ports.now(), { name, owner: owner.config });
  const configured = written.text !== null || owner.isThere;
  return { ...own, diagnostics: [...own.diagnostics, ...owner.diagnostics], configured };
}

/** What a commit has for the configuration of its repository. */
export function textIn(tarball: Tarball, repository: { readonly name: string }): ConfigText {
  const paths = configPathsOf(repository);
  const path = paths.find((each) => tarball.read(each) !== undefined) ?? paths[0];
  const bytes = tarball.read(path);
  return { path, text: bytes === undefined ? null : (decodeText(bytes) ?? "unreadable") };
}
