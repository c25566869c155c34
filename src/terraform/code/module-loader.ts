import type { Block } from "../../hcl/syntax/syntax.ts";
import type { Report } from "../cells/report.ts";
import type { SourceFiles } from "../source/parsed-files.ts";
import { joinPath } from "../source/snapshot.ts";
import type { BlockShapes } from "./block-shapes.ts";
import { type ExternalModules, InstalledModules, type ModuleRequest } from "./installed-modules.ts";
import { literalText } from "./literal.ts";
import { attributeOf, type Module, readModule } from "./module.ts";
import { wrongInModule, wrongInRoot } from "./module-problems.ts";
import { isLockedByOpenTofu, isWrittenForNewer } from "./newer-programs.ts";
import { asError, type Wrong } from "./wrong.ts";

/** Finds and reads the modules of one stack, each folder once. */
export class ModuleLoader {
  readonly #files: SourceFiles;
  readonly #root: string;
  readonly #shapes: BlockShapes;
  readonly #report: Report;
  readonly #modules = new Map<string, Module>();
  readonly #loaded = new Map<Block, Module | null>();
  readonly #external: readonly ExternalModules[];
  #openTofu: boolean | null = null;

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
    // A file that cannot be read is reported.
    if (module.files.length === 0 && module.diagnostics.length === 0) {
      const folder = this.#root === "." ? "the folder" : this.#root;
      const why = this.#files.snapshot.whyNot?.(this.#root) ?? null;
      const message =
        why === null
          ? `there are no Terraform files in ${folder}; give the folder of a root module`
          : `${folder} cannot be read: ${why}`;
      this.#report.add({ severity: "error", message, range: null });
    }
    this.#refuse(wrongInRoot(module), module);
    return module;
  }

  /** The module a call names; null, and reported, where it is not there to be read. */
  load(call: Block, from: Module): Module | null {
    const known = this.#loaded.get(call);
    if (known !== undefined) return known;
    const module = this.#find(call, from);
    this.#loaded.set(call, module);
    return module;
  }

  #find(call: Block, from: Module): Module | null {
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
    if (local && folder !== null && this.#external.some((one) => one.escapes?.(from.path, folder) === true)) {
      this.#report.add({
        severity: "error",
        message: `module ${JSON.stringify(name)}: ${text} leads out of the package that the module comes in`,
        range: at,
      });
      return null;
    }
    if (folder === null) {
      const why = this.#whyNot(call, text, from);
      const missing =
        why === null
          ? "its source is not in the checkout (terraform init brings it, and --modules fetches it)"
          : `its source could not be fetched: ${why}`;
      this.#warn(`module ${JSON.stringify(name)}: ${missing}; its resources are left to the state`, at);
      return null;
    }
    const module = this.#read(folder);
    for (const { typeRange } of module.imports) {
      this.#warn(
        "import blocks count in the root module alone, and only newer programs see this one",
        typeRange,
      );
    }
    if (module.files.length > 0) return module;
    if (module.diagnostics.length > 0) return null;
    this.#report.add({
      severity: "error",
      message: `module ${JSON.stringify(name)}: ${this.#whyEmpty(folder)}`,
      range: at,
    });
    return null;
  }

  #whyEmpty(folder: string): string {
    const why = this.#files.snapshot.whyNot?.(folder) ?? null;
    return why === null ? `there are no Terraform files in ${folder}` : `${folder} cannot be read: ${why}`;
  }

  #read(folder: string): Module {
    const known = this.#modules.get(folder);
    if (known !== undefined) return known;
    const module = readModule(this.#files, folder, this.#shapes);
    for (const diagnostic of module.diagnostics) this.#report.add(diagnostic);
    this.#refuse(wrongInModule(module), module);
    this.#modules.set(folder, module);
    return module;
  }

  /** What only newer programs take is no error where one of them seems to be used. */
  #refuse(wrong: readonly Wrong[], module: Module): void {
    const isNewer = wrong.some(({ newer }) => newer === true) && this.#isNewer(module);
    for (const one of wrong) if (one.newer !== true || !isNewer) this.#report.add(asError(one));
  }

  #isNewer(module: Module): boolean {
    this.#openTofu ??= isLockedByOpenTofu(this.#files.snapshot, this.#root);
    return this.#openTofu || isWrittenForNewer(module);
  }

  #warn(message: string, range: Parameters<Report["add"]>[0]["range"]): void {
    this.#report.add({ severity: "warning", message, range });
  }

  #externalFolder(call: Block, source: string, from: Module): string | null {
    const request = requestOf(call, source, from);
    for (const modules of this.#askable(call)) {
      const folder = modules.folderOf(request);
      if (folder !== null) return folder;
      if (modules.isAwaited === true) return null;
    }
    return null;
  }

  #whyNot(call: Block, source: string, from: Module): string | null {
    if (!isVersionWritten(call))
      return "its version is not written as plain text, so it is not known which it is";
    for (const modules of this.#external) {
      const why = modules.whyNot?.(requestOf(call, source, from)) ?? null;
      if (why !== null) return why;
    }
    return null;
  }

  /** What `terraform init` brought is the version that the call wants, whatever it is; others would have to know it. */
  #askable(call: Block): readonly ExternalModules[] {
    return isVersionWritten(call)
      ? this.#external
      : this.#external.filter((modules) => modules instanceof InstalledModules);
  }
}

function requestOf(call: Block, source: string, from: Module): ModuleRequest {
  const version = attributeOf(call.body, "version")?.value;
  return {
    source,
    version: version === undefined ? null : (literalText(version) ?? null),
    name: call.labels[0]?.value ?? "",
    caller: from.path,
  };
}

function isVersionWritten(call: Block): boolean {
  const version = attributeOf(call.body, "version")?.value;
  return version === undefined || literalText(version) !== undefined;
}
