import { TooLarge } from "../github/errors.ts";
import { TarballError } from "../sources/tarball-error.ts";

/** Why a commit cannot be scanned, where doing it again does not mend that; null for everything else. */
export function refusalOf(reason: unknown): string | null {
  if (reason instanceof TooLarge) return reason.message;
  if (!(reason instanceof TarballError)) return null;
  const mayPass = reason.problem === "damaged" || reason.problem === "interrupted";
  return mayPass ? null : reason.message;
}
