import { type EvaluationContext, EvaluationError, type Located } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { For, ForDirective, Template } from "../../hcl/syntax/syntax.ts";
import type { Json } from "../../json/json.ts";
import { type Branch, carry } from "./branch.ts";
import type { Branching } from "./carried.ts";
import { collectionFor } from "./for-branches.ts";
import { madeBy } from "./for-elements.ts";
import { shiftedItems, textsIn } from "./repeated-texts.ts";
import { middle } from "./surrounded-text.ts";
import { partTexts, type TakenParts, type Turn, takenParts } from "./template-texts.ts";

/** Of more elements the ways on are not looked for one by one. */
const MOST_ELEMENTS = 1_000;

/**
 * The ways on from the parts of a template: to what is filled in, to what a `%{ for }` goes through, and to what decides
 * which branch of an `%{ if }` is taken.
 */
export function partBranches(
  node: Pick<Template, "parts">,
  context: EvaluationContext,
  branchesOf: Branching,
): Branch[] {
  const taken = takenParts(node, context);
  if (taken === null) return [];
  const filledIn = taken.parts.flatMap((part, index) => {
    if (part.kind !== "interpolation" && part.kind !== "for-directive") return [];
    const own = (wanted: Json) => ownText(taken, index, index + 1, wanted);
    if (part.kind === "for-directive") return directiveBranches(part, context, own, branchesOf);
    return [carry("part", { expression: part.expression, context, path: [] }, part, { invert: own })];
  });
  const conditions = taken.turns.map((turn) => {
    const { condition } = turn.directive;
    const invert = (wanted: Json) => (isOfOtherBranch(taken, turn, context, wanted) ? !turn.taken : null);
    return carry("condition", { expression: condition, context, path: [] }, condition, {
      carries: false,
      invert,
    });
  });
  return [...filledIn, ...conditions];
}

/** Whether the other branch of an `%{ if }` gives what is wanted, and the one that is taken computes nothing. */
export function isOnOtherBranch(
  { expression, context }: Pick<Located, "expression" | "context">,
  wanted: Json,
): boolean {
  if (expression.kind !== "template" || !expression.parts.some(({ kind }) => kind === "if")) return false;
  const taken = takenParts(expression, context);
  return (taken?.turns ?? []).some((turn) => {
    const own = taken?.parts.slice(turn.from, turn.to) ?? [];
    return (
      taken !== null &&
      own.every(({ kind }) => kind === "text") &&
      isOfOtherBranch(taken, turn, context, wanted)
    );
  });
}

function isOfOtherBranch(taken: TakenParts, turn: Turn, context: EvaluationContext, wanted: Json): boolean {
  const own = ownText(taken, turn.from, turn.to, wanted);
  const { directive } = turn;
  return own !== null && textOrNull(turn.taken ? directive.else : directive.then, context) === own;
}

/** What is wanted of the parts from one up to another, while the others stay. */
function ownText({ texts }: TakenParts, from: number, to: number, wanted: Json): string | null {
  return middle(wanted, texts.slice(0, from).join(""), texts.slice(to).join(""));
}

/** What a branch would give; null where that has an error. */
function textOrNull(parts: Template["parts"], context: EvaluationContext): string | null {
  try {
    return partTexts({ parts }, context)?.join("") ?? null;
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

/**
 * An element of which the text is another one, and the collection that gives more, fewer or other texts.
 * @param own the text of the directive in what is wanted
 */
function directiveBranches(
  directive: ForDirective,
  context: EvaluationContext,
  own: (wanted: Json) => string | null,
  branchesOf: Branching,
): Branch[] {
  const node = asFor(directive);
  const made = [...madeBy(node, context)];
  if (made.length > MOST_ELEMENTS) return [];
  const known = made.flatMap((each) => partTexts(directive, each.context)?.join("") ?? []);
  if (known.length < made.length) return [];
  const collection = evaluate(directive.collection, context);
  const asked = lastAsked((wanted) => {
    const text = own(wanted);
    if (text === null) return null;
    const shifted = shiftedItems(node, context, collection, known, text, branchesOf);
    return { shifted, texts: shifted === null ? textsIn(text, known, directive.parts) : null };
  });
  const elements = made.flatMap((each, index) =>
    partBranches(directive, each.context, branchesOf).map((branch) => ({
      ...branch,
      carries: false,
      invert: (wanted: Json) => {
        const texts = asked(wanted)?.texts ?? null;
        const text = onlyOther(known, texts) === index ? texts?.[index] : undefined;
        return text === undefined ? null : branch.invert(text);
      },
    })),
  );
  const invert = (wanted: Json) => {
    const all = asked(wanted);
    if (all === null || all.shifted !== null) return all?.shifted ?? null;
    if (all.texts === null || onlyOther(known, all.texts) !== null) return null;
    return collectionFor(node, collection, made, all.texts, branchesOf);
  };
  const to = { expression: directive.collection, context, path: [] };
  return [...elements, carry("collection", to, directive.collection, { carries: false, invert })];
}

/** The names of each element that a `%{ for }` goes through. */
export function madeByDirective(
  directive: ForDirective,
  context: EvaluationContext,
): readonly EvaluationContext[] {
  return [...madeBy(asFor(directive), context)].map((each) => each.context);
}

/** A `for` that gives the texts of the elements. */
function asFor(directive: ForDirective): For {
  const { file, start, end, collection, keyName, valueName, parts } = directive;
  const value: Template = { kind: "template", form: "heredoc", file, start, end, parts };
  return {
    kind: "for",
    ...{ file, start, end, collection, keyName, valueName, value },
    ...{ key: null, condition: null, grouping: false },
  };
}

/** The same answer as long as the same is asked. */
function lastAsked<T>(find: (wanted: Json) => T): (wanted: Json) => T {
  let last: { readonly wanted: Json; readonly found: T } | null = null;
  return (wanted) => {
    if (last?.wanted !== wanted) last = { wanted, found: find(wanted) };
    return last.found;
  };
}

/** The index of the one text that is another one; null where there are more or fewer texts, or several are others. */
function onlyOther(texts: readonly string[], asked: readonly string[] | null): number | null {
  if (asked?.length !== texts.length) return null;
  const others = texts.flatMap((text, index) => (text === asked[index] ? [] : [index]));
  return others.length === 1 ? (others[0] ?? null) : null;
}
