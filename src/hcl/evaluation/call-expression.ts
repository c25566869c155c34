import { callFunction, withCallOrigin } from "../functions/call.ts";
import type { Call, Expression } from "../syntax/syntax.ts";
import { BOOL } from "../values/type.ts";
import {
  boolValue,
  isKnownWithin,
  isSequence,
  type Origin,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { type Evaluate, type EvaluationContext, EvaluationError } from "./context.ts";
import { didYouMean } from "./suggestion.ts";

/**
 * A function call. `try` and `can` evaluate their arguments themselves; functions of providers are not known.
 * @throws EvaluationError where there is no such function or the arguments have no result.
 */
export function evaluateCall(node: Call, context: EvaluationContext, evaluate: Evaluate): Value {
  const origin: Origin = { kind: "expression", at: node };
  if (context.functions.size === 0)
    throw new EvaluationError("no function can be called here, only constants are possible", node.nameRange);
  if (node.name === "try") return evaluateTry(node, context, evaluate);
  if (node.name === "can") return evaluateCan(node, context, evaluate);
  if (node.name.startsWith("provider::")) return unknownValue(undefined, origin);
  const { functions } = context;
  const definition = functions.get(node.name) ?? functions.get(node.name.replace(/^core::/, ""));
  if (definition === undefined) {
    throw new EvaluationError(
      `there is no function ${JSON.stringify(node.name)}${didYouMean(node.name, context.functions.keys())}`,
      node.nameRange,
    );
  }
  const args = evaluateArguments(node, context, evaluate);
  if (args === null) return unknownValue(undefined, origin);
  const result = attempt(() => callFunction(node.name, definition, args, context.budget), node);
  return withCallOrigin(result, origin);
}

/** The arguments, the last one spread where the call says so; null where what is to be spread is unknown. */
function evaluateArguments(node: Call, context: EvaluationContext, evaluate: Evaluate): Value[] | null {
  const args = node.arguments.map((argument) => evaluate(argument, context));
  const last = node.expand ? args.pop() : undefined;
  if (last === undefined) return args;
  if (last.kind === "unknown") return null;
  if (!isSequence(last)) throw new EvaluationError("only a list, set or tuple can be spread with ...", node);
  return [...args, ...last.items];
}

/**
 * The first argument that has a value. A value with unknown parts may still turn out to be of another type or an error,
 * so that nothing is known of the result.
 */
function evaluateTry(node: Call, context: EvaluationContext, evaluate: Evaluate): Value {
  const failures: string[] = [];
  for (const argument of node.arguments) {
    const outcome = outcomeOf(argument, context, evaluate);
    if (outcome instanceof EvaluationError) failures.push(outcome.message);
    else if (isKnownWithin(outcome)) return outcome;
    else return unknownValue(undefined, { kind: "expression", at: argument });
  }
  if (node.arguments.length === 0) throw new EvaluationError("try needs at least one argument", node);
  throw new EvaluationError(`no argument of try has a value: ${failures.join("; ")}`, node);
}

function evaluateCan(node: Call, context: EvaluationContext, evaluate: Evaluate): Value {
  const origin: Origin = { kind: "expression", at: node };
  const [argument] = node.arguments;
  if (argument === undefined || node.arguments.length > 1) {
    throw new EvaluationError("can takes exactly one argument", node);
  }
  const outcome = outcomeOf(argument, context, evaluate);
  if (outcome instanceof EvaluationError) return boolValue(false, origin);
  return isKnownWithin(outcome) ? boolValue(true, origin) : unknownValue(BOOL, origin);
}

function outcomeOf(
  argument: Expression,
  context: EvaluationContext,
  evaluate: Evaluate,
): Value | EvaluationError {
  try {
    return context.failures.strictly(() => evaluate(argument, context));
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
}
