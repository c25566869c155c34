import type { Diagnostic } from "../../hcl/syntax/source.ts";
import type { InstanceKey } from "../address.ts";
import type { Cell } from "../cells/cell.ts";
import { type Onlooker, type Trial, WholeNeeded } from "../cells/trial.ts";
import type { Module } from "../code/module.ts";
import { modulesIn } from "../code/module-tree.ts";
import { evaluateInstanceConditions } from "../evaluation/checks/conditions.ts";
import { newErrors } from "../evaluation/errors.ts";
import { type Evaluation, evaluateModules } from "../evaluation/evaluation.ts";
import { differingInstances, type Expansion, ExpansionCell } from "../evaluation/expansion.ts";
import type { InstanceContent } from "../evaluation/instance-content.ts";
import type { ModuleCall, ModuleInstance } from "../evaluation/module-instance.ts";
import { type ProviderBlock, ProviderCell, type ProviderContent } from "../evaluation/provider-block.ts";
import { Resource } from "../evaluation/resource.ts";
import {
  ContentCell,
  type InstanceResource,
  type ResourceInstance,
} from "../evaluation/resource-instance.ts";
import type { EditedFile } from "../source/edited-file.ts";
import { editModule } from "./edited-module.ts";

/** What was and what is; null where there is nothing. */
export interface Turned<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** Someone who looks on while edits are tried out, and may throw to have it ended. */
export interface Watch {
  /** An instance of which is known first what becomes of it; `ready` is called then. */
  readonly first: ResourceInstance | null;
  ready(): void;
  /** An instance says something else. */
  turned(instance: ResourceInstance, turned: Turned<InstanceContent>): void;
}

/** What stands in module instances that are no more: whatever else becomes of it tells nothing. */
interface Gone {
  readonly modules: ReadonlySet<ModuleInstance>;
  readonly resources: ReadonlySet<InstanceResource>;
  readonly providers: ReadonlySet<ProviderBlock>;
}

/**
 * An evaluation with edits made, until `end`. Only what depends on the edits is computed again, and all of it is taken
 * back at the end; in between, the evaluation itself is the edited one.
 */
export class TriedEdits {
  readonly #evaluation: Evaluation;
  readonly #trial: Trial;
  readonly #gone: Gone;

  /** @throws WholeNeeded where the edits cannot be followed so; nothing is changed then. */
  constructor(evaluation: Evaluation, files: readonly EditedFile[], watch: Watch | null = null) {
    const { graph, budget } = evaluation.internals;
    if (graph.cyclic) throw new WholeNeeded("values depend on each other already");
    this.#evaluation = evaluation;
    this.#trial = graph.begin();
    const { restore } = budget.renew();
    this.#trial.onUndo(restore);
    try {
      for (const file of files) this.#edit(file);
      this.#trial.settle(watch && this.#onlooker(watch));
      this.#gone = this.#findGone();
      this.#evaluateNew();
      // What is wrong in modules that are no more is no matter.
      if (this.#gone.modules.size > 0 && this.errors().length > 0)
        throw new WholeNeeded("an edit is wrong, perhaps in a module that is no more");
      if (graph.cyclic) throw new WholeNeeded("an edit makes values depend on each other");
    } catch (error) {
      this.end();
      throw error;
    }
  }

  end(): void {
    this.#trial.end();
  }

  #edit(file: EditedFile): void {
    const { path } = file;
    const { files, inputs } = this.#evaluation.internals;
    if (!files.read.has(path)) return;
    if (isInstalled(path)) throw new WholeNeeded("an edit stands in what terraform init has installed");
    const isInput = inputs.get().files.some((input) => input.path === path);
    const inModules = this.#modulesOf(path);
    files.replace(file, this.#trial);
    if (!isInput && inModules.length === 0) {
      if (files.parsed.has(path)) throw new WholeNeeded(`${path} is read, and nothing in it is evaluated`);
      return;
    }
    const { before, after } = file;
    if (before === null || after === null)
      throw new WholeNeeded(`the edit of ${path} does not parse by itself`);
    if (isInput) inputs.touch();
    for (const [module, instances] of inModules) editModule(module, instances, before, after, this.#trial);
  }

  /** The modules that a file is one of, each with its instances: none where nothing calls it so far. */
  #modulesOf(path: string): (readonly [Module, readonly ModuleInstance[]])[] {
    const { files, modules, tree } = this.#evaluation.internals;
    const found = [...modules].filter(([module]) => module.files.includes(path));
    if (found.length > 0 || !files.parsed.has(path)) return found;
    const idle = new Set<Module>();
    for (const { module } of modulesIn(tree)) if (module.files.includes(path)) idle.add(module);
    return [...idle].map((module) => [module, []] as const);
  }

  #onlooker(watch: Watch): Onlooker {
    const { changes } = this.#trial;
    return {
      first: watch.first?.contentCell ?? null,
      ready: () => watch.ready(),
      computed(cell) {
        if (!(cell instanceof ContentCell) || !changes.has(cell)) return;
        const before = changes.get(cell) as InstanceContent | null;
        watch.turned(cell.instance, { before, after: cell.get() });
      },
    };
  }

  /** What came with the edits is not stale, but new. */
  #evaluateNew(): void {
    const { graph } = this.#evaluation.internals;
    for (const [cell, before] of this.#expansions()) {
      if (this.#isInGone(cell.owner)) continue;
      for (const key of this.#keysOnlyIn(cell.get(), before)) {
        if (cell.owner instanceof Resource) {
          const instance = cell.owner.instance(key);
          instance?.body();
          if (instance !== null) evaluateInstanceConditions(instance, graph);
        } else {
          const module = cell.owner.instance(key);
          if (module !== null) evaluateModules(module, graph);
        }
      }
    }
  }

  /** The module instances that went, and all that was in them before. */
  #findGone(): Gone {
    const found = new Set<ModuleInstance>();
    for (const [cell, before] of this.#expansions()) {
      if (cell.owner instanceof Resource) continue;
      for (const key of this.#keysOnlyIn(before, cell.get()))
        for (const module of this.#modulesIn(cell.owner.former(key))) found.add(module);
    }
    const modules = [...found];
    return {
      modules: found,
      resources: new Set(modules.flatMap(({ resources }) => [...resources.values()])),
      providers: new Set(modules.flatMap(({ providers }) => providers)),
    };
  }

  #expansions(): [ExpansionCell<Resource | ModuleCall>, Expansion][] {
    return [...this.#trial.changes].flatMap(([cell, before]) =>
      cell instanceof ExpansionCell ? [[cell, before as Expansion] as const] : [],
    ) as [ExpansionCell<Resource | ModuleCall>, Expansion][];
  }

  #keysOnlyIn(one: Expansion, other: Expansion): InstanceKey[] {
    return differingInstances(other, one).filter(
      (key) => one.instances.has(key) && !other.instances.has(key),
    );
  }

  /** The errors that were not there before. */
  errors(): readonly Diagnostic[] {
    const { graph } = this.#evaluation.internals;
    const { before, made } = graph.reportedIn(this.#trial);
    const mayBeNew = made.some(({ severity }) => severity === "error");
    return mayBeNew ? newErrors(before, graph.reported()) : [];
  }

  /** The instances of resources and data sources that are not as they were. */
  instances(): ReadonlyMap<ResourceInstance, Turned<InstanceContent>> {
    const turned = new Map<ResourceInstance, Turned<InstanceContent>>();
    for (const [cell, before] of this.#trial.changes) {
      if (cell instanceof ContentCell && !this.#gone.resources.has(cell.instance.resource))
        turned.set(cell.instance, { before: before as InstanceContent | null, after: cell.get() });
    }
    for (const [cell, before] of this.#expansions()) {
      const { owner } = cell;
      if (this.#isInGone(owner)) continue;
      for (const key of this.#keysOnlyIn(cell.get(), before)) {
        for (const instance of owner instanceof Resource
          ? present(owner.instance(key))
          : instancesIn(owner.instance(key)))
          turned.set(instance, { before: null, after: instance.content });
      }
    }
    for (const resource of this.#gone.resources) {
      for (const key of this.#resultBefore(resource.expansion).instances.keys()) {
        for (const instance of present(resource.former(key)))
          turned.set(instance, { before: this.#resultBefore(instance.contentCell), after: null });
      }
    }
    return turned;
  }

  /** The provider blocks that are not as they were. */
  providers(): ReadonlyMap<
    ProviderBlock,
    { readonly before: ProviderContent; readonly after: ProviderContent }
  > {
    return new Map(
      [...this.#trial.changes].flatMap(([cell, before]) =>
        cell instanceof ProviderCell && !this.#gone.providers.has(cell.provider)
          ? [[cell.provider, { before: before as ProviderContent, after: cell.get() }] as const]
          : [],
      ),
    );
  }

  #resultBefore<T>(cell: Cell<T>): T {
    const known = this.#trial.changes.has(cell as Cell<unknown>);
    return known ? (this.#trial.changes.get(cell as Cell<unknown>) as T) : cell.get();
  }

  #isInGone(owner: Resource | ModuleCall): boolean {
    return owner instanceof Resource ? this.#gone.resources.has(owner) : this.#gone.modules.has(owner.outer);
  }

  /** A module instance, and those that were in it. */
  *#modulesIn(module: ModuleInstance | null): Generator<ModuleInstance> {
    if (module === null) return;
    yield module;
    for (const call of module.calls.values()) {
      for (const key of this.#resultBefore(call.expansion).instances.keys())
        yield* this.#modulesIn(call.former(key));
    }
  }
}

/** Which modules there are is read once. */
function isInstalled(path: string): boolean {
  return path.split("/").includes(".terraform");
}

function present<T>(item: T | null): T[] {
  return item === null ? [] : [item];
}

function* instancesIn(module: ModuleInstance | null): Generator<ResourceInstance> {
  if (module === null) return;
  for (const resource of module.resources.values()) yield* resource.instances();
  for (const call of module.calls.values()) for (const inner of call.instances()) yield* instancesIn(inner);
}
