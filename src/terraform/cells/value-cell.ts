import { EvaluationError } from "../../hcl/evaluation/context.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import { differingKeys, isSameContent } from "../../hcl/values/difference.ts";
import { isMapping, isSequence, unknownValue, type Value } from "../../hcl/values/value.ts";
import { type Before, Cell, type Difference } from "./cell.ts";
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
