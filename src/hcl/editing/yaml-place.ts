import { isNode, type Node, type Pair } from "yaml";
import type { Range } from "../syntax/source.ts";
import { type DocumentText, documentOf } from "./document-text.ts";
import type { Edit } from "./edit.ts";
import { skipBlanks } from "./surroundings.ts";
import { isFlow, nodeAt, styleOfYaml } from "./yaml-nodes.ts";
import type { YamlStyle } from "./yaml-text.ts";

/** A collection or scalar of a document, and what is around it. */
export interface Found {
  readonly document: DocumentText;
  readonly text: string;
  readonly style: YamlStyle;
  readonly node: Node;
  readonly parents: readonly (Node | Pair)[];
  readonly flow: boolean;
}

/** What a range is exactly that of; null where that is nothing of a document. */
export function find(place: Range): Found | null {
  const document = documentOf(place);
  const found = document === null ? null : nodeAt(document, place);
  if (document === null || found === null) return null;
  const flow = found.parents.some((parent) => isNode(parent) && isFlow(parent));
  return { document, text: document.text, style: styleOfYaml(document, place.start), ...found, flow };
}

/** The offset behind the comma that follows an element on its line; null where none does. */
export function commaAfter(text: string, end: number): number | null {
  const at = skipBlanks(text, end);
  return text[at] === "," ? at + 1 : null;
}

/** Whether a comment is all that is left of a line. */
export function isComment(rest: string): boolean {
  return /^[ \t]+#/.test(rest);
}

/** The edit that puts another text in the place of a stretch; none where it is there already. */
export function splice(
  { document, text }: Found,
  start: number,
  end: number,
  written: string,
): readonly Edit[] {
  return text.slice(start, end) === written ? [] : [{ file: document.path, start, end, text: written }];
}
