import type { Snapshot } from "../../terraform/source/snapshot.ts";
import { openTarball } from "../tarball.ts";
import { LIMITS } from "../tarball-limits.ts";
import { PACKAGE_LIMITS } from "./module-limits.ts";
import { openZip } from "./zip.ts";

/** The files of a package of modules, in memory. */
export interface PackageFiles extends Snapshot {
  /** Of the files that are kept. */
  readonly bytes: number;
  /** Of an archive that git made. */
  readonly commit: string | null;
}

/** How an archive is to be read: as git hosts make them, or as anybody does. */
export type PackageFormat = "git" | "tar.gz" | "zip";

/**
 * Reads a package from its archive.
 * @param commit that an archive of a git host has to be of; null: of any
 * @throws TarballError
 */
export async function openPackage(
  archive: Buffer,
  format: PackageFormat,
  commit: string | null,
): Promise<PackageFiles> {
  if (format === "zip") {
    const { tree, bytes } = await openZip(archive, { ...LIMITS, ...PACKAGE_LIMITS });
    return { bytes, commit: null, read: (path) => tree.read(path), list: (folder) => tree.list(folder) };
  }
  const layout = format === "git" ? "one-folder" : "plain";
  const tarball = await openTarball(archive, { ref: null, commit }, { limits: PACKAGE_LIMITS, layout });
  return {
    bytes: tarball.bytes,
    commit: tarball.git.commit,
    read: (path) => tarball.read(path),
    list: (folder) => tarball.list(folder),
  };
}
