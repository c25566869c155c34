import { EvaluationError } from "../../hcl/evaluation/context.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import { differingKeys, isSameContent } from "../../hcl/values/difference.ts";
import { isMapping, isSequence, unknownValue, type Value } from "../../hcl/values/value.ts";
import { type Before, Cell, type Computation, type Difference } from "./cell.ts";
import type { Graph } from "./graph.ts";
import { diagnosticOf } from "./report.ts";

/** Something needs its own result. */
class CycleError extends EvaluationError {}

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
  of: ValueOf,
  compute: (before: Before<Value> | null) => Value,
): Cell<Value> {
  return new ValueCell(graph, new ReportedComputation(graph, of, compute));
}

/** Of a value that is unknown where the computation fails. */
class ReportedComputation implements Computation<Value> {
  readonly #graph: Graph;
  readonly #of: ValueOf;
  readonly #compute: (before: Before<Value> | null) => Value;

  constructor(graph: Graph, of: ValueOf, compute: (before: Before<Value> | null) => Value) {
    this.#graph = graph;
    this.#of = of;
    this.#compute = compute;
  }

  compute(before: Before<Value> | null): Value {
    try {
      if (this.#of.quiet === true) return this.#graph.quietly(() => this.#compute(before));
      return this.#compute(before);
    } catch (error) {
      const graph = this.#graph;
      const diagnostic = diagnosticOf(error, graph, this.#of.at);
      const isNew = error instanceof CycleError ? !graph.cyclesAreTold : this.#of.quiet !== true;
      if (isNew) graph.add(diagnostic);
      return unknownValue(undefined, { kind: "failed", diagnostic });
    }
  }

  get about(): string {
    const { module, name } = this.#of;
    return module === undefined ? name : `${module} ${name}`;
  }

  cyclic(): EvaluationError {
    const { name, at } = this.#of;
    return new CycleError(`${name} needs its own value, directly or through others`, at);
  }
}
