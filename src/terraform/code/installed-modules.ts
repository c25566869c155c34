import { isJsonArray, isJsonObject, type JsonObject, parseJson } from "../../json/json.ts";
import { decodeText, joinPath, type Snapshot } from "../source/snapshot.ts";

/** A module that a call names by a source that is no folder of the repository. */
export interface ModuleRequest {
  /** As the call writes it: `terraform-aws-modules/vpc/aws`, `git::https://…`. */
  readonly source: string;
  /** The call's version constraint; null without one. */
  readonly version: string | null;
  /** The name of the call, and the folder of the module that it stands in. */
  readonly name: string;
  readonly caller: string;
}

/** Where modules from elsewhere are: whoever fetches them puts them into folders of the snapshot. */
export interface ExternalModules {
  /** The folder of the snapshot that holds the module; null where nobody has fetched it. */
  folderOf(request: ModuleRequest): string | null;
  /** Why it could not be fetched, as a clause that tells what to do; null where nobody tried. */
  whyNot?(request: ModuleRequest): string | null;
  /** Whether what it knows is still to come: until then nobody after it is asked. */
  readonly isAwaited?: boolean;
  /** Whether a module's path to another leads out of the package that it came in. */
  escapes?(from: string, to: string): boolean;
}

/** What came of fetching a module: its folder, and that of its package. All are null where nobody tried. */
export type FetchedModule =
  | { readonly folder: string; readonly package: string; readonly why: null }
  | { readonly folder: null; readonly package: null; readonly why: string | null };

/**
 * The modules that `terraform init` put below `.terraform/modules`, as its `modules.json` lists them: by the names of
 * the calls that lead to them.
 */
export class InstalledModules implements ExternalModules {
  readonly #snapshot: Snapshot;
  readonly #root: string;
  #folders: ReadonlyMap<string, string> | null = null;

  constructor(snapshot: Snapshot, root: string) {
    this.#snapshot = snapshot;
    this.#root = root;
  }

  folderOf({ caller, name, source }: ModuleRequest): string | null {
    this.#folders ??= this.#read();
    return this.#folders.get(keyOf(caller, name, source)) ?? null;
  }

  get isAwaited(): boolean {
    return this.#snapshot.isAwaited?.(this.#manifest) === true;
  }

  get #manifest(): string {
    return joinPath(this.#root, ".terraform/modules/modules.json") ?? "";
  }

  #read(): ReadonlyMap<string, string> {
    const bytes = this.#snapshot.read(this.#manifest);
    const entries = installedIn((bytes && decodeText(bytes)) ?? "");
    const folders = new Map(
      entries.flatMap(({ key, dir }) => {
        const folder = joinPath(this.#root, dir);
        return folder === null ? [] : [[key, folder] as const];
      }),
    );
    const found = new Map<string, string>();
    for (const { key, source } of entries) {
      const steps = key.split(".");
      const name = steps.pop() ?? "";
      const caller = folders.get(steps.join(".")) ?? (steps.length === 0 ? this.#root : null);
      const folder = folders.get(key);
      if (caller !== null && folder !== undefined) found.set(keyOf(caller, name, source), folder);
    }
    return found;
  }
}

/** The public registry's name may be left out. */
function keyOf(caller: string, name: string, source: string): string {
  return JSON.stringify([caller, name, source.replace(/^registry\.(?:terraform\.io|opentofu\.org)\//, "")]);
}

interface Installed {
  readonly key: string;
  readonly source: string;
  readonly dir: string;
}

/** A file that cannot be read has no modules: each of them is then said to be missing. */
function installedIn(text: string): Installed[] {
  return entriesOf(text).flatMap(({ Key: key, Source: source, Dir: dir }) =>
    typeof key === "string" && typeof source === "string" && typeof dir === "string"
      ? [{ key, source, dir }]
      : [],
  );
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
