import { EvaluationError } from "../../hcl/evaluation/context.ts";
import { BudgetExceeded } from "../../hcl/functions/function.ts";
import type { Diagnostic, Range } from "../../hcl/syntax/source.ts";
import { isStackFull, TooDeep } from "./deep-chain.ts";

/** Where the diagnostics of an evaluation are gathered. */
export interface Report {
  /** How many cells are being computed, each for the one before; without it none. */
  readonly depth?: number;
  add(diagnostic: Diagnostic): void;
}

/**
 * What to report of an error that one part of a configuration may cause without hiding the others: it has no value, is
 * nested too deeply, or costs more than it may. `at` is its place where the error knows none. What costs too much in
 * all of them together has no range, so that it is said once.
 * @throws any other error again, and TooDeep for what may still be evaluated by itself.
 */
export function diagnosticOf(error: unknown, report: Report, at: Range | null): Diagnostic {
  if (error instanceof EvaluationError) return error.diagnostic;
  if (error instanceof BudgetExceeded) {
    if (!error.isWhole) return { severity: "error", message: error.message, range: error.range ?? at };
    const message = `the stack is not evaluated in full: ${error.message}`;
    return { severity: "error", message, range: null };
  }
  if (!(error instanceof RangeError)) throw error;
  if (isStackFull(error) && (report.depth ?? 0) > 1) throw new TooDeep();
  return { severity: "error", message: "this is too large or nested too deeply; split it up", range: at };
}
