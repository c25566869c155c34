import { type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { evaluateAgain } from "../../hcl/evaluation/evaluate-again.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { asSensitive, type Value } from "../../hcl/values/value.ts";
import type { Before, Cell } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import { valueCell } from "../cells/value-cell.ts";
import type { Definition, NamedNode } from "./nodes.ts";

/** A local or an output. */
interface Named {
  readonly kind: "local" | "output";
  readonly name: string;
  /** The address of the module instance. */
  readonly module: string;
  readonly context: EvaluationContext;
  /** The expression as it is now; null where there is none. */
  expression(): Expression | null;
  missing?(): Range;
  isSensitive?(): boolean;
}

/** A local or an output of one module instance. */
export class NamedCell implements NamedNode {
  readonly #named: Named;
  readonly #value: Cell<Value>;

  constructor(named: Named, graph: Graph) {
    this.#named = named;
    const name = `${named.kind}.${named.name}`;
    const { module } = named;
    this.#value = valueCell(graph, { name, module, at: named.expression() }, (before) =>
      this.#compute(before),
    );
  }

  value(key: string | null = null): Value {
    return this.#value.get(key);
  }

  /** In a trial: its expression was edited. */
  touch(): void {
    this.#value.touch();
  }

  definition(): Definition | null {
    const { kind, context } = this.#named;
    const expression = this.#named.expression();
    return expression && { kind, located: { expression, context, path: [] } };
  }

  #compute(before: Before<Value> | null): Value {
    const { kind, name, context } = this.#named;
    const expression = this.#named.expression();
    if (expression === null) {
      const message = `output ${JSON.stringify(name)} has no value argument`;
      throw new EvaluationError(message, this.#named.missing?.() ?? null);
    }
    if (kind === "local" && before?.sameSources && !before.failed)
      return evaluateAgain(before.result, expression, context);
    return asSensitive(evaluate(expression, context), this.#named.isSensitive?.() ?? false);
  }
}
