import type { EvaluationContext, Located } from "../../hcl/evaluation/context.ts";
import { EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Block, Body } from "../../hcl/syntax/syntax.ts";
import { ANY, STRING } from "../../hcl/values/type.ts";
import {
  fromJson,
  objectValue,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../../hcl/values/value.ts";
import { type Json, jsonAt } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { type Address, type InstanceKey, printAddress } from "../address.ts";
import { type Before, Cell, type Computation } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import { diagnosticOf } from "../cells/report.ts";
import { WholeNeeded } from "../cells/trial.ts";
import { valueCell } from "../cells/value-cell.ts";
import { attributeOf, hasBlocks } from "../code/body-index.ts";
import { type OwnReference, ownReferences } from "../code/own-references.ts";
import { isSetOfBlocks } from "../code/set-blocks.ts";
import { knownAttributes } from "../code/terraform-data.ts";
import type { RecordedInstances } from "../state/recorded.ts";
import { isPrefix, recordedValue } from "../state/recorded-value.ts";
import type { StateInstance } from "../state/state-instance.ts";
import { type EvaluatedBody, evaluateResourceBody } from "./evaluated-body.ts";
import { type Expansion, ExpansionCell, expand, expandedBy, NO_EXPANSION } from "./expansion.ts";
import { type IgnoredChanges, keptPaths, readIgnoredChanges } from "./ignored-changes.ts";
import { InstanceContent } from "./instance-content.ts";
import { withKept } from "./kept-value.ts";
import type { InstanceNode, ResourceNode } from "./nodes.ts";
import { convertedLike, plannedBlocks } from "./planned-blocks.ts";
import { policyAttributes, policyDocument } from "./policy-document.ts";
import type { PlainValue } from "./value-json.ts";

/** What an instance costs, in elements of collections. */
const COST = 25;

/** Arguments and blocks of which the instances' own values are not made. */
const META = new Set(["count", "for_each", "depends_on", "lifecycle", "provisioner", "connection"]);

/** The names of all arguments and nested blocks that a body gives. */
function writtenNames({ items }: Body): string[] {
  return items.flatMap((item) => {
    if (item.kind === "attribute") return [item.name];
    const type = item.type === "dynamic" ? item.labels[0]?.value : item.type;
    return type === undefined || META.has(type) ? [] : [type];
  });
}

/** The cell of nested blocks that are read by an index. */
function elementOf(name: string): string {
  return `${name}[]`;
}

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
  readonly #declaration: () => Block;
  readonly #surroundings: ResourceSurroundings;
  readonly #instances = new Map<InstanceKey, ResourceInstance>();
  #value: Cell<Value> | null = null;
  #ownReferences: { readonly block: Block; readonly found: readonly OwnReference[] } | null = null;
  #ignored: IgnoredChanges | null = null;
  /** Attributes that were read, and that the block does not give. */
  #readAbsent: Set<string> | null = null;

  /** `declaration` gives the block as it is now. */
  constructor(declaration: () => Block, base: Omit<Address, "key">, surroundings: ResourceSurroundings) {
    this.base = base;
    this.#declaration = declaration;
    this.#surroundings = surroundings;
    this.expansion = new ExpansionCell(surroundings.graph, this);
  }

  get block(): Block {
    return this.#declaration();
  }

  /** What `ignore_changes` says. No trial follows an edit of that, so it is read once. */
  get ignored(): IgnoredChanges {
    this.#ignored ??= readIgnoredChanges(this.block.body);
    return this.#ignored;
  }

  /** Where the block, as it is now, refers to itself, read once. */
  ownReferences(block: Block): readonly OwnReference[] {
    if (this.#ownReferences?.block !== block) this.#ownReferences = { block, found: ownReferences(block) };
    return this.#ownReferences.found;
  }

  get #name(): string {
    return printAddress({ ...this.base, key: null });
  }

  cyclic(): EvaluationError {
    const message = `the number of instances of ${this.#name} depends on itself`;
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
    super(graph, instance);
    this.instance = instance;
  }
}

/** One instance of a resource: what the code says of it, and for references what the state adds. */
export class ResourceInstance implements InstanceNode, Computation<InstanceContent | null> {
  readonly resource: Resource;
  readonly address: Address;
  readonly name: string;
  readonly recorded: StateInstance | null;
  readonly #graph: Graph;
  readonly contentCell: ContentCell;
  #arguments: Map<string, Cell<Value>> | null = null;
  #attributes: Map<string, Value> | null = null;
  #value: Cell<Value> | null = null;

  constructor(resource: Resource, key: InstanceKey, recorded: RecordedInstances, graph: Graph) {
    this.resource = resource;
    this.address = { ...resource.base, key };
    this.name = printAddress(this.address);
    this.recorded = recorded.get(this.name);
    this.#graph = graph;
    this.contentCell = new ContentCell(graph, this);
  }

  get block(): Block {
    return this.resource.block;
  }

  get about(): string {
    return this.name;
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

  cyclic(): EvaluationError {
    return new EvaluationError(`${this.name} needs its own blocks`, this.block.typeRange);
  }

  /** What the code says of the instance, evaluated now; null where the instance is no more. */
  compute(before: Before<InstanceContent | null> | null): InstanceContent | null {
    const context = this.resource.expansion.contextOf(this.address.key);
    if (context === null) return null;
    const graph = this.#graph;
    const { block } = this;
    for (const { range, key } of this.resource.ownReferences(block)) {
      if (key !== undefined && key !== this.address.key) continue;
      const name = key === undefined ? printAddress({ ...this.address, key: null }) : this.name;
      const message = `${name} cannot refer to itself; refer to what the value comes from`;
      graph.add({ severity: "error", message, range });
    }
    const body = evaluateResourceBody(block.body, context, graph, before?.result?.body);
    const policy = policyAttributes(this.address) && policyDocument(body, block.typeRange, graph);
    return new InstanceContent(body, this.recorded, policy, this.resource.ignored);
  }

  /** Where `ignore_changes` says that the state decides what is at a path, not the code; null where it does not. */
  keptAt(path: Path): Range | null {
    const kept = keptPaths(this.resource.ignored, this.recorded, String(path[0]));
    return kept.find((one) => isPrefix(one.path, path))?.at ?? null;
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
    for (const name of names) {
      this.#arguments?.get(name)?.touch();
      this.#arguments?.get(elementOf(name))?.touch();
    }
    this.#value?.wake();
  }

  argument(name: string): Located | null {
    const attribute = attributeOf(this.block.body, name);
    return attribute && { expression: attribute.value, context: this.context, path: [] };
  }

  attribute(name: string, key: string | null = null): Value {
    // Only elements of a list are selected by their index.
    const isListed = key !== null && /^\d+$/.test(key) && hasBlocks(this.block.body, name);
    const known = this.#arguments?.get(isListed ? elementOf(name) : name);
    if (known !== undefined) return known.get(key);
    const computed = policyAttributes(this.address)?.has(name) === true;
    if (!computed && attributeOf(this.block.body, name) === null && !hasBlocks(this.block.body, name)) {
      this.resource.noteAbsent(name);
      return this.#unsaid(name);
    }
    const cell = valueCell(
      this.#graph,
      // What fails here is reported where the instance itself is evaluated; a cycle ends here.
      { name: `${this.name}.${name}`, at: attributeOf(this.block.body, name)?.value ?? null, quiet: true },
      () => (computed ? this.#computed(name) : this.#said(name, isListed)),
    );
    this.#arguments ??= new Map();
    const all = this.#arguments;
    const kept = isListed ? elementOf(name) : name;
    all.set(kept, cell);
    this.#graph.trial?.onUndo(() => all.delete(kept));
    return cell.get(key);
  }

  /** What a data source makes of its arguments: the state may be older than those. */
  #computed(name: string): Value {
    const text = this.content.policy?.attributes.get(name);
    return text === undefined
      ? this.#unsaid(name)
      : stringValue(text, { kind: "absent", place: this.block.typeRange });
  }

  /** What an argument or nested blocks say, else what is not said. */
  #said(name: string, isListed: boolean): Value {
    const kept = keptPaths(this.resource.ignored, this.recorded, name);
    if (kept.some(({ path }) => path.length === 1)) return this.#unsaid(name);
    const written = this.#written(name);
    const planned =
      written === null ? this.#blocksNamed(name, isListed) : this.#asRecordedType(name, written);
    const recorded = kept.length === 0 ? null : this.#recordedAttribute(name);
    const given = planned === null || recorded === null ? planned : withKept(planned, recorded, kept);
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

  /** What the state has; else nothing is known of it. */
  #unsaid(name: string): Value {
    const recorded = this.#recordedAttribute(name);
    if (recorded !== null) return recorded;
    // Every provider's `id` is a text; the types of the others stand in schemas that are not at hand.
    const type = name === "id" ? STRING : ANY;
    return unknownValue(type, { kind: "state", address: this.name, path: [name] });
  }

  /** Without the provider's schema, the state tells whether `"8080"` means a number. */
  #asRecordedType(name: string, value: Value): Value {
    const recorded = jsonAt(this.recorded?.attributes, [name]);
    if (recorded === undefined || recorded === null || typeof recorded === "object") return value;
    return convertedLike(
      value,
      fromJson(recorded, () => value.origin),
    );
  }

  #recordedAttribute(name: string): Value | null {
    const known = this.#attributes?.get(name);
    if (known !== undefined) return known;
    const json = jsonAt(this.recorded?.attributes, [name]);
    if (json === undefined || this.recorded === null) return null;
    const value = recordedValue(json, this.recorded, [name]);
    this.#attributes ??= new Map();
    this.#attributes.set(name, value);
    return value;
  }

  /** Nested blocks as they are planned; null where the block has none of the type. */
  #blocksNamed(name: string, isListed: boolean): Value | null {
    const blocks = this.body().blocks.get(name);
    if (blocks === undefined) return null;
    const isSet = isSetOfBlocks(this.address.type, name);
    const nesting = isListed ? "list" : isSet ? "set" : null;
    return plannedBlocks(blocks, this.#recordedAttribute(name), nesting);
  }

  value(): Value {
    const { name, block } = this;
    this.#value ??= valueCell(this.#graph, { name, at: block.typeRange, quiet: true }, () => this.#combine());
    return this.#value.get();
  }

  #combine(): Value {
    const names = new Set<string>(Object.keys(this.recorded?.attributes ?? {}));
    for (const name of writtenNames(this.block.body)) names.add(name);
    for (const name of policyAttributes(this.address) ?? []) names.add(name);
    for (const meta of ["count", "for_each", "provider", "depends_on"]) names.delete(meta);
    const known = this.address.mode === "managed" ? knownAttributes(this.address.type) : [];
    const isClosed = this.recorded !== null || known.length > 0;
    for (const attribute of known) names.add(attribute);
    const entries = [...names].map((name) => [name, this.attribute(name)] as const);
    const value = objectValue(entries, { kind: "state", address: this.name, path: [] });
    return isClosed ? value : { ...value, open: true };
  }
}
