import type { EvaluationContext, Located } from "../hcl/evaluation/context.ts";
import { EvaluationError } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { didYouMean } from "../hcl/evaluation/suggestion.ts";
import type { Budget, FunctionTable } from "../hcl/functions/function.ts";
import type { Attribute, Block } from "../hcl/syntax/syntax.ts";
import { asSensitive, objectValue, tupleValue, unknownValue, type Value } from "../hcl/values/value.ts";
import { type InstanceKey, type ModulePath, moduleAddress } from "./address.ts";
import { Cell, diagnosticOf, type Report, valueCell } from "./cell.ts";
import { constantContext } from "./constants.ts";
import { type Expansion, expand, NO_EXPANSION } from "./expansion.ts";
import { attributeOf, type Module } from "./module.ts";
import type { Assignable, CallNode, Definition, ModuleNode, NamedNode } from "./nodes.ts";
import { ProviderBlock } from "./provider-block.ts";
import type { RecordedInstances } from "./recorded.ts";
import { Resource } from "./resource.ts";
import { ModuleScope, type Surroundings } from "./scope.ts";
import { type Given, Variable } from "./variable.ts";

/** What all modules of one stack share. */
export interface Environment extends Surroundings {
  readonly functions: FunctionTable;
  readonly budget: Budget;
  readonly recorded: RecordedInstances;
  readonly report: Report;
  /** The module that a call names, or null where it is not there to be read (which is reported). */
  readonly load: (call: Block, from: Module) => Module | null;
}

const MOST_NESTED_MODULES = 40;

/** Arguments of a module block that belong to Terraform itself. */
const CALL_ARGUMENTS = new Set(["source", "version", "count", "for_each", "providers", "depends_on"]);

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
  /** The call that made it and what its arguments are evaluated in; null for the root. */
  readonly caller: {
    readonly block: Block;
    readonly context: EvaluationContext;
    readonly module: ModuleInstance;
  } | null;
  readonly #variables = new Map<string, Variable>();
  readonly #locals = new Map<string, NamedNode>();
  readonly #outputs = new Map<string, NamedNode>();
  readonly #environment: Environment;

  constructor(
    module: Module,
    path: ModulePath,
    environment: Environment,
    given: (name: string) => { given: Given; assignable: Assignable | null },
    caller: ModuleInstance["caller"] = null,
  ) {
    this.module = module;
    this.path = path;
    this.caller = caller;
    this.#environment = environment;
    this.scope = new ModuleScope(() => this, environment);
    this.context = {
      scope: this.scope,
      names: null,
      functions: environment.functions,
      budget: environment.budget,
    };
    const constants = constantContext(environment.functions, environment.budget);
    for (const [name, block] of module.variables) {
      const { given: value, assignable } = given(name);
      this.#variables.set(name, new Variable(block, value, assignable, constants, environment.report));
    }
    for (const [name, attribute] of module.locals) this.#locals.set(name, this.#localNode(name, attribute));
    for (const [name, block] of module.outputs) this.#outputs.set(name, this.#outputNode(name, block));
    this.resources = new Map(
      [...module.resources].map(([name, block]) => [name, this.#resourceNode(name, block)]),
    );
    this.calls = new Map(
      [...module.calls].map(([name, block]) => [name, new ModuleCall(name, block, this, environment)]),
    );
    this.providers = module.providers.map((block) => new ProviderBlock(block, path, this.context));
  }

  variable(name: string): Variable | null {
    return this.#variables.get(name) ?? null;
  }

  local(name: string): NamedNode | null {
    return this.#locals.get(name) ?? null;
  }

  output(name: string): NamedNode | null {
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

  #localNode(name: string, attribute: Attribute): NamedNode {
    const located = { expression: attribute.value, context: this.context, path: [] };
    return namedNode(`local.${name}`, { kind: "local", located }, false, this.#environment.report);
  }

  #outputNode(name: string, block: Block): NamedNode {
    const attribute = attributeOf(block.body, "value");
    const sensitive = attributeOf(block.body, "sensitive")?.value;
    if (attribute === null) {
      const message = `output ${JSON.stringify(name)} has no value argument`;
      this.#environment.report.add({ severity: "error", message, range: block.typeRange });
      return { value: () => unknownValue(), definition: () => null };
    }
    const located = { expression: attribute.value, context: this.context, path: [] };
    const marked = sensitive?.kind === "keyword" && sensitive.value === true;
    return namedNode(`output.${name}`, { kind: "output", located }, marked, this.#environment.report);
  }

  #resourceNode(name: string, block: Block): Resource {
    const [type = "", label = ""] = block.labels.map(({ value }) => value);
    const mode = name.startsWith("data.") ? ("data" as const) : ("managed" as const);
    const { recorded, report } = this.#environment;
    return new Resource(
      block,
      { module: this.path, mode, type, name: label },
      this.context,
      recorded,
      report,
    );
  }
}

function namedNode(name: string, definition: Definition, sensitive: boolean, report: Report): NamedNode {
  const { expression, context }: Located = definition.located;
  const cell = valueCell(name, expression, report, () =>
    asSensitive(evaluate(expression, context), sensitive),
  );
  return { value: () => cell.get(), definition: () => definition };
}

/** A `module` block of one module instance. */
export class ModuleCall implements CallNode {
  readonly name: string;
  readonly block: Block;
  readonly #outer: ModuleInstance;
  readonly #environment: Environment;
  readonly #module: Cell<Module | null>;
  readonly #expansion: Cell<Expansion>;
  readonly #instances = new Map<InstanceKey, ModuleInstance>();

  constructor(name: string, block: Block, outer: ModuleInstance, environment: Environment) {
    this.name = name;
    this.block = block;
    this.#outer = outer;
    this.#environment = environment;
    const cyclic = () =>
      new EvaluationError(`the instances of module.${name} depend on themselves`, block.typeRange);
    this.#module = new Cell(() => this.#load(), cyclic);
    this.#expansion = new Cell(() => this.#expand(), cyclic);
  }

  get available(): boolean {
    return this.#module.get() !== null;
  }

  /** Which instances there are, or what is in them, cannot be said. */
  get undecided(): boolean {
    return !this.available || this.#expansion.get() === NO_EXPANSION;
  }

  instances(): ModuleInstance[] {
    if (!this.available) return [];
    return [...this.#expansion.get().instances.keys()].flatMap((key) => this.instance(key) ?? []);
  }

  instance(key: InstanceKey): ModuleInstance | null {
    const known = this.#instances.get(key);
    if (known !== undefined) return known;
    const module = this.#module.get();
    const context = this.#expansion.get().instances.get(key);
    if (module === null || context === undefined) return null;
    const path = [...this.#outer.path, { name: this.name, key }];
    const caller = { block: this.block, context, module: this.#outer };
    const instance = new ModuleInstance(
      module,
      path,
      this.#environment,
      (name) => this.#argument(name, context),
      caller,
    );
    this.#instances.set(key, instance);
    return instance;
  }

  value(): Value {
    const { mode, unknown } = this.#expansion.get();
    if (unknown || !this.available) return unknownValue();
    const instances = this.instances();
    if (mode === "count") return tupleValue(instances.map((instance) => instance.value()));
    if (mode === "single") return instances[0]?.value() ?? unknownValue();
    return objectValue(
      instances.map((instance) => [String(instance.path.at(-1)?.key), instance.value()] as const),
    );
  }

  #argument(name: string, context: EvaluationContext): { given: Given; assignable: Assignable } {
    const attribute = attributeOf(this.block.body, name);
    return {
      given: attribute && { kind: "argument", attribute, context },
      assignable: { kind: "call", body: this.block.body },
    };
  }

  #load(): Module | null {
    const { report, load } = this.#environment;
    if (this.#outer.path.length >= MOST_NESTED_MODULES) {
      const message = `modules are nested more than ${MOST_NESTED_MODULES} deep here`;
      report.add({ severity: "error", message, range: this.block.typeRange });
      return null;
    }
    const module = load(this.block, this.#outer.module);
    for (
      let outer: ModuleInstance | null = this.#outer;
      outer !== null;
      outer = outer.caller?.module ?? null
    ) {
      if (outer.module !== module) continue;
      const message = `module ${JSON.stringify(this.name)} calls itself, directly or through others`;
      report.add({ severity: "error", message, range: this.block.typeRange });
      return null;
    }
    if (module !== null) this.#reportUndeclared(module);
    return module;
  }

  #reportUndeclared(module: Module): void {
    for (const item of this.block.body.items) {
      if (item.kind !== "attribute" || CALL_ARGUMENTS.has(item.name) || module.variables.has(item.name))
        continue;
      const hint = didYouMean(item.name, module.variables.keys());
      const message = `module ${JSON.stringify(this.name)} has no variable ${JSON.stringify(item.name)}${hint}`;
      this.#environment.report.add({ severity: "error", message, range: item.nameRange });
    }
  }

  #expand(): Expansion {
    const call = moduleAddress([...this.#outer.path, { name: this.name, key: null }]);
    try {
      const recorded = () => this.#environment.recorded.moduleKeys(call);
      const expansion = expand(this.block.body, this.#outer.context, recorded, costOf(this.#module.get()));
      if (expansion.unknown) {
        const message = `${expansion.mode} is not known; the instances are those that the state has`;
        this.#environment.report.add({ severity: "warning", message, range: this.block.typeRange });
      }
      return expansion;
    } catch (error) {
      this.#environment.report.add(diagnosticOf(error));
      return NO_EXPANSION;
    }
  }
}
