import { COMPUTED, type Origin, type Value } from "../values/value.ts";

/**
 * The origin of each part of what is read from a text: a place in the file where the text is a file's content, else
 * the call that reads it.
 */
export function originsIn(text: Value): (path: readonly (string | number)[]) => Origin {
  const { origin } = text;
  if (origin.kind !== "document" || origin.path.length > 0) return () => COMPUTED;
  return (path) => ({ kind: "document", file: origin.file, path });
}
