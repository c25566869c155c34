import stringWidth from "string-width";
import type { Diagnostic } from "../drift/model.ts";
import { visible } from "./visible.ts";

/** The source line of a diagnostic with a caret below the column; of a long line, what stands around it. */
export function excerptLines(diagnostic: Diagnostic, source: string, width: number): readonly string[] {
  const { line, column } = diagnostic;
  if (line === null) return [];
  const number = String(line);
  const margin = " ".repeat(number.length);
  const room = Math.max(20, width - number.length - 3);
  const at = Math.max(0, (column ?? 1) - 1);
  const before = shortenedStart(plain(source.slice(0, at)), Math.floor(room / 2));
  const after = shortenedEnd(plain(source.slice(at)), room - stringWidth(before));
  const caret = column === null ? [] : [`${margin} | ${" ".repeat(stringWidth(before))}^`];
  return [`${number} | ${before}${after}`, ...caret];
}

function plain(text: string): string {
  return visible(text.replaceAll("\t", "    "));
}

function shortenedStart(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && stringWidth(characters.join("")) > width - 1)
    characters.splice(0, excess(characters, width));
  return `…${characters.join("")}`;
}

function shortenedEnd(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && stringWidth(characters.join("")) > width - 1) {
    characters.splice(-excess(characters, width));
  }
  return `${characters.join("")}…`;
}

/** How many characters to take away at once: at least one, and no more than half of what is too much. */
function excess(characters: readonly string[], width: number): number {
  return Math.max(1, Math.floor((characters.length - width) / 2));
}
