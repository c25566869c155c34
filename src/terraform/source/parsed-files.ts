import type { SourceFile } from "../../hcl/syntax/source.ts";
import type { ParsedFile } from "../../hcl/syntax/syntax.ts";
import { parseSource } from "./parse-source.ts";
import type { Snapshot } from "./snapshot.ts";
import { readableText } from "./unreadable.ts";

/** A file of the snapshot and its syntax tree. */
export interface ParsedSource {
  readonly file: SourceFile;
  readonly parsed: ParsedFile;
}

/** Files with their syntax trees. */
export interface SourceFiles {
  readonly snapshot: Snapshot;
  /** Null where there is no such file, or it is no text: not UTF-8, or encrypted. */
  get(path: string): ParsedSource | null;
}

/** The files of a snapshot, each parsed once, when its tree is first asked for. */
export class ParsedFiles implements SourceFiles {
  readonly snapshot: Snapshot;
  readonly #base: ParsedFiles | null;
  readonly #changed: ReadonlySet<string>;
  readonly #sources = new Map<string, ParsedSource>();

  /** `base`: what was parsed of the same snapshot before the files in `changed` became others. */
  constructor(snapshot: Snapshot, base: ParsedFiles | null = null, changed: Iterable<string> = []) {
    this.snapshot = snapshot;
    this.#base = base;
    this.#changed = new Set(changed);
  }

  get(path: string): ParsedSource | null {
    if (this.#base !== null && !this.#changed.has(path)) return this.#base.get(path);
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    const source = this.#parse(path);
    if (source !== null) this.#sources.set(path, source);
    return source;
  }

  #parse(path: string): ParsedSource | null {
    const bytes = this.snapshot.read(path);
    const text = bytes === undefined ? null : readableText(bytes);
    if (text === null) return null;
    return new ReadSource({ path, text });
  }
}

/** What is no code is never parsed. */
class ReadSource implements ParsedSource {
  readonly file: SourceFile;
  #parsed: ParsedFile | null = null;

  constructor(file: SourceFile) {
    this.file = file;
  }

  get parsed(): ParsedFile {
    this.#parsed ??= parseSource(this.file);
    return this.#parsed;
  }
}
