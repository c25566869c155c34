import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, type Edit } from "../../src/hcl/editing/edit.ts";
import { eraseElement, eraseItem, writeElement, writeEntry } from "../../src/hcl/editing/write.ts";
import { childrenOf, type SyntaxNode } from "../../src/hcl/syntax/nodes.ts";
import { parse } from "../../src/hcl/syntax/parser.ts";
import type { Expression, ObjectConstructor, TupleConstructor } from "../../src/hcl/syntax/syntax.ts";
import type { Json } from "../../src/json/json.ts";
import { editRepeatedly, spliceBetween } from "../../src/reconcile/compose.ts";
import { windowAround } from "../../src/reconcile/window.ts";
import { COLLECTIONS } from "../adoption/cases/collections.ts";
import { EXPRESSIONS } from "../adoption/cases/expressions.ts";
import { INPUTS } from "../adoption/cases/inputs.ts";
import { LITERALS } from "../adoption/cases/literals.ts";

type Collection = ObjectConstructor | TupleConstructor;

/** What is done to a collection, one after the other. */
type Step = { readonly add: Json } | { readonly erase: number };

const PLATFORM = `locals {
  services = {
    "web" = { port = 80, tags = { Name = "web" } }
    "api-1" = {
      port    = 8080
      tags    = merge(var.tags, { Name = "api" })
      policy  = jsonencode({
        Version = "2012-10-17"
        Statement = [
          { Effect = "Allow", Action = ["s3:Get*", "s3:List*"] },
          {
            Effect = "Deny"
            Action = [
              "s3:Delete*", # never
            ]
          },
        ]
      })
      hosts = ["a", "b"]
    }
  }
  names = [for name in ["x", "y"] : {
    name = name
    in   = { a = 1 }
  }]
}

resource "x_y" "z" {
  script = <<-EOT
    a {
      b = \${jsonencode({
        c = ["d"]
      })}
    }
  EOT
  nested {
    list = [
      1,
      2,
    ]
  }
}
`;

const TEXTS = [
  PLATFORM,
  ...[...COLLECTIONS, ...EXPRESSIONS, ...INPUTS, ...LITERALS].flatMap(({ files }) =>
    Object.entries(files).flatMap(([path, text]) => (/\.(?:tf|tfvars)$/.test(path) ? [text] : [])),
  ),
];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ add: fc.constantFrom<Json>("x", 1, ["a", "b"], { a: "b", "c d": [1] }, "two\nlines", {}) }),
  fc.record({ erase: fc.nat({ max: 3 }) }),
);

/** Line ends of Windows, a mark at the start, tabs, and no indentation at all. */
const spelling = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.replaceAll("\n", "\r\n"),
  (text: string) => `\ufeff${text}`,
  (text: string) => text.replaceAll("  ", "\t"),
  (text: string) => text.replace(/^[ ]+/gm, ""),
  (text: string) => text.replace(/ +=/g, " ="),
);

function collectionsIn(text: string): Collection[] {
  const found: Collection[] = [];
  const open: SyntaxNode[] = [parse({ path: "main.tf", text }).body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "object" || node.kind === "tuple") found.push(node);
    open.push(...childrenOf(node));
  }
  return found;
}

/** Does one step after the other. */
function doing(steps: readonly Step[]): (node: Collection) => readonly Edit[] | null {
  const left = [...steps];
  return (node) => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const edits = editsFor(node, next, left.length);
      if (edits !== null && edits.length > 0) return edits;
    }
    return [];
  };
}

function editsFor(node: Collection, next: Step, number: number): readonly Edit[] | null {
  if (node.kind === "object") {
    const item = "erase" in next ? node.items[next.erase] : undefined;
    if ("add" in next) return writeEntry(node, `key_${number}`, next.add, node.items.at(-1) ?? null);
    return item === undefined ? null : eraseItem(node, item);
  }
  const item = "erase" in next ? node.items[next.erase] : undefined;
  if ("add" in next)
    return node.items.length === 0 ? null : writeElement(node, next.add, node.items.at(-1) ?? null);
  return item === undefined ? null : eraseElement(node, item);
}

/** The same on the whole file, which is parsed again for each step. */
function onWholeFile(
  node: Collection,
  next: (node: Collection) => readonly Edit[] | null,
): readonly Edit[] | null {
  const way = wayTo(parse(node.file).body, node);
  let current: Collection = node;
  let first: readonly Edit[] = [];
  for (let round = 0; ; round += 1) {
    const edits = next(current);
    if (edits === null) return null;
    if (edits.length === 0) return round <= 1 ? first : spliceBetween(node.file, current.file.text);
    if (round === 0) first = edits;
    const { body } = parse({ path: "main.tf", text: applyEdits(current.file.text, edits) });
    const found = way.reduce<SyntaxNode | undefined>((at, index) => at && childrenOf(at)[index], body);
    if (found?.kind !== node.kind) return null;
    current = found as Collection;
  }
}

function wayTo(body: SyntaxNode, node: Expression): number[] {
  const way: number[] = [];
  for (let at = body; at.start !== node.start || at.end !== node.end || at.kind !== node.kind; ) {
    const children = childrenOf(at);
    const index = children.findIndex((child) => child.start <= node.start && node.end <= child.end);
    way.push(index);
    const child = children[index];
    if (child === undefined) throw new Error("the node is not in its file");
    at = child;
  }
  return way;
}

describe("editRepeatedly", () => {
  it("makes the edits that parsing the whole file each time would make", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(PLATFORM), fc.constantFrom(...TEXTS)),
        spelling,
        fc.nat(),
        fc.array(step, { maxLength: 4 }),
        (written, spelled, which, steps) => {
          const collections = collectionsIn(spelled(written));
          const node = collections[which % Math.max(collections.length, 1)];
          if (node === undefined) return;
          expect(editRepeatedly(node, doing(steps))).toEqual(onWholeFile(node, doing(steps)));
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it.each([
    ["an entry of a map that stands on one line", "port = 80", "  services = {"],
    ["an argument of a call", 'Name = "api"', "    axxxxxb = {".replaceAll("x", "_")],
    ["an element of a list", '"s3:Get*"', "        Statement = ["],
    ["a list in a block", "2,\n", "  nested {"],
  ])("looks only at the lines around %s", (_, inside, first) => {
    const [node] = collectionsIn(PLATFORM)
      .filter(({ start, end }) => PLATFORM.slice(start, end).includes(inside))
      .sort((a, b) => a.end - a.start - (b.end - b.start));
    expect(node && windowAround(node)?.file.text.split("\n")[0]).toBe(first);
  });
});
