import { isSpace } from "./characters.ts";

const LINE_FEED = 0x0a;

/** The end, before its line ending, of the first line behind `from` that has a heredoc's marker alone, or -1. */
export function findClosingLine(text: string, marker: string, from: number): number {
  const first = text.indexOf("\n", from);
  if (first === -1) return -1;
  for (let at = text.indexOf(marker, first); at !== -1; at = text.indexOf(marker, at + marker.length)) {
    const end = blankEnd(text, at + marker.length);
    if (text.charCodeAt(end) === LINE_FEED && startsLine(text, at))
      return text[end - 1] === "\r" ? end - 1 : end;
  }
  return -1;
}

function blankEnd(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function startsLine(text: string, offset: number): boolean {
  let at = offset;
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at -= 1;
  return text.charCodeAt(at - 1) === LINE_FEED;
}

function isBlank(code: number): boolean {
  return code !== LINE_FEED && isSpace(code);
}
