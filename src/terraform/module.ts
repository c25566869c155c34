import type { Diagnostic } from "../hcl/syntax/source.ts";
import type { Attribute, Block, Body } from "../hcl/syntax/syntax.ts";
import type { SourceFiles } from "./parsed-files.ts";
import { joinPath } from "./snapshot.ts";

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
  readonly outputs: ReadonlyMap<string, Block>;
  /** Managed resources by `type.name`, data sources by `data.type.name`. */
  readonly resources: ReadonlyMap<string, Block>;
  readonly calls: ReadonlyMap<string, Block>;
  readonly providers: readonly Block[];
  readonly moved: readonly Block[];
  readonly removed: readonly Block[];
  readonly imports: readonly Block[];
  readonly diagnostics: readonly Diagnostic[];
}

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
export function readModule(files: SourceFiles, path: string): Module {
  const reader = new ModuleReader(path);
  for (const name of files.snapshot.list(path)) {
    if (isJsonCode(name)) {
      reader.error(
        `${joinPath(path, name) ?? name}: Terraform's JSON syntax is not read yet; what it declares is missing`,
      );
    }
    if (!name.endsWith(".tf") && !name.endsWith(".tofu")) continue;
    const place = joinPath(path, name) ?? name;
    const source = files.get(place);
    if (source === null) {
      reader.error(`${place}: cannot be read: it is no file of UTF-8 text, or leads out of the root`);
      continue;
    }
    reader.diagnostics.push(...source.parsed.diagnostics);
    reader.files.push(place);
    if (isOverride(name))
      reader.error(`${place}: override files are not merged yet; what it overrides stays as it is`);
    else reader.body(source.parsed.body);
  }
  return reader;
}

/** Code that is known to be there, and is not read: what the module declares is not known in full. */
export function isUnreadCode(name: string): boolean {
  return isJsonCode(name) || isOverride(name);
}

function isJsonCode(name: string): boolean {
  return name.endsWith(".tf.json") || name.endsWith(".tofu.json");
}

function isOverride(name: string): boolean {
  return /(?:^|_)override\.(?:tf|tofu)$/.test(name);
}

class ModuleReader implements Module {
  readonly path: string;
  readonly files: string[] = [];
  readonly variables = new Map<string, Block>();
  readonly locals = new Map<string, Attribute>();
  readonly outputs = new Map<string, Block>();
  readonly resources = new Map<string, Block>();
  readonly calls = new Map<string, Block>();
  readonly providers: Block[] = [];
  readonly moved: Block[] = [];
  readonly removed: Block[] = [];
  readonly imports: Block[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(path: string) {
    this.path = path;
  }

  error(message: string): void {
    this.diagnostics.push({ severity: "error", message, range: null });
  }

  body(body: Body): void {
    for (const item of body.items) {
      if (item.kind === "block") this.#block(item);
      else this.#report(`an argument is not expected here; blocks such as resource or locals are`, item);
    }
  }

  #block(block: Block): void {
    const wanted = LABELS.get(block.type);
    if (wanted === undefined) {
      this.#report(`Terraform has no ${JSON.stringify(block.type)} block; it is left out`, block, "warning");
      return;
    }
    if (block.labels.length !== wanted) {
      this.#report(
        `the block ${JSON.stringify(block.type)} needs ${wanted === 0 ? "no" : wanted} label${wanted === 1 ? "" : "s"}`,
        block,
      );
      return;
    }
    const [first = "", second = ""] = block.labels.map((label) => label.value);
    switch (block.type) {
      case "variable":
        this.#declare(this.variables, first, block, `variable ${JSON.stringify(first)}`);
        break;
      case "output":
        this.#declare(this.outputs, first, block, `output ${JSON.stringify(first)}`);
        break;
      case "module":
        this.#declare(this.calls, first, block, `module ${JSON.stringify(first)}`);
        break;
      case "resource":
        this.#declare(this.resources, `${first}.${second}`, block, `resource ${first}.${second}`);
        break;
      case "data":
        this.#declare(this.resources, `data.${first}.${second}`, block, `data source ${first}.${second}`);
        break;
      case "locals":
        this.#locals(block);
        break;
      case "provider":
        this.providers.push(block);
        break;
      case "moved":
      case "removed":
        this[block.type].push(block);
        break;
      case "import":
        this.imports.push(block);
    }
  }

  #locals(block: Block): void {
    for (const item of block.body.items) {
      if (item.kind === "attribute") {
        this.#declare(this.locals, item.name, item, `local ${JSON.stringify(item.name)}`);
      }
    }
  }

  #declare<T extends Block | Attribute>(into: Map<string, T>, name: string, item: T, what: string): void {
    if (into.has(name)) this.#report(`${what} is declared twice; the first one counts`, item);
    else into.set(name, item);
  }

  #report(message: string, at: Block | Attribute, severity: "error" | "warning" = "error"): void {
    const range = at.kind === "block" ? at.typeRange : at.nameRange;
    this.diagnostics.push({ severity, message, range });
  }
}

export function attributeOf(body: Body, name: string): Attribute | null {
  for (const item of body.items) if (item.kind === "attribute" && item.name === name) return item;
  return null;
}

export function blocksOf(body: Body, type: string): Block[] {
  return body.items.filter((item) => item.kind === "block").filter((block) => block.type === type);
}
