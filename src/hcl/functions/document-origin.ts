import { COMPUTED, type Origin, type Value } from "../values/value.ts";

/**
 * The origin of each part of what is read from a text: a place in the file where the text is a file's content, else
 * the call that reads it.
 */
export function originsIn(
  text: Value,
  format: "json" | "yaml" | "csv",
): (path: readonly (string | number)[]) => Origin {
  const { origin } = text;
  if (origin.kind !== "document" || origin.format !== "text") return () => COMPUTED;
  return (path) => ({ kind: "document", file: origin.file, format, path });
}
