import type { EvaluationContext } from "../hcl/evaluation/context.ts";
import { didYouMean } from "../hcl/evaluation/suggestion.ts";
import { createBudget, type FunctionTable, type Limits } from "../hcl/functions/function.ts";
import type { Diagnostic } from "../hcl/syntax/source.ts";
import { type Address, compareAddresses } from "./address.ts";
import { diagnosticOf, type Report } from "./cell.ts";
import { constantContext } from "./constants.ts";
import { fileFunctions } from "./file-functions.ts";
import { readImports } from "./imports.ts";
import { type GivenValue, isUnreadVariables, readInputs, type Setting } from "./inputs.ts";
import { isUnreadCode, type Module } from "./module.ts";
import { type Environment, type ModuleCall, ModuleInstance } from "./module-instance.ts";
import { ModuleLoader } from "./module-loader.ts";
import { readModuleTree } from "./module-tree.ts";
import { applyMoves } from "./moved.ts";
import type { Assignable } from "./nodes.ts";
import { type ParsedSource, type SourceFiles, trackReads } from "./parsed-files.ts";
import { RecordedInstances } from "./recorded.ts";
import type { ResourceInstance } from "./resource.ts";
import { joinPath, type Snapshot } from "./snapshot.ts";
import type { StateDocument } from "./state.ts";
import type { Given } from "./variable.ts";

/** What a stack is evaluated with. */
export interface StackInputs {
  /** Folder of the root module in the snapshot. */
  readonly root: string;
  readonly settings: readonly Setting[];
  readonly workspace: string;
  readonly state: StateDocument | null;
}

/** All that the code of a stack says. */
export interface Evaluation {
  readonly inputs: StackInputs;
  readonly root: ModuleInstance;
  /** The managed instances by address, in the order of their addresses. */
  readonly instances: ReadonlyMap<string, ResourceInstance>;
  /** What the state has, at the addresses of the code. */
  readonly recorded: RecordedInstances;
  /** Ids that `import` blocks give, by address; of instances that the code declares and the state does not have. */
  readonly imports: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
  /** Files (or the folder) whose content is not known in full: what the code declares is then not known either. */
  readonly broken: readonly string[];
  /** Every file that was read, whether it exists or not. */
  readonly files: ReadonlySet<string>;
}

export const DEFAULT_LIMITS: Limits = { steps: 20_000_000, elements: 5_000_000, text: 200_000_000 };

/**
 * Evaluates a stack: each instance of each managed resource, through all modules. Errors are diagnostics; what they do
 * not touch is evaluated all the same.
 */
export function evaluateStack(
  files: SourceFiles,
  inputs: StackInputs,
  functions: FunctionTable,
  limits: Limits = DEFAULT_LIMITS,
): Evaluation {
  const read = new Set<string>();
  const parsed = new Set<string>();
  const sources = trackReads(files, read, parsed);
  const diagnostics: Diagnostic[] = [];
  const report: Report = { add: (diagnostic) => diagnostics.push(diagnostic) };
  const loader = new ModuleLoader(sources, inputs.root, report);
  const {
    given,
    files: variableFiles,
    diagnostics: problems,
  } = readInputs(sources, inputs.root, inputs.settings);
  diagnostics.push(...problems);
  const module = loader.root();
  const load: Environment["load"] = (call, from) => loader.load(call, from);
  const recorded = new RecordedInstances(
    inputs.state === null ? [] : applyMoves(inputs.state.instances, readModuleTree(module, load)),
  );
  const environment: Environment = {
    root: inputs.root,
    workspace: inputs.workspace,
    functions: new Map([...functions, ...fileFunctions(sources.snapshot, inputs.root, functions)]),
    budget: createBudget(limits),
    recorded,
    report,
    load,
  };
  const constants = constantContext(environment.functions, environment.budget);
  reportUndeclared(module, given, report);
  const strongest = variableFiles.at(-1)?.body;
  const assignable: Assignable | null = strongest === undefined ? null : { kind: "tfvars", body: strongest };
  const root = new ModuleInstance(module, [], environment, (name) => ({
    given: givenTo(given.get(name), constants),
    assignable,
  }));
  const instances = evaluateInstances(root, report);
  evaluateNamed(root, report);
  const isNew = (address: string) => instances.found.get(address)?.recorded === null;
  const imports = readImports(root, isNew, report);
  const broken = [
    ...[...parsed].filter((path) => hasErrors(sources.get(path))),
    ...unreadFiles(files.snapshot, inputs.root, loader.folders()),
    ...(instances.complete ? [] : [inputs.root]),
  ];
  return {
    inputs,
    root,
    instances: instances.found,
    recorded,
    imports,
    broken,
    diagnostics: distinct(diagnostics),
    files: read,
  };
}

/** Files that declare or set something, and are not read. */
function unreadFiles(snapshot: Snapshot, root: string, folders: Iterable<string>): string[] {
  const namesIn = (folder: string, isUnread: (name: string) => boolean) =>
    snapshot
      .list(folder)
      .filter(isUnread)
      .map((name) => joinPath(folder, name) ?? name);
  return [
    ...[...folders].flatMap((folder) => namesIn(folder, isUnreadCode)),
    ...namesIn(root, isUnreadVariables),
  ];
}

/** A file that cannot be read may declare anything, too. */
function hasErrors(source: ParsedSource | null): boolean {
  return source === null || source.parsed.diagnostics.some(({ severity }) => severity === "error");
}

function givenTo(given: GivenValue | undefined, context: EvaluationContext): Given {
  if (given === undefined) return null;
  return given.kind === "tfvars" ? { ...given, context } : given;
}

function reportUndeclared(module: Module, given: ReadonlyMap<string, GivenValue>, report: Report): void {
  for (const [name, value] of given) {
    if (module.variables.has(name)) continue;
    const hint = didYouMean(name, module.variables.keys());
    const message = `the root module has no variable ${JSON.stringify(name)}${hint}`;
    if (value.kind === "tfvars")
      report.add({ severity: "warning", message, range: value.attribute.nameRange });
    else report.add({ severity: "error", message: `--var ${name}: ${message}`, range: null });
  }
}

interface EvaluatedInstances {
  readonly found: ReadonlyMap<string, ResourceInstance>;
  /** False where evaluation had to stop before the last one. */
  readonly complete: boolean;
}

function evaluateInstances(root: ModuleInstance, report: Report): EvaluatedInstances {
  const found: ResourceInstance[] = [];
  let complete = true;
  try {
    for (const module of modulesFrom(root)) {
      for (const resource of module.resources.values()) {
        if (resource.mode !== "managed") continue;
        for (const instance of resource.instances()) {
          instance.body();
          found.push(instance);
        }
      }
    }
  } catch (error) {
    report.add(diagnosticOf(error));
    complete = false;
  }
  found.sort((a, b) => compareAddresses(a.address, b.address));
  return { found: new Map(found.map((instance) => [instance.name, instance])), complete };
}

/** What is wrong in a value that no resource uses stops Terraform all the same. */
function evaluateNamed(root: ModuleInstance, report: Report): void {
  try {
    for (const module of modulesFrom(root)) for (const node of module.named()) node.value();
  } catch (error) {
    report.add(diagnosticOf(error));
  }
}

/** A module instance and all those below it. */
export function* modulesFrom(root: ModuleInstance): Generator<ModuleInstance> {
  const open = [root];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    yield module;
    for (const call of module.calls.values()) open.push(...call.instances());
  }
}

/**
 * Whether the code might declare an instance that was not found in it: its module could not be had, or its `count` or
 * `for_each` has an error. Such an instance is left to the state.
 */
export function isUndecided(root: ModuleInstance, address: Address): boolean {
  let module: ModuleInstance | null = root;
  for (const { name, key } of address.module) {
    const call: ModuleCall | null = module?.call(name) ?? null;
    if (call === null) return false;
    if (call.undecided) return true;
    module = call.instance(key);
  }
  return module?.resource(`${address.type}.${address.name}`)?.undecided ?? false;
}

/** A broken line that several instances share is one problem. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { message, range } = diagnostic;
    const key = JSON.stringify([message, range?.file.path ?? null, range?.start ?? null]);
    if (!seen.has(key)) seen.set(key, diagnostic);
  }
  return [...seen.values()];
}
