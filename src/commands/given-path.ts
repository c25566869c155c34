import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { codeOf, pathProblem } from "../sources/path-problem.ts";

/** The options could not be used as they are. The message says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What is at a path that a person gave. */
export interface FoundPath {
  /** Without links. */
  readonly real: string;
  readonly kind: "file" | "folder" | "other";
}

/**
 * What is at the path that an option gives, from the current directory; null where there is nothing.
 * @throws UsageError where it cannot be looked at: no permission, a name that is too long, a circle of links
 */
export function foundAt(option: string, path: string): FoundPath | null {
  return looking(option, path, () => at(resolve(path)));
}

/**
 * Whether a folder is at the path that an option gives, or can be made there.
 * @throws UsageError where it cannot
 */
export function checkWritable(option: string, path: string): void {
  const place = looking(option, path, () => resolve(path));
  const { folder, found } = looking(option, path, () => nearest(place));
  if (found.kind !== "folder") {
    const file = folder === place ? path : `${path}: ${folder}`;
    throw new UsageError(`${option} ${file} is a file; give a folder, which is made where there is none`);
  }
  if (mayWrite(found.real)) return;
  throw new UsageError(
    `${option} ${path}: there is no permission to write into ${found.real}; give ${option} a folder of your own`,
  );
}

/** What is at a path, or at the nearest above it: the root is always there. */
function nearest(place: string): { readonly folder: string; readonly found: FoundPath } {
  for (let folder = place; ; folder = dirname(folder)) {
    const found = at(folder);
    if (found !== null) return { folder, found };
  }
}

function at(full: string): FoundPath | null {
  const found = statSync(full, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const kind = found.isDirectory() ? "folder" : found.isFile() ? "file" : "other";
  return { real: realpathSync(full), kind };
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function looking<T>(option: string, path: string, look: () => T): T {
  // As of a variable of the shell that is not set.
  if (path === "") throw new UsageError(`${option} is empty; give a path, or leave ${option} out`);
  try {
    return look();
  } catch (error) {
    if (codeOf(error) === null) throw error;
    const { reason, advice } = pathProblem(error, "look at");
    throw new UsageError(`${option} ${path}: ${reason}; ${advice}`);
  }
}
