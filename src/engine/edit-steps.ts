import type { Effect } from "../drift/model.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { Joined } from "./joined.ts";
import { OwnedText } from "./owned-text.ts";
import type { Wish } from "./wish.ts";

/** An edit on top of those that were made before it. */
export interface Step {
  /** What it is made for. */
  readonly wishes: readonly Wish[];
  /** What it changes, where it was made. */
  readonly effects: readonly Effect[];
  /** What shows that it does the same without the others; null where nothing does yet. */
  readonly alone: Pick<ProvenEdit, "effects" | "allEffects" | "aside"> | null;
  /** Names (`aws_eip.web`, `module.app`) of the blocks that it takes out: whoever names one of them stands or falls with it. */
  readonly names: readonly string[];
}

/** The edits of a set in the order in which they were made, and which of them stand on others. */
export class EditSteps {
  readonly steps: Step[] = [];
  readonly joined = new Joined();
  readonly #files: Repository["files"];
  readonly #texts = new Map<string, OwnedText>();

  constructor({ files }: Repository) {
    this.#files = files;
  }

  /** An edit of the files as they are by now. */
  add(edits: readonly Edit[], step: Step): void {
    const owner = this.joined.add();
    this.steps.push(step);
    for (const [path, own] of Map.groupBy(edits, ({ file }) => file)) {
      for (const other of this.#textOf(path).edit(own, owner)) this.joined.join(owner, other);
    }
  }

  /** Edits of the files as they are by now, all of them, that have nothing to do with each other. */
  addTogether(all: readonly { readonly edits: readonly Edit[]; readonly step: Step }[]): void {
    const made: Edit[] = [];
    for (const { edits, step } of all) {
      const moved = (edit: Edit) => {
        const before = made.filter((one) => one.file === edit.file && one.end <= edit.start);
        const shift = before.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
        return { ...edit, start: edit.start + shift, end: edit.end + shift };
      };
      this.add(edits.map(moved), step);
      made.push(...edits);
    }
  }

  /** What some steps do, as edits of the files as they were. */
  editsOf(some: ReadonlySet<number>): readonly Edit[] {
    return [...this.#texts].flatMap(([file, text]) =>
      text.editsOf((owner) => some.has(owner)).map((edit) => ({ file, ...edit })),
    );
  }

  /** Joins the steps that take out a block with those that take out what names it. */
  joinByNames(): void {
    const owners = new Map(this.steps.flatMap(({ names }, owner) => names.map((name) => [name, owner])));
    if (owners.size === 0) return;
    for (const owner of this.steps.keys()) {
      for (const gone of [...this.#texts.values()].flatMap((text) => text.goneOf(owner))) {
        for (const [name] of gone.matchAll(NAME)) {
          const other = owners.get(name);
          if (other !== undefined) this.joined.join(owner, other);
        }
      }
    }
  }

  #textOf(path: string): OwnedText {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const text = new OwnedText(this.#files.get(path)?.file.text ?? "");
    this.#texts.set(path, text);
    return text;
  }
}

/** Two names with a dot between them: the start of each reference to a resource or a module. */
const NAME = /[A-Za-z_][A-Za-z0-9_-]*\.[A-Za-z_][A-Za-z0-9_-]*/g;
