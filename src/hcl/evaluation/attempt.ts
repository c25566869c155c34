import { BudgetExceeded, FunctionError } from "../functions/function.ts";
import type { Range } from "../syntax/source.ts";
import { NumberTooLarge } from "../values/binary-float.ts";
import { ConversionError } from "../values/convert.ts";
import { EvaluationError } from "./context.ts";

/**
 * Runs an action on values, and gives its error the place in the source.
 * @throws EvaluationError for what conversions, functions and arithmetic throw; BudgetExceeded.
 */
export function attempt<T>(action: () => T, at: Range, what = ""): T {
  try {
    return action();
  } catch (error) {
    const isTheirs =
      error instanceof ConversionError || error instanceof FunctionError || error instanceof NumberTooLarge;
    if (isTheirs) {
      throw new EvaluationError(`${what}${error.message}`, at);
    }
    throw error instanceof BudgetExceeded ? error.at(at) : error;
  }
}
