import { type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import { objectValue, tupleValue, unknownValue, type Value } from "../../hcl/values/value.ts";
import { type Address, type InstanceKey, printAddress } from "../address.ts";
import type { Before, Cell, Computation } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import { diagnosticOf } from "../cells/report.ts";
import { WholeNeeded } from "../cells/trial.ts";
import { valueCell } from "../cells/value-cell.ts";
import { attributeOf } from "../code/body-index.ts";
import { declaredIn } from "../code/module.ts";
import { type OwnReference, ownReferences } from "../code/own-references.ts";
import { type AttributeNames, sensitiveAttributes } from "../schemas/sensitive-attributes.ts";
import type { RecordedInstances } from "../state/recorded.ts";
import { type Expansion, ExpansionCell, expand, expandedBy, NO_EXPANSION } from "./expansion.ts";
import { type IgnoredChanges, readIgnoredChanges } from "./ignored-changes.ts";
import { META } from "./instance-attributes.ts";
import type { ResourceNode } from "./nodes.ts";
import { ResourceInstance } from "./resource-instance.ts";

/** What an instance costs, in elements of collections. */
const COST = 25;

/** What the resources of a module instance share. */
export interface ResourceSurroundings {
  readonly context: EvaluationContext;
  readonly recorded: RecordedInstances;
  readonly graph: Graph;
}

/** A `resource` or `data` block of one module instance. */
export class Resource implements ResourceNode, Computation<Expansion> {
  readonly base: Omit<Address, "key">;
  readonly expansion: ExpansionCell<Resource>;
  readonly #name: string;
  readonly #declared: ReadonlyMap<string, Block>;
  readonly #surroundings: ResourceSurroundings;
  readonly #instances = new Map<InstanceKey, ResourceInstance>();
  #value: Cell<Value> | null = null;
  /** The block in which references to itself were looked for. */
  #searched: Block | null = null;
  #ownReferences: readonly OwnReference[] = [];
  #ignored: IgnoredChanges | null = null;
  #sensitive: readonly AttributeNames[] | null = null;
  /** Attributes that were read, and that the block does not give. */
  #readAbsent: Set<string> | null = null;

  /** `declared` has the block, as it is now, under the name that references use. */
  constructor(
    name: string,
    declared: ReadonlyMap<string, Block>,
    base: Omit<Address, "key">,
    surroundings: ResourceSurroundings,
  ) {
    this.base = base;
    this.#name = name;
    this.#declared = declared;
    this.#surroundings = surroundings;
    this.expansion = new ExpansionCell(surroundings.graph, this);
  }

  get block(): Block {
    return declaredIn(this.#declared, this.#name);
  }

  /** What `ignore_changes` says. No trial follows an edit of that, so it is read once. */
  get ignored(): IgnoredChanges {
    this.#ignored ??= readIgnoredChanges(this.block.body);
    return this.#ignored;
  }

  /** What the provider's schema calls sensitive, looked up once. */
  get sensitive(): readonly AttributeNames[] {
    this.#sensitive ??= sensitiveAttributes(this.base.mode, this.base.type);
    return this.#sensitive;
  }

  /** Where the block, as it is now, refers to itself, read once. */
  ownReferences(block: Block): readonly OwnReference[] {
    if (this.#searched !== block) {
      this.#searched = block;
      this.#ownReferences = ownReferences(block);
    }
    return this.#ownReferences;
  }

  get #address(): string {
    return printAddress({ ...this.base, key: null });
  }

  cyclic(): EvaluationError {
    const message = `the number of instances of ${this.#address} depends on itself`;
    return new EvaluationError(message, this.block.typeRange);
  }

  compute(before: Before<Expansion> | null): Expansion {
    const { context, recorded, graph } = this.#surroundings;
    const keys = () => recorded.keys(this.base);
    try {
      const { body } = this.block;
      const expansion = expand(body, context, keys, COST + body.items.length, before);
      if (expansion.unknown) this.#reportUnknown(expansion);
      return expansion;
    } catch (error) {
      graph.add(diagnosticOf(error, graph, expandedBy(this.block)));
      return NO_EXPANSION;
    }
  }

  #reportUnknown(expansion: Expansion): void {
    const argument = expansion.mode === "count" ? "count" : "for_each";
    const found = expansion.instances.size;
    const message =
      found > 0
        ? `${argument} is not known; the instances are the ${found} that the state has`
        : `${argument} is not known, and the state has no instances: none are evaluated`;
    const range = attributeOf(this.block.body, argument);
    this.#surroundings.graph.add({ severity: "warning", message, range });
  }

  get mode(): "managed" | "data" {
    return this.base.mode;
  }

  /** Which instances there are cannot be said: `count` or `for_each` has an error. */
  get undecided(): boolean {
    return this.expansion.get() === NO_EXPANSION;
  }

  /** Every instance, in the order of expansion. */
  instances(): ResourceInstance[] {
    return [...this.expansion.get().instances.keys()].map((key) => this.#instance(key));
  }

  instance(key: InstanceKey): ResourceInstance | null {
    return this.expansion.contextOf(key) === null ? null : this.#instance(key);
  }

  #instance(key: InstanceKey): ResourceInstance {
    const known = this.#instances.get(key);
    if (known !== undefined) return known;
    const { recorded, graph } = this.#surroundings;
    const instance = new ResourceInstance(this, key, recorded, graph);
    this.#instances.set(key, instance);
    graph.trial?.onUndo(() => this.#instances.delete(key));
    return instance;
  }

  /**
   * In a trial: arguments and blocks with these names were edited.
   * @throws WholeNeeded where it cannot be said who has to know.
   */
  touch(names: ReadonlySet<string>): void {
    for (const name of names) {
      if (this.#readAbsent?.has(name))
        throw new WholeNeeded("an edit adds an argument that others have read");
    }
    if (names.has("count") || names.has("for_each")) this.expansion.touch();
    const own = new Set([...names].filter((name) => !META.has(name)));
    if (own.size === 0) return;
    for (const instance of this.#instances.values()) instance.touch(own);
    this.#value?.wake();
  }

  /** An instance that was there once, whether it is now or not. */
  former(key: InstanceKey): ResourceInstance | null {
    return this.#instances.get(key) ?? null;
  }

  noteAbsent(name: string): void {
    this.#readAbsent ??= new Set();
    const absent = this.#readAbsent;
    if (absent.has(name)) return;
    absent.add(name);
    this.#surroundings.graph.trial?.onUndo(() => absent.delete(name));
  }

  value(): Value {
    this.#value ??= valueCell(
      this.#surroundings.graph,
      { name: this.#address, at: this.block.typeRange },
      () => this.#combine(),
    );
    return this.#value.get();
  }

  #combine(): Value {
    const { mode, unknown } = this.expansion.get();
    if (unknown) return unknownValue();
    const instances = this.instances();
    if (mode === "count") return tupleValue(instances.map((instance) => instance.value()));
    if (mode === "for_each") {
      return objectValue(instances.map((instance) => [String(instance.address.key), instance.value()]));
    }
    return instances[0]?.value() ?? unknownValue();
  }
}
