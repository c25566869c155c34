import { RE2JS } from "re2js";

/** Where the file of code owners may be: the first that is there counts. */
export const CODE_OWNERS_PATHS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/** A user (`alice`), or a team of an organization (`acme/platform`); an address of mail names nobody who could be asked. */
export type CodeOwner =
  | { readonly kind: "user"; readonly login: string }
  | { readonly kind: "team"; readonly org: string; readonly team: string }
  | { readonly kind: "mail"; readonly address: string };

/** GitHub reads no larger file. */
const MOST_CHARACTERS = 3_000_000;

/**
 * Who owns a file, by the last line that matches it; nobody where none does, or where that line names nobody.
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 * @param path from the root of the repository
 */
export function codeOwnersOf(text: string, path: string): readonly CodeOwner[] {
  if (text.length > MOST_CHARACTERS) return [];
  const lines = text.split(/\r?\n/);
  for (const line of lines.toReversed()) {
    const [pattern, ...owners] = line
      .replace(/(?:^|\s)#.*$/, "")
      .trim()
      .split(/\s+/);
    if (pattern === undefined || pattern === "" || !matches(pattern, path)) continue;
    return owners.flatMap(ownerOf);
  }
  return [];
}

function ownerOf(word: string): CodeOwner[] {
  const [, login] = /^@([A-Za-z0-9-]+)$/.exec(word) ?? [];
  if (login !== undefined) return [{ kind: "user", login }];
  const [, org, team] = /^@([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+)$/.exec(word) ?? [];
  if (org !== undefined && team !== undefined) return [{ kind: "team", org, team }];
  return /^[^@\s]+@[^@\s]+$/.test(word) ? [{ kind: "mail", address: word }] : [];
}

/** As in `.gitignore`, but for what GitHub does not take: `!`, ranges of characters, an escaped `#`. */
function matches(pattern: string, path: string): boolean {
  if (pattern.startsWith("!") || /[[\]]/.test(pattern)) return false;
  const isFolder = pattern.endsWith("/");
  const trimmed = pattern.replace(/^\/|\/$/g, "");
  const isAnchored = pattern.replace(/\/$/, "").includes("/");
  const segments = trimmed.split("/");
  const body = segments
    .map((segment, index) => {
      const isLast = index === segments.length - 1;
      if (segment === "**") return isLast ? ".*" : "(?:.*/)?";
      return `${wild(segment)}${isLast ? "" : "/"}`;
    })
    .join("");
  // `docs/*` is what is in the folder itself, and not below.
  const isBelow = segments.at(-1) === "*" && isAnchored ? "" : "(?:/.*)?";
  const end = isFolder ? "/.*" : isBelow;
  return RE2JS.compile(`${isAnchored ? "" : "(?:.*/)?"}${body}${end}`)
    .matcher(path)
    .matches();
}

function wild(segment: string): string {
  return segment.replace(/[*?]+|[^*?]+/g, (part) =>
    /^[*?]/.test(part) ? part.replaceAll("*", "[^/]*").replaceAll("?", "[^/]") : RE2JS.quote(part),
  );
}
