import type { EvaluationContext, Located } from "../../hcl/evaluation/context.ts";
import type { Call } from "../../hcl/syntax/syntax.ts";
import { isSequence, type Value } from "../../hcl/values/value.ts";
import { equalJson, isJsonArray, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { type Branch, carry } from "./branch.ts";
import {
  between,
  type FormatPart,
  type Given,
  givenBy,
  partBranches,
  partsOf,
  textOfParts,
} from "./format-branches.ts";
import { pairedElements } from "./paired-elements.ts";
import { textOf } from "./surrounded-text.ts";

/** The ways on from `formatlist`: of one of its texts, one more, or all of them. */
export function formatListBranches(node: Call, context: EvaluationContext, path: Path): Branch[] {
  const [step, ...rest] = path;
  const formats = formatsOf(node, context);
  if (formats === null || rest.length > 0) return [];
  const { format, length, list } = formats;
  if (typeof step === "number" && step < length) {
    const found = partBranches(formats.partsAt(step), format);
    return list === null ? found : [...found, goneWith(list.from, step)];
  }
  if (step !== undefined) return step === length && list !== null ? [listBranch(formats, list, true)] : [];
  const alike = alikeBranches(formats);
  return list === null ? alike : [listBranch(formats, list, false), ...alike];
}

/** What a `formatlist` makes its texts of. */
interface Formats {
  readonly format: Located;
  readonly length: number;
  /** The one list among what is put in; null where there are more, or none. */
  readonly list: Given | null;
  /** None where they are not known. */
  partsAt(index: number): readonly FormatPart[];
}

function formatsOf(node: Call, context: EvaluationContext): Formats | null {
  const [first, ...others] = node.arguments;
  const template = textOf(first, context);
  if (first === undefined || template === null || node.expand) return null;
  const all = others.map((expression) => givenBy({ expression, context, path: [] }));
  const lists = all.flatMap((given) => (given.value !== null && isSequence(given.value) ? [given] : []));
  const [list, ...more] = lists;
  return {
    format: { expression: first, context, path: [] },
    length: itemsOf(list)?.length ?? 1,
    list: list === undefined || more.length > 0 ? null : list,
    partsAt(index) {
      const given = all.map((each) => elementOf(each, index));
      return partsOf(template, given, context) ?? [];
    },
  };
}

/** What a list puts into one of the texts; anything else is put into all of them. */
function elementOf(given: Given, index: number): Given {
  const items = itemsOf(given);
  return items === null ? given : { value: items[index] ?? null, from: { ...given.from, path: [index] } };
}

function itemsOf(given: Given | undefined): readonly Value[] | null {
  return given !== undefined && given.value !== null && isSequence(given.value) ? given.value.items : null;
}

/** What is put in of an element goes when the element goes. */
function goneWith({ expression, context }: Located, step: number): Branch {
  const to = { expression, context, path: [step] };
  return carry("collection", to, expression, { carries: false, invert: () => null });
}

/** To the one list that is put in: the elements that it would have to have. `isMore`: one text more is asked for, not all. */
function listBranch(formats: Formats, { from, value }: Given, isMore: boolean): Branch {
  const invert = (wanted: Json) => {
    const items = itemsOf({ from, value }) ?? [];
    const every = items.map((_, index) => formats.partsAt(index));
    const texts = every.map(textOfParts);
    const asked = isMore ? [...texts, wanted] : wanted;
    if (!isJsonArray(asked)) return null;
    const pairs = pairedElements(texts, asked.map(String));
    const elements = asked.map((text, index): Json | null => {
      const { at = 0, isSame = false } = pairs[index] ?? {};
      const own = items[at];
      if (isSame && own !== undefined) return toPlain(own, [], true).json;
      return putIn(every[at] ?? [], from, text);
    });
    return elements.includes(null) ? null : elements;
  };
  return carry("collection", from, from.expression, { carries: false, invert });
}

/** What the list has to put in for a text; null where it stands there more than once, or not in this text. */
function putIn(parts: readonly FormatPart[], { expression }: Located, text: Json): Json | null {
  const [place, ...more] = parts.keys().filter((at) => parts[at]?.from?.expression === expression);
  return place === undefined || more.length > 0 ? null : between(parts, place, text);
}

/** To what is put into all texts, where all of them want the same of it. */
function alikeBranches({ format, length, partsAt }: Formats): Branch[] {
  const waysAt = (index: number) => partBranches(partsAt(index), format);
  return waysAt(0).flatMap((branch, at): Branch[] => {
    if (branch.to.path.length > 0) return [];
    const invert = (wanted: Json) => {
      if (!isJsonArray(wanted) || wanted.length !== length) return null;
      const values = wanted.map((text, index) => waysAt(index)[at]?.invert(text) ?? null);
      const [value = null] = values;
      return values.every((other) => equalJson(other, value)) ? value : null;
    };
    return [{ ...branch, carries: false, invert }];
  });
}
