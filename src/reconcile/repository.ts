import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import type { Evaluation, StackInputs } from "../terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../terraform/source/parsed-files.ts";
import { withFiles } from "../terraform/source/snapshot.ts";
import type { UnseenStack } from "./unseen-stack.ts";

/** A stack of the repository, evaluated as its files are. */
export interface EvaluatedStack {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** The files of the repository, its stacks, and the means to evaluate one of them again. */
export interface Repository {
  readonly files: ParsedFiles;
  readonly stacks: readonly EvaluatedStack[];
  /** Stacks that edits cannot be proven against. */
  readonly unseen?: readonly UnseenStack[];
  evaluate(files: ParsedFiles, inputs: StackInputs): Evaluation;
}

/** A repository as it would be with edits made: each stack is evaluated when first asked for. */
export interface EditedRepository {
  /** New texts of the edited files. */
  readonly texts: ReadonlyMap<string, string>;
  /** A stack as it would be; the same object as before where it does not see the edited files. */
  after(stack: EvaluatedStack): Evaluation;
  /** All of it. */
  whole(): Repository;
}

/**
 * The repository as if edits had been made.
 * @throws RangeError where edits overlap.
 */
export function withEdits(repository: Repository, edits: readonly Edit[]): EditedRepository {
  const texts = editedTexts(repository.files, edits);
  const files = new ParsedFiles(withFiles(repository.files.snapshot, texts), repository.files, texts.keys());
  const evaluated = new Map<string, Evaluation>();
  function after({ name, evaluation }: EvaluatedStack): Evaluation {
    if (![...texts.keys()].some((path) => evaluation.files.has(path))) return evaluation;
    const known = evaluated.get(name);
    if (known !== undefined) return known;
    const result = repository.evaluate(files, evaluation.inputs);
    evaluated.set(name, result);
    return result;
  }
  function whole(): Repository {
    const stacks = repository.stacks.map((stack) => ({ name: stack.name, evaluation: after(stack) }));
    return { ...repository, files, stacks };
  }
  return { texts, after, whole };
}

/** The new texts of the files that edits change. */
export function editedTexts(files: ParsedFiles, edits: readonly Edit[]): Map<string, string> {
  const byFile = Map.groupBy(edits, (edit) => edit.file);
  return new Map([...byFile].map(([path, own]) => [path, applyEdits(files.get(path)?.file.text ?? "", own)]));
}
