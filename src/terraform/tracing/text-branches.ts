import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { lowerCase, titleCase, upperCase } from "../../hcl/functions/letters.ts";
import type { Call, Expression } from "../../hcl/syntax/syntax.ts";
import { isJsonArray, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { type Branch, carry } from "./branch.ts";
import { formatBranches } from "./format-branches.ts";
import { formatListBranches } from "./format-list-branches.ts";
import { middle, textOf } from "./surrounded-text.ts";

/** The ways on from a function that makes a text of texts, or parts of one; null for other functions. */
export function textBranches(node: Call, context: EvaluationContext, path: Path): Branch[] | null {
  const [first, second, third] = node.arguments;
  if (first === undefined) return null;
  if (node.name === "split") return second ? splitBranches(first, second, context, path) : [];
  if (node.name === "formatlist") return formatListBranches(node, context, path);
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

/** Whoever writes all letters small, or all large, goes on so; else what stays is written as it was. */
function sameCase(wanted: string, was: string, change: (text: string) => string): string | null {
  const written = [lowerCase, upperCase].find((convert) => convert(was) === was)?.(wanted);
  const kept = withEndsOf(was, change(was), wanted);
  return [written ?? kept, wanted].find((text) => change(text) === wanted) ?? null;
}

/** The wanted text with the ends that it shares with a changed one as they were before that was changed. */
function withEndsOf(was: string, changed: string, wanted: string): string {
  if (was.length !== changed.length) return wanted;
  const shorter = Math.min(changed.length, wanted.length);
  let start = 0;
  while (start < shorter && changed[start] === wanted[start]) start += 1;
  let end = 0;
  while (end < shorter - start && changed.at(-1 - end) === wanted.at(-1 - end)) end += 1;
  return was.slice(0, start) + wanted.slice(start, wanted.length - end) + was.slice(was.length - end);
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
