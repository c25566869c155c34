import type { Edit } from "../hcl/editing/edit.ts";
import { lineEnding } from "../hcl/editing/surroundings.ts";
import type { Template } from "../hcl/syntax/syntax.ts";

/**
 * The edit that gives a heredoc another text; its lines keep the indentation that `<<-` takes off. Null where a heredoc
 * cannot say the text: it always ends with a line end, and no line of it may be its own marker.
 */
export function rewriteHeredoc(node: Template, wanted: string): readonly Edit[] | null {
  const { file, start, end } = node;
  const written = file.text.slice(start, end);
  const opened = written.indexOf("\n") + 1;
  const closed = written.trimEnd().lastIndexOf("\n") + 1;
  const marker = /^<<-?(\S+)/.exec(written)?.[1];
  if (opened === 0 || closed < opened || marker === undefined) return null;
  if (/\r(?!\n)/.test(wanted) || (wanted !== "" && !wanted.endsWith("\n"))) return null;
  const lines = wanted.split(/\r?\n/).slice(0, -1);
  if (lines.some((line) => line.trim() === marker)) return null;
  const indentation = node.form === "indented-heredoc" ? indentationOf(written.slice(opened, closed)) : "";
  const ending = lineEnding(file.text, start);
  const text = lines.map((line) => `${line === "" ? "" : indentation + escaped(line)}${ending}`).join("");
  return [{ file: file.path, start: start + opened, end: start + closed, text }];
}

/** The blanks that all lines start with, empty lines aside. */
function indentationOf(body: string): string {
  const indents = body
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
  return indents.reduce((least, next) => (next.length < least.length ? next : least), indents[0] ?? "");
}

function escaped(line: string): string {
  return line.replace(/[$%](?=\{)/g, "$&$&");
}
