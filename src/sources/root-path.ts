import { relative, sep } from "node:path";

/** The path of a file or folder from the root, with `/`; `.` for the root itself, null where it is not inside. */
export function rootRelative(root: string, path: string): string | null {
  const way = relative(root, path).split(sep).join("/");
  if (way === "") return ".";
  return way === ".." || way.startsWith("../") || /^[A-Za-z]:|^\//.test(way) ? null : way;
}
