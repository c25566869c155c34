import { EnvironmentError } from "../config/environment-error.ts";

/** What the file system says of a folder that cannot be used, by its code: what is wrong, and what to do. */
const SENTENCES: ReadonlyMap<string, string> = new Map([
  ["EEXIST", "is no folder: name another one, or move away what is there"],
  ["ENOTDIR", "is no folder: name another one, or move away what is there"],
  ["EACCES", "may not be written: give it to the user that runs Driftwright, or name another folder"],
  ["EPERM", "may not be written: give it to the user that runs Driftwright, or name another folder"],
  ["EROFS", "is on a file system that is read-only: name a folder that can be written"],
  ["ENOSPC", "is on a disk that is full: make room, or name another folder"],
  ["EDQUOT", "is on a disk that is full: make room, or name another folder"],
  ["ENOENT", "cannot be made: name another folder"],
  ["ELOOP", "leads round in a circle of links: name another folder"],
  ["ENAMETOOLONG", "has too long a name: name another folder"],
]);

/** An error of the file system under `DATA_DIR`, as one sentence for whoever set it; any other error as it is. */
export function folderProblem(folder: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error && "syscall" in error ? error.code : undefined;
  const sentence = typeof code === "string" ? SENTENCES.get(code) : undefined;
  if (sentence === undefined) return error;
  return new EnvironmentError([`DATA_DIR: ${folder} ${sentence}`]);
}
