import { type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import type { Budget, FunctionTable } from "../../hcl/functions/function.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import { objectValue, tupleValue, unknownValue, type Value } from "../../hcl/values/value.ts";
import { type InstanceKey, type ModulePath, moduleAddress } from "../address.ts";
import { type Before, Cell, type Computation } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import { diagnosticOf } from "../cells/report.ts";
import { attributeOf } from "../code/body-index.ts";
import { isFlagSet } from "../code/flag-rules.ts";
import { declaredIn, type Module } from "../code/module.ts";
import type { RecordedInstances } from "../state/recorded.ts";
import { undeclaredArguments } from "./call-arguments.ts";
import { constantContext } from "./constants.ts";
import { type Expansion, ExpansionCell, expand, expandedBy, NO_EXPANSION } from "./expansion.ts";
import { NamedCell } from "./named-cell.ts";
import type { CallNode, ModuleNode, NamedNode } from "./nodes.ts";
import { ProviderBlock } from "./provider-block.ts";
import { Resource, type ResourceSurroundings } from "./resource.ts";
import { ModuleScope, type Surroundings } from "./scope.ts";
import { type Given, type Givers, Variable } from "./variable.ts";

/** What all modules of one stack share. */
export interface Environment extends Surroundings {
  readonly functions: FunctionTable;
  readonly budget: Budget;
  readonly recorded: RecordedInstances;
  readonly graph: Graph;
  /** The module that a call names, or null where it is not there to be read (which is reported). */
  readonly load: (call: Block, from: Module) => Module | null;
  /** The instances of each module, as far as they were asked for. */
  readonly instances: Map<Module, ModuleInstance[]>;
}

const MOST_NESTED_MODULES = 40;

/** What an instance of a module costs, in elements of collections. */
function costOf(module: Module | null): number {
  if (module === null) return 1;
  const { variables, locals, outputs, resources, calls } = module;
  return 400 + 10 * (variables.size + locals.size + outputs.size + resources.size + calls.size);
}

/** One instance of a module with everything in it, each thing evaluated when first asked for. */
export class ModuleInstance implements ModuleNode {
  readonly path: ModulePath;
  readonly module: Module;
  readonly scope: ModuleScope;
  readonly context: EvaluationContext;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly calls: ReadonlyMap<string, ModuleCall>;
  readonly providers: readonly ProviderBlock[];
  /** The call that made it; null for the root. */
  readonly caller: ModuleCall | null;
  readonly #variables = new Map<string, Variable>();
  readonly #locals = new Map<string, NamedCell>();
  readonly #outputs = new Map<string, NamedCell>();
  readonly #graph: Graph;
  readonly #address: string;

  constructor(
    module: Module,
    path: ModulePath,
    environment: Environment,
    givers: Pick<Givers, "given" | "assignable">,
    caller: ModuleCall | null = null,
  ) {
    this.module = module;
    this.path = path;
    this.caller = caller;
    this.#graph = environment.graph;
    this.scope = new ModuleScope(() => this, environment);
    this.#address = moduleAddress(path);
    const { functions, budget, recorded, graph } = environment;
    this.context = { scope: this.scope, names: null, functions, budget, failures: graph };
    const constants = constantContext(budget, graph);
    const variables: Givers = {
      ...givers,
      module: this.#address,
      declaration: (name) => declaredIn(module.variables, name),
    };
    for (const name of module.variables.keys())
      this.#variables.set(name, new Variable(name, variables, constants, graph));
    for (const name of module.locals.keys()) this.#locals.set(name, this.#localCell(name));
    for (const name of module.outputs.keys()) this.#outputs.set(name, this.#outputCell(name));
    const surroundings = { context: this.context, recorded, graph };
    this.resources = new Map(
      [...module.resources.keys()].map((name) => [name, this.#resourceNode(name, surroundings)]),
    );
    this.calls = new Map(
      [...module.calls.keys()].map((name) => [name, new ModuleCall(name, this, environment)]),
    );
    this.providers = module.providers.map((block) => new ProviderBlock(block, path, this.context, graph));
    this.#join(environment);
  }

  /** Takes its place among the instances of its module; one that a trial makes is there until its end. */
  #join({ instances, graph }: Environment): void {
    const siblings = instances.get(this.module) ?? [];
    if (siblings.length === 0) instances.set(this.module, siblings);
    siblings.push(this);
    graph.trial?.onUndo(() => {
      siblings.pop();
      if (siblings.length === 0) instances.delete(this.module);
    });
  }

  variable(name: string): Variable | null {
    return this.#variables.get(name) ?? null;
  }

  local(name: string): NamedCell | null {
    return this.#locals.get(name) ?? null;
  }

  output(name: string): NamedCell | null {
    return this.#outputs.get(name) ?? null;
  }

  resource(name: string): Resource | null {
    return this.resources.get(name) ?? null;
  }

  call(name: string): ModuleCall | null {
    return this.calls.get(name) ?? null;
  }

  /** Every variable, local and output. */
  *named(): Generator<NamedNode> {
    yield* this.#variables.values();
    yield* this.#locals.values();
    yield* this.#outputs.values();
  }

  value(): Value {
    return objectValue([...this.#outputs].map(([name, node]) => [name, node.value()] as const));
  }

  #localCell(name: string): NamedCell {
    const { context, module } = this;
    const expression = () => declaredIn(module.locals, name).value;
    return new NamedCell({ kind: "local", name, module: this.#address, context, expression }, this.#graph);
  }

  #outputCell(name: string): NamedCell {
    const { context, module } = this;
    const block = () => declaredIn(module.outputs, name);
    return new NamedCell(
      {
        kind: "output",
        name,
        module: this.#address,
        context,
        expression: () => attributeOf(block().body, "value")?.value ?? null,
        missing: () => block().typeRange,
        isSensitive: () => isFlagSet(block().body, "sensitive"),
      },
      this.#graph,
    );
  }

  #resourceNode(name: string, surroundings: ResourceSurroundings): Resource {
    const { module, path } = this;
    const { labels } = declaredIn(module.resources, name);
    const [type, label] = [labels[0]?.value ?? "", labels[1]?.value ?? ""];
    const mode = name.startsWith("data.") ? ("data" as const) : ("managed" as const);
    return new Resource(name, module.resources, { module: path, mode, type, name: label }, surroundings);
  }
}

/** A `module` block of one module instance. */
export class ModuleCall implements CallNode, Computation<Expansion> {
  readonly name: string;
  readonly outer: ModuleInstance;
  readonly expansion: ExpansionCell<ModuleCall>;
  readonly #environment: Environment;
  readonly #module: Cell<Module | null>;
  readonly #undeclared: Cell<null>;
  readonly #instances = new Map<InstanceKey, ModuleInstance>();

  constructor(name: string, outer: ModuleInstance, environment: Environment) {
    this.name = name;
    this.outer = outer;
    this.#environment = environment;
    const { graph } = environment;
    const cyclic = () => this.cyclic();
    this.#module = new Cell(graph, { compute: () => this.#load(), cyclic });
    this.#undeclared = new Cell(graph, { compute: () => this.#reportUndeclaredIn(), cyclic });
    this.expansion = new ExpansionCell(graph, this);
  }

  cyclic(): EvaluationError {
    const message = `the instances of module.${this.name} depend on themselves`;
    return new EvaluationError(message, this.block.typeRange);
  }

  get block(): Block {
    return declaredIn(this.outer.module.calls, this.name);
  }

  get available(): boolean {
    return this.#module.get() !== null;
  }

  /** Which instances there are, or what is in them, cannot be said. */
  get undecided(): boolean {
    return !this.available || this.expansion.get() === NO_EXPANSION;
  }

  instances(): ModuleInstance[] {
    if (!this.available) return [];
    return [...this.expansion.get().instances.keys()].flatMap((key) => this.instance(key) ?? []);
  }

  instance(key: InstanceKey): ModuleInstance | null {
    const module = this.#module.get();
    if (module === null || this.expansion.contextOf(key) === null) return null;
    const known = this.#instances.get(key);
    if (known !== undefined) return known;
    const path = [...this.outer.path, { name: this.name, key }];
    const instance = new ModuleInstance(
      module,
      path,
      this.#environment,
      {
        given: (name) => this.#argument(name, key),
        assignable: () => ({ kind: "call", body: this.block.body }),
      },
      this,
    );
    this.#instances.set(key, instance);
    this.#environment.graph.trial?.onUndo(() => this.#instances.delete(key));
    return instance;
  }

  /** An instance that was there once, whether it is now or not. */
  former(key: InstanceKey): ModuleInstance | null {
    return this.#instances.get(key) ?? null;
  }

  /** In a trial: arguments with these names were edited. */
  touch(names: ReadonlySet<string>): void {
    if (names.has("count") || names.has("for_each")) this.expansion.touch();
    this.#undeclared.touch();
    for (const instance of this.#instances.values())
      for (const name of names) instance.variable(name)?.touchGiven();
  }

  value(): Value {
    const { mode, unknown } = this.expansion.get();
    if (unknown || !this.available) return unknownValue();
    const instances = this.instances();
    if (mode === "count") return tupleValue(instances.map((instance) => instance.value()));
    if (mode === "single") return instances[0]?.value() ?? unknownValue();
    return objectValue(
      instances.map((instance) => [String(instance.path.at(-1)?.key), instance.value()] as const),
    );
  }

  #argument(name: string, key: InstanceKey): Given | undefined {
    const context = this.expansion.contextOf(key);
    if (context === null) return undefined;
    const attribute = attributeOf(this.block.body, name);
    return attribute && { kind: "argument", attribute, context };
  }

  #load(): Module | null {
    const { graph, load } = this.#environment;
    if (this.outer.path.length >= MOST_NESTED_MODULES) {
      const message = `modules are nested more than ${MOST_NESTED_MODULES} deep here`;
      graph.add({ severity: "error", message, range: this.block.typeRange });
      return null;
    }
    const module = load(this.block, this.outer.module);
    for (let outer: ModuleInstance | null = this.outer; outer !== null; outer = outer.caller?.outer ?? null) {
      if (outer.module !== module) continue;
      const message = `module ${JSON.stringify(this.name)} calls itself, directly or through others`;
      graph.add({ severity: "error", message, range: this.block.typeRange });
      return null;
    }
    return module;
  }

  #reportUndeclaredIn(): null {
    const module = this.#module.get();
    if (module === null) return null;
    for (const diagnostic of undeclaredArguments(this.block, module)) this.#environment.graph.add(diagnostic);
    return null;
  }

  compute(before: Before<Expansion> | null): Expansion {
    const { graph, recorded: state } = this.#environment;
    const call = moduleAddress([...this.outer.path, { name: this.name, key: null }]);
    try {
      const recorded = () => state.moduleKeys(call);
      const module = this.#module.get();
      if (module !== null) this.#undeclared.get();
      const expansion = expand(this.block.body, this.outer.context, recorded, costOf(module), before);
      if (expansion.unknown) {
        const message = `${expansion.mode} is not known; the instances are those that the state has`;
        graph.add({ severity: "warning", message, range: this.block.typeRange });
      }
      return expansion;
    } catch (error) {
      graph.add(diagnosticOf(error, graph, expandedBy(this.block)));
      return NO_EXPANSION;
    }
  }
}
