import { applyEdits, type Edit } from "../../hcl/editing/edit.ts";
import { reparse } from "../../hcl/editing/reparse.ts";
import type { Body } from "../../hcl/syntax/syntax.ts";
import type { SourceFiles } from "./parsed-files.ts";

/** A file as it would be with edits made. Its code is parsed again only where they stand. */
export class EditedFile {
  readonly path: string;
  readonly #files: SourceFiles;
  readonly #edits: readonly Edit[];
  #body: Body | null | undefined;

  constructor(path: string, files: SourceFiles, edits: readonly Edit[]) {
    this.path = path;
    this.#files = files;
    this.#edits = edits;
  }

  /** The new content. */
  bytes(): Uint8Array {
    return new TextEncoder().encode(applyEdits(this.#files.get(this.path)?.file.text ?? "", this.#edits));
  }

  /** The code as it is. */
  get before(): Body | null {
    return this.#files.get(this.path)?.parsed.body ?? null;
  }

  /** The code with the edits made; null where it has to be parsed as a whole. */
  get after(): Body | null {
    if (this.#body === undefined) {
      const { before } = this;
      this.#body = before === null ? null : reparse(before, this.#edits);
    }
    return this.#body;
  }
}

/** The files that edits change. */
export function editedFiles(files: SourceFiles, edits: readonly Edit[]): EditedFile[] {
  const byFile = Map.groupBy(edits, ({ file }) => file);
  return [...byFile].map(([path, own]) => new EditedFile(path, files, own));
}
