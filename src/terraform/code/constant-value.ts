import {
  type EvaluationContext,
  EvaluationError,
  type Reference,
  STRICT,
} from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { BudgetExceeded, createBudget } from "../../hcl/functions/function.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { ConversionError, convert } from "../../hcl/values/convert.ts";
import type { Type } from "../../hcl/values/type.ts";
import type { Value } from "../../hcl/values/value.ts";
import type { Wrong } from "./wrong.ts";

/** More than anybody writes where a flag or a name is expected. */
const LIMITS = { steps: 10_000, elements: 10_000, text: 1_000_000 };

class Refers extends EvaluationError {}

/**
 * The value of an argument that Terraform reads before it evaluates anything: it may be computed, but with neither
 * references nor functions. Or what is wrong with it.
 */
export function constantValue(name: string, node: Expression, type: Type): Value | Wrong {
  if (node.kind === "keyword" && node.value !== null && type.kind === "bool")
    return evaluate(node, context());
  try {
    const value = convert(evaluate(node, context()), type);
    if (value.kind !== "null") return value;
    return { message: `${name} is null; leave it out, or give it a value`, range: node };
  } catch (error) {
    if (error instanceof Refers) return { ...writtenOut(name, error), newer: true };
    if (error instanceof EvaluationError) return writtenOut(name, error, node);
    if (error instanceof ConversionError) return { message: `${name}: ${error.message}`, range: node };
    if (error instanceof BudgetExceeded) return { message: `${name} is too long`, range: node };
    throw error;
  }
}

export function isWrong(value: Value | Wrong): value is Wrong {
  return !("kind" in value);
}

function writtenOut(name: string, { diagnostic }: EvaluationError, node: Expression | null = null): Wrong {
  const range = diagnostic.range ?? node;
  if (range === null) throw new Error(`${name} has no place`);
  return { message: `${name} has to be written out here, without references and functions`, range };
}

function context(): EvaluationContext {
  const scope = {
    resolve({ root }: Reference): never {
      throw new Refers("a reference", root);
    },
  };
  return { scope, names: null, functions: new Map(), budget: createBudget(LIMITS), failures: STRICT };
}
