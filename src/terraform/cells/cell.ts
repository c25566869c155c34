import { EvaluationError } from "../../hcl/evaluation/context.ts";
import { BudgetExceeded } from "../../hcl/functions/function.ts";
import type { Diagnostic, Range } from "../../hcl/syntax/source.ts";
import { differingKeys, isSameContent } from "../../hcl/values/difference.ts";
import { isMapping, isSequence, unknownValue, type Value } from "../../hcl/values/value.ts";
import { type Before, Cell, type Difference, type Graph, isStackFull, TooDeep } from "./graph.ts";

/** Where the diagnostics of an evaluation are gathered. */
export interface Report {
  /** How many cells are being computed, each for the one before; without it none. */
  readonly depth?: number;
  add(diagnostic: Diagnostic): void;
}

/** Something needs its own result. */
class CycleError extends EvaluationError {}

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

/** A cell with a value; a reader may look at one entry of it. */
class ValueCell extends Cell<Value> {
  protected override difference(was: Value, is: Value): Difference {
    if (isSameContent(was, is)) return "nothing";
    return differingKeys(was, is) ?? "everything";
  }

  protected override hasEntry(value: Value, key: string): boolean {
    if (isMapping(value)) return value.entries.has(key);
    if (!isSequence(value) || value.kind === "set") return false;
    // Other texts of a number ("00", "1e0") select an element too, but no difference is told by them.
    const index = Number(key);
    return String(index) === key && value.items[index] !== undefined;
  }
}

/** What a value cell is of. */
export interface ValueOf {
  /** As people know it: `local.sizes`. */
  readonly name: string;
  /** The address of the module instance that it is in, where the name does not tell. */
  readonly module?: string;
  readonly at: Range | null;
  /** Errors other than cycles are reported by another cell. */
  readonly quiet?: true;
}

/**
 * A cell with a value. An error is reported once and leaves the value unknown, so that it does not hide the values that
 * have nothing to do with it.
 */
export function valueCell(
  graph: Graph,
  { name, module, at, quiet }: ValueOf,
  compute: (before: Before<Value> | null) => Value,
): Cell<Value> {
  return new ValueCell(graph, {
    compute(before) {
      try {
        return compute(before);
      } catch (error) {
        const diagnostic = diagnosticOf(error, graph, at);
        if (error instanceof CycleError ? !graph.cyclesAreTold : quiet !== true) graph.add(diagnostic);
        return unknownValue(undefined, { kind: "failed", diagnostic });
      }
    },
    get about() {
      return module === undefined ? name : `${module} ${name}`;
    },
    cyclic: () => new CycleError(`${name} needs its own value, directly or through others`, at),
  });
}
