import type { EvaluationContext, Located } from "../../hcl/evaluation/context.ts";
import { formatVerb, parseFormat } from "../../hcl/functions/format-verb.ts";
import { FunctionError } from "../../hcl/functions/function.ts";
import type { Call } from "../../hcl/syntax/syntax.ts";
import type { Value } from "../../hcl/values/value.ts";
import { exactNumber, type Json } from "../../json/json.ts";
import { type Branch, carry, evaluatedOrNull } from "./branch.ts";
import { middle, textOf } from "./surrounded-text.ts";

/** The ways on from `format`: the values that are put in, and the text around them. */
export function formatBranches(node: Call, context: EvaluationContext): Branch[] {
  const [first, ...others] = node.arguments;
  const format = textOf(first, context);
  if (first === undefined || format === null) return [];
  const given = others.map((expression) => givenBy({ expression, context, path: [] }));
  const parts = partsOf(format, given, context);
  return parts === null ? [] : partBranches(parts, { expression: first, context, path: [] });
}

/** The text that parts give together. */
export function textOfParts(parts: readonly FormatPart[]): string {
  return parts.map(({ text }) => text).join("");
}

/** The ways on from a text that is made with a format. */
export function partBranches(parts: readonly FormatPart[], format: Located): Branch[] {
  const values = parts.flatMap(({ text, from }, index) => {
    if (from === null) return [];
    const invert = (wanted: Json) => {
      const value = between(parts, index, wanted);
      return value !== null && String(value) === text ? null : value;
    };
    return [carry("part", from, from.expression, { invert })];
  });
  const around = (wanted: Json) => (typeof wanted === "string" ? formatFor(parts, wanted) : null);
  return [...values, carry("part", format, format.expression, { invert: around })];
}

/** What has to be put in at a place; null where the text around it is not that of what is wanted. */
export function between(parts: readonly FormatPart[], place: number, wanted: Json): Json | null {
  const [before, after] = [textOfParts(parts.slice(0, place)), textOfParts(parts.slice(place + 1))];
  const text = middle(wanted, before, after);
  return text !== null && parts[place]?.verb === "d" && /^-?\d{1,100}$/.test(text) ? exactNumber(text) : text;
}

/** A value that is put in, and where it comes from. */
export interface Given {
  readonly value: Value | null;
  readonly from: Located;
}

export function givenBy(from: Located): Given {
  return { value: evaluatedOrNull(from.expression, from.context), from };
}

/** A part of a text that is made with a format. */
export interface FormatPart {
  /** What it gives. */
  readonly text: string;
  /** How it is written in the format. */
  readonly written: string;
  readonly verb: string | null;
  readonly from: Located | null;
}

/** The parts of a text that is made with a format; null where one is not known. */
export function partsOf(
  format: string,
  from: readonly Given[],
  context: EvaluationContext,
): FormatPart[] | null {
  try {
    const known = from.map(({ value }) => value).filter((value) => value !== null);
    if (known.length < from.length || known.some(({ kind }) => kind === "unknown")) return null;
    return parseFormat(format).map((part) => {
      if (typeof part === "string") return { text: part, written: escaped(part), verb: null, from: null };
      const value = known[part.argument - 1];
      if (value === undefined) throw new FunctionError("has no value", part.argument);
      const text = formatVerb(part, value, context.budget);
      return { text, written: part.text, verb: part.letter, from: from[part.argument - 1]?.from ?? null };
    });
  } catch (error) {
    if (error instanceof FunctionError) return null;
    throw error;
  }
}

function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}

/** The format with its verbs in their order and the wanted text around what they give; null where that is not clear. */
function formatFor(parts: readonly FormatPart[], wanted: string): string | null {
  let format = "";
  let rest = wanted;
  let gap = "";
  for (const { text, written, verb } of parts) {
    if (verb === null) {
      gap += text;
      continue;
    }
    const found = rest.startsWith(gap + text) ? gap.length : placeOf(text, gap, rest);
    if (found === null) return null;
    format += escaped(rest.slice(0, found)) + written;
    rest = rest.slice(found + text.length);
    gap = "";
  }
  return format + escaped(rest);
}

/**
 * Where what a verb gives stands in a text: as a word of its own, not within another (the `a` of `1a` is not that of
 * `central`), and of those the one that has the most of what stands before the verb now; null where there is none.
 */
function placeOf(given: string, before: string, text: string): number | null {
  if (given === "") return null;
  let best: { readonly at: number; readonly kept: number } | null = null;
  for (let at = text.indexOf(given); at !== -1; at = text.indexOf(given, at + 1)) {
    const end = at + given.length;
    if (isWithinWord(text, at) || isWithinWord(text, end)) continue;
    const kept = sharedEnd(before, text.slice(0, at));
    if (best === null || kept > best.kept) best = { at, kept };
  }
  return best === null ? null : best.at;
}

/** Whether letters go on from one side of a place to the other, or digits do. */
function isWithinWord(text: string, at: number): boolean {
  return /^(?:\p{L}\p{L}|\p{Nd}\p{Nd})$/u.test(text.slice(Math.max(at - 1, 0), at + 1));
}

function sharedEnd(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length;
}
