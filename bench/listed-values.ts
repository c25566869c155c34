import { childrenOf, type SyntaxNode } from "../src/hcl/syntax/nodes.ts";
import type { Block, Expression } from "../src/hcl/syntax/syntax.ts";
import { equalJson, exactNumber, type Json } from "../src/json/json.ts";
import type { ParsedFiles } from "../src/terraform/source/parsed-files.ts";
import { joinPath } from "../src/terraform/source/snapshot.ts";

/** The values that validations of variables name, by the folder of the module: a list for each validation. */
export class ListedValues {
  readonly #files: ParsedFiles;
  readonly #lists = new Map<string, readonly (readonly Json[])[]>();

  constructor(files: ParsedFiles) {
    this.#files = files;
  }

  /** What a validation in one of the modules names beside a value, the first after it; undefined where none does. */
  besides(value: Json, folders: Iterable<string>): Json | undefined {
    for (const folder of folders) {
      for (const list of this.#listsOf(folder)) {
        const index = list.findIndex((listed) => equalJson(listed, value));
        const other = list[(index + 1) % list.length];
        if (index !== -1 && list.length > 1) return other;
      }
    }
    return undefined;
  }

  #listsOf(folder: string): readonly (readonly Json[])[] {
    const known = this.#lists.get(folder) ?? this.#read(folder);
    this.#lists.set(folder, known);
    return known;
  }

  #read(folder: string): (readonly Json[])[] {
    return this.#files.snapshot
      .list(folder)
      .filter((name) => name.endsWith(".tf"))
      .flatMap((name) => this.#files.get(joinPath(folder, name) ?? "")?.parsed.body.items ?? [])
      .flatMap((item) => blocksOf(item, "variable"))
      .flatMap(({ body }) => body.items.flatMap((item) => blocksOf(item, "validation")))
      .flatMap(({ body }) => body.items)
      .flatMap((item) => (item.kind === "attribute" && item.name === "condition" ? [literalsIn(item)] : []));
  }
}

function blocksOf(item: SyntaxNode, type: string): Block[] {
  return item.kind === "block" && item.type === type ? [item] : [];
}

/** The elements of lists, and what is compared with `==`. */
function literalsIn(node: SyntaxNode): Json[] {
  const compared = node.kind === "binary" && node.operator === "==" ? [node.left, node.right] : [];
  const named = node.kind === "tuple" ? node.items : compared;
  return [...named.flatMap(literalOf), ...childrenOf(node).flatMap(literalsIn)];
}

function literalOf(item: Expression): Json[] {
  if (item.kind === "number") return [exactNumber(item.text)];
  const [only, ...more] = item.kind === "template" ? item.parts : [];
  return only?.kind === "text" && more.length === 0 ? [only.value] : [];
}
