import { EvaluationError } from "../../../hcl/evaluation/context.ts";
import { isSensitiveWithin } from "../../../hcl/values/value.ts";
import { Cell } from "../../cells/cell.ts";
import type { Graph } from "../../cells/graph.ts";
import { isFlagSet } from "../../code/flag-rules.ts";
import type { ModuleInstance } from "../module-instance.ts";
import { readsInstances } from "../reading.ts";

/**
 * An output of the root module whose value is sensitive has to say so
 * (https://developer.hashicorp.com/terraform/language/values/outputs#sensitive). Where resources have a part in the
 * value, a state that is older than the code may be what makes it so, and nothing is said.
 */
export function checkOutputs(root: ModuleInstance, graph: Graph): void {
  for (const [name, { body, typeRange }] of root.module.outputs) {
    const output = root.output(name);
    if (output === null || isFlagSet(body, "sensitive")) continue;
    const cell = new Cell(graph, {
      compute: () => {
        const located = output.definition()?.located;
        if (located === undefined || !isSensitiveWithin(output.value())) return null;
        if (readsInstances(located.expression, located.context)) return null;
        const message = `output ${JSON.stringify(name)} has a sensitive value; add sensitive = true to it, or nonsensitive() where it is no secret`;
        graph.add({ severity: "error", message, range: typeRange });
        return null;
      },
      cyclic: () => new EvaluationError(`output ${JSON.stringify(name)} needs itself`, typeRange),
    });
    cell.get();
  }
}
