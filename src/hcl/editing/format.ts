import { quoteString } from "../syntax/escape.ts";

/** One step of indentation, as `terraform fmt` writes it. */
export const INDENT = "  ";

/** `name = value`. `name` is text as it is to be written, as is `value`, whose later lines carry their indentation. */
export interface AttributeText {
  readonly name: string;
  readonly value: string;
}

/** A block to be written; labels are plain text. */
export interface BlockText {
  readonly type: string;
  readonly labels: readonly string[];
  readonly items: readonly ItemText[];
}

export type ItemText = AttributeText | BlockText;

/** The line `name = value`, indented. */
export function formatAttribute(name: string, value: string, indentation: string): string {
  return `${indentation}${name} = ${value}`;
}

/** How many columns a text takes in `terraform fmt`'s reckoning: its grapheme clusters. */
export function columnsOf(text: string): number {
  let ascii = true;
  for (let at = 0; at < text.length && ascii; at += 1) ascii = text.charCodeAt(at) < 128;
  return ascii ? text.length : [...new Intl.Segmenter().segment(text)].length;
}

/**
 * Attributes, a line each, with `=` aligned among consecutive ones whose value stands on one line. What opens a bracket
 * and goes on below ends the alignment, as in `terraform fmt`. Each line is followed by `separator`.
 */
export function formatAttributes(
  attributes: readonly AttributeText[],
  indentation: string,
  separator = "",
): readonly string[] {
  const lines: string[] = [];
  for (let first = 0; first < attributes.length; ) {
    let end = first;
    let width = 0;
    for (let next = attributes[end]; next !== undefined && isFlat(next.value); next = attributes[end]) {
      width = Math.max(width, columnsOf(next.name));
      end += 1;
    }
    for (const { name, value } of attributes.slice(first, end)) {
      const padding = " ".repeat(width - columnsOf(name));
      lines.push(`${formatAttribute(name + padding, value, indentation)}${separator}`);
    }
    const wide = attributes[end];
    if (wide !== undefined) lines.push(`${formatAttribute(wide.name, wide.value, indentation)}${separator}`);
    first = end + 1;
  }
  return lines;
}

/** Whether a value takes part in the alignment of its line: it stands on one line, or is a heredoc. */
export function isFlat(value: string): boolean {
  return !value.includes("\n") || value.startsWith("<<");
}

/** The text of a block without a line end after it; a nested block stands behind an empty line. */
export function formatBlock(block: BlockText, indentation: string): string {
  const header = [block.type, ...block.labels.map(quoteString)].join(" ");
  if (block.items.length === 0) return `${indentation}${header} {}`;
  return `${indentation}${header} {\n${formatItems(block.items, indentation + INDENT)}\n${indentation}}`;
}

function formatItems(items: readonly ItemText[], indentation: string): string {
  const lines: string[] = [];
  let run: AttributeText[] = [];
  const flush = (): void => {
    lines.push(...formatAttributes(run, indentation));
    run = [];
  };
  for (const item of items) {
    if ("value" in item) {
      run.push(item);
      continue;
    }
    flush();
    if (lines.length > 0) lines.push("");
    lines.push(formatBlock(item, indentation));
  }
  flush();
  return lines.join("\n");
}
