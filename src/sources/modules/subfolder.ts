import type { Snapshot } from "../../terraform/source/snapshot.ts";

/** The address of a package and the folder in it, which `//` divides; a query belongs to the address. */
export function splitSubfolder(text: string): readonly [address: string, subfolder: string] {
  const query = text.indexOf("?");
  const path = query === -1 ? text : text.slice(0, query);
  const scheme = path.indexOf("://");
  const at = path.indexOf("//", scheme === -1 ? 0 : scheme + 3);
  if (at === -1) return [text, ""];
  return [path.slice(0, at) + text.slice(path.length), cleaned(path.slice(at + 2))];
}

/** Without empty steps, `.` and `..`; those that lead out of the package stay at the start. */
export function cleaned(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === "" || step === ".") continue;
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else steps.push(step);
  }
  return steps.join("/");
}

export function isOutside(subfolder: string): boolean {
  return subfolder === ".." || subfolder.startsWith("../");
}

/** One folder in another, either of which may be empty. */
export function joined(outer: string, inner: string): string {
  return [outer, inner].filter((part) => part !== "").join("/");
}

/**
 * The folder that a subfolder with `*` and `?` means, as registries use it for archives that have one folder around
 * everything. Null unless there is exactly one.
 */
export function theFolder(snapshot: Snapshot, subfolder: string): string | null {
  let found = [""];
  for (const step of subfolder.split("/").filter((one) => one !== "")) {
    if (!/[*?]/.test(step)) found = found.map((folder) => joined(folder, step));
    else found = found.flatMap((folder) => matching(snapshot, folder, step));
    if (found.length > MOST_MATCHES) return null;
  }
  const [only, ...others] = found.filter((folder) => snapshot.list(folder || ".").length > 0);
  return only === undefined || others.length > 0 ? null : only;
}

const MOST_MATCHES = 1_000;

function matching(snapshot: Snapshot, folder: string, pattern: string): string[] {
  return snapshot
    .list(folder || ".")
    .filter((name) => name.endsWith("/") && fits(name.slice(0, -1), pattern))
    .map((name) => joined(folder, name.slice(0, -1)));
}

/** Takes time in the order of both lengths multiplied, whatever the pattern. */
function fits(name: string, pattern: string): boolean {
  let reached = new Set([0]);
  for (const character of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (character === "*") for (let end = at; end <= name.length; end += 1) next.add(end);
      else if (at < name.length && (character === "?" || name[at] === character)) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(name.length);
}
