import type { Diagnostic, SourceFile } from "../../hcl/syntax/source.ts";

/**
 * The errors that were not there before. A message that was there in a file comes as often as before in it; a broken
 * line that several instances share is one problem.
 */
export function newErrors(
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
): readonly Diagnostic[] {
  const known = Map.groupBy(distinct(before), fileAndMessage);
  const left = new Map(Array.from(known, ([key, diagnostics]) => [key, diagnostics.length]));
  return distinct(after).filter((diagnostic) => {
    const key = fileAndMessage(diagnostic);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return diagnostic.severity === "error" && count <= 0;
  });
}

/** Lines move with an edit, so they tell nothing. */
function fileAndMessage({ message, range }: Diagnostic): string {
  return JSON.stringify([range?.file.path ?? null, message]);
}

/** A broken line that several instances share is one problem. */
export function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<SourceFile | null, Map<string, Diagnostic>>();
  return diagnostics.filter((diagnostic) => {
    const { message, range } = diagnostic;
    const file = range?.file ?? null;
    const key = `${range?.start ?? ""} ${message}`;
    const known = seen.get(file) ?? new Map<string, Diagnostic>();
    seen.set(file, known);
    if (known.has(key)) return false;
    known.set(key, diagnostic);
    return true;
  });
}
