import { coversPath } from "../drift/path-match.ts";
import { type Path, printPath } from "../json/path.ts";
import { type Code, isIgnored } from "./declared-code.ts";
import { differences } from "./value-differences.ts";

/** The paths at which a change of the code sets other values, or values that are not known; ignored ones are left out. */
export function touchedPaths(before: Code, after: Code): Path[] {
  const known = differences(before.attributes, after.attributes);
  // Null stands for what is not known, so a value that becomes unknown may look as if nothing had changed.
  const has = (paths: readonly Path[], path: Path) => paths.some((one) => printPath(one) === printPath(path));
  const unknown = [
    ...after.unknown.filter((path) => !has(before.unknown, path)),
    ...before.unknown.filter((path) => !has(after.unknown, path)),
  ].filter((path) => path.length > 0 && !coversPath(known, path, "exact"));
  return [...known, ...unknown].filter((path) => !isIgnored(after, path));
}
