import { count, cut, visible, visibleLines, withoutLinks } from "./visible.ts";

declare const markdown: unique symbol;

/** Text that is safe to stand in a Markdown document: our own words, or a value that went through this file. */
export type Markdown = string & { readonly [markdown]: true };

/** Values are cut beyond this many UTF-16 code units, unless a caller says otherwise. */
const LONGEST_VALUE = 240;
const LONGEST_SENTENCE = 1_000;

/** Markdown written by us, with safe values in it: md`Read ${code(address)}.` */
export function md(parts: TemplateStringsArray, ...values: readonly (Markdown | number)[]): Markdown {
  return trusted(String.raw({ raw: parts.map((part) => part) }, ...values));
}

export const NOTHING: Markdown = md``;

export function joined(parts: readonly Markdown[], separator: ", " | "; " | " " | "\n" | "<br>"): Markdown {
  return trusted(parts.join(separator));
}

/** A count for people, as Markdown. */
export function number(value: number): Markdown {
  return trusted(count(value));
}

/**
 * An untrusted sentence as inline text of one line: no markup, no HTML, no link, no mention, whatever it stands in
 * (paragraph, list item, table cell, link text). A value that a reader may want to copy belongs in `code`.
 */
export function text(value: string, limit = LONGEST_SENTENCE): Markdown {
  const line = withoutLinks(cut(visible(value).trim(), limit));
  return trusted(
    line
      .replace(/[\\`*[\]<>&|~$_#!:"]/g, escapeInline)
      .replace(/^[-+=]/, "\\$&")
      .replace(/^(\d{1,9})([.)])/, "$1\\$2")
      .replaceAll("\u200b", "&#8203;"),
  );
}

// Entities where a backslash would not do: a table reads `\|` before the inline rules do, and `$` starts mathematics.
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["<", "&lt;"],
  [">", "&gt;"],
  ["&", "&amp;"],
  ["|", "&#124;"],
  ["$", "&#36;"],
]);

function escapeInline(character: string, at: number, whole: string): string {
  if (character === '"' || character === ":" || character === "!") {
    return character === ":" && startsEmoji(whole, at) ? "&#58;" : character;
  }
  if (character === "_" && isWord(whole[at - 1]) && isWord(whole[at + 1])) return character;
  return ENTITIES.get(character) ?? `\\${character}`;
}

function startsEmoji(whole: string, at: number): boolean {
  return /^:[a-z0-9_+-]+:/i.test(whole.slice(at, at + 60));
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9]/.test(character);
}

/**
 * An untrusted value as inline code of one line; the same text works in a paragraph and in a table cell. GitHub looks
 * for mentions and references in no code. Where backticks cannot hold the value, `<code>` with entities does.
 */
export function code(value: string, limit = LONGEST_VALUE): Markdown {
  const line = visible(value);
  const shown = line.length > limit ? cutValue(line, limit) : { head: line, note: "" };
  return trusted(`${codeElement(shown.head)}${shown.note}`);
}

function cutValue(line: string, limit: number): { head: string; note: string } {
  const short = cut(line, limit);
  const end = short.lastIndexOf("…");
  return { head: short.slice(0, end + 1), note: short.slice(end + 1) };
}

function codeElement(line: string): string {
  const backticksHoldIt = line !== "" && !/[`|]|<!--|^ | $|\\$/.test(line);
  if (backticksHoldIt) return `\`${line}\``;
  const entities = withoutLinks(line).replace(
    /[^A-Za-z0-9 ]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
  return `<code>${entities}</code>`;
}

/**
 * An untrusted text of several lines as a code block, with a fence longer than any run of backticks in it.
 * `indent` is the number of spaces before each line, to stand inside a list item.
 */
export function fence(content: string, language: "diff" | "sh" | "yaml" | "", indent = 0): Markdown {
  const lines = visibleLines(content).replace(/\n+$/, "").split("\n").map(fencedLine);
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length);
  const mark = "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
  const margin = " ".repeat(indent);
  return trusted([`${mark}${language}`, ...lines, mark].map((line) => `${margin}${line}`).join("\n"));
}

// A marker counts on lines of our own alone; none may be copied out of a value, not even from inside a code block.
function fencedLine(line: string): string {
  return line.replace(/<!--(?=\s*driftwright)/gi, "<!\u200b--");
}

function trusted(value: string): Markdown {
  return value as Markdown;
}
