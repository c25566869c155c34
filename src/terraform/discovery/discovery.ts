import type { Diagnostic } from "../../hcl/syntax/source.ts";
import type { Backend } from "../code/backend-block.ts";
import { isCode } from "../source/file-names.ts";
import { type Folder, type Walk, type WalkLimits, walkFolders } from "../source/folder-walk.ts";
import { ParsedFiles } from "../source/parsed-files.ts";
import { joinPath, type Snapshot } from "../source/snapshot.ts";
import { type CodeFolder, readCodeFolder } from "./code-folder.ts";
import { type EnvironmentFiles, environmentFiles } from "./environment-files.ts";
import { type LocalWorkspace, localStates } from "./local-state.ts";
import { type InspectionLimits, type NotScanned, ToolInspection } from "./other-tools.ts";
import { stackNames } from "./stack-names.ts";

/** A root module: what Terraform or OpenTofu is run in. */
export interface FoundStack {
  /** Its folder; `.` for the root of the snapshot. */
  readonly path: string;
  /** Unique within the repository. */
  readonly name: string;
  readonly backend: Backend | null;
  /** The default workspace's state, where it is a file in the repository. */
  readonly stateFile: string | null;
  /** The workspaces whose states are files in the repository, `default` first. */
  readonly workspaces: readonly LocalWorkspace[];
  /** Those that files are called after, by name. */
  readonly environments: readonly EnvironmentFiles[];
  /** Local names of the providers of its code and of the local modules that it calls, as far as both were found. */
  readonly providers: readonly string[];
}

export interface Discovery {
  /** By path. */
  readonly stacks: readonly FoundStack[];
  /** Configured as root modules, but without Terraform code. */
  readonly missing: readonly { readonly path: string; readonly reason: string }[];
  readonly notScanned: readonly NotScanned[];
  /** Folders that others call as local modules. */
  readonly modules: readonly string[];
  /** All folders with Terraform code, whatever they are. */
  readonly code: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface DiscoveryLimits extends WalkLimits, InspectionLimits {
  /** Larger Terraform files are not looked at. */
  readonly sourceBytes: number;
}

const DISCOVERY_LIMITS: DiscoveryLimits = {
  folders: 20_000,
  files: 200_000,
  depth: 40,
  documents: 5_000,
  documentBytes: 1024 * 1024,
  sourceBytes: 8 * 1024 * 1024,
};

export interface DiscoveryOptions {
  /** Folders that the owner or the user says are root modules. */
  readonly configured: readonly { readonly path: string }[];
  /** Names the stack in the root of the snapshot. */
  readonly repository: string;
  readonly limits?: Partial<DiscoveryLimits>;
}

/** Beneath these, code is there to be called, shown or tried. */
const NOT_DEPLOYED = new Set(["modules", "examples", "example", "tests", "fixtures", "testdata"]);

/**
 * Finds the root modules of a repository. A folder with Terraform code is one where it is configured, or has a backend
 * or a local state, and is neither called as a module nor stands beneath `modules/`, `examples/` or tests; where only
 * the latter speaks against it, a diagnostic says so. A folder that Terragrunt runs needs inputs from there, so it is
 * one only where configured.
 */
export function discover(snapshot: Snapshot, options: DiscoveryOptions): Discovery {
  const limits = { ...DISCOVERY_LIMITS, ...options.limits };
  const walk = walkFolders(snapshot, limits);
  const tools = new ToolInspection(snapshot, limits);
  for (const folder of walk.folders) if (!isUndeployed(folder.path)) tools.look(folder);

  const configured = configuredFolders(snapshot, walk, options.configured);
  const files = new ParsedFiles(snapshot);
  const sources = [...walk.folders, ...configured.unwalked].filter(({ files: names }) => names.some(isCode));
  const read = sources.map((folder) => readCodeFolder(files, folder, limits.sourceBytes));
  const modules = calledModules(read);
  const terragrunt = new Set(tools.found.filter(({ kind }) => kind === "terragrunt").map(({ path }) => path));

  const roots: RootFolder[] = [];
  const undeployed = new Map<string, RootFolder[]>();
  const diagnostics: Diagnostic[] = [...limitDiagnostics(walk, tools, limits)];
  for (const folder of read) {
    const root = { ...folder, workspaces: localStates(snapshot, folder.path, folder.backend) };
    const objection = configured.paths.has(folder.path) ? null : objectionTo(root, modules, terragrunt);
    if (objection === null) roots.push(root);
    else if (objection === "called") diagnostics.push(calledRoot(root));
    else if (objection !== "no sign")
      undeployed.set(objection.step, [...(undeployed.get(objection.step) ?? []), root]);
    else if (!modules.has(folder.path) && undeployedStep(folder) === null)
      diagnostics.push(...folder.unreadable);
  }
  for (const [step, found] of undeployed) diagnostics.push(undeployedRoots(step, found));
  const code = read.map(({ path }) => path).sort();
  diagnostics.push(...statesWithoutCode(snapshot, walk, tools.found));
  if (roots.length === 0 && configured.missing.length === 0 && code.length > 0)
    diagnostics.push(noRoots(read, modules));
  return {
    stacks: named(roots, files, { repository: options.repository, code: read }),
    missing: configured.missing,
    notScanned: tools.found.toSorted(byPath),
    modules: [...modules].sort(),
    code,
    diagnostics,
  };
}

interface RootFolder extends CodeFolder {
  readonly workspaces: readonly LocalWorkspace[];
}

/** Examples and tests call the very code that is deployed elsewhere, so their calls do not count. */
function calledModules(folders: readonly CodeFolder[]): ReadonlySet<string> {
  const callers = folders.filter((folder) => [null, "modules"].includes(undeployedStep(folder)));
  return new Set(callers.flatMap(({ calls }) => calls));
}

/** Why a folder is no root module: `no sign` of it, `called` as a module, or the step of its path that speaks against it. */
type Objection = "no sign" | "called" | { readonly step: string };

function objectionTo(
  folder: RootFolder,
  modules: ReadonlySet<string>,
  terragrunt: ReadonlySet<string>,
): Objection | null {
  const { path, backend, workspaces } = folder;
  if ((backend === null && workspaces.length === 0) || terragrunt.has(path)) return "no sign";
  if (modules.has(path)) return "called";
  const step = undeployedStep(folder);
  return step === null ? null : { step };
}

const ADVICE = "so it is not scanned; list it under stacks in .github/driftwright.yml to have it scanned";

function calledRoot({ path, backend }: RootFolder): Diagnostic {
  return warning(`${path} has ${signOf(backend)}, but is called as a module, ${ADVICE}`, backend);
}

/** One diagnostic for all folders with the same step: test data may hold hundreds. */
function undeployedRoots(step: string, roots: readonly RootFolder[]): Diagnostic {
  const [only] = roots;
  if (only !== undefined && roots.length === 1) {
    return warning(
      `${only.path} has ${signOf(only.backend)}, but stands in ${step}/, ${ADVICE}`,
      only.backend,
    );
  }
  return warning(
    `${roots.length} folders in ${step}/ have a backend or a state (${shortList(roots)}), but what stands there is not scanned; list those to be scanned under stacks in .github/driftwright.yml`,
  );
}

function signOf(backend: Backend | null): string {
  return backend === null ? "a state" : "a backend";
}

function shortList(folders: readonly { readonly path: string }[]): string {
  const paths = folders.map(({ path }) => path).sort();
  return paths.length <= 3 ? paths.join(", ") : `${paths.slice(0, 3).join(", ")}, …`;
}

/**
 * The step of a path that says that the code is not deployed from there. `environments/test` is as common as
 * `test/fixture`: what is only tried has no remote backend.
 */
function undeployedStep({ path, backend }: Pick<CodeFolder, "path" | "backend">): string | null {
  const steps = path.split("/");
  const certain = steps.find((step) => NOT_DEPLOYED.has(step));
  if (certain !== undefined) return certain;
  const remote = backend !== null && backend.type !== "local";
  return steps.includes("test") && !remote ? "test" : null;
}

function isUndeployed(path: string): boolean {
  return path.split("/").some((step) => NOT_DEPLOYED.has(step));
}

function configuredFolders(snapshot: Snapshot, walk: Walk, configured: DiscoveryOptions["configured"]) {
  const walked = new Set(walk.folders.map(({ path }) => path));
  const paths = new Set<string>();
  const unwalked: Folder[] = [];
  const missing: { path: string; reason: string }[] = [];
  for (const { path: given } of configured) {
    const path = joinPath(".", given);
    if (path === null) {
      missing.push({ path: given, reason: `${given} leads out of the repository` });
      continue;
    }
    if (paths.has(path)) continue;
    paths.add(path);
    const names = snapshot.list(path);
    if (!walked.has(path)) unwalked.push({ path, files: names.filter((name) => !name.endsWith("/")) });
    if (names.some(isCode)) continue;
    const reason =
      names.length === 0 ? "is no folder of the repository, or an empty one" : "holds no .tf files";
    missing.push({ path, reason: `${path} ${reason}` });
  }
  return { paths, unwalked, missing };
}

function named(
  roots: readonly RootFolder[],
  files: ParsedFiles,
  { repository, code }: { readonly repository: string; readonly code: readonly CodeFolder[] },
): FoundStack[] {
  const folders = new Map(code.map((folder) => [folder.path, folder]));
  const names = stackNames(
    roots.map(({ path }) => path),
    repository,
  );
  const stacks = roots.map(({ path, backend, workspaces }) => ({
    path,
    name: names.get(path) ?? path,
    backend,
    stateFile: workspaces.find(({ name }) => name === "default")?.stateFile ?? null,
    workspaces,
    environments: environmentFiles(files, path),
    providers: providersBelow(path, folders),
  }));
  return stacks.sort(byPath);
}

/** Of a folder and of what it calls, each once: modules may call each other in a circle. */
function providersBelow(root: string, folders: ReadonlyMap<string, CodeFolder>): readonly string[] {
  const seen = new Set([root]);
  const providers = new Set<string>();
  for (const path of seen) {
    const { calls = [], providers: own = [] } = folders.get(path) ?? {};
    for (const name of own) providers.add(name);
    for (const called of calls) seen.add(called);
  }
  return [...providers].sort();
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}

function limitDiagnostics(walk: Walk, tools: ToolInspection, limits: DiscoveryLimits): Diagnostic[] {
  const found = walk.exceeded.map((limit) =>
    warning(
      `the repository has more than ${limit}: root modules beyond were not looked for; list them under stacks in .github/driftwright.yml`,
    ),
  );
  if (!tools.cutShort) return found;
  const documents = `only ${limits.documents} YAML and JSON files were looked at`;
  return [...found, warning(`${documents}; CloudFormation and Kubernetes files beyond are not reported`)];
}

/** The state may be all that is left of a stack whose code was removed. */
function statesWithoutCode(snapshot: Snapshot, walk: Walk, otherTools: readonly NotScanned[]): Diagnostic[] {
  return walk.folders
    .filter(({ path, files }) => {
      if (isUndeployed(path) || files.some(isCode) || otherTools.some((other) => other.path === path))
        return false;
      return localStates(snapshot, path, null).length > 0;
    })
    .map(({ path }) => warning(`${path} holds a state, but no Terraform code, so it is not scanned`));
}

function noRoots(code: readonly CodeFolder[], modules: ReadonlySet<string>): Diagnostic {
  const likely = code.filter((folder) => !modules.has(folder.path) && undeployedStep(folder) === null);
  const shown = shortList(likely.length > 0 ? likely : code);
  return warning(
    `there is Terraform code (${shown}), but no folder has a backend or a local state; give --dir with --state, or list the root modules under stacks in .github/driftwright.yml`,
  );
}

function warning(message: string, range: Backend | null = null): Diagnostic {
  return { severity: "warning", message, range: range?.place ?? null };
}
