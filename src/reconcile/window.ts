import { lineEnding, startOfLine } from "../hcl/editing/surroundings.ts";
import { childrenOf, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import { parse } from "../hcl/syntax/parser.ts";
import type { SourceFile } from "../hcl/syntax/source.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";

/** Lines of a file that are a file by themselves. */
export interface Window {
  readonly file: SourceFile;
  readonly root: SyntaxNode;
  /** Where the lines start in the file. */
  readonly offset: number;
}

/** `name = …`, `"name" = …` and `type "label" {`. */
const ASSIGNMENT = /^([ \t]*)("[^"\n\\$%]*"|[\w-]+)[ \t]*=(?!=).*[[({][ \t]*\r?$/;
const HEADER = /^([ \t]*)[\w-]+(?:[ \t]+"[^"\n\\$%]*")*[ \t]*\{[ \t]*\r?$/;

/** So many lines above a node are looked at, and so many of them are tried. */
const MOST_LINES = 200;
const MOST_TRIED = 4;

/**
 * The fewest lines of code around a node that hold all that an edit within it looks at: those of the block, object or
 * list in which the node's first line stands, as the indentation tells. Null where it does not tell: then that is the
 * whole file.
 */
export function windowAround(node: Expression): Window | null {
  let tried = 0;
  for (const [start, end] of stretchesAround(node.file.text, node)) {
    tried += 1;
    const window = windowOf(node, start, end);
    if (window !== null) return window;
    if (tried === MOST_TRIED) break;
  }
  return null;
}

/** From a line that opens brackets to the line of the same indentation that closes them, from inside outward. */
function* stretchesAround(text: string, { start, end }: Expression): Generator<readonly [number, number]> {
  let depth = indentationOf(text, startOfLine(text, start)).length;
  let line = startOfLine(text, start);
  for (let count = 0; count < MOST_LINES && line > 0 && depth > 0; count += 1) {
    line = startOfLine(text, line - 1);
    const indentation = indentationOf(text, line);
    const written = text.slice(line, text.indexOf("\n", line));
    if (written.trim() === "" || indentation.length >= depth) continue;
    depth = indentation.length;
    if (!ASSIGNMENT.test(written) && !HEADER.test(written)) continue;
    const closed = closingAfter(text, end, indentation);
    if (closed !== null) yield [line, closed];
  }
}

/** The end of the first line from an offset on that is no deeper: of its closing brackets, where that is what it has. */
function closingAfter(text: string, offset: number, indentation: string): number | null {
  let line = text.indexOf("\n", offset) + 1;
  for (let count = 0; count < MOST_LINES && line > 0; count += 1) {
    const own = indentationOf(text, line);
    const next = text.indexOf("\n", line);
    const written = text.slice(line, next === -1 ? text.length : next);
    if (written.trim() !== "" && own.length <= indentation.length) {
      const brackets = /^[ \t]*([\])}]+)/.exec(written);
      return own === indentation && brackets !== null ? line + brackets[0].length : null;
    }
    line = next + 1;
  }
  return null;
}

function indentationOf(text: string, line: number): string {
  let at = line;
  while (text[at] === " " || text[at] === "\t") at += 1;
  return text.slice(line, at);
}

function windowOf(node: Expression, start: number, end: number): Window | null {
  const { path, text } = node.file;
  const lines = text.slice(start, end);
  // A file has no names in quotes.
  const named = lines.replace(
    /^([ \t]*)"([^"\n]*)"/,
    (_, blank: string, name: string) => `${blank}a${"_".repeat(name.length)}b`,
  );
  const file = { path, text: named + lineEnding(text, end) };
  const { body, diagnostics } = parse(file);
  const [only, ...more] = body.items;
  if (only === undefined || more.length > 0 || diagnostics.length > 0) return null;
  return wayTo(body, node, start) && { file, root: body, offset: start };
}

/** Which child leads to a node, from the root inward; the node's own offsets are so much larger than those there. */
export function wayTo(root: SyntaxNode, node: Expression, offset: number): readonly number[] | null {
  const [start, end] = [node.start - offset, node.end - offset];
  const way: number[] = [];
  let at = root;
  while (at.start !== start || at.end !== end || at.kind !== node.kind) {
    const children = childrenOf(at);
    const index = children.findIndex((child) => child.start <= start && end <= child.end);
    const child = children[index];
    if (child === undefined) return null;
    way.push(index);
    at = child;
  }
  return way;
}
