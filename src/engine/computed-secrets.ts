import type { Located } from "../hcl/evaluation/context.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import type { Contents } from "./contents.ts";
import { saysSomething } from "./literal-text.ts";
import type { OpenValues } from "./open-values.ts";
import { isNamedSecretAt, type SensitivePart } from "./sensitive-parts.ts";

/**
 * The literals behind secrets that are computed: the password in `jsonencode({ code = local.password })`. In what is
 * sensitive as a whole (an attribute by its schema) each of them counts; where the mark comes from a part, those of the
 * part do. Not those that are shown openly, but for what stands under a name that tells a secret.
 */
export class ComputedSecrets {
  readonly #open: OpenValues;
  readonly #whole: Located[] = [];
  readonly #marked: Located[] = [];

  constructor(open: OpenValues) {
    this.#open = open;
  }

  add({ bond, located }: SensitivePart): void {
    const place = located();
    if (place !== null) (bond === "made" ? this.#marked : this.#whole).push(place);
  }

  find(): Contents {
    const { contents } = this.#open;
    const found = [contents.contentsOf(this.#whole), contents.markedContentsOf(this.#marked)];
    return {
      literals: found.flatMap(({ literals }) => literals).filter((literal) => this.#isSecret(literal)),
      files: found.flatMap(({ files }) => files),
      complete: found.every(({ complete }) => complete),
    };
  }

  #isSecret(literal: Expression): boolean {
    if (!saysSomething(literal)) return false;
    return isNamedSecretAt(literal) || !this.#open.showsLiteral(literal);
  }
}
