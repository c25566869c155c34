import { posix } from "node:path";

/**
 * A path from `folder` (itself from the root of the repository), normalised and from the root: `infra/prod.tfvars`,
 * `.` for the root. Null where it is absolute, leaves the root, or is not written with `/`.
 */
export function fromRoot(folder: string, path: string): string | null {
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || /[\\\0]/.test(path)) return null;
  const joined = posix.normalize(posix.join(folder, path)).replace(/(?<=.)\/$/, "");
  return joined === ".." || joined.startsWith("../") ? null : joined;
}
