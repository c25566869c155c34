import fc from "fast-check";
import type { Edit } from "../../src/hcl/editing/edit.ts";
import { childrenOf, type SyntaxNode } from "../../src/hcl/syntax/nodes.ts";
import { parse } from "../../src/hcl/syntax/parser.ts";

/** A place of a file where something can be written, and what. */
export interface Spot {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly texts: readonly string[];
}

const VALUES = [
  '"x"',
  '"a"',
  '""',
  "1",
  "0",
  "2",
  "true",
  "null",
  '["a", "b"]',
  "{}",
  '{ a = "x" }',
  "upper",
  '"${1 + 1}"',
  "<<EOT\nx\nEOT",
  "sensitive(1)",
];

/** The places of native files where literals, arguments, entries, elements and blocks stand or could stand. */
export function spotsOf(files: Readonly<Record<string, string>>): Spot[] {
  return Object.entries(files).flatMap(([file, text]) =>
    /\.(?:tf|tfvars)$/.test(file) ? spotsIn(file, text) : plainSpots(file, text),
  );
}

function plainSpots(file: string, text: string): Spot[] {
  return [...text.matchAll(/[a-z0-9]+/g)].map(({ index, 0: word }) => ({
    file,
    start: index,
    end: index + word.length,
    texts: ["x", "7", "${", ""],
  }));
}

function spotsIn(file: string, text: string): Spot[] {
  const spots: Spot[] = [];
  const open: SyntaxNode[] = [parse({ path: file, text }).body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    open.push(...childrenOf(node));
    const { start, end } = node;
    if (node.kind === "number" || node.kind === "keyword" || node.kind === "template")
      spots.push({ file, start, end, texts: [...VALUES, quoted(text.slice(start, end))] });
    if (node.kind === "variable" || node.kind === "get-attribute")
      spots.push({ file, start, end, texts: ['"x"', "local.names", "var.nothing", "1"] });
    if (node.kind === "text" && end - start > 1)
      spots.push({ file, start: start + 1, end: end - 1, texts: ["", "y", "${local.x}", '"'] });
    if (node.kind === "attribute" || node.kind === "item" || node.kind === "block") {
      const line = lineOf(text, start, end);
      spots.push({ file, ...line, texts: [""] });
      spots.push({ file, start: line.end, end: line.end, texts: INSERTED });
    }
    if (node.kind === "body" || node.kind === "object" || node.kind === "tuple")
      spots.push(...gapsIn(file, text, node));
    if (node.kind === "tuple" && node.items.length > 0) {
      const last = node.items.at(-1);
      if (last !== undefined)
        spots.push({ file, start: last.end, end: last.end, texts: [', "a"', ", 5", ",", " "] });
    }
  }
  return spots;
}

type Container = Extract<SyntaxNode, { kind: "body" | "object" | "tuple" }>;

/** The places between items, at their first and last blanks: what is written there may reach over to a neighbour. */
function gapsIn(file: string, text: string, { kind, start, end, items }: Container): Spot[] {
  const [opened, closed] = kind === "body" ? [start, end] : [start + 1, end - 1];
  const gaps = [opened, ...items.map((item) => item.end)].map(
    (from, index) => [from, items[index]?.start ?? closed] as const,
  );
  return gaps.flatMap(([from, to]) => {
    const places = new Set([from, from + 1, text.indexOf("\n", from) + 1, to - 1, to]);
    return [...places]
      .filter((at) => at >= from && at <= to)
      .map((at) => ({ file, start: at, end: at, texts: IN_GAPS }));
  });
}

const IN_GAPS = ["#", "//", "/*", "+ 2", "+ 5 ", "[0]", "-", "!", ".a", "? 1 : 2", "x = 3\n", '"z", '];

const INSERTED = [
  'new = "x"\n',
  "count = 2\n",
  "  \n",
  "extra {\n  a = 1\n}\n",
  '"k" = { a = 1 }\n',
  "}\n",
  "# remark\n",
];

function quoted(literal: string): string {
  return literal.startsWith('"') ? `"z${literal.slice(1)}` : `${literal}0`;
}

function lineOf(text: string, start: number, end: number): { start: number; end: number } {
  const next = text.indexOf("\n", end);
  return { start: text.lastIndexOf("\n", start - 1) + 1, end: next === -1 ? text.length : next + 1 };
}

/** One to three edits at such places, which do not overlap; as many replace something as insert something. */
export function editsAt(spots: readonly Spot[]): fc.Arbitrary<readonly Edit[]> {
  const [replaced, inserted] = [true, false].map((replaces) =>
    spots.filter(({ start, end }) => start < end === replaces),
  );
  const at = [replaced, inserted].flatMap((some = []) => (some.length === 0 ? [] : [editAt(some)]));
  return fc
    .array(fc.oneof(...at), { minLength: 1, maxLength: 3 })
    .map((edits) =>
      edits.filter((one, index) => edits.slice(0, index).every((other) => isApart(one, other))),
    );
}

function editAt(spots: readonly Spot[]): fc.Arbitrary<Edit> {
  return fc
    .constantFrom(...spots)
    .chain(({ file, start, end, texts }) =>
      fc.constantFrom(...texts).map((text): Edit => ({ file, start, end, text })),
    );
}

function isApart(a: Edit, b: Edit): boolean {
  return a.file !== b.file || a.end < b.start || b.end < a.start;
}
