import { EvaluationError } from "../hcl/evaluation/context.ts";
import { BudgetExceeded } from "../hcl/functions/function.ts";
import type { Diagnostic, Range } from "../hcl/syntax/source.ts";
import { unknownValue, type Value } from "../hcl/values/value.ts";

/** Where the diagnostics of an evaluation are gathered. */
export interface Report {
  add(diagnostic: Diagnostic): void;
}

/** Something needs its own result. */
export class CycleError extends EvaluationError {}

/**
 * One thing of a configuration that has a result: a variable, a local, an argument, an expansion. It is computed when
 * first asked for, once.
 */
export class Cell<T> {
  readonly #compute: () => T;
  readonly #cyclic: () => EvaluationError;
  #state: "new" | "busy" | "done" = "new";
  #result: T | undefined;

  constructor(compute: () => T, cyclic: () => EvaluationError) {
    this.#compute = compute;
    this.#cyclic = cyclic;
  }

  /** @throws EvaluationError where the result needs itself. */
  get(): T {
    if (this.#state === "done") return this.#result as T;
    if (this.#state === "busy") throw this.#cyclic();
    this.#state = "busy";
    try {
      this.#result = this.#compute();
    } catch (error) {
      this.#state = "new";
      throw error;
    }
    this.#state = "done";
    return this.#result;
  }
}

/**
 * What to report of an error that one part of a configuration may cause without hiding the others: it has no value, or
 * costs more than it may. The latter has no range, so that it is said once.
 * @throws any other error again.
 */
export function diagnosticOf(error: unknown): Diagnostic {
  if (error instanceof EvaluationError) return error.diagnostic;
  if (!(error instanceof BudgetExceeded || error instanceof RangeError)) throw error;
  const why = error instanceof RangeError ? "values refer to each other too deeply" : error.message;
  return { severity: "error", message: `the stack is not evaluated in full: ${why}`, range: null };
}

/**
 * A cell with a value. An error is reported once and leaves the value unknown, so that it does not hide the values that
 * have nothing to do with it.
 */
export function valueCell(name: string, at: Range | null, report: Report, compute: () => Value): Cell<Value> {
  return new Cell(
    () => {
      try {
        return compute();
      } catch (error) {
        const diagnostic = diagnosticOf(error);
        report.add(diagnostic);
        return unknownValue(undefined, { kind: "failed", diagnostic });
      }
    },
    () => new CycleError(`${name} needs its own value, directly or through others`, at),
  );
}
