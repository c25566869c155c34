import type { Diagnostic, SourceFile } from "../hcl/syntax/source.ts";
import type { Attribute, Body } from "../hcl/syntax/syntax.ts";
import type { SourceFiles } from "./parsed-files.ts";
import { joinPath } from "./snapshot.ts";

/** A `--var-file` (a file of the snapshot) or a `--var`; the later ones win. */
export type Setting =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "variable"; readonly name: string; readonly text: string };

/** What gives a root variable its value. */
export type GivenValue =
  | { readonly kind: "tfvars"; readonly attribute: Attribute }
  | { readonly kind: "setting"; readonly name: string; readonly text: string };

/** The values given to the variables of a root module, and the variable files they come from. */
export interface RootInputs {
  readonly given: ReadonlyMap<string, GivenValue>;
  /** The files that were read, the strongest last. */
  readonly files: readonly { readonly path: string; readonly body: Body }[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the values of root variables in Terraform's order: `terraform.tfvars`, `*.auto.tfvars` by name, then what was
 * asked for (https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence).
 */
export function readInputs(files: SourceFiles, root: string, settings: readonly Setting[]): RootInputs {
  const given = new Map<string, GivenValue>();
  const read: { path: string; body: Body }[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const setting of [...automaticFiles(files, root, diagnostics), ...settings]) {
    if (setting.kind === "variable") {
      given.set(setting.name, { kind: "setting", name: setting.name, text: setting.text });
      continue;
    }
    const source = files.get(setting.path);
    if (source === null) {
      diagnostics.push(
        error(`the variable file ${setting.path} cannot be read; check the path and that it is UTF-8 text`),
      );
      continue;
    }
    diagnostics.push(...source.parsed.diagnostics);
    read.push({ path: setting.path, body: source.parsed.body });
    for (const item of source.parsed.body.items) {
      if (item.kind === "attribute") given.set(item.name, { kind: "tfvars", attribute: item });
      else {
        diagnostics.push({
          severity: "error",
          message: "a variable file holds only lines such as name = value, no blocks",
          range: item.typeRange,
        });
      }
    }
  }
  return { given, files: read, diagnostics };
}

function automaticFiles(files: SourceFiles, root: string, diagnostics: Diagnostic[]): Setting[] {
  const names = files.snapshot.list(root);
  for (const name of names) {
    if (isUnreadVariables(name)) {
      diagnostics.push(
        error(
          `${joinPath(root, name) ?? name}: variable files in JSON are not read yet; its values are missing`,
        ),
      );
    }
  }
  const automatic = names.filter((name) => name.endsWith(".auto.tfvars")).sort();
  const all = names.includes("terraform.tfvars") ? ["terraform.tfvars", ...automatic] : automatic;
  return all.map((name) => ({ kind: "file", path: joinPath(root, name) ?? name }));
}

/** A variable file that Terraform reads by itself, and that is not read here. */
export function isUnreadVariables(name: string): boolean {
  return name === "terraform.tfvars.json" || name.endsWith(".auto.tfvars.json");
}

function error(message: string): Diagnostic {
  return { severity: "error", message, range: null };
}

/** The expression of a `--var`, as a file of its own. */
export function settingFile(name: string, text: string): SourceFile {
  return { path: `--var ${name}`, text };
}
