import type { Edit } from "../hcl/editing/edit.ts";
import { insertJsonBlocks, replaceJsonText } from "../hcl/editing/json-edit.ts";
import type { Range } from "../hcl/syntax/source.ts";
import type { Attribute, Block, Body } from "../hcl/syntax/syntax.ts";

/** A `moved` block that is to be written into a file of JSON, behind another block. */
export interface MoveInJson {
  readonly body: Body;
  readonly after: Attribute | Block;
  readonly from: string;
  readonly to: string;
}

/** The edits that write `moved` blocks in JSON: those of a file in one property. Addresses stand there as plain texts. */
export function movesInJson(moves: readonly MoveInJson[]): readonly Edit[] {
  return [...Map.groupBy(moves, ({ body }) => body)].flatMap(([body, own]) => {
    const sibling = body.items.findLast(isMoved) ?? null;
    const after = sibling ?? own[0]?.after ?? null;
    const blocks = own.map(({ from, to }) => ({ from, to }));
    return insertJsonBlocks(body, sibling, after, "plain", "moved", blocks) ?? [];
  });
}

/** The edits that turn a `moved` block of JSON round. */
export function turnedInJson(source: Range, from: string, target: Range, to: string): readonly Edit[] | null {
  const [first, second] = [replaceJsonText(source, "plain", from), replaceJsonText(target, "plain", to)];
  return first && second && [...first, ...second];
}

function isMoved(item: Attribute | Block): item is Block {
  return item.kind === "block" && item.type === "moved";
}
