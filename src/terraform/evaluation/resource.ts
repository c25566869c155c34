import type { EvaluationContext, Located } from "../../hcl/evaluation/context.ts";
import { EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import { ConversionError, convert } from "../../hcl/values/convert.ts";
import { ANY, STRING } from "../../hcl/values/type.ts";
import {
  fromJson,
  objectValue,
  tupleValue,
  typeOf,
  unknownValue,
  type Value,
} from "../../hcl/values/value.ts";
import { type Json, jsonAt } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { type Address, type InstanceKey, printAddress } from "../address.ts";
import { diagnosticOf, valueCell } from "../cells/cell.ts";
import { type Before, Cell, type Graph } from "../cells/graph.ts";
import { WholeNeeded } from "../cells/trial.ts";
import { attributeOf, hasBlocks } from "../code/body-index.ts";
import type { RecordedInstances } from "../state/recorded.ts";
import { opened, recordedValue } from "../state/recorded-value.ts";
import type { StateInstance } from "../state/state-instance.ts";
import { type EvaluatedBody, evaluateResourceBody, valueOfBlocks } from "./evaluated-body.ts";
import { type Expansion, ExpansionCell, expand, NO_EXPANSION } from "./expansion.ts";
import { InstanceContent } from "./instance-content.ts";
import type { InstanceNode, ResourceNode } from "./nodes.ts";
import type { PlainValue } from "./value-json.ts";

/** What an instance costs, in elements of collections. */
const COST = 25;

/** Arguments and blocks of which the instances' own values are not made. */
const META = new Set(["count", "for_each", "depends_on", "lifecycle", "provisioner", "connection"]);

/** What the resources of a module instance share. */
export interface ResourceSurroundings {
  readonly context: EvaluationContext;
  readonly recorded: RecordedInstances;
  readonly graph: Graph;
}

/** A `resource` or `data` block of one module instance. */
export class Resource implements ResourceNode {
  readonly base: Omit<Address, "key">;
  readonly expansion: ExpansionCell<Resource>;
  readonly #declaration: () => Block;
  readonly #surroundings: ResourceSurroundings;
  readonly #instances = new Map<InstanceKey, ResourceInstance>();
  #value: Cell<Value> | null = null;
  /** Attributes that were read, and that the block does not give. */
  #readAbsent: Set<string> | null = null;

  /** `declaration` gives the block as it is now. */
  constructor(declaration: () => Block, base: Omit<Address, "key">, surroundings: ResourceSurroundings) {
    this.base = base;
    this.#declaration = declaration;
    this.#surroundings = surroundings;
    const at = declaration().typeRange;
    this.expansion = new ExpansionCell(surroundings.graph, this, {
      compute: (before) => this.#expand(before),
      cyclic: () => new EvaluationError(`the number of instances of ${this.#name} depends on itself`, at),
    });
  }

  get block(): Block {
    return this.#declaration();
  }

  get #name(): string {
    return printAddress({ ...this.base, key: null });
  }

  #expand(before: Before<Expansion> | null): Expansion {
    const { context, recorded, graph } = this.#surroundings;
    const keys = () => recorded.keys(this.base);
    try {
      const { body } = this.block;
      const expansion = expand(body, context, keys, COST + body.items.length, before);
      if (expansion.unknown) this.#reportUnknown(expansion);
      return expansion;
    } catch (error) {
      graph.add(diagnosticOf(error));
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
    const found = recorded.get(printAddress({ ...this.base, key }));
    const instance = new ResourceInstance(this, key, found, graph);
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
    this.#value ??= valueCell(this.#surroundings.graph, { name: this.#name, at: this.block.typeRange }, () =>
      this.#combine(),
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

/** The cell of what the code says of an instance; null where the instance is no more. */
export class ContentCell extends Cell<InstanceContent | null> {
  readonly instance: ResourceInstance;

  constructor(graph: Graph, instance: ResourceInstance) {
    const at = instance.block.typeRange;
    super(graph, {
      compute: (before) => instance.evaluated(graph, before?.result ?? null),
      cyclic: () => new EvaluationError(`${instance.name} needs its own blocks`, at),
    });
    this.instance = instance;
  }
}

/** One instance of a resource: what the code says of it, and for references what the state adds. */
export class ResourceInstance implements InstanceNode {
  readonly resource: Resource;
  readonly address: Address;
  readonly name: string;
  readonly recorded: StateInstance | null;
  readonly #graph: Graph;
  readonly contentCell: ContentCell;
  #arguments: Map<string, Cell<Value>> | null = null;
  #attributes: Map<string, Value> | null = null;
  #value: Cell<Value> | null = null;

  constructor(resource: Resource, key: InstanceKey, recorded: StateInstance | null, graph: Graph) {
    this.resource = resource;
    this.address = { ...resource.base, key };
    this.name = printAddress(this.address);
    this.recorded = recorded;
    this.#graph = graph;
    this.contentCell = new ContentCell(graph, this);
  }

  get block(): Block {
    return this.resource.block;
  }

  /** What the arguments are evaluated in. */
  get context(): EvaluationContext {
    return this.resource.expansion.contextOf(this.address.key) ?? this.#refuse();
  }

  /** What the code says of the instance. */
  get content(): InstanceContent {
    return this.contentCell.get() ?? this.#refuse();
  }

  #refuse(): never {
    throw new EvaluationError(`${this.name} is no more`, this.block.typeRange);
  }

  /** What the code says of the instance, evaluated now; null where the instance is no more. */
  evaluated(graph: Graph, before: InstanceContent | null): InstanceContent | null {
    const context = this.resource.expansion.contextOf(this.address.key);
    if (context === null) return null;
    const body = evaluateResourceBody(this.block.body, context, graph, before?.body);
    return new InstanceContent(body, this.recorded);
  }

  body(): EvaluatedBody {
    return this.content.body;
  }

  plain(): PlainValue {
    return this.content.plain();
  }

  at(path: Path): Json | undefined {
    return this.content.at(path);
  }

  isSensitive(path: Path): boolean {
    return this.content.isSensitive(path);
  }

  /** In a trial: arguments and blocks with these names were edited. */
  touch(names: ReadonlySet<string>): void {
    this.contentCell.touch();
    for (const name of names) this.#arguments?.get(name)?.touch();
    this.#value?.wake();
  }

  argument(name: string): Located | null {
    const attribute = attributeOf(this.block.body, name);
    return attribute && { expression: attribute.value, context: this.context, path: [] };
  }

  attribute(name: string, key: string | null = null): Value {
    const known = this.#arguments?.get(name);
    if (known !== undefined) return known.get(key);
    if (attributeOf(this.block.body, name) === null && !hasBlocks(this.block.body, name)) {
      this.resource.noteAbsent(name);
      return this.#unsaid(name);
    }
    const cell = valueCell(
      this.#graph,
      // What fails here is reported where the instance itself is evaluated; a cycle ends here.
      { name: `${this.name}.${name}`, at: attributeOf(this.block.body, name)?.value ?? null, quiet: true },
      () => this.#said(name),
    );
    this.#arguments ??= new Map();
    const all = this.#arguments;
    all.set(name, cell);
    this.#graph.trial?.onUndo(() => all.delete(name));
    return cell.get(key);
  }

  /** What an argument or nested blocks say, else what is not said. */
  #said(name: string): Value {
    const written = this.#written(name);
    const given = written && this.#asRecordedType(name, written);
    // An argument that is null is one that is left out: the provider may choose its value.
    if (given !== null && given.kind !== "null") return given;
    return this.#unsaid(name);
  }

  /** The value of an argument; null where the block gives none. */
  #written(name: string): Value | null {
    // What was evaluated with the instance is not evaluated again.
    const known = this.contentCell.isDone ? this.body().attributes.get(name) : undefined;
    if (known !== undefined) return known.value;
    const located = this.argument(name);
    return located && evaluate(located.expression, located.context);
  }

  /** What the state has, or nested blocks say; else nothing is known of it. */
  #unsaid(name: string): Value {
    if (this.recorded !== null) {
      const recorded = this.#recordedAttribute(this.recorded, name);
      if (recorded !== null) return recorded;
    }
    const blocks = this.#blocksNamed(name);
    // Every provider's `id` is a text; the types of the others stand in schemas that are not at hand.
    const type = name === "id" ? STRING : ANY;
    return blocks ?? unknownValue(type, { kind: "state", address: this.name, path: [name] });
  }

  /** Without the provider's schema, the state tells whether `"8080"` means a number. */
  #asRecordedType(name: string, value: Value): Value {
    const recorded = jsonAt(this.recorded?.attributes, [name]);
    if (recorded === undefined || recorded === null || typeof recorded === "object") return value;
    try {
      return convert(value, typeOf(fromJson(recorded, () => value.origin)));
    } catch (error) {
      if (error instanceof ConversionError) return value;
      throw error;
    }
  }

  #recordedAttribute(recorded: StateInstance, name: string): Value | null {
    const known = this.#attributes?.get(name);
    if (known !== undefined) return known;
    const json = jsonAt(recorded.attributes, [name]);
    if (json === undefined) return null;
    const value = recordedValue(json, recorded, [name]);
    this.#attributes ??= new Map();
    this.#attributes.set(name, value);
    return value;
  }

  #blocksNamed(name: string): Value | null {
    if (!hasBlocks(this.block.body, name)) return null;
    const blocks = this.body().blocks.get(name);
    // The provider may add attributes that the code does not set.
    return blocks === undefined ? null : opened(valueOfBlocks(blocks));
  }

  value(): Value {
    const { name, block } = this;
    this.#value ??= valueCell(this.#graph, { name, at: block.typeRange, quiet: true }, () => this.#combine());
    return this.#value.get();
  }

  #combine(): Value {
    const names = new Set<string>(Object.keys(this.recorded?.attributes ?? {}));
    for (const item of this.block.body.items) if (item.kind === "attribute") names.add(item.name);
    for (const meta of ["count", "for_each", "provider", "depends_on"]) names.delete(meta);
    const entries = [...names].map((name) => [name, this.attribute(name)] as const);
    const value = objectValue(entries, { kind: "state", address: this.name, path: [] });
    return this.recorded === null ? { ...value, open: true } : value;
  }
}
