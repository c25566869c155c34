import { COMPUTED, type Origin, type Value } from "../values/value.ts";
import { FunctionError } from "./function.ts";

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

/**
 * What a text is decoded to. Where it is the content of a file, an error names that.
 * @throws FunctionError as `decode` does, of the first argument.
 */
export function decodedFrom(text: Value, decode: () => Value): Value {
  try {
    return decode();
  } catch (error) {
    const { origin } = text;
    const isOfText = error instanceof FunctionError && error.argument === 0;
    if (!isOfText || origin.kind !== "document" || origin.format !== "text") throw error;
    throw new FunctionError(`the file ${JSON.stringify(origin.file)} ${error.message}`, 0);
  }
}
