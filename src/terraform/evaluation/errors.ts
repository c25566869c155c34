import type { Diagnostic, SourceFile } from "../../hcl/syntax/source.ts";
import type { Reported } from "../cells/graph.ts";

/**
 * The errors that were not there before. Of one instance, variable or other thing, a message that was there in a file
 * comes as often as before in it. A broken line that several share is one problem, and new where it is for one of them.
 */
export function newErrors(before: readonly Reported[], after: readonly Reported[]): readonly Diagnostic[] {
  const left = new Map<string, number>();
  for (const { key } of counted(before)) left.set(key, (left.get(key) ?? 0) + 1);
  const added = counted(after).filter(({ key, diagnostic }) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return diagnostic.severity === "error" && count <= 0;
  });
  return distinct(added.map(({ diagnostic }) => diagnostic));
}

/** Each problem of each thing once, with what makes it the same as another. Lines move with an edit, so they do not. */
function counted(reported: readonly Reported[]): { readonly key: string; readonly diagnostic: Diagnostic }[] {
  const byThing = Map.groupBy(reported, ({ about }) => about);
  return [...byThing].flatMap(([about, own]) =>
    distinct(own.map(({ diagnostic }) => diagnostic)).map((diagnostic) => {
      const { message, range } = diagnostic;
      return { key: JSON.stringify([about, range?.file.path ?? null, message]), diagnostic };
    }),
  );
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
