import type { Path } from "../../json/path.ts";
import type { Budget, FunctionTable } from "../functions/function.ts";
import type { Diagnostic, Range } from "../syntax/source.ts";
import type { Expression, GetAttribute, Index, Variable } from "../syntax/syntax.ts";
import { objectValue, type Value } from "../values/value.ts";

/** What an expression is evaluated in. */
export interface EvaluationContext {
  /** Gives references like `var.x` their values. */
  readonly scope: Scope;
  /** The iteration variables around the expression, innermost first. */
  readonly names: Names | null;
  readonly functions: FunctionTable;
  readonly budget: Budget;
  readonly failures: Failures;
}

/** What becomes of the error of one part of a value: of an item of an object, a tuple or a `for`. */
export interface Failures {
  /** Takes note of it, so that the part alone is unknown; false where the whole has no value then. */
  keep(diagnostic: Diagnostic): boolean;
  /** Runs an action that has no value where a part of it has none. */
  strictly<T>(action: () => T): T;
}

/** Without one of its parts nothing has a value. */
export const STRICT: Failures = { keep: () => false, strictly: (action) => action() };

/** A chain of bindings; a splat's element is bound to its node's id. */
export interface Names {
  readonly name: string | number;
  readonly value: Value;
  /** The expression that the value is a part of; null where it is not written anywhere (the key of an iteration). */
  readonly source: Located | null;
  /** The value is an object of `key` and `value` (`each`, the iterator of a dynamic block); `source` is that of `value`. */
  readonly iterator: boolean;
  readonly outer: Names | null;
}

/** A part of an expression's value, and what the expression is evaluated in. */
export interface Located {
  readonly expression: Expression;
  readonly context: EvaluationContext;
  readonly path: Path;
}

/** `root` and the accessors that follow it, in the order they are written. */
export interface Reference {
  readonly root: Variable;
  readonly steps: readonly (GetAttribute | Index)[];
}

export interface Scope {
  /**
   * The value of the longest beginning of a reference that the scope knows, and how many steps that took: `var.a.b`
   * takes one, `module.m["k"].out.x` three.
   * @throws EvaluationError where there is no such thing.
   */
  resolve(reference: Reference, context: EvaluationContext): Resolved;
}

export interface Resolved {
  readonly value: Value;
  readonly consumed: number;
}

export type Evaluate = (expression: Expression, context: EvaluationContext) => Value;

/** An expression that has no value; the diagnostic says why and where. */
export class EvaluationError extends Error {
  override readonly name = "EvaluationError";
  readonly diagnostic: Diagnostic;

  constructor(message: string, range: Range | null) {
    // Its place is in the code that is evaluated, and `try` makes many: where it was thrown is not worth its time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.diagnostic = { severity: "error", message, range };
  }
}

/** Whether an error is about a value: others are about what references lead to, and are no value's alone. */
export function isOfValue(error: unknown): error is EvaluationError {
  return error instanceof EvaluationError && error.constructor === EvaluationError;
}

/**
 * Runs what reads the parts of a value. Those do not carry the mark of the whole, so where that is secret an error tells
 * its place alone.
 * @throws EvaluationError as the action does.
 */
export function withinSecret<T>(sensitive: boolean, { failures }: EvaluationContext, action: () => T): T {
  if (!sensitive) return action();
  try {
    return failures.strictly(action);
  } catch (error) {
    if (!isOfValue(error)) throw error;
    throw new EvaluationError(
      "there is no value here; the reason is not shown, since the collection is sensitive",
      error.diagnostic.range,
    );
  }
}

export function bind(
  context: EvaluationContext,
  name: string | number,
  value: Value,
  source: Located | null = null,
): EvaluationContext {
  return { ...context, names: { name, value, source, iterator: false, outer: context.names } };
}

/** Binds `name.key` and `name.value` to an element; `source` is where its value is written. */
export function bindIterator(
  context: EvaluationContext,
  name: string,
  element: { readonly key: Value; readonly value: Value },
  source: Located,
): EvaluationContext {
  const value = objectValue([
    ["key", element.key],
    ["value", element.value],
  ]);
  return { ...context, names: { name, value, source, iterator: true, outer: context.names } };
}

export function boundValue(context: EvaluationContext, name: string | number): Value | undefined {
  return bindingOf(context, name)?.value;
}

export function bindingOf(context: EvaluationContext, name: string | number): Names | null {
  let names = context.names;
  while (names !== null && names.name !== name) names = names.outer;
  return names;
}
