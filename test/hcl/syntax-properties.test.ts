import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits, type Edit, invertEdits } from "../../src/hcl/editing/edit.ts";
import { alignedInsert } from "../../src/hcl/editing/insert.ts";
import { removeItem, removeTupleItem } from "../../src/hcl/editing/remove.ts";
import { childrenOf, nodesAround, type SyntaxNode } from "../../src/hcl/syntax/nodes.ts";
import { parse, parseExpression, parseTemplate } from "../../src/hcl/syntax/parser.ts";
import { textOf } from "../../src/hcl/syntax/source.ts";
import { FRAGMENTS, mutate } from "./mutation.ts";
import { show } from "./tree.ts";

const folder = new URL("fixtures/", import.meta.url);
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith(".tf"))
  .map((path) => ({ path, text: readFileSync(new URL(path, folder), "utf8") }));

const noise = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom(...fixtures), fc.integer()).map(([file, seed]) => mutate(file.text, seed)),
);

function allNodes(root: SyntaxNode): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [root];
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node !== undefined) nodes.push(...childrenOf(node));
  }
  return nodes;
}

function checkRanges(root: SyntaxNode): void {
  for (const node of allNodes(root)) {
    let before = node.start;
    for (const child of childrenOf(node)) {
      const inOrder = node.start <= child.start && child.start <= child.end && child.end <= node.end;
      if (!inOrder || child.start < before) throw new Error(`${child.kind} in ${node.kind}: ${textOf(node)}`);
      before = child.end;
    }
  }
}

describe("whatever the text", () => {
  test("the parser gives a tree whose ranges nest, and diagnostics in the text", () => {
    fc.assert(
      fc.property(noise, (text) => {
        const { body, diagnostics } = parse({ path: "x.tf", text });
        checkRanges(body);
        for (const { message, range } of diagnostics) {
          expect(message).not.toBe("");
          expect(range).not.toBeNull();
          expect(range?.start).toBeLessThanOrEqual(range?.end ?? -1);
          expect(range?.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("an expression or a template is read or refused", () => {
    fc.assert(
      fc.property(noise, (text) => {
        const { expression, diagnostics } = parseExpression({ path: "x", text });
        expect(expression === null).toBe(diagnostics.length > 0);
        const template = parseTemplate({ path: "x", text });
        expect(template.diagnostics.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 800 },
    );
  });
});

describe.each(fixtures)("$path", (file) => {
  const { body, diagnostics } = parse(file);
  const nodes = allNodes(body);

  test("is read without errors, with ranges that nest", () => {
    expect(diagnostics).toEqual([]);
    checkRanges(body);
  });

  test("every attribute's value is the same when it is parsed alone", () => {
    for (const node of nodes) {
      if (node.kind !== "attribute") continue;
      const alone = parseExpression(file, node.value.start, node.value.end);
      expect(alone.diagnostics).toEqual([]);
      expect(alone.expression === null ? null : show(alone.expression)).toBe(show(node.value));
    }
  });

  test("a node is found by its range", () => {
    for (const node of nodes) expect(nodesAround(body, node.start, node.end)).toContain(node);
  });

  test("an item that is inserted is there, and all is as it was once that is undone", () => {
    for (const container of nodes) {
      if (container.kind !== "body" && container.kind !== "object") continue;
      for (const after of [null, ...container.items]) {
        const edits = alignedInsert(container, "inserted_here", () => "1", after);
        const text = applyEdits(file.text, edits);
        const result = parse({ path: file.path, text });
        expect(result.diagnostics).toEqual([]);
        expect(allNodes(result.body).length).toBe(nodes.length + (container.kind === "body" ? 2 : 3));
        expect(applyEdits(text, invertEdits(file.text, edits))).toBe(file.text);
        const kept = [/,inserted_here=1/, /inserted_here=1,?/].map((added) =>
          withoutBlanks(text).replace(added, ""),
        );
        expect(kept).toContain(withoutBlanks(file.text));
      }
    }
  });

  test("an item that is removed is gone, and nothing else", () => {
    const check = (item: SyntaxNode, edits: readonly Edit[]): void => {
      const result = parse({ path: file.path, text: applyEdits(file.text, edits) });
      expect(result.diagnostics).toEqual([]);
      expect(allNodes(result.body).length).toBe(nodes.length - allNodes(item).length);
    };
    for (const container of nodes) {
      if (container.kind === "tuple")
        for (const item of container.items) check(item, removeTupleItem(container, item));
      if (container.kind === "body" || container.kind === "object")
        for (const item of container.items) check(item, removeItem(container, item));
    }
  });
});

function withoutBlanks(text: string): string {
  return text.replace(/[ \t\r\n]/g, "");
}
