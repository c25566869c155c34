import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { formatVerb, parseFormat } from "../../hcl/functions/format-verb.ts";
import { FunctionError } from "../../hcl/functions/function.ts";
import { lowerCase, titleCase, upperCase } from "../../hcl/functions/letters.ts";
import type { Call, Expression } from "../../hcl/syntax/syntax.ts";
import { STRING } from "../../hcl/values/type.ts";
import { exactNumber, isJsonArray, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { type Branch, carry, convertedOrNull, evaluatedOrNull } from "./branch.ts";

/** The ways on from a function that makes a text of texts, or parts of one; null for other functions. */
export function textBranches(node: Call, context: EvaluationContext, path: Path): Branch[] | null {
  const [first, second, third] = node.arguments;
  if (first === undefined) return null;
  if (node.name === "split") return second ? splitBranches(first, second, context, path) : [];
  if (path.length > 0) return null;
  switch (node.name) {
    case "lower":
      return changed(first, context, (wanted, was) => sameCase(wanted, was, lowerCase));
    case "upper":
      return changed(first, context, (wanted, was) => sameCase(wanted, was, upperCase));
    case "title":
      return changed(first, context, (wanted, was) => sameCase(wanted, was, titleCase));
    case "trimspace":
    case "chomp":
      return changed(first, context, (wanted) => wanted);
    case "trimprefix":
      return trimmed(first, second, context, (text, end) => (text.startsWith(end) ? [end, ""] : ["", ""]));
    case "trimsuffix":
      return trimmed(first, second, context, (text, end) => (text.endsWith(end) ? ["", end] : ["", ""]));
    case "join":
      return node.arguments.length === 2 && second ? joinBranches(first, second, context) : [];
    case "replace":
      return replaceBranches(first, second, third, context);
    case "format":
      return formatBranches(node, context);
    default:
      return null;
  }
}

/** What stands between two texts; null where they do not stand around it. */
export function middle(wanted: Json, before: string, after: string): string | null {
  if (typeof wanted !== "string" || wanted.length < before.length + after.length) return null;
  if (!wanted.startsWith(before) || !wanted.endsWith(after)) return null;
  return wanted.slice(before.length, wanted.length - after.length);
}

function textOf(node: Expression | undefined, context: EvaluationContext): string | null {
  const value = node === undefined ? null : convertedOrNull(node, context, STRING);
  return value?.kind === "string" ? value.value : null;
}

/** `undo`: the text that has to stand there, by the wanted one and the one that stands there now. */
function changed(
  node: Expression,
  context: EvaluationContext,
  undo: (wanted: string, was: string) => string | null,
): Branch[] {
  const was = textOf(node, context);
  if (was === null) return [];
  const invert = (wanted: Json) => (typeof wanted === "string" ? undo(wanted, was) : null);
  return [carry("part", { expression: node, context, path: [] }, node, { invert })];
}

/** Whoever writes all letters small, or all large, goes on so. */
function sameCase(wanted: string, was: string, change: (text: string) => string): string | null {
  const written = [lowerCase, upperCase].find((convert) => convert(was) === was)?.(wanted) ?? wanted;
  return [written, wanted].find((text) => change(text) === wanted) ?? null;
}

function trimmed(
  node: Expression,
  trims: Expression | undefined,
  context: EvaluationContext,
  endsOf: (text: string, end: string) => readonly [before: string, after: string],
): Branch[] {
  const end = textOf(trims, context);
  if (end === null) return [];
  return changed(node, context, (wanted, was) => {
    const [before, after] = endsOf(was, end);
    return before + wanted + after;
  });
}

/** A list is wanted of which the joined text is the wanted one. */
function joinBranches(separator: Expression, list: Expression, context: EvaluationContext): Branch[] {
  const between = textOf(separator, context);
  if (between === null || between === "") return [];
  const invert = (wanted: Json) => (typeof wanted === "string" ? wanted.split(between) : null);
  return [carry("part", { expression: list, context, path: [] }, list, { invert })];
}

function splitBranches(
  separator: Expression,
  text: Expression,
  context: EvaluationContext,
  path: Path,
): Branch[] {
  const between = textOf(separator, context);
  if (between === null || between === "" || path.length > 1) return [];
  const was = textOf(text, context);
  if (was === null) return [];
  const invert = (wanted: Json) => {
    const parts = partsWith(was.split(between), path, wanted);
    return parts?.some((part) => part.includes(between)) === false ? parts.join(between) : null;
  };
  return [carry("part", { expression: text, context, path: [] }, text, { invert })];
}

/** The parts with the wanted one in its place, or all the wanted ones; null where those are no texts, or it has no place. */
function partsWith(parts: readonly string[], [place]: Path, wanted: Json): readonly string[] | null {
  if (place !== undefined) {
    // One more than there are comes behind the last.
    const isPlace = typeof place === "number" && place <= parts.length;
    return isPlace && typeof wanted === "string" ? parts.toSpliced(place, 1, wanted) : null;
  }
  if (!isJsonArray(wanted)) return null;
  const texts = wanted.filter((part) => typeof part === "string");
  return texts.length === wanted.length ? texts : null;
}

/** Where what is wanted differs between two replaced parts, and nothing in it would be replaced. */
function replaceBranches(
  node: Expression,
  search: Expression | undefined,
  replacement: Expression | undefined,
  context: EvaluationContext,
): Branch[] {
  const [from, to] = [textOf(search, context), textOf(replacement, context)];
  if (from === null || to === null || from === "") return [];
  // A regular expression: what it replaces is not looked for, as long as it replaces nothing.
  const isPattern = from.length > 1 && from.startsWith("/") && from.endsWith("/");
  return changed(node, context, (wanted, was) => {
    if (isPattern) return wanted;
    const kept = was.split(from);
    const found = kept.flatMap((_, index) => {
      const before = kept.slice(0, index).map((text) => [text, from] as const);
      const after = kept.slice(index + 1).map((text) => [from, text] as const);
      const written = (pairs: readonly (readonly [string, string])[], mark: string) =>
        pairs
          .flat()
          .map((text) => (text === from ? mark : text))
          .join("");
      const between = middle(wanted, written(before, to), written(after, to));
      const isClear =
        between !== null && !between.includes(from) && (kept.length === 1 || !between.includes(to));
      return isClear ? [written(before, from) + between + written(after, from)] : [];
    });
    const [only] = found;
    return found.length === 1 && only !== undefined ? only : null;
  });
}

/** The values that are put into a format, and the text around them. */
function formatBranches(node: Call, context: EvaluationContext): Branch[] {
  const [first, ...others] = node.arguments;
  const format = textOf(first, context);
  if (first === undefined || format === null) return [];
  const parts = partsOf(format, others, context);
  if (parts === null) return [];
  const values = parts.flatMap(({ text, verb, from }, index) => {
    if (verb === null || from === null) return [];
    const textAround = (around: typeof parts) => around.map((part) => part.text).join("");
    const [before, after] = [textAround(parts.slice(0, index)), textAround(parts.slice(index + 1))];
    const invert = (wanted: Json) => {
      const between = middle(wanted, before, after);
      if (between === null || between === text) return null;
      return verb === "d" && /^-?\d{1,100}$/.test(between) ? exactNumber(between) : between;
    };
    return [carry("part", { expression: from, context, path: [] }, from, { invert })];
  });
  const around = (wanted: Json) => (typeof wanted === "string" ? formatFor(parts, wanted) : null);
  return [...values, carry("part", { expression: first, context, path: [] }, first, { invert: around })];
}

interface FormatPart {
  /** What it gives. */
  readonly text: string;
  /** How it is written in the format. */
  readonly written: string;
  readonly verb: string | null;
  readonly from: Expression | null;
}

function partsOf(
  format: string,
  from: readonly Expression[],
  context: EvaluationContext,
): FormatPart[] | null {
  try {
    const values = from.map((each) => evaluatedOrNull(each, context));
    const known = values.filter((value) => value !== null);
    if (known.length < from.length || known.some(({ kind }) => kind === "unknown")) return null;
    return parseFormat(format).map((part) => {
      if (typeof part === "string") return { text: part, written: escaped(part), verb: null, from: null };
      const value = known[part.argument - 1];
      if (value === undefined) throw new FunctionError("has no value", part.argument);
      const text = formatVerb(part, value, context.budget);
      return { text, written: part.text, verb: part.letter, from: from[part.argument - 1] ?? null };
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
    const found = rest.startsWith(gap + text) ? gap.length : text === "" ? -1 : rest.indexOf(text);
    if (found === -1) return null;
    format += escaped(rest.slice(0, found)) + written;
    rest = rest.slice(found + text.length);
    gap = "";
  }
  return format + escaped(rest);
}
