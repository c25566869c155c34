import { ConversionError, convert } from "../values/convert.ts";
import { ANY, printType, type Type } from "../values/type.ts";
import {
  asSensitive,
  isKnownWithin,
  isMapping,
  isOpen,
  isSensitiveWithin,
  isSequence,
  notNull,
  type Origin,
  typeOf,
  unknownValue,
  unmarkDeep,
  type Value,
  withOrigin,
} from "../values/value.ts";
import { type Budget, type FunctionDefinition, FunctionError, type Parameter } from "./function.ts";

/**
 * Calls a function as cty does (https://github.com/zclconf/go-cty/blob/main/docs/functions.md): counts the arguments,
 * converts them, refuses null, gives an unknown result for unknown arguments, and marks the result where a marked
 * argument went in.
 * @throws FunctionError where the arguments have no result; the message names function and parameter.
 * @throws BudgetExceeded where the result would be too large.
 */
export function callFunction(
  name: string,
  definition: FunctionDefinition,
  args: readonly Value[],
  budget: Budget,
): Value {
  checkCount(name, definition, args.length);
  try {
    return callChecked(name, definition, args, budget);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    const where = error.argument === null ? undefined : parameterAt(definition, error.argument);
    throw named(name, args.some(isSensitiveWithin) ? withheld(error) : error, where);
  }
}

function callChecked(
  name: string,
  definition: FunctionDefinition,
  args: readonly Value[],
  budget: Budget,
): Value {
  let sensitive = false;
  let untyped = false;
  let known = true;
  const converted = args.map((arg, index) =>
    convertArgument(parameterAt(definition, index), closed(arg), index, budget),
  );
  const bare = converted.map((arg, index) => {
    const parameter = parameterAt(definition, index);
    const isSecret = parameter?.allowSensitive !== true && isSensitiveWithin(arg);
    if (isSecret) budget.walk(arg);
    const taken = isSecret ? unmarkDeep(arg) : arg;
    sensitive ||= isSecret;
    untyped ||= isUntyped(taken, parameter);
    known &&= isKnownEnough(taken, parameter);
    return taken;
  });
  const result =
    known && !untyped
      ? definition.call(bare, budget)
      : unknownValue(untyped ? ANY : resultType(definition, bare));
  return asSensitive(isNeverNull(name, definition, result) ? notNull(result) : result, sensitive);
}

/** Functions whose result may be null, which they hand through from an argument. */
const HANDING_THROUGH: ReadonlySet<string> = new Set([
  ...["element", "lookup", "merge", "nonsensitive", "one", "sensitive"],
  ...["tobool", "tolist", "tomap", "tonumber", "toset", "tostring"],
]);

/** Whether an unknown result is certain not to be null. Of one whose type is open nothing is certain. */
function isNeverNull(name: string, { returns }: FunctionDefinition, result: Value): boolean {
  if (result.kind !== "unknown" || HANDING_THROUGH.has(name)) return false;
  return result.type.kind !== "any" || typeof returns === "object";
}

/**
 * Says where the result of a call was made: `origin` for what the function made, at any depth, while what it handed
 * through keeps its own.
 */
export function withCallOrigin(value: Value, origin: Origin): Value {
  if (value.origin.kind !== "computed") return value;
  const made = withOrigin(value, origin);
  if (isSequence(made)) return { ...made, items: made.items.map((item) => withCallOrigin(item, origin)) };
  if (!isMapping(made)) return made;
  const entries = new Map([...made.entries].map(([key, child]) => [key, withCallOrigin(child, origin)]));
  return { ...made, entries };
}

/** An object of which not all attributes are known is as good as unknown to a function. */
function closed(arg: Value): Value {
  return isOpen(arg) ? asSensitive(unknownValue(ANY, arg.origin), isSensitiveWithin(arg)) : arg;
}

function parameterAt(definition: FunctionDefinition, index: number): Parameter | undefined {
  return definition.parameters[index] ?? definition.variadic;
}

function checkCount(name: string, definition: FunctionDefinition, given: number): void {
  const { parameters, variadic } = definition;
  const missing = parameters[given];
  if (missing !== undefined) {
    const names = parameters.map((parameter) => parameter.name).join(", ");
    throw new FunctionError(
      `${name}(): argument "${missing.name}" is missing; call it as ${name}(${names}${variadic ? ", ..." : ""})`,
    );
  }
  if (given > parameters.length && variadic === undefined) {
    const wanted = parameters.length === 1 ? "1 argument" : `${parameters.length} arguments`;
    throw new FunctionError(
      `${name}(): takes ${wanted}, not ${given}; leave out the last ones`,
      parameters.length,
    );
  }
}

function convertArgument(parameter: Parameter | undefined, arg: Value, index: number, budget: Budget): Value {
  if (parameter === undefined) return arg;
  if (arg.kind === "null" && !parameter.allowNull) {
    throw new FunctionError("must not be null", index);
  }
  const { kind } = parameter.type;
  if (arg.kind !== kind && kind !== "any") budget.walk(arg, kind === "set" ? "printed" : undefined);
  try {
    return convert(arg, parameter.type);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new FunctionError(`${error.message}, not ${kindOf(arg)}`, index);
  }
}

/** What the value is, without its content. */
function kindOf(value: Value): string {
  const type = typeOf(value);
  if (type.kind === "object" || type.kind === "tuple") return `this ${type.kind}`;
  return `this ${printType(type)}`;
}

/**
 * The error without its reason. Reasons quote arguments and what was read with them, and which of them came from a
 * secret cannot be told any more.
 */
function withheld(error: FunctionError): FunctionError {
  const what = error.argument === null ? "has no result" : "is refused";
  return new FunctionError(
    `${what}; the reason is not shown, since an argument is sensitive`,
    error.argument,
  );
}

function named(name: string, error: FunctionError, parameter: Parameter | undefined): FunctionError {
  const where = parameter === undefined ? `${name}()` : `${name}(): argument "${parameter.name}"`;
  return new FunctionError(`${where}: ${error.message}`, error.argument);
}

/** Whether not even the type is known, for a function that chooses its result by type. */
function isUntyped(arg: Value, parameter: Parameter | undefined): boolean {
  if (arg.kind !== "unknown" || arg.type.kind !== "any") return false;
  return parameter?.allowUnknown !== "all";
}

function isKnownEnough(arg: Value, parameter: Parameter | undefined): boolean {
  if (parameter?.allowUnknown === "all") return true;
  return parameter?.allowUnknown === "top" ? arg.kind !== "unknown" : isKnownWithin(arg);
}

function resultType(definition: FunctionDefinition, args: readonly Value[]): Type {
  const { returns } = definition;
  if (returns === undefined) return ANY;
  return typeof returns === "function" ? returns(args) : returns;
}
