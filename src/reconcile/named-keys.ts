import type { Edit } from "../hcl/editing/edit.ts";
import { writeValue } from "../hcl/editing/write.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import { childrenOf, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { Body, Index } from "../hcl/syntax/syntax.ts";
import { literalKey } from "../terraform/place.ts";

/** An instance of a resource, or with `type` null of a module, that gets another key. */
export interface RenamedKey {
  readonly type: string | null;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Blocks that name what was. */
const OF_THE_PAST = new Set(["moved", "removed"]);

/** The edits of the keys by which the files of a module name instances that are called otherwise. */
export function keysNaming(bodies: readonly Body[], renamed: readonly RenamedKey[]): readonly Edit[] {
  const names = new Map(renamed.map(({ type, name, from, to }) => [nameOf(type, name, from), to]));
  return bodies.flatMap((body) =>
    body.items
      .filter((item) => item.kind !== "block" || !OF_THE_PAST.has(item.type))
      .flatMap((item) => indexesIn(item))
      .flatMap((node) => {
        const to = names.get(nameIn(node) ?? "");
        return to === undefined ? [] : (writeValue(node.key, to) ?? []);
      }),
  );
}

function indexesIn(root: SyntaxNode): readonly Index[] {
  const found: Index[] = [];
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "index") found.push(node);
    open.push(...childrenOf(node));
  }
  return found;
}

/** The instance that an index names (`aws_eip.web["a"]`); null where it is none. */
function nameIn(node: Index): string | null {
  const key = literalKey(node.key);
  const reference = typeof key === "string" ? referenceOf(node) : null;
  const [first, second] = reference?.steps ?? [];
  if (reference === null || second !== node || first?.kind !== "get-attribute") return null;
  const { name } = reference.root;
  return nameOf(name === "module" ? null : name, first.name, String(key));
}

function nameOf(type: string | null, name: string, key: string): string {
  return JSON.stringify([type, name, key]);
}
