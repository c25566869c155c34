import type { Range, SourceFile } from "./source.ts";

/** Where a text that was parsed by itself stands in a file. */
export interface TextPlace {
  readonly file: SourceFile;
  /** The offset in the file of an offset in the text. */
  at(offset: number): number;
}

/**
 * A copy of a syntax tree, or of anything that holds some, whose ranges are those in the file that its text was taken
 * from. The depth of a tree is bounded by the parser.
 */
export function relocated<T>(tree: T, place: TextPlace): T {
  return copy(tree, place) as T;
}

export function relocatedRange({ start, end }: Range, place: TextPlace): Range {
  return { file: place.file, start: place.at(start), end: place.at(end) };
}

function copy(node: unknown, place: TextPlace): unknown {
  if (Array.isArray(node)) return node.map((item) => copy(item, place));
  if (typeof node !== "object" || node === null) return node;
  const made: Record<string, unknown> = { ...node };
  for (const name in made) made[name] = copyProperty(name, made[name], place);
  return made;
}

function copyProperty(name: string, value: unknown, place: TextPlace): unknown {
  if (name === "file") return place.file;
  // A splat and its item share an `id`, which is an offset that no other splat of the file has.
  if (typeof value === "number" && (name === "start" || name === "end" || name === "id")) {
    return place.at(value);
  }
  return copy(value, place);
}
