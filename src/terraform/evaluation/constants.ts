import {
  type EvaluationContext,
  EvaluationError,
  type Failures,
  type Reference,
} from "../../hcl/evaluation/context.ts";
import type { Budget } from "../../hcl/functions/function.ts";

/**
 * The context of values that can refer to nothing and call no functions: those of variable files, of `--var`, and the
 * defaults of variables.
 */
export function constantContext(budget: Budget, failures: Failures): EvaluationContext {
  const scope = {
    resolve({ root }: Reference): never {
      throw new EvaluationError("only constants are possible here, no references", root);
    },
  };
  return { scope, names: null, functions: new Map(), budget, failures };
}
