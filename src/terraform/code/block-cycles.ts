import type { Diagnostic, Range } from "../../hcl/syntax/source.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import { type BlockName, namesIn, namesInArgument, namesInBody } from "./block-references.ts";
import { blocksOf, type Module } from "./module.ts";
import type { ModuleTree } from "./module-tree.ts";
import { cyclesOf } from "./strong-components.ts";

/** Of a stack with more blocks, or references of them, than anybody writes no cycles are looked for. */
const MOST_BLOCKS = 500_000;
const MOST_REFERENCES = 5_000_000;

/** Of a longer cycle the middle is left out. */
const MOST_NAMES = 12;

/**
 * The blocks that wait for each other. Terraform orders its work by blocks, whatever the values are: a block waits for
 * all that it refers to, through variables and outputs, and everything in a module waits for `count`, `for_each` and
 * `depends_on` of its call (https://developer.hashicorp.com/terraform/internals/graph).
 */
export function cyclesIn(tree: ModuleTree): Diagnostic[] {
  const graph = new BlockGraph();
  const root = graph.add(tree, "", null);
  if (!graph.isFull) graph.link(root, null);
  if (graph.isFull) return [];
  return cyclesOf(graph.edges).map((cycle) => {
    const message = `these wait for each other, so none can be made first: ${namesOf(graph, cycle)}`;
    const range = graph.nodes[cycle[0] ?? 0]?.range ?? null;
    return { severity: "error", message: `${message}; take one of the references out`, range };
  });
}

function namesOf({ nodes }: BlockGraph, cycle: readonly number[]): string {
  const names = [...cycle, cycle[0] ?? 0].map((node) => nodes[node]?.name ?? "");
  const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES - 2), "…", names[0]] : names;
  return shown.join(" -> ");
}

/** What stands in a module and waits for something. */
interface Written {
  /** As references name it. */
  readonly name: BlockName;
  readonly range: Range;
  readonly waitsFor: readonly BlockName[];
}

/** A module's blocks with the names in them; the same wherever the module is called. */
interface WrittenModule {
  readonly blocks: readonly Written[];
  /** By call: what each argument refers to, and what the call as a whole waits for. */
  readonly calls: ReadonlyMap<string, WrittenCall>;
}

interface WrittenCall {
  readonly range: Range;
  readonly arguments: ReadonlyMap<string, readonly BlockName[]>;
  readonly waitsFor: readonly BlockName[];
}

/** A module at one place of the tree, as nodes of the graph. */
interface Place {
  readonly written: WrittenModule;
  readonly ids: ReadonlyMap<BlockName, number>;
  /** Everything in the module waits for the first; the last waits for everything in it. */
  readonly first: number;
  readonly last: number;
  readonly call: WrittenCall | null;
  readonly inner: ReadonlyMap<string, Place>;
}

class BlockGraph {
  readonly nodes: { readonly name: string; readonly range: Range | null }[] = [];
  /** What each node waits for. */
  readonly edges: number[][] = [];
  readonly #written = new Map<Module, WrittenModule>();
  #references = 0;

  get isFull(): boolean {
    return this.nodes.length > MOST_BLOCKS || this.#references > MOST_REFERENCES;
  }

  /** Adds the blocks of a module and of those below it. `path` stands before their names: `module.shop.`. */
  add({ module, children }: ModuleTree, path: string, call: WrittenCall | null): Place {
    const written = this.#writtenIn(module);
    const name = path.slice(0, -1);
    const range = call?.range ?? null;
    const first = this.#node(`${name} (count, for_each or depends_on)`, range);
    const ids = new Map<BlockName, number>();
    for (const block of written.blocks) ids.set(block.name, this.#node(path + block.name, block.range));
    const inner = new Map<string, Place>();
    for (const [called, child] of children) {
      if (this.isFull) break;
      inner.set(called, this.add(child, `${path}module.${called}.`, written.calls.get(called) ?? null));
    }
    const last = this.#node(`${name} (all of it)`, range);
    return { written, ids, first, last, call, inner };
  }

  /** Draws what the blocks wait for. */
  link(place: Place, outer: Place | null): void {
    const { written, ids, first, last, call, inner } = place;
    if (outer !== null && call !== null) {
      this.#draw(first, outer, call.waitsFor);
      this.edges[first]?.push(outer.first);
    }
    for (const { name, waitsFor } of written.blocks) {
      const node = ids.get(name) ?? first;
      this.edges[node]?.push(first);
      this.edges[last]?.push(node);
      this.#draw(node, place, waitsFor);
      const given = name.startsWith("var.") ? call?.arguments.get(name.slice("var.".length)) : undefined;
      if (outer !== null && given !== undefined) this.#draw(node, outer, given);
    }
    for (const child of inner.values()) {
      this.edges[last]?.push(child.last);
      this.link(child, place);
    }
  }

  #draw(from: number, { ids, inner }: Place, names: readonly BlockName[]): void {
    this.#references += names.length;
    if (this.isFull) return;
    for (const name of names) {
      const to = name.startsWith("module.") ? innerNode(name, inner) : ids.get(name);
      if (to !== undefined) this.edges[from]?.push(to);
    }
  }

  #writtenIn(module: Module): WrittenModule {
    const known = this.#written.get(module);
    if (known !== undefined) return known;
    const written = writtenModule(module);
    this.#written.set(module, written);
    return written;
  }

  #node(name: string, range: Range | null): number {
    this.nodes.push({ name, range });
    this.edges.push([]);
    return this.nodes.length - 1;
  }
}

/** What a reference to a module or one of its outputs waits for. */
function innerNode(name: BlockName, inner: Place["inner"]): number | undefined {
  const [, call = "", output] = name.split(".");
  const place = inner.get(call);
  return output === undefined ? place?.last : place?.ids.get(`output.${output}`);
}

function writtenModule({ variables, locals, outputs, resources, calls }: Module): WrittenModule {
  const blocks: Written[] = [];
  const add = (name: BlockName, range: Range, found: readonly BlockName[], own: BlockName | null = null) =>
    blocks.push({
      name,
      range,
      waitsFor: own === null || !found.includes(own) ? found : found.filter((other) => other !== own),
    });
  for (const [name, { body, typeRange }] of variables) {
    const found = blocksOf(body, "validation").flatMap((block) => namesInBody(block.body));
    // A validation is about the variable itself.
    add(`var.${name}`, typeRange, found, `var.${name}`);
  }
  for (const [name, local] of locals) add(`local.${name}`, local.nameRange, namesIn([local]));
  for (const [name, { body, typeRange }] of outputs) add(`output.${name}`, typeRange, namesInBody(body));
  // What a resource says of itself is another matter.
  for (const [name, { body, typeRange }] of resources) add(name, typeRange, namesInBody(body), name);
  return { blocks, calls: new Map(Array.from(calls, ([name, call]) => [name, writtenCall(call)])) };
}

function writtenCall({ body, typeRange }: Block): WrittenCall {
  const waitsFor = ["count", "for_each", "depends_on"].flatMap((name) => namesInArgument(body, name));
  const given = body.items.flatMap((item) =>
    item.kind === "attribute" ? [[item.name, namesIn([item])] as const] : [],
  );
  return { range: typeRange, arguments: new Map(given), waitsFor };
}
