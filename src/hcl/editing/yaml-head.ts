import { type CST, isNode, isSeq } from "yaml";
import type { Found } from "./yaml-place.ts";

/** What a value stands behind, on the line of its key or dash. */
export interface YamlHead {
  /** Behind the colon or dash, and the anchor where there is one; a tag comes after it, and goes with its value. */
  readonly end: number;
  /** A comment that stands there before a value on the lines below, with the blanks before it. */
  readonly comment: string;
}

/** What a value stands behind; null where there is neither colon nor dash, or an anchor that is not alone on its line. */
export function headOf(found: Found): YamlHead | null {
  const tokens = tokensBefore(found);
  const sign = tokens.findIndex(({ type }) => type === "map-value-ind" || type === "seq-item-ind");
  const [colon, ...rest] = tokens.slice(Math.max(0, sign));
  if (sign === -1 || colon === undefined) return null;
  const lineEnd = rest.findIndex(({ type }) => type === "newline");
  const [line, below] = lineEnd === -1 ? [rest, []] : [rest.slice(0, lineEnd), rest.slice(lineEnd)];
  const anchor = rest.find(({ type }) => type === "anchor");
  const isTagged = rest.some(({ type }) => type === "tag");
  if (anchor !== undefined && (isTagged || below.includes(anchor))) return null;
  const last = anchor ?? colon;
  const end = last.offset + last.source.length;
  const comment = line.find(({ type }) => type === "comment");
  const until = comment === undefined ? end : comment.offset + comment.source.length;
  return { end, comment: found.text.slice(end, until) };
}

/** Where the dash stands before an element of a list in lines; null where it has none. */
export function dashOf(found: Pick<Found, "node" | "parents">): number | null {
  return tokensBefore(found).find(({ type }) => type === "seq-item-ind")?.offset ?? null;
}

/** What the parser found between the key, or the element before, and a value. */
function tokensBefore({ node, parents }: Pick<Found, "node" | "parents">): readonly CST.SourceToken[] {
  const owner = parents.at(-1);
  if (!isNode(owner)) return owner?.srcToken?.sep ?? [];
  if (!isSeq(owner) || owner.srcToken === undefined || !("items" in owner.srcToken)) return [];
  return owner.srcToken.items[owner.items.indexOf(node)]?.start ?? [];
}
