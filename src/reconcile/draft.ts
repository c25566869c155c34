import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import { parseSource } from "../terraform/source/parse-source.ts";
import type { ParsedFiles, ParsedSource } from "../terraform/source/parsed-files.ts";
import { alignedEdits } from "./aligned-edits.ts";
import { spliceBetween } from "./compose.ts";

/** Files that are edited again and again: each edit is one of the texts as those before it have left them. */
export class Draft {
  readonly #files: ParsedFiles;
  readonly #edited = new Map<string, ParsedSource>();

  constructor(files: ParsedFiles) {
    this.#files = files;
  }

  get(path: string): ParsedSource | null {
    return this.#edited.get(path) ?? this.#files.get(path);
  }

  /** @throws RangeError where edits overlap. */
  apply(edits: readonly Edit[]): void {
    for (const [path, own] of Map.groupBy(edits, ({ file }) => file)) {
      const text = withoutLoneMark(applyEdits(this.get(path)?.file.text ?? "", own));
      const file = { path, text };
      this.#edited.set(path, { file, parsed: parseSource(file) });
    }
  }

  /** What has to be done to the files as they were, one splice for each that changed; comments are aligned after it. */
  edits(): readonly Edit[] {
    const edits = [...this.#edited].flatMap(([path, { file }]) => {
      const before = this.#files.get(path)?.file;
      return before === undefined ? [] : spliceBetween(before, file.text);
    });
    return alignedEdits(this.#files, edits);
  }
}

/** A byte order mark before nothing is no text. */
function withoutLoneMark(text: string): string {
  return text === "\ufeff" ? "" : text;
}
