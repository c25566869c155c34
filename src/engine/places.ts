import type { Place, Diagnostic as PlainDiagnostic } from "../drift/model.ts";
import { type Diagnostic, positionAt, type Range } from "../hcl/syntax/source.ts";

/** A range as people count: file, line and column from 1. */
export function placeOf(range: Range): Place {
  const { line, column } = positionAt(range.file.text, range.start);
  return { file: range.file.path, line, column };
}

export function plainDiagnostic({ severity, message, range }: Diagnostic): PlainDiagnostic {
  const place = range === null ? { file: null, line: null, column: null } : placeOf(range);
  return { severity, message, ...place };
}
