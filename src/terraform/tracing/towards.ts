import { documentOf, writtenBy, writtenRange } from "../../hcl/editing/document-text.ts";
import { endOfLine, startOfLine } from "../../hcl/editing/surroundings.ts";
import { EvaluationError, type Located } from "../../hcl/evaluation/context.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Template } from "../../hcl/syntax/syntax.ts";
import type { Json } from "../../json/json.ts";
import type { Branch } from "./branch.ts";
import { branchesOf } from "./branches.ts";
import { carriersFrom } from "./carried.ts";
import { type TakenParts, takenParts } from "./template-texts.ts";

/**
 * The branches that hand a value on towards what decides it. Of a text that is made of several parts that is the part
 * which would have to be another for what is wanted, and the text itself where that is none of its parts, or where
 * nothing is said to be wanted and no part stands for the whole.
 */
export function* carriersTowards(start: Located, wanted: Json | undefined): Generator<Branch> {
  let asked = wanted;
  let place = start;
  const next = (): readonly Branch[] => {
    const carriers = branchesOf(place).filter(({ carries }) => carries);
    if (asked === undefined) return isTextOfItsOwn(place) ? [] : carriers;
    const turned = carriers
      .map((branch) => ({ branch, value: carriedOn(branch, asked) }))
      .find(({ value }) => value !== undefined);
    asked = turned?.value;
    if (turned !== undefined) return [turned.branch];
    const parts = carriers.filter(({ kind }) => kind === "part");
    return parts.length > 1 || (parts.length > 0 && place.expression.kind === "template") ? [] : carriers;
  };
  for (const branch of carriersFrom(start, next)) {
    yield branch;
    place = branch.to;
  }
}

/** The place that decides a value, as `carriersTowards` has it. */
export function lastTowards(start: Located, wanted: Json | undefined): Located {
  let last = start;
  for (const { to } of carriersTowards(start, wanted)) last = to;
  return last;
}

/** What has to stand at the end of a branch; undefined where nothing does, or nothing is said to be wanted. */
export function carriedOn({ invert }: Branch, wanted: Json | undefined): Json | undefined {
  if (wanted === undefined) return undefined;
  try {
    const value = invert(wanted);
    return value === null && wanted !== null ? undefined : value;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** A text of lines, or one of several interpolations, is more than what is put into it. */
function isTextOfItsOwn({ expression }: Located): boolean {
  if (expression.kind !== "template" || documentOf(expression) !== null) return false;
  const computed = expression.parts.filter(({ kind }) => kind !== "text");
  return computed.length > 1 || (computed.length === 1 && expression.form !== "quoted");
}

/** Of a text of lines the part that is not what is wanted; else, and of a text on one line, the whole of it. */
export function differingRange({ expression, context }: Located, wanted: Json | undefined): Range {
  if (expression.kind !== "template" || expression.form === "quoted" || typeof wanted !== "string")
    return expression;
  const taken = takenOrNull(expression, context);
  const written = taken === null ? null : writtenBy(expression, taken);
  if (written === null) return expression;
  const { text } = written;
  const start = startOfLine(text, sharedStart(text, wanted));
  if (start >= text.length) return expression;
  const range = written.rangeOf(start, endOfLine(text, start));
  return range === null ? expression : writtenRange({ file: expression.file, ...range });
}

function takenOrNull(template: Template, context: Located["context"]): TakenParts | null {
  try {
    return takenParts(template, context);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function sharedStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
