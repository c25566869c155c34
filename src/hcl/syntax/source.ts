/** A text of the language and where it came from. `path` is relative to the root of the snapshot, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A stretch of a file, `[start, end)` in UTF-16 code units. */
export interface Range {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Line and column, both from 1; the column counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly range: Range | null;
}

/** Where `offset` stands in the text. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** The text of a range. */
export function textOf(range: Range): string {
  return range.file.text.slice(range.start, range.end);
}
