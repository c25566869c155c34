import type { Block } from "../hcl/syntax/syntax.ts";
import { isJsonArray, isJsonObject, type JsonObject, parseJson } from "../json/json.ts";
import type { Report } from "./cell.ts";
import { attributeOf, type Module, readModule } from "./module.ts";
import type { SourceFiles } from "./parsed-files.ts";
import { decodeText, joinPath } from "./snapshot.ts";

/** Finds and reads the modules of one stack, each folder once. */
export class ModuleLoader {
  readonly #files: SourceFiles;
  readonly #root: string;
  readonly #report: Report;
  readonly #modules = new Map<string, Module>();
  #installed: ReadonlyMap<string, string> | null = null;

  constructor(files: SourceFiles, root: string, report: Report) {
    this.#files = files;
    this.#root = root;
    this.#report = report;
  }

  /** The folders of the modules that were read. */
  folders(): Iterable<string> {
    return this.#modules.keys();
  }

  /** The root module; without any code that is reported. */
  root(): Module {
    const module = this.#read(this.#root);
    if (module.files.length === 0) {
      const folder = this.#root === "." ? "the folder" : this.#root;
      const message = `there are no Terraform files in ${folder}; give the folder of a root module`;
      this.#report.add({ severity: "error", message, range: null });
    }
    return module;
  }

  /** The module a call names; null, and reported, where it is not there to be read. */
  load(call: Block, from: Module): Module | null {
    const source = attributeOf(call.body, "source");
    const text = source?.value.kind === "template" ? literalText(source.value) : null;
    const at = source?.value ?? call.typeRange;
    const name = call.labels[0]?.value ?? "";
    if (text === null) {
      this.#warn(
        `module ${JSON.stringify(name)} needs a source written as plain text; its resources are left to the state`,
        at,
      );
      return null;
    }
    const local = text === "." || text === ".." || text.startsWith("./") || text.startsWith("../");
    const folder = local ? joinPath(from.path, text) : this.#installedFolder(text, name);
    if (folder === null && local) {
      this.#report.add({
        severity: "error",
        message: `module ${JSON.stringify(name)}: ${text} is outside of the root; give a --root that holds it`,
        range: at,
      });
      return null;
    }
    if (folder === null) {
      this.#warn(
        `module ${JSON.stringify(name)}: its source is not in the checkout (terraform init brings it); its resources are left to the state`,
        at,
      );
      return null;
    }
    const module = this.#read(folder);
    if (module.files.length > 0) return module;
    this.#report.add({
      severity: "error",
      message: `module ${JSON.stringify(name)}: there are no Terraform files in ${folder}`,
      range: at,
    });
    return null;
  }

  #read(folder: string): Module {
    const known = this.#modules.get(folder);
    if (known !== undefined) return known;
    const module = readModule(this.#files, folder);
    for (const diagnostic of module.diagnostics) this.#report.add(diagnostic);
    this.#modules.set(folder, module);
    return module;
  }

  #warn(message: string, range: Parameters<Report["add"]>[0]["range"]): void {
    this.#report.add({ severity: "warning", message, range });
  }

  /** Where `terraform init` put a module that comes from elsewhere. */
  #installedFolder(source: string, name: string): string | null {
    this.#installed ??= readInstalled(this.#files, this.#root);
    return this.#installed.get(installedKey(source, name)) ?? null;
  }
}

function literalText(template: {
  readonly parts: readonly { kind: string; value?: string }[];
}): string | null {
  const [part] = template.parts;
  return template.parts.length === 1 && part?.kind === "text" ? (part.value ?? null) : null;
}

function installedKey(source: string, name: string): string {
  return JSON.stringify([source.replace(/^registry\.[^/]+\//, ""), name]);
}

/** `.terraform/modules/modules.json`, as `terraform init` leaves it: call names with dots, sources, folders. */
function readInstalled(files: SourceFiles, root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const bytes = files.snapshot.read(joinPath(root, ".terraform/modules/modules.json") ?? "");
  const text = bytes === undefined ? null : decodeText(bytes);
  if (text === null) return found;
  for (const entry of entriesOf(text)) {
    const { Key: key, Source: source, Dir: dir } = entry;
    if (typeof key !== "string" || typeof source !== "string" || typeof dir !== "string") continue;
    const folder = joinPath(root, dir);
    if (folder !== null) found.set(installedKey(source, key.split(".").at(-1) ?? ""), folder);
  }
  return found;
}

function entriesOf(text: string): JsonObject[] {
  try {
    const json = parseJson(text);
    const modules = isJsonObject(json) ? json["Modules"] : null;
    return isJsonArray(modules) ? modules.filter(isJsonObject) : [];
  } catch {
    return [];
  }
}
