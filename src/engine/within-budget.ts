import { BudgetExceeded } from "../hcl/functions/function.ts";

/** What a look at values gives; null where it costs more than evaluation may, or leads too deep. */
export function withinBudget<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof BudgetExceeded || error instanceof RangeError) return null;
    throw error;
  }
}
