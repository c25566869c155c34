import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { EvaluationError } from "../../hcl/evaluation/context.ts";
import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import {
  type Allowance,
  createBudget,
  type FunctionTable,
  type Limits,
} from "../../hcl/functions/function.ts";
import type { Diagnostic } from "../../hcl/syntax/source.ts";
import { type Address, inAddressOrder, parseAddress } from "../address.ts";
import { Cell, type Difference } from "../cells/cell.ts";
import { Graph } from "../cells/graph.ts";
import { diagnosticOf, type Report } from "../cells/report.ts";
import { cyclesIn } from "../code/block-cycles.ts";
import { blockShapes } from "../code/block-shapes.ts";
import { type GivenValue, type RootInputs, readInputs, type Setting } from "../code/inputs.ts";
import { type ExternalModules, InstalledModules } from "../code/installed-modules.ts";
import type { Module } from "../code/module.ts";
import { ModuleLoader } from "../code/module-loader.ts";
import { type ModuleTree, readModuleTree } from "../code/module-tree.ts";
import { isLockedByOpenTofu } from "../code/newer-programs.ts";
import { wrongRemovals } from "../code/removal-rules.ts";
import { asError } from "../code/wrong.ts";
import type { ParsedSource, SourceFiles } from "../source/parsed-files.ts";
import { RecordedInstances } from "../state/recorded.ts";
import type { StateDocument } from "../state/state.ts";
import { evaluateConditions } from "./checks/conditions.ts";
import { checkMoves } from "./checks/move-checks.ts";
import { checkOutputs } from "./checks/output-checks.ts";
import { withKnownCompressor } from "./compressors.ts";
import { constantContext } from "./constants.ts";
import { distinct } from "./errors.ts";
import { fileFunctions } from "./file-functions.ts";
import { readImports } from "./imports.ts";
import { type Environment, type ModuleCall, ModuleInstance } from "./module-instance.ts";
import { applyMoves } from "./moved.ts";
import type { Assignable } from "./nodes.ts";
import type { ResourceInstance } from "./resource-instance.ts";
import { StackDocuments } from "./stack-documents.ts";
import { StackFiles } from "./stack-files.ts";
import type { Given } from "./variable.ts";

/** What a stack is evaluated with. */
export interface StackInputs {
  /** Folder of the root module in the snapshot. */
  readonly root: string;
  readonly settings: readonly Setting[];
  readonly workspace: string;
  readonly state: StateDocument | null;
  /** Modules that were fetched from elsewhere. */
  readonly modules?: ExternalModules;
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
  readonly internals: Internals;
}

/** What an evaluation consists of, for those who try edits out. */
export interface Internals {
  readonly graph: Graph;
  readonly files: StackFiles;
  readonly documents: StackDocuments;
  readonly budget: Allowance;
  readonly inputs: InputsCell;
  /** The instances of each module, as far as they were asked for. */
  readonly modules: ReadonlyMap<Module, readonly ModuleInstance[]>;
  /** All modules that calls lead to, those of which there is no instance too. */
  readonly tree: ModuleTree;
}

/** The values given to the root's variables; a reader may look at that of one variable. */
export class InputsCell extends Cell<RootInputs> {
  protected override difference(was: RootInputs, is: RootInputs): Difference {
    const names = new Set([...was.given.keys(), ...is.given.keys()]);
    return new Set([...names].filter((name) => was.given.get(name) !== is.given.get(name)));
  }

  protected override hasEntry(): boolean {
    return true;
  }
}

export const DEFAULT_LIMITS: Limits = {
  steps: 20_000_000,
  elements: 5_000_000,
  text: 200_000_000,
  share: { steps: 2_000_000, elements: 500_000, text: 40_000_000 },
};

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
  const budget = createBudget(limits);
  const graph = new Graph(budget);
  const sources = new StackFiles(files, graph);
  const loader = new ModuleLoader(sources, inputs.root, blockShapes(inputs.state?.instances ?? []), graph, [
    new InstalledModules(sources.snapshot, inputs.root),
    ...(inputs.modules === undefined ? [] : [inputs.modules]),
  ]);
  const module = loader.root();
  const given = new InputsCell(graph, {
    compute: () => reportedInputs(readInputs(sources, inputs.root, inputs.settings), module, graph),
    cyclic: () => new EvaluationError("the variable files need themselves", null),
  });
  given.get();
  const load: Environment["load"] = (call, from) => loader.load(call, from);
  const tree = readModuleTree(module, load);
  for (const wrong of wrongRemovals(tree)) graph.add(asError(wrong));
  graph.tellCycles(cyclesIn(tree));
  const recorded = new RecordedInstances(
    inputs.state === null ? [] : applyMoves(inputs.state.instances, tree),
  );
  const modules = new Map<Module, ModuleInstance[]>();
  const documents = new StackDocuments((path) => sources.snapshot.read(path));
  const calls = withKnownCompressor(functions, inputs.state, () =>
    isLockedByOpenTofu(sources.snapshot, inputs.root),
  );
  const environment: Environment = {
    root: inputs.root,
    workspace: inputs.workspace,
    documents,
    functions: new Map([
      ...calls,
      ...fileFunctions(sources.snapshot, inputs.root, calls),
      ...documents.decoders(calls),
    ]),
    budget,
    recorded,
    graph,
    load,
    instances: modules,
  };
  const constants = constantContext(environment.budget, graph);
  const root = new ModuleInstance(module, [], environment, {
    given: (name) => givenTo(given.get(name), name, constants),
    assignable: () => assignableOf(given.get()),
  });
  const instances = evaluateModules(root, graph);
  checkOutputs(root, graph);
  const isNew = (address: string) => instanceAt(root, parseAddress(address))?.recorded === null;
  const imports = new Cell(graph, {
    compute: () => readImports(root, isNew, graph, (address) => recorded.get(address) !== null),
    cyclic: () => new EvaluationError("the import blocks need themselves", null),
  });
  // They make values unknown, and nothing else.
  const unread = new Set(given.get().unread);
  const broken = [
    ...[...sources.parsed].filter((path) => !unread.has(path) && hasErrors(sources.get(path))),
    ...(instances.complete ? [] : [inputs.root]),
  ];
  return {
    inputs,
    root,
    instances: instances.found,
    recorded,
    imports: imports.get(),
    broken,
    diagnostics: distinct(graph.diagnostics()),
    files: sources.read,
    internals: { graph, files: sources, documents, budget, inputs: given, modules, tree },
  };
}

/** Inputs with what is wrong in them reported. */
function reportedInputs(inputs: RootInputs, module: Module, report: Report): RootInputs {
  for (const diagnostic of inputs.diagnostics) report.add(diagnostic);
  reportUndeclared(module, inputs.given, report);
  return inputs;
}

/** A value for a variable of the root is written into the strongest variable file. */
function assignableOf({ files }: RootInputs): Assignable | null {
  const strongest = files.at(-1)?.body;
  return strongest === undefined ? null : { kind: "tfvars", body: strongest };
}

/** A file that cannot be read may declare anything, too. */
function hasErrors(source: ParsedSource | null): boolean {
  return source === null || source.parsed.diagnostics.some(({ severity }) => severity === "error");
}

function givenTo({ given, others }: RootInputs, name: string, context: EvaluationContext): Given {
  const own = given.get(name) ?? others;
  return own?.kind === "tfvars" ? { ...own, context } : own;
}

function reportUndeclared(module: Module, given: ReadonlyMap<string, GivenValue>, report: Report): void {
  for (const [name, value] of given) {
    if (module.variables.has(name)) continue;
    const hint = didYouMean(name, module.variables.keys());
    const message = `the root module has no variable ${JSON.stringify(name)}${hint}`;
    if (value.kind === "tfvars")
      report.add({ severity: "warning", message, range: value.attribute.nameRange });
    // The environment may hold variables of other stacks.
    else if (value.kind === "setting" && value.label.startsWith("--var"))
      report.add({ severity: "error", message: `${value.label}: ${message}`, range: null });
  }
}

interface EvaluatedInstances {
  readonly found: ReadonlyMap<string, ResourceInstance>;
  /** False where evaluation had to stop before the last one. */
  readonly complete: boolean;
}

/** Everything in a module instance and those below it. */
export function evaluateModules(root: ModuleInstance, graph: Graph): EvaluatedInstances {
  const instances = evaluateInstances(root, graph);
  evaluateNamed(root, graph);
  evaluateConditions(modulesFrom(root), graph);
  checkMoves(modulesFrom(root), graph);
  return instances;
}

function evaluateInstances(root: ModuleInstance, report: Report): EvaluatedInstances {
  const found: ResourceInstance[] = [];
  let complete = true;
  try {
    for (const module of modulesFrom(root)) {
      for (const resource of module.resources.values()) {
        for (const instance of resource.instances()) {
          instance.body();
          if (resource.mode === "managed") found.push(instance);
        }
      }
    }
  } catch (error) {
    report.add(diagnosticOf(error, report, null));
    complete = false;
  }
  const inOrder = inAddressOrder(found, ({ address }) => address);
  return { found: new Map(inOrder.map((instance) => [instance.name, instance])), complete };
}

/** What is wrong in a value that no resource uses stops Terraform all the same. */
function evaluateNamed(root: ModuleInstance, report: Report): void {
  try {
    for (const module of modulesFrom(root)) {
      for (const node of module.named()) node.value();
      for (const provider of module.providers) provider.body();
    }
  } catch (error) {
    report.add(diagnosticOf(error, report, null));
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

/** The instance with an address as the code is now; null where it declares none. */
function instanceAt(root: ModuleInstance, address: Address): ResourceInstance | null {
  let module: ModuleInstance | null = root;
  for (const { name, key } of address.module) module = module?.call(name)?.instance(key) ?? null;
  return module?.resource(`${address.type}.${address.name}`)?.instance(address.key) ?? null;
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
