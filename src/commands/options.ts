import { Command, InvalidArgumentError } from "commander";
import { rootRelative } from "../sources/root-path.ts";
import type { Setting } from "../terraform/code/inputs.ts";
import { foundAt, UsageError } from "./given-path.ts";

/** What all commands take: which stack, and its inputs. */
export interface StackOptions {
  readonly dir: string;
  readonly root?: string;
  readonly state?: string;
  readonly workspace?: string;
  readonly modules: boolean;
  readonly json: boolean;
}

/** A `--var-file` or `--var`, in the order of the command line. */
type GivenSetting =
  | { readonly kind: "file"; readonly file: string }
  | (Setting & { readonly kind: "variable" });

/** The options of a command, and the settings as they stand on the command line. */
export function stackCommand(
  name: string,
  description: string,
): { command: Command; given: readonly GivenSetting[] } {
  const given: GivenSetting[] = [];
  const command = new Command(name)
    .description(description)
    .requiredOption("--dir <dir>", "folder of the root module (or, for scan, of several)", ".")
    .option("--root <dir>", "folder of the repository: nothing outside of it is read (default: --dir)")
    .option("--state <file>", "state file (default: terraform.tfstate in the folder, if there is one)")
    .option("--workspace <name>", "value of terraform.workspace")
    .option("--var-file <file>", "variable file; may be repeated", (file) => {
      given.push({ kind: "file", file });
    })
    .option("--var <name=value>", "value of a root variable; may be repeated", (text) => {
      given.push(readVariable(text));
    })
    .option(
      "--modules",
      "fetch modules from registries and git hosts (default: .terraform/modules alone)",
      false,
    )
    .option("--json", "print one JSON document on standard output", false);
  return { command, given };
}

function readVariable(text: string): GivenSetting {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Write it as name=value.");
  return { kind: "variable", name: text.slice(0, equals).trim(), text: text.slice(equals + 1) };
}

export { UsageError };

/** The folders of a run: absolute, and the stack's folder from the root. */
export interface Folders {
  readonly root: string;
  readonly folder: string;
}

/** @throws UsageError where a folder is missing, or `--dir` is not inside of `--root`. */
export function foldersOf({ dir, root }: StackOptions): Folders {
  const inner = realFolder(dir, "--dir");
  const outer = root === undefined ? inner : realFolder(root, "--root");
  const folder = rootRelative(outer, inner);
  if (folder === null) throw new UsageError(`--dir ${dir} is not inside of --root ${root ?? dir}`);
  return { root: outer, folder };
}

function realFolder(path: string, option: string): string {
  const found = foundAt(option, path);
  if (found === null) throw new UsageError(`${option} ${path}: there is no such folder`);
  if (found.kind !== "folder")
    throw new UsageError(`${option} ${path} is a file; give the folder it stands in`);
  return found.real;
}

/** @throws UsageError where a variable file is missing, or outside of the root. */
export function settingsOf(given: readonly GivenSetting[], { root }: Folders): Setting[] {
  return given.map((setting) => {
    if (setting.kind === "variable") return setting;
    const found = foundAt("--var-file", setting.file);
    if (found?.kind !== "file") {
      const what = found === null ? "there is no such file" : "this is no file";
      throw new UsageError(`--var-file ${setting.file}: ${what}; the path counts from the current directory`);
    }
    const path = rootRelative(root, found.real);
    if (path === null) {
      throw new UsageError(
        `--var-file ${setting.file} is outside of the root; give a --root that holds both it and --dir`,
      );
    }
    return { kind: "file", path };
  });
}
