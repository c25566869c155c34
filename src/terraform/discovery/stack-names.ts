/**
 * A readable name for each root module, by its path: `infra/shop` is `infra-shop`, the root itself has the
 * repository's name. Names that would be the same are numbered in the order of the paths.
 */
export function stackNames(paths: readonly string[], repository: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const path of paths.toSorted()) {
    const plain = plainName(path === "." ? repository : path);
    let name = plain;
    for (let number = 2; taken.has(name); number += 1) name = `${plain}-${number}`;
    taken.add(name);
    names.set(path, name);
  }
  return names;
}

function plainName(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return plain === "" ? "root" : plain;
}
