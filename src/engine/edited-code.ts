import type { Edit } from "../hcl/editing/edit.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { EditSteps, type Step } from "./edit-steps.ts";
import { lineEdits } from "./line-edits.ts";
import type { Wish } from "./wish.ts";

/** Edits of one repository that are made at once, and the repository with them. */
export interface MadeAtOnce {
  readonly before: Repository;
  readonly after: Repository;
  readonly edits: readonly { readonly edit: ProvenEdit; readonly wishes: readonly Wish[] }[];
}

/** Code that is edited step by step, each step on top of those before it. */
export class EditedCode {
  readonly before: Repository;
  /** New texts of the edited files. */
  readonly texts = new Map<string, string>();
  readonly steps: EditSteps;
  #current: Repository;

  constructor(before: Repository) {
    this.before = before;
    this.steps = new EditSteps(before);
    this.#current = before;
  }

  get current(): Repository {
    return this.#current;
  }

  /** Makes edits of the code as it is by now. */
  make({ before, after, edits }: MadeAtOnce): void {
    const isAlone = before === this.before;
    const all = edits.map(({ edit, wishes }) => {
      const own = edit.edits.flatMap((one) => lineEdits(one, textOf(before, one)));
      const step = { wishes, effects: edit.allEffects, alone: isAlone ? edit : null, names: [] };
      return { edits: own, step };
    });
    this.makeSteps(all, after);
  }

  /** Makes edits that have nothing to do with each other; `after` has them. */
  makeSteps(
    all: readonly { readonly edits: readonly Edit[]; readonly step: Step }[],
    after: Repository,
  ): void {
    this.steps.addTogether(all);
    for (const file of new Set(all.flatMap(({ edits }) => edits.map((edit) => edit.file))))
      this.texts.set(file, after.files.get(file)?.file.text ?? "");
    this.#current = after;
  }
}

function textOf({ files }: Repository, { file }: Edit): string {
  return files.get(file)?.file.text ?? "";
}
