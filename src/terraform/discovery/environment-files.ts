import type { JsonObject } from "../../json/json.ts";
import { literalJson } from "../code/literal.ts";
import { isAutomaticVariables, isCode } from "../source/file-names.ts";
import type { ParsedFiles } from "../source/parsed-files.ts";
import { joinPath, type Snapshot } from "../source/snapshot.ts";

/** Files that are given to a root module for one of its environments: `-var-file`, `-backend-config`. */
export interface EnvironmentFiles {
  /** As the files are called: `prod`. */
  readonly name: string;
  readonly varFile: string | null;
  /** What its backend file says, where that holds nothing but literals; null without one. */
  readonly backendConfig: JsonObject | null;
}

/** Folders beside the code in which such files are kept. Only the first four hold folders, one an environment. */
const ENVIRONMENTS = ["env", "envs", "environment", "environments"];
const FOLDERS = [...ENVIRONMENTS, "vars", "tfvars", "config", "configs", "backend", "backends"];

/**
 * The environments of a root module, by what files are called: `prod.tfvars`, `environments/prod.tfvars`,
 * `envs/prod/any.tfvars`, and for the backend `prod.tfbackend`, `prod.s3.tfbackend`, `backend-prod.hcl`,
 * `prod.backend.hcl`, `envs/prod/backend.tfvars`. A folder with code of its own holds none: that is a root module.
 */
export function environmentFiles(files: ParsedFiles, root: string): readonly EnvironmentFiles[] {
  const found = new Map<string, { varFile: string | null; backend: string | null }>();
  const add = (name: string, kind: "varFile" | "backend", path: string) => {
    const known = found.get(name) ?? { varFile: null, backend: null };
    known[kind] ??= path;
    found.set(name, known);
  };
  for (const path of namedAfterEnvironments(files.snapshot, root)) {
    const backend = backendOf(nameOf(path));
    if (backend !== null) add(backend, "backend", path);
    const variables = variablesOf(nameOf(path));
    if (variables !== null) add(variables, "varFile", path);
  }
  for (const { name, varFile, backend } of inFoldersOfTheirOwn(files.snapshot, root)) {
    if (varFile !== null) add(name, "varFile", varFile);
    if (backend !== null) add(name, "backend", backend);
  }
  return [...found]
    .map(([name, { varFile, backend }]) => ({
      name,
      varFile,
      backendConfig: backend === null ? null : literals(files, backend),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function namedAfterEnvironments(snapshot: Snapshot, root: string): string[] {
  const folders = FOLDERS.map((name) => joinPath(root, name) ?? root).filter(
    (folder) => !snapshot.list(folder).some(isCode),
  );
  return [root, ...folders].flatMap((folder) => filesIn(snapshot, folder));
}

function inFoldersOfTheirOwn(
  snapshot: Snapshot,
  root: string,
): { readonly name: string; readonly varFile: string | null; readonly backend: string | null }[] {
  return ENVIRONMENTS.flatMap((name) => {
    const place = joinPath(root, name) ?? root;
    return snapshot.list(place).flatMap((entry) => {
      const folder = entry.endsWith("/") ? joinPath(place, entry) : null;
      const names = folder === null ? [] : filesIn(snapshot, folder);
      if (names.some((path) => isCode(nameOf(path)))) return [];
      const backends = names.filter((path) => /^backend\.|\.tfbackend$/.test(nameOf(path)));
      const variables = names.filter((path) => IS_VARIABLES.test(path) && !backends.includes(path));
      // Which of several are given, and in which order, the names do not say.
      if (variables.length > 1) return [];
      return [{ name: entry.slice(0, -1), varFile: only(variables), backend: only(backends) }];
    });
  });
}

function filesIn(snapshot: Snapshot, folder: string): string[] {
  return snapshot.list(folder).flatMap((name) => (name.endsWith("/") ? [] : (joinPath(folder, name) ?? [])));
}

const IS_VARIABLES = /\.tfvars(?:\.json)?$/;

function variablesOf(file: string): string | null {
  if (isAutomaticVariables(file) || /^backend\b|\bbackend\.|example|sample|template/.test(file)) return null;
  return /^([\w-]+)\.tfvars(?:\.json)?$/.exec(file)?.[1] ?? null;
}

function backendOf(file: string): string | null {
  const found =
    /^([\w-]+)(?:\.\w+)?\.tfbackend$/.exec(file) ??
    /^backend[-_.]([\w-]+)\.(?:hcl|conf|config|tfvars|tfbackend)$/.exec(file) ??
    /^([\w-]+)[-_.]backend\.(?:hcl|conf|config|tfvars)$/.exec(file);
  const name = found?.[1];
  return name === undefined || ["backend", "config"].includes(name) ? null : name;
}

function literals(files: ParsedFiles, path: string): JsonObject | null {
  const body = files.get(path)?.parsed;
  if (body === undefined || body.diagnostics.length > 0) return null;
  const entries = body.body.items.map((item) => {
    const value = item.kind === "attribute" ? literalJson(item.value) : undefined;
    return item.kind === "attribute" && value !== undefined ? ([item.name, value] as const) : null;
  });
  if (entries.length === 0) return null;
  return entries.every((entry) => entry !== null) ? Object.fromEntries(entries) : null;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function only(paths: readonly string[]): string | null {
  return paths.length === 1 ? (paths[0] ?? null) : null;
}
