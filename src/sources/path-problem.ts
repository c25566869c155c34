/** Why the file system would not do what was asked of a path, and what to do: two clauses. */
export interface PathProblem {
  readonly reason: string;
  readonly advice: string;
}

/** The file system's code of an error; null where it is none of the file system's. */
export function codeOf(error: unknown): string | null {
  const isSystem = error instanceof Error && "code" in error && "syscall" in error;
  return isSystem && typeof error.code === "string" ? error.code : null;
}

/** What an error of the file system means for whoever gave the path. `to`: what was to be done with it. */
export function pathProblem(error: unknown, to: "look at" | "read" | "write"): PathProblem {
  const code = codeOf(error);
  switch (code) {
    case "EACCES":
    case "EPERM":
      return {
        reason: `there is no permission to ${to} it`,
        advice: "run as a user who may, or change its permissions",
      };
    case "ENAMETOOLONG":
      return { reason: "the name is too long", advice: "give a shorter path" };
    case "ELOOP":
      return { reason: "it is a link that leads back to itself", advice: "mend the link" };
    case "EISDIR":
      return { reason: "it is a folder", advice: "give the file itself" };
    case "ENOSPC":
    case "EDQUOT":
      return { reason: "the disk is full", advice: "make room" };
    case "EROFS":
      return { reason: "the file system is read-only", advice: "give another place" };
    case "ENOENT":
    case "ENOTDIR":
      return { reason: "there is no such file", advice: "check the path" };
    default:
      return {
        reason: `it cannot be used (${code ?? "unknown error"})`,
        advice: "check the path and the disk",
      };
  }
}
