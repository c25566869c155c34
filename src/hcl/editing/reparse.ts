import { parse } from "../syntax/parser.ts";
import type {
  Attribute,
  Block,
  Body,
  Expression,
  ObjectConstructor,
  ObjectItem,
  TupleConstructor,
} from "../syntax/syntax.ts";
import { applyEdits, type Edit } from "./edit.ts";

/** What holds items; the items that edits leave alone stay the same nodes. */
type Container = Body | ObjectConstructor | TupleConstructor;
type Item = Attribute | Block | ObjectItem | Expression;

/**
 * The body of a file with edits made, where only the smallest pieces that hold them are parsed again. Everything else
 * stays the same nodes, so that whoever compares nodes sees what changed. Ranges mean the text before the edits; those of
 * new nodes mean a text of their own. Null where a piece does not parse by itself, or is not in the native syntax.
 * @throws RangeError where edits overlap.
 */
export function reparse(body: Body, edits: readonly Edit[]): Body | null {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  return edited(body, sorted, true);
}

function edited<C extends Container>(container: C, edits: readonly Edit[], isFile: boolean): C | null {
  if (container.json !== undefined) return null;
  const pieces = piecesOf(container, edits);
  if (pieces === null) return null;
  let items: readonly Item[] = container.items;
  const added: string[] = [];
  // From the back, so that the positions of those before stay right.
  for (const piece of pieces.reverse()) {
    const inside = descended(container, piece);
    const made = inside ?? reparsed(container, piece, isFile);
    if (made === null) return null;
    const old = items.slice(piece.from, piece.to);
    items = items.toSpliced(piece.from, old.length, ...made);
    if (inside === null) added.push(...namesIn(made.filter((item) => !old.includes(item))));
  }
  // An error that no piece shows by itself.
  if (added.length > 0 && container.kind === "body" && isTwiceAmong(added, namesIn(items))) return null;
  return { ...container, items } as C;
}

/** Items `[from, to)` and the gaps around them, with the edits in there. */
interface Piece {
  from: number;
  to: number;
  readonly edits: Edit[];
}

/** Edits that touch the same items, or gaps between items, belong together. */
function piecesOf(container: Container, edits: readonly Edit[]): Piece[] | null {
  const { items } = container;
  const { start, end } = interiorOf(container);
  const pieces: Piece[] = [];
  for (const edit of edits) {
    if (edit.start < start || edit.end > end) return null;
    const from = firstEndingFrom(items, edit.start);
    let to = from;
    while ((items[to]?.start ?? Number.POSITIVE_INFINITY) <= edit.end) to += 1;
    const last = pieces.at(-1);
    if (last === undefined || from > last.to || isApart(items, last, from))
      pieces.push({ from, to, edits: [edit] });
    else {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    }
  }
  return pieces;
}

/** Whether neighbours are both edited within, so that the gap between them is left alone. */
function isApart(items: readonly Item[], last: Piece, from: number): boolean {
  const item = items[last.to - 1];
  return from === last.to && item !== undefined && insideOf(item, last.edits) !== null;
}

function interiorOf(container: Container): { readonly start: number; readonly end: number } {
  const { start, end } = container;
  return container.kind === "body" ? { start, end } : { start: start + 1, end: end - 1 };
}

/** The first item that ends at an offset or behind it. */
function firstEndingFrom(items: readonly Item[], offset: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.end ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The container in an item in which all the edits stand; null where there is none. */
function insideOf(item: Item, edits: readonly Edit[]): Container | null {
  const inner = item.kind === "block" ? item.body : "value" in item && isNode(item.value) ? item.value : item;
  if (inner.kind !== "body" && inner.kind !== "object" && inner.kind !== "tuple") return null;
  const { start, end } = interiorOf(inner);
  return edits.every((edit) => start <= edit.start && edit.end <= end) ? inner : null;
}

function isNode(value: Expression | string | boolean | null): value is Expression {
  return typeof value === "object" && value !== null;
}

function descended({ items }: Container, { from, to, edits }: Piece): readonly Item[] | null {
  const item = items[from];
  if (item === undefined || to !== from + 1) return null;
  const inner = insideOf(item, edits);
  const made = inner && edited(inner, edits, false);
  if (made === null) return null;
  if (item.kind === "block") return [{ ...item, body: made as Body }];
  return item.kind === "attribute" || item.kind === "item"
    ? [{ ...item, value: made as Expression }]
    : [made as Expression];
}

/** Stand-ins for the items around a piece: what may stand beside it depends on them. */
const BEFORE = "before_the_edit";
const AFTER = "after_the_edit";

function reparsed(container: Container, piece: Piece, isFile: boolean): readonly Item[] | null {
  const { file, items } = container;
  const { start, end } = interiorOf(container);
  const [last, next] = [items[piece.from - 1], items[piece.to]];
  const from = last?.end ?? start;
  const own = file.text.slice(from, next?.start ?? end);
  const text = applyEdits(
    own,
    piece.edits.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from })),
  );
  const before = last === undefined ? null : standIn(container, BEFORE);
  const after = next === undefined ? null : standIn(container, AFTER);
  const [opening, closing] = bracketsOf(container, isFile, before !== null, after !== null);
  const code = `${opening}${before ?? ""}${text}${after ?? ""}${closing}`;
  const { body, diagnostics } = parse({ path: file.path, text: code });
  if (diagnostics.length > 0) return null;
  const parsed = itemsIn(container.kind, body, isFile);
  if (parsed === null) return null;
  // An operator or a comment reaches over to a neighbour, which is another one then.
  if (before !== null && !isStandIn(parsed[0], before, opening.length)) return null;
  if (after !== null && !isStandIn(parsed.at(-1), after, code.length - closing.length - after.length))
    return null;
  const made = parsed.slice(before === null ? 0 : 1, after === null ? undefined : -1);
  return withKept(items.slice(piece.from, piece.to), made);
}

function standIn({ kind }: Container, name: string): string {
  return kind === "tuple" ? `"${name}"` : `${name} = 1`;
}

/** Whether an item is a stand-in as it was written at an offset, and nothing more. */
function isStandIn(item: Item | undefined, text: string, offset: number): boolean {
  const end = offset + text.length;
  if (item === undefined || item.start !== offset || item.end !== end) return false;
  if (item.kind === "template") return true;
  if (item.kind !== "attribute" && item.kind !== "item") return false;
  return item.value.kind === "number" && item.value.start === end - 1 && item.value.end === end;
}

/** What a container begins and ends with. A block on one line may hold less than one on several lines. */
function bracketsOf(
  { kind, file, items, start, end }: Container,
  isFile: boolean,
  follows: boolean,
  isFollowed: boolean,
): readonly [opening: string, closing: string] {
  if (kind === "object") return ["a = {", "}"];
  if (kind === "tuple") return ["a = [", "]"];
  if (isFile) return ["", ""];
  const breaks = (from: number, to: number) => (file.text.slice(from, to).includes("\n") ? "\n" : "");
  const first = follows ? breaks(start, items[0]?.start ?? end) : "";
  const last = isFollowed ? breaks(items.at(-1)?.end ?? start, end) : "";
  return [`b {${first}`, `${last}}`];
}

function itemsIn(kind: Container["kind"], body: Body, isFile: boolean): readonly Item[] | null {
  if (kind === "body" && isFile) return body.items;
  const [only, ...more] = body.items;
  if (only === undefined || more.length > 0) return null;
  if (only.kind === "block") return kind === "body" ? only.body.items : null;
  return only.value.kind === kind && (only.value.kind === "object" || only.value.kind === "tuple")
    ? only.value.items
    : null;
}

function namesIn(items: readonly Item[]): string[] {
  return items.flatMap((item) => (item.kind === "attribute" ? [item.name] : []));
}

function isTwiceAmong(wanted: readonly string[], names: readonly string[]): boolean {
  const counted = Map.groupBy(names, (name) => name);
  return wanted.some((name) => (counted.get(name)?.length ?? 0) > 1);
}

/** The items, of which those that say the same as an old one are that one. */
function withKept(old: readonly Item[], made: readonly Item[]): readonly Item[] {
  const left = Map.groupBy(old, textOfItem);
  return made.map((item) => left.get(textOfItem(item))?.shift() ?? item);
}

/** What an item says; the blanks around its `=` say nothing. */
function textOfItem(item: Item): string {
  if (item.kind === "attribute") return `${item.name}=${slice(item.value)}`;
  return item.kind === "item" ? `${slice(item.key)}=${slice(item.value)}` : slice(item);
}

function slice({ file, start, end }: Item): string {
  return file.text.slice(start, end);
}
