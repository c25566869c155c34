import type { Diagnostic } from "../drift/model.ts";
import type { EvaluatedInstance, EvaluatedPage } from "../engine/api.ts";
import { type Engine, EngineFailure, EngineStopped } from "../engine/engine.ts";

/** What the engine says of a stack, asked for as it is used. */
export class EvaluatedPages {
  readonly #engine: Pick<Engine, "evaluated">;
  readonly #stack: string;
  /** Of the whole evaluation, from the first page on. */
  diagnostics: readonly Diagnostic[] = [];
  /** What went wrong while the instances were handed over: errors that the evaluation does not have. */
  readonly failures: Diagnostic[] = [];

  constructor(engine: Pick<Engine, "evaluated">, stack: string) {
    this.#engine = engine;
    this.#stack = stack;
  }

  /** Page by page. Ends early where the engine does: what came until then counts, and `failures` say why. */
  async *instances(): AsyncGenerator<readonly EvaluatedInstance[]> {
    for (let from: number | null = 0; from !== null; ) {
      const page: EvaluatedPage | null = await this.#page(from);
      if (page === null) return;
      this.diagnostics = page.diagnostics;
      this.failures.push(...page.tooLarge);
      yield page.instances;
      from = page.next;
    }
  }

  async #page(from: number): Promise<EvaluatedPage | null> {
    try {
      return await this.#engine.evaluated(this.#stack, from);
    } catch (reason) {
      if (!(reason instanceof EngineFailure || reason instanceof EngineStopped)) throw reason;
      const message = `not all instances are listed: ${reason.message}`;
      this.failures.push({ severity: "error", message, file: null, line: null, column: null });
      return null;
    }
  }
}
