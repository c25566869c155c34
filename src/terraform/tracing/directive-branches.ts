import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { For, ForDirective, Template, TemplatePart } from "../../hcl/syntax/syntax.ts";
import type { Json } from "../../json/json.ts";
import { type Branch, carry } from "./branch.ts";
import type { Branching } from "./carried.ts";
import { collectionFor } from "./for-branches.ts";
import { madeBy } from "./for-elements.ts";
import { partTexts } from "./template-texts.ts";
import { middle } from "./text-branches.ts";

/** Of more elements the ways on are not looked for one by one. */
const MOST_ELEMENTS = 1_000;

/** The ways on from the parts of a template: to what is filled in, and to what a `%{ for }` goes through. */
export function partBranches(
  node: Pick<Template, "parts">,
  context: EvaluationContext,
  branchesOf: Branching,
): Branch[] {
  const texts = partTexts(node, context);
  if (texts === null) return [];
  return node.parts.flatMap((part, index) => {
    if (part.kind !== "interpolation" && part.kind !== "for-directive") return [];
    const before = texts.slice(0, index).join("");
    const after = texts.slice(index + 1).join("");
    const own = (wanted: Json) => middle(wanted, before, after);
    if (part.kind === "for-directive") return directiveBranches(part, context, own, branchesOf);
    return [carry("part", { expression: part.expression, context, path: [] }, part, { invert: own })];
  });
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
  const texts = made.map((each) => partTexts(directive, each.context)?.join("") ?? null);
  const known = texts.filter((text) => text !== null);
  if (known.length < texts.length) return [];
  const asked = lastAsked((wanted) => {
    const text = own(wanted);
    return text === null ? null : textsIn(text, known, directive.parts);
  });
  const elements = made.flatMap((each, index) =>
    partBranches(directive, each.context, branchesOf).map((branch) => ({
      ...branch,
      carries: false,
      invert: (wanted: Json) => {
        const text = onlyOther(known, asked(wanted)) === index ? asked(wanted)?.[index] : undefined;
        return text === undefined ? null : branch.invert(text);
      },
    })),
  );
  const invert = (wanted: Json) => {
    const all = asked(wanted);
    if (all === null || onlyOther(known, all) !== null) return null;
    return collectionFor(node, evaluate(directive.collection, context), made, all, branchesOf);
  };
  const to = { expression: directive.collection, context, path: [] };
  return [...elements, carry("collection", to, directive.collection, { carries: false, invert })];
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

/**
 * The wanted text of each element: those at both ends that are as they are, and what is between them. Null where nothing
 * tells where one ends.
 */
function textsIn(wanted: string, texts: readonly string[], parts: readonly TemplatePart[]): string[] | null {
  let [first, last, start, end] = [0, texts.length, 0, wanted.length];
  for (let text = texts[first]; first < last && text !== undefined; text = texts[first]) {
    if (text === "" || !wanted.startsWith(text, start)) break;
    start += text.length;
    first += 1;
  }
  for (let text = texts[last - 1]; last > first && text !== undefined; text = texts[last - 1]) {
    if (text === "" || end - text.length < start || !wanted.startsWith(text, end - text.length)) break;
    end -= text.length;
    last -= 1;
  }
  const between = wanted.slice(start, end);
  const inner = between === "" ? [] : last - first === 1 ? [between] : pieces(between, parts);
  return inner && [...texts.slice(0, first), ...inner, ...texts.slice(last)];
}

/** A text cut behind that with which every element ends. */
function pieces(text: string, parts: readonly TemplatePart[]): string[] | null {
  const fixed = parts.flatMap((part) => (part.kind === "text" ? [part.value] : []));
  const lastPart = parts.at(-1);
  const ending = lastPart?.kind === "text" ? lastPart.value : "";
  if (ending === "" || !text.endsWith(ending)) return null;
  const cut = text.split(ending).slice(0, -1);
  const each = fixed.reduce((count, own) => count + own.split(ending).length - 1, 0);
  if (cut.length % each !== 0) return null;
  return Array.from({ length: cut.length / each }, (_, index) =>
    cut
      .slice(index * each, (index + 1) * each)
      .map((piece) => piece + ending)
      .join(""),
  );
}
