/**
 * Characters that do something to a terminal, a line or the order of reading instead of being seen: controls, format
 * characters (bidirectional overrides, zero width, tags), line and paragraph separators, private use, lone surrogates,
 * and every space but the plain one.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]|(?! )\p{Zs}/gu;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Untrusted text as one line in which every character can be seen: what could act instead is written as an escape
 * (`\n`, `\u001B`, `\u{E0041}`). The result can neither drive a terminal nor reorder the text around it.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => SHORT_ESCAPES.get(character) ?? unicodeEscape(character));
}

/** Like `visible`, but keeps line breaks (each as `\n`) and tabs: for source lines, diffs and commands. */
export function visibleLines(text: string): string {
  return text
    .split(/\r\n|\n/)
    .map((line) => line.split("\t").map(visible).join("\t"))
    .join("\n");
}

function unicodeEscape(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}

/**
 * At most `limit` UTF-16 code units of the text; what is longer is cut, never inside a surrogate pair, and says its
 * whole length.
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = isHighSurrogate(text.charCodeAt(limit - 1)) ? limit - 1 : limit;
  return `${text.slice(0, end)}… (${count(text.length)} characters)`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** A number for people: `58,000`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 row`, `3 rows`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** What GitHub turns into a link or a notification, split in two where a character may stand between. */
const LINKS: readonly RegExp[] = [
  /(@)(?=[A-Za-z0-9])/g, // @user, @org/team, user@sha, mail@example.com
  /(#)(?=\d)/g, // #12, owner/repo#12
  /(?<![A-Za-z0-9])(gh-|ghsa-)(?=[0-9a-z])/gi, // GH-12, GHSA-…
  /(?<![A-Za-z0-9])([A-Z][A-Z0-9]*-)(?=\d)/g, // CVE-…, the custom prefixes of a repository
  /(:)(?=\/\/)/g, // http://, https://, ftp://
  /(www)(?=\.)/gi,
];

/** Commit ids, of which GitHub takes 7 to 40 digits. */
const COMMIT_ID = /(?<![A-Za-z0-9])[0-9a-f]{7,40}(?![A-Za-z0-9])/gi;

const ZERO_WIDTH_SPACE = "\u200b";

/**
 * Puts a zero-width space into everything that GitHub would turn into a mention, a reference or a link in plain text.
 * Escaping alone does not do: GitHub looks for them in the rendered text. Needs `visible` text.
 * Source: GitHub Docs, "Autolinked references and URLs"; GitHub Flavored Markdown specification, section 6.9.
 */
export function withoutLinks(text: string): string {
  const unlinked = LINKS.reduce((result, pattern) => result.replace(pattern, `$1${ZERO_WIDTH_SPACE}`), text);
  return unlinked.replace(COMMIT_ID, (id) => id.replace(/.{6}(?=.)/g, `$&${ZERO_WIDTH_SPACE}`));
}

/** Untrusted text for a place that holds plain text of one line, such as a title. */
export function plainLine(text: string, limit: number): string {
  return withoutLinks(cut(visible(text), limit).trim());
}
