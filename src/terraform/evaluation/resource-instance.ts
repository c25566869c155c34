import { type EvaluationContext, EvaluationError, type Located } from "../../hcl/evaluation/context.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import type { Value } from "../../hcl/values/value.ts";
import type { Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { type Address, type InstanceKey, printAddress } from "../address.ts";
import { type Before, Cell, type Computation } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import { attributeOf } from "../code/body-index.ts";
import type { OwnReference } from "../code/own-references.ts";
import type { RecordedInstances } from "../state/recorded.ts";
import { isPrefix } from "../state/recorded-value.ts";
import type { StateInstance } from "../state/state-instance.ts";
import { type EvaluatedBody, evaluateResourceBody } from "./evaluated-body.ts";
import type { Expansion, ExpansionCell } from "./expansion.ts";
import { keptPaths } from "./ignored-changes.ts";
import { InstanceAttributes, type ReadResource } from "./instance-attributes.ts";
import { InstanceContent } from "./instance-content.ts";
import type { InstanceNode } from "./nodes.ts";
import { policyAttributes, policyDocument } from "./policy/policy-document.ts";
import type { PlainValue } from "./value-json.ts";

/** The resource that an instance is of. */
export interface InstanceResource extends ReadResource {
  readonly base: Omit<Address, "key">;
  readonly block: Block;
  readonly expansion: ExpansionCell<Computation<Expansion>>;
  /** Where the block, as it is now, refers to itself. */
  ownReferences(block: Block): readonly OwnReference[];
  /** An instance that was there once, whether it is now or not. */
  former(key: InstanceKey): ResourceInstance | null;
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
  readonly resource: InstanceResource;
  readonly address: Address;
  readonly name: string;
  readonly recorded: StateInstance | null;
  readonly #graph: Graph;
  readonly contentCell: ContentCell;
  /** Of most instances nobody reads any. */
  #attributes: InstanceAttributes | null = null;

  constructor(resource: InstanceResource, key: InstanceKey, recorded: RecordedInstances, graph: Graph) {
    this.resource = resource;
    const { module, mode, type, name } = resource.base;
    this.address = { module, mode, type, name, key };
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

  /** Whether what the code says of the instance is evaluated already. */
  get isEvaluated(): boolean {
    return this.contentCell.isDone;
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
    return new InstanceContent(body, this.recorded, policy, this.resource.ignored, this.resource.sensitive);
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
    this.#attributes?.touch(names);
  }

  argument(name: string): Located | null {
    const attribute = attributeOf(this.block.body, name);
    return attribute && { expression: attribute.value, context: this.context, path: [] };
  }

  attribute(name: string, key: string | null = null): Value {
    return this.#read().attribute(name, key);
  }

  value(): Value {
    return this.#read().value();
  }

  #read(): InstanceAttributes {
    this.#attributes ??= new InstanceAttributes(this, this.#graph);
    return this.#attributes;
  }
}
