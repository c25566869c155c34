import type { Diagnostic, SourceFile } from "../../hcl/syntax/source.ts";
import type { Attribute, Body } from "../../hcl/syntax/syntax.ts";
import { isAutomaticVariables } from "../source/file-names.ts";
import type { SourceFiles } from "../source/parsed-files.ts";
import { joinPath, type Snapshot } from "../source/snapshot.ts";
import { unreadable } from "../source/unreadable.ts";

/** A `--var-file` (a file of the snapshot), a `--var` or a `TF_VAR_…`; of the first two the later ones win. */
export type Setting =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "environment"; readonly name: string; readonly text: string }
  | { readonly kind: "variable"; readonly name: string; readonly text: string };

/** What gives a root variable its value. */
export type GivenValue =
  | { readonly kind: "tfvars"; readonly attribute: Attribute }
  | GivenSetting
  | GivenUnread;

/** A variable file that cannot be read may give any value. */
export interface GivenUnread {
  readonly kind: "unread";
  readonly path: string;
}

/** A text from outside of the files; `label` is how people know it: `--var region`, `TF_VAR_region`. */
export interface GivenSetting {
  readonly kind: "setting";
  readonly label: string;
  readonly text: string;
}

/** The values given to the variables of a root module, and the variable files they come from. */
export interface RootInputs {
  readonly given: ReadonlyMap<string, GivenValue>;
  /** What gives all other variables their values; null where nothing does. */
  readonly others: GivenUnread | null;
  /** The files that could not be read. */
  readonly unread: readonly string[];
  /** The files that were read, the strongest last. */
  readonly files: readonly { readonly path: string; readonly body: Body }[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the values of root variables in Terraform's order: `TF_VAR_…`, `terraform.tfvars` and `terraform.tfvars.json`, then
 * `*.auto.tfvars` and `*.auto.tfvars.json` by name, then what was asked for
 * (https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence).
 */
export function readInputs(files: SourceFiles, root: string, settings: readonly Setting[]): RootInputs {
  const given = new Map<string, GivenValue>();
  let others: GivenUnread | null = null;
  const unread: string[] = [];
  const read: { path: string; body: Body }[] = [];
  const diagnostics: Diagnostic[] = [];
  const isWeakest = ({ kind }: Setting) => kind === "environment";
  const asked = settings.filter((setting) => !isWeakest(setting));
  for (const setting of [...settings.filter(isWeakest), ...automaticFiles(files, root), ...asked]) {
    if (setting.kind !== "file") {
      const label = setting.kind === "variable" ? `--var ${setting.name}` : `TF_VAR_${setting.name}`;
      given.set(setting.name, { kind: "setting", label, text: setting.text });
      continue;
    }
    const source = files.get(setting.path);
    if (source === null) {
      diagnostics.push(unreadFile(files.snapshot, setting.path));
      unread.push(setting.path);
      others = { kind: "unread", path: setting.path };
      // What is read before it is what it may say otherwise.
      for (const name of given.keys()) given.set(name, others);
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
  return { given, others, unread, files: read, diagnostics };
}

/** By the ending, not as one of the names that Terraform has. */
function isAutomatic(name: string): boolean {
  return name.includes(".auto.tfvars");
}

function automaticFiles(files: SourceFiles, root: string): Setting[] {
  const names = files.snapshot.list(root).filter(isAutomaticVariables);
  const [automatic, named] = [names.filter(isAutomatic), names.filter((name) => !isAutomatic(name))];
  return [...named.sort(), ...automatic.sort()].map((name) => ({
    kind: "file",
    path: joinPath(root, name) ?? name,
  }));
}

/** Encrypted files are readable where Terraform runs; others it would refuse as well. */
function unreadFile(snapshot: Snapshot, path: string): Diagnostic {
  const { why, remedy, isEncrypted } = unreadable(snapshot, path);
  const message = isEncrypted
    ? `the variable file ${path} cannot be read: ${why}; what it may give counts as not known, unless --var or vars of the stack in .github/driftwright.yml give it`
    : `the variable file ${path} cannot be read: ${why}; ${remedy}`;
  return { severity: isEncrypted ? "warning" : "error", message, range: null };
}

/** The expression of a text from outside, as a file of its own. */
export function settingFile({ label, text }: GivenSetting): SourceFile {
  return { path: label, text };
}
