import { isMatch } from "matcher";

/**
 * Whether a text matches a list of patterns: any of them, and none of those that start with `!`; where all start with
 * `!`, everything else matches. `*` stands for any characters, everything else for itself (brackets too), with regard
 * to case. Linear in the lengths of text and pattern.
 */
export function matchesGlobs(text: string, globs: readonly string[]): boolean {
  return matchesAnyForm([text], globs);
}

/** The same for something with several spellings: one of them must match, and none may be excluded. */
export function matchesAnyForm(forms: readonly string[], globs: readonly string[]): boolean {
  const excluding = globs.filter(isExclusion).map((glob) => glob.slice(1));
  const including = globs.filter((glob) => !isExclusion(glob));
  if (excluding.length > 0 && isMatch(forms, excluding, { caseSensitive: true })) return false;
  return including.length === 0 ? excluding.length > 0 : isMatch(forms, including, { caseSensitive: true });
}

function isExclusion(glob: string): boolean {
  return glob.startsWith("!");
}
