import type { Adoption, Effect } from "../drift/model.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { printJson } from "../json/json.ts";
import { unifiedDiff } from "./diff.ts";
import { editedTexts, type Repository, withEdits } from "./repository.ts";
import { outcomesBetween } from "./what-if.ts";
import { whyProven } from "./why-proven.ts";

/** What evaluation shows of an edit. */
export interface Judgement {
  /** Everything that changes, in all stacks. */
  readonly effects: readonly Effect[];
  /** The same as it is told, with regard to what was asked for. */
  readonly told: readonly Effect[];
  /** What changes and was not asked for. */
  readonly aside: readonly Effect[];
}

/** An edit that evaluation has proven. */
export class ProvenEdit {
  /** Against the files as they were. */
  readonly edits: readonly Edit[];
  readonly cost: number;
  /** What changes and was not asked for: none where the verdict is `exact`. */
  readonly aside: readonly Effect[];
  readonly #repository: Repository;
  readonly #judgement: Judgement;
  #texts: ReadonlyMap<string, string> | null = null;
  #adoption: ProvenEdit["adoption"] | null = null;
  #confirmed: Repository | null | undefined;

  /** `confirmed`: the repository with the edit made, where that is known already. */
  constructor(
    repository: Repository,
    edits: readonly Edit[],
    judgement: Judgement & { readonly cost: number },
    confirmed?: Repository,
  ) {
    this.#repository = repository;
    this.edits = edits;
    this.cost = judgement.cost;
    this.aside = judgement.aside;
    this.#judgement = judgement;
    this.#confirmed = confirmed;
  }

  get verdict(): "exact" | "shared" {
    return this.aside.length === 0 ? "exact" : "shared";
  }

  /** Everything that changes, as it is told. */
  get effects(): readonly Effect[] {
    return this.#judgement.told;
  }

  /** Everything that changes, value by value. */
  get allEffects(): readonly Effect[] {
    return this.#judgement.effects;
  }

  /** The same at a place that costs more. */
  at(distance: number): ProvenEdit {
    return new ProvenEdit(this.#repository, this.edits, { ...this.#judgement, cost: this.cost + distance });
  }

  /** The edited files. */
  get texts(): ReadonlyMap<string, string> {
    this.#texts ??= editedTexts(this.#repository.files, this.edits);
    return this.#texts;
  }

  get adoption(): Adoption & { readonly verdict: "exact" | "shared" } {
    this.#adoption ??= {
      files: [...this.texts].map(([path, text]) => ({
        path,
        diff: unifiedDiff(path, this.#repository.files.get(path)?.file.text ?? null, text),
      })),
      effects: [...this.effects],
      verdict: this.verdict,
      why: whyProven(this.#repository, this.effects, this.aside),
    };
    return this.#adoption;
  }

  /**
   * The repository with the edit made, parsed and evaluated as a whole. Null where that shows other effects than the
   * proof did: then the edit is not to be made.
   */
  confirmed(): Repository | null {
    if (this.#confirmed === undefined) this.#confirmed = this.#confirm();
    return this.#confirmed;
  }

  #confirm(): Repository | null {
    const after = withEdits(this.#repository, this.edits).whole();
    const outcomes = outcomesBetween(this.#repository, after);
    const effects = outcomes.flatMap((outcome) => outcome.effects);
    const isSame =
      outcomes.every(({ errors }) => errors.length === 0) && sameEffects(effects, this.#judgement.effects);
    return isSame ? after : null;
  }
}

/** Whether two lists tell the same effects, in whatever order. */
export function sameEffects(a: readonly Effect[], b: readonly Effect[]): boolean {
  const [one, other] = [a, b].map((effects) => effects.map((effect) => printJson({ ...effect })).sort());
  return a.length === b.length && (one ?? []).every((text, index) => text === other?.[index]);
}
