import type { Block } from "../../hcl/syntax/syntax.ts";
import type { Report } from "../cells/cell.ts";
import type { SourceFiles } from "../source/parsed-files.ts";
import { joinPath } from "../source/snapshot.ts";
import type { BlockShapes } from "./block-shapes.ts";
import type { ExternalModules } from "./installed-modules.ts";
import { literalText } from "./literal.ts";
import { attributeOf, type Module, readModule } from "./module.ts";

/** Finds and reads the modules of one stack, each folder once. */
export class ModuleLoader {
  readonly #files: SourceFiles;
  readonly #root: string;
  readonly #shapes: BlockShapes;
  readonly #report: Report;
  readonly #modules = new Map<string, Module>();
  readonly #external: readonly ExternalModules[];

  /** `external` are asked one after the other for modules that are no folders of the repository. */
  constructor(
    files: SourceFiles,
    root: string,
    shapes: BlockShapes,
    report: Report,
    external: readonly ExternalModules[],
  ) {
    this.#external = external;
    this.#files = files;
    this.#root = root;
    this.#shapes = shapes;
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
    const text = source === null ? undefined : literalText(source.value);
    const at = source?.value ?? call.typeRange;
    const name = call.labels[0]?.value ?? "";
    if (text === undefined) {
      this.#warn(
        `module ${JSON.stringify(name)} needs a source written as plain text; its resources are left to the state`,
        at,
      );
      return null;
    }
    const local = text === "." || text === ".." || text.startsWith("./") || text.startsWith("../");
    const folder = local ? joinPath(from.path, text) : this.#externalFolder(call, text, from);
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
    const module = readModule(this.#files, folder, this.#shapes);
    for (const diagnostic of module.diagnostics) this.#report.add(diagnostic);
    this.#modules.set(folder, module);
    return module;
  }

  #warn(message: string, range: Parameters<Report["add"]>[0]["range"]): void {
    this.#report.add({ severity: "warning", message, range });
  }

  #externalFolder(call: Block, source: string, from: Module): string | null {
    const version = attributeOf(call.body, "version")?.value;
    const request = {
      source,
      version: version === undefined ? null : (literalText(version) ?? null),
      name: call.labels[0]?.value ?? "",
      caller: from.path,
    };
    for (const modules of this.#external) {
      const folder = modules.folderOf(request);
      if (folder !== null) return folder;
    }
    return null;
  }
}
