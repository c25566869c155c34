import { type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import { bindElement } from "../../hcl/evaluation/for.ts";
import type { For, TemplatePart } from "../../hcl/syntax/syntax.ts";
import { numberValue, type Value } from "../../hcl/values/value.ts";
import type { Json } from "../../json/json.ts";
import { toPlain } from "../evaluation/value-json.ts";
import type { Branching } from "./carried.ts";
import { elementFor } from "./for-branches.ts";
import { takenParts } from "./template-texts.ts";

/**
 * The elements of a list without one of them, or with more, where what is repeated gives the wanted text then. The others
 * may have other places then, which their texts may depend on (`%{ if i > 0 }, %{ endif }`). Null where neither gives
 * it, and for what is no list.
 * @param known the text of each element
 */
export function shiftedItems(
  node: For,
  context: EvaluationContext,
  collection: Value,
  known: readonly string[],
  wanted: string,
  branchesOf: Branching,
): readonly Json[] | null {
  if ((collection.kind !== "tuple" && collection.kind !== "list") || known.join("") === wanted) return null;
  const items = new ListItems(node, context, collection.items, known);
  return items.withoutOne(wanted) ?? items.withMore(wanted, branchesOf);
}

class ListItems {
  readonly #node: For;
  readonly #context: EvaluationContext;
  readonly #items: readonly Value[];
  readonly #known: readonly string[];

  constructor(node: For, context: EvaluationContext, items: readonly Value[], known: readonly string[]) {
    this.#node = node;
    this.#context = context;
    this.#items = items;
    this.#known = known;
  }

  withoutOne(wanted: string): readonly Json[] | null {
    // Where a text does not depend on the place, it is missing among the others.
    if (this.#node.keyName === null) return null;
    const ends = this.#ends(-1);
    const gone = this.#starts().findIndex((start, at) => {
      const end = at < this.#items.length ? ends[at + 1] : undefined;
      return end !== undefined && wanted === start + end;
    });
    return gone === -1 ? null : this.#plain().toSpliced(gone, 1);
  }

  /** The last place where one more fits; behind the last, where several do. */
  withMore(wanted: string, branchesOf: Branching): readonly Json[] | null {
    const [starts, ends] = [this.#starts(), this.#ends(1)];
    const last = this.#items.length;
    for (let at = last; at >= 0; at -= 1) {
      const [start, end] = [starts[at], ends[at]];
      if (start === undefined || end === undefined || !wanted.startsWith(start)) continue;
      if (start.length + end.length >= wanted.length || !wanted.endsWith(end)) continue;
      const text = wanted.slice(start.length, wanted.length - end.length);
      const items = this.#itemsFor(at, text, branchesOf);
      if (items !== null && (items.length === 1 || at === last))
        return this.#plain().toSpliced(at, 0, ...items);
    }
    return null;
  }

  /** The elements that give a text from a place on, after the example of one that is there. */
  #itemsFor(at: number, text: string, branchesOf: Branching): readonly Json[] | null {
    const model = Math.min(at, this.#items.length - 1);
    // The first one may lack what stands between the others.
    const parts = this.#partsOf(this.#at(model, Math.max(at, 1)));
    // Nothing tells such a text from any other.
    if (!parts.some((part) => part.kind === "text" && part.value.trim() !== "")) return null;
    for (const pieces of cuts(text, parts)) {
      const items = pieces.map((piece, index) => {
        const inner = this.#at(model, at + index);
        return inner && elementFor({ ...this.#node, keyName: null }, inner, piece, branchesOf);
      });
      if (!items.includes(null)) return items;
    }
    return null;
  }

  #partsOf(context: EvaluationContext | null): readonly TemplatePart[] {
    const { value } = this.#node;
    return (context && value.kind === "template" && takenParts(value, context)?.parts) || [];
  }

  /** The names of an element if it stood at another place. */
  #at(index: number, place: number): EvaluationContext | null {
    const value = this.#items[index];
    if (value === undefined) return null;
    return bindElement(this.#node, { key: numberValue(place), value, step: index }, this.#context);
  }

  /** The text of all elements before each place. */
  #starts(): readonly string[] {
    const starts = [""];
    for (const text of this.#known) starts.push((starts.at(-1) ?? "") + text);
    return starts;
  }

  /** The text of all elements from each on, if they stood some places further on; undefined where there is none. */
  #ends(by: number): readonly (string | undefined)[] {
    const ends: (string | undefined)[] = [""];
    for (let index = this.#items.length - 1; index >= 0; index -= 1) {
      const behind = ends.at(-1);
      const text = this.#textAt(index, index + by);
      ends.push(text === null || behind === undefined ? undefined : text + behind);
    }
    return ends.reverse();
  }

  #textAt(index: number, place: number): string | null {
    if (this.#node.keyName === null) return this.#known[index] ?? null;
    const inner = place < 0 ? null : this.#at(index, place);
    if (inner === null || this.#node.value.kind !== "template") return null;
    try {
      return takenParts(this.#node.value, inner)?.texts.join("") ?? null;
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  }

  #plain(): readonly Json[] {
    return this.#items.map((item) => toPlain(item, [], true).json);
  }
}

/** A text cut into those of elements, by what each of them begins or ends with. */
function cuts(text: string, parts: readonly TemplatePart[]): readonly (readonly string[])[] {
  const [first, last] = [parts[0], parts.at(-1)];
  const opening = first?.kind === "text" ? first.value : "";
  const ending = last?.kind === "text" ? last.value : "";
  const found: (readonly string[])[] = [];
  if (opening !== "" && text.startsWith(opening))
    found.push(
      text
        .slice(opening.length)
        .split(opening)
        .map((piece) => opening + piece),
    );
  if (ending !== "" && text.endsWith(ending))
    found.push(
      text
        .slice(0, -ending.length)
        .split(ending)
        .map((piece) => piece + ending),
    );
  return found.length > 0 ? found : [[text]];
}

/**
 * The wanted text of each element: those at both ends that are as they are, and what is between them. Null where nothing
 * tells where one ends.
 */
export function textsIn(
  wanted: string,
  texts: readonly string[],
  parts: readonly TemplatePart[],
): string[] | null {
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
