import { BudgetExceeded } from "../hcl/functions/function.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";

/**
 * Looks at an evaluation with all of its budget, whatever it and other looks at it have cost before.
 * @throws BudgetExceeded where the look alone costs more.
 */
export function withWholeBudget<T>({ internals: { budget } }: Evaluation, look: () => T): T {
  const { restore } = budget.renew();
  try {
    return budget.share(look);
  } finally {
    restore();
  }
}

/** The same; what is given `otherwise` where the look costs more. */
export function withinWholeBudget<T>(evaluation: Evaluation, look: () => T, otherwise: T): T {
  try {
    return withWholeBudget(evaluation, look);
  } catch (error) {
    if (error instanceof BudgetExceeded) return otherwise;
    throw error;
  }
}
