import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import type { Diagnostic } from "../../hcl/syntax/source.ts";
import type { Attribute, Block, Body } from "../../hcl/syntax/syntax.ts";
import { codeFiles, isOverride } from "../source/file-names.ts";
import type { SourceFiles } from "../source/parsed-files.ts";
import { joinPath } from "../source/snapshot.ts";
import { whyUnreadable } from "../source/unreadable.ts";
import type { BlockShapes } from "./block-shapes.ts";
import { attributeOf } from "./body-index.ts";
import { withNestedBlocks } from "./json-blocks.ts";
import { literalText } from "./literal.ts";
import { type Overridden, overrideBlock, unmergedOverride } from "./override.ts";

export { attributeOf };

/**
 * What the files of one folder declare
 * (https://developer.hashicorp.com/terraform/language/files). Nothing is evaluated yet.
 */
export interface Module {
  /** The folder, from the root of the snapshot. */
  readonly path: string;
  readonly files: readonly string[];
  readonly variables: ReadonlyMap<string, Block>;
  readonly locals: ReadonlyMap<string, Attribute>;
  /** Locals whose values do not parse. */
  readonly unreadLocals: ReadonlySet<string>;
  readonly outputs: ReadonlyMap<string, Block>;
  /** Managed resources by `type.name`, data sources by `data.type.name`. */
  readonly resources: ReadonlyMap<string, Block>;
  readonly calls: ReadonlyMap<string, Block>;
  readonly providers: readonly Block[];
  readonly moved: readonly Block[];
  readonly removed: readonly Block[];
  readonly imports: readonly Block[];
  readonly checks: readonly Block[];
  /** The `terraform` blocks; `overrides`: of an override file. */
  readonly settings: readonly { readonly block: Block; readonly overrides: boolean }[];
  readonly diagnostics: readonly Diagnostic[];
  /**
   * In a trial: another block is declared under a name that there is. A module belongs to one evaluation, and nothing
   * but this and `replaceLocal` changes what it declares.
   */
  replaceBlock(kind: NamedBlocks, name: string, block: Block): void;
  /** In a trial: the same for a local. */
  replaceLocal(name: string, local: Attribute): void;
}

/** What a module declares blocks of by name. */
export type NamedBlocks = "variables" | "outputs" | "resources" | "calls";

/** How many labels each block has; those at the end say nothing about the values of managed resources. */
const LABELS = new Map([
  ["variable", 1],
  ["output", 1],
  ["module", 1],
  ["provider", 1],
  ["resource", 2],
  ["data", 2],
  ["locals", 0],
  ["moved", 0],
  ["removed", 0],
  ["import", 0],
  ["terraform", 0],
  ["check", 1],
  ["ephemeral", 2],
  ["action", 2],
]);

/** Reads the module in a folder; what cannot be read becomes a diagnostic and the rest stays. */
export function readModule(files: SourceFiles, path: string, shapes: BlockShapes): Module {
  const reader = new ModuleReader(path, shapes);
  for (const name of codeFiles(files.snapshot.list(path))) {
    const place = joinPath(path, name) ?? name;
    const source = files.get(place);
    if (source === null) {
      reader.error(`${place} cannot be read: ${whyUnreadable(files.snapshot, place)}`);
      continue;
    }
    reader.diagnostics.push(...source.parsed.diagnostics);
    reader.files.push(place);
    reader.body(source.parsed.body, isOverride(name));
  }
  return reader;
}

class ModuleReader implements Module {
  readonly path: string;
  readonly files: string[] = [];
  readonly variables = new Map<string, Block>();
  readonly locals = new Map<string, Attribute>();
  readonly unreadLocals = new Set<string>();
  readonly outputs = new Map<string, Block>();
  readonly resources = new Map<string, Block>();
  readonly calls = new Map<string, Block>();
  readonly providers: Block[] = [];
  readonly moved: Block[] = [];
  readonly removed: Block[] = [];
  readonly imports: Block[] = [];
  readonly checks: Block[] = [];
  readonly settings: { block: Block; overrides: boolean }[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #shapes: BlockShapes;
  /** Where a provider stands among `providers`, by name and alias. */
  readonly #providerPlaces = new Map<string, number>();

  constructor(path: string, shapes: BlockShapes) {
    this.path = path;
    this.#shapes = shapes;
  }

  replaceBlock(kind: NamedBlocks, name: string, block: Block): void {
    this[kind].set(name, block);
  }

  replaceLocal(name: string, local: Attribute): void {
    this.locals.set(name, local);
  }

  error(message: string): void {
    this.diagnostics.push({ severity: "error", message, range: null });
  }

  /** Takes up what a file declares. Files that override what others declare come last. */
  body(body: Body, overrides: boolean): void {
    for (const item of body.items) {
      if (item.kind === "block") this.#block(item, overrides);
      else this.#report(`an argument is not expected here; blocks such as resource or locals are`, item);
    }
  }

  #block(block: Block, overrides: boolean): void {
    const wanted = LABELS.get(block.type);
    if (wanted === undefined) {
      this.#reportUnknown(block);
      return;
    }
    if (block.labels.length !== wanted) {
      this.#report(
        `the block ${JSON.stringify(block.type)} needs ${wanted === 0 ? "no" : wanted} label${wanted === 1 ? "" : "s"}`,
        block,
      );
      return;
    }
    const declare = (into: Map<string, Block>, name: string, item: Block, what: string) =>
      overrides ? this.#override(into, name, item, what) : this.#declare(into, name, item, what);
    const [first = "", second = ""] = block.labels.map((label) => label.value);
    switch (block.type) {
      case "variable":
        declare(this.variables, first, block, `variable ${JSON.stringify(first)}`);
        break;
      case "output":
        declare(this.outputs, first, block, `output ${JSON.stringify(first)}`);
        break;
      case "module":
        declare(this.calls, first, block, `module ${JSON.stringify(first)}`);
        break;
      case "resource":
        declare(this.resources, `${first}.${second}`, this.#nested(block), `resource ${first}.${second}`);
        break;
      case "data":
        declare(
          this.resources,
          `data.${first}.${second}`,
          this.#nested(block),
          `data source ${first}.${second}`,
        );
        break;
      case "locals":
        this.#locals(block, overrides);
        break;
      case "provider":
        if (overrides) this.#overrideProvider(this.#nested(block));
        else this.#addProvider(this.#nested(block));
        break;
      case "moved":
      case "removed":
      case "import":
        if (overrides) this.#report(`${block.type} blocks cannot stand in an override file`, block);
        else this[block.type === "import" ? "imports" : block.type].push(block);
        break;
      case "check":
        if (overrides) this.#report("check blocks cannot stand in an override file", block);
        else this.checks.push(block);
        break;
      case "terraform":
        this.settings.push({ block, overrides });
    }
  }

  /** One that is no slip of the pen may be of a Terraform that is newer. */
  #reportUnknown(block: Block): void {
    const meant = didYouMean(block.type, LABELS.keys());
    const message = `Terraform has no ${JSON.stringify(block.type)} block`;
    if (meant !== "") this.#report(`${message}${meant}`, block);
    else this.#report(`${message}; it is left out`, block, "warning");
  }

  #nested(block: Block): Block {
    return withNestedBlocks(block, this.#shapes);
  }

  #locals(block: Block, overrides: boolean): void {
    for (const name of block.body.unread ?? []) this.unreadLocals.add(name);
    for (const item of block.body.items) {
      if (item.kind === "block") {
        this.#report("locals holds no blocks; an object is written name = { … }", item);
        continue;
      }
      const what = `local ${JSON.stringify(item.name)}`;
      if (!overrides) this.#declare(this.locals, item.name, item, what);
      else if (this.locals.has(item.name)) this.locals.set(item.name, item);
      else this.#reportMissing(what, item);
    }
  }

  #declare<T extends Block | Attribute>(into: Map<string, T>, name: string, item: T, what: string): void {
    if (into.has(name)) this.#report(`${what} is declared twice; the first one counts`, item);
    else into.set(name, item);
  }

  #override(into: Map<string, Block>, name: string, item: Block, what: string): void {
    const base = into.get(name);
    if (base === undefined) this.#reportMissing(what, item);
    else into.set(name, this.#taken(overrideBlock(base, item)));
  }

  /** A configuration that the code does not write out is there all the same, and empty; not so one with an alias. */
  #overrideProvider(block: Block): void {
    const [name, alias] = [block.labels[0]?.value ?? "", aliasOf(block)];
    const at = this.#providerPlaces.get(providerKey(block)) ?? -1;
    const base = this.providers[at];
    if (base !== undefined) this.providers[at] = this.#taken(overrideBlock(base, block));
    else if (alias === null) this.#addProvider(this.#taken(unmergedOverride(block)));
    else this.#reportMissing(`provider ${name}.${alias}`, block);
  }

  /** Of those with the same name and alias the first one is overridden. */
  #addProvider(block: Block): void {
    const key = providerKey(block);
    if (!this.#providerPlaces.has(key)) this.#providerPlaces.set(key, this.providers.length);
    this.providers.push(block);
  }

  #taken({ block, problems }: Overridden): Block {
    this.diagnostics.push(...problems);
    return block;
  }

  #reportMissing(what: string, at: Block | Attribute): void {
    const advice = "declare it in another file, or give this one a name without override";
    this.#report(`there is no ${what} to override; ${advice}`, at);
  }

  #report(message: string, at: Block | Attribute, severity: "error" | "warning" = "error"): void {
    const range = at.kind === "block" ? at.typeRange : at.nameRange;
    this.diagnostics.push({ severity, message, range });
  }
}

function aliasOf({ body }: Block): string | null {
  const alias = attributeOf(body, "alias");
  return alias === null ? null : (literalText(alias.value) ?? null);
}

function providerKey(block: Block): string {
  return JSON.stringify([block.labels[0]?.value ?? "", aliasOf(block)]);
}

/** What a module declares under a name that it declares. */
export function declaredIn<Item>(items: ReadonlyMap<string, Item>, name: string): Item {
  const item = items.get(name);
  if (item === undefined) throw new Error(`${name} is not declared`);
  return item;
}

export function blocksOf(body: Body, type: string): Block[] {
  return body.items.filter((item): item is Block => item.kind === "block" && item.type === type);
}
