import type { Located } from "../hcl/evaluation/context.ts";
import type { Body } from "../hcl/syntax/syntax.ts";
import type { Json } from "../json/json.ts";
import type { VariableNode } from "../terraform/evaluation/nodes.ts";
import type { Wanted } from "./wanted.ts";
import { defaultWith } from "./written-part.ts";

/** A value that a variable with only its default could be given. */
export interface Assignment {
  readonly value: Json;
  /** The call or the variable file that would give it. */
  readonly body: Body;
  /** What stands there now and counts as nothing (null, for a variable that may not be null): the value goes there. */
  readonly leftOut: Located | null;
  /** The rest of the default is written once more. */
  readonly isCopy: boolean;
}

/** What a variable has to be given so that a part of its default is what is wanted; null where that cannot be. */
export function assignmentFor(variable: VariableNode, fallback: Located, wanted: Wanted): Assignment | null {
  if (variable.assignable === null) return null;
  const value = defaultWith(variable, fallback, wanted);
  if (value === undefined) return null;
  const { expression, path } = fallback;
  const isEmpty = expression.kind === "object" && expression.items.length === 0;
  const { body } = variable.assignable;
  return { value, body, leftOut: variable.leftOut(), isCopy: path.length > 0 && !isEmpty };
}
