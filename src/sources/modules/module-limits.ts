import type { TarballLimits } from "../tarball-limits.ts";

const MEBIBYTE = 1024 * 1024;

/** What one package may take: less than a repository, since there may be many. */
export const PACKAGE_LIMITS: Partial<TarballLimits> = {
  compressedBytes: 64 * MEBIBYTE,
  unpackedBytes: 1024 * MEBIBYTE,
  entries: 100_000,
  codeFileBytes: 8 * MEBIBYTE,
  codeBytes: 32 * MEBIBYTE,
  otherBytes: 16 * MEBIBYTE,
};

/** Of an archive, as it is downloaded. */
export const MOST_PACKAGE_BYTES = 64 * MEBIBYTE;

/** What the modules of one repository may take together. */
export interface ShelfLimits {
  readonly packages: number;
  /** Of the files that are kept in memory. */
  readonly bytes: number;
  /** For fetching, from the first request on. */
  readonly milliseconds: number;
  readonly atOnce: number;
}

export const SHELF_LIMITS: ShelfLimits = {
  packages: 300,
  bytes: 128 * MEBIBYTE,
  milliseconds: 4 * 60_000,
  atOnce: 4,
};
