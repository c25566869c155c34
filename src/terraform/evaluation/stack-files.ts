import { EvaluationError } from "../../hcl/evaluation/context.ts";
import { Cell } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import type { Trial } from "../cells/trial.ts";
import type { EditedFile } from "../source/edited-file.ts";
import type { ParsedSource, SourceFiles } from "../source/parsed-files.ts";
import type { Snapshot } from "../source/snapshot.ts";

/**
 * The files as one evaluation sees them: which of them it has read, and in a trial some with other contents. A file whose
 * bytes are read (`file`, `templatefile`) is a cell like everything else that has a result.
 */
export class StackFiles implements SourceFiles {
  readonly snapshot: Snapshot;
  /** The path of each file that was asked for. */
  readonly read = new Set<string>();
  /** Those that were read as code. */
  readonly parsed = new Set<string>();
  readonly #files: SourceFiles;
  readonly #graph: Graph;
  readonly #contents = new Map<string, Cell<Uint8Array | undefined>>();
  readonly #edited = new Map<string, EditedFile>();

  constructor(files: SourceFiles, graph: Graph) {
    this.#files = files;
    this.#graph = graph;
    this.snapshot = {
      read: (path) => this.#contentOf(path).get(),
      list: (folder, ahead) => files.snapshot.list(folder, ahead),
      isAwaited: (path) => files.snapshot.isAwaited?.(path) === true,
      whyNot: (path) => files.snapshot.whyNot?.(path) ?? null,
    };
  }

  get(path: string): ParsedSource | null {
    this.read.add(path);
    this.parsed.add(path);
    const source = this.#files.get(path);
    const body = this.#edited.get(path)?.after ?? null;
    return source === null || body === null ? source : { ...source, parsed: { ...source.parsed, body } };
  }

  /** In a trial: a file is read as it would be with edits made. */
  replace(file: EditedFile, trial: Trial): void {
    const { path } = file;
    this.#edited.set(path, file);
    trial.onUndo(() => this.#edited.delete(path));
    const content = this.#contents.get(path);
    if (content?.isKnown) content.touch();
  }

  #contentOf(path: string): Cell<Uint8Array | undefined> {
    this.read.add(path);
    const known = this.#contents.get(path);
    if (known !== undefined) return known;
    const content = new Cell(this.#graph, {
      compute: () => this.#edited.get(path)?.bytes() ?? this.#files.snapshot.read(path),
      cyclic: () => new EvaluationError(`the file ${path} needs itself`, null),
    });
    this.#contents.set(path, content);
    return content;
  }
}
