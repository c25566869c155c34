import type { Located } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Block, Body } from "../../hcl/syntax/syntax.ts";
import { ANY, STRING } from "../../hcl/values/type.ts";
import { fromJson, objectValue, stringValue, unknownValue, type Value } from "../../hcl/values/value.ts";
import { jsonAt } from "../../json/json.ts";
import type { Address } from "../address.ts";
import type { Cell } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import { valueCell } from "../cells/value-cell.ts";
import { attributeOf, hasBlocks } from "../code/body-index.ts";
import { isSetOfBlocks } from "../code/set-blocks.ts";
import { knownAttributes } from "../code/terraform-data.ts";
import { type AttributeNames, markedAt } from "../schemas/sensitive-attributes.ts";
import { recordedValue } from "../state/recorded-value.ts";
import type { StateInstance } from "../state/state-instance.ts";
import { type IgnoredChanges, keptPaths } from "./ignored-changes.ts";
import type { InstanceContent } from "./instance-content.ts";
import { withKept } from "./kept-value.ts";
import { convertedLike, plannedBlocks } from "./planned-blocks.ts";
import { policyAttributes } from "./policy/policy-document.ts";

/** Arguments and blocks of which the instances' own values are not made. */
export const META = new Set(["count", "for_each", "depends_on", "lifecycle", "provisioner", "connection"]);

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

/** The instance that attributes are read of. */
export interface ReadInstance {
  readonly name: string;
  readonly address: Address;
  readonly recorded: StateInstance | null;
  readonly block: Block;
  readonly content: InstanceContent;
  /** Whether what the code says of it is evaluated already. */
  readonly isEvaluated: boolean;
  readonly resource: ReadResource;
  argument(name: string): Located | null;
}

/** What the instances of a resource have in common for those who read them. */
export interface ReadResource {
  readonly ignored: IgnoredChanges;
  /** What the provider's schema calls sensitive. */
  readonly sensitive: readonly AttributeNames[];
  /** An attribute was read that the block does not give. */
  noteAbsent(name: string): void;
}

/**
 * What references to an instance read: its arguments as they are planned, else what the state has. Each attribute is a
 * cell, made when it is first read.
 */
export class InstanceAttributes {
  readonly #instance: ReadInstance;
  readonly #graph: Graph;
  #arguments: Map<string, Cell<Value>> | null = null;
  #recorded: Map<string, Value> | null = null;
  #value: Cell<Value> | null = null;

  constructor(instance: ReadInstance, graph: Graph) {
    this.#instance = instance;
    this.#graph = graph;
  }

  /** In a trial: arguments and blocks with these names were edited. */
  touch(names: ReadonlySet<string>): void {
    for (const name of names) {
      this.#arguments?.get(name)?.touch();
      this.#arguments?.get(elementOf(name))?.touch();
    }
    this.#value?.wake();
  }

  /** One attribute; `key`: the only entry of it that is looked at. */
  attribute(name: string, key: string | null): Value {
    const instance = this.#instance;
    const { body } = instance.block;
    // Only elements of a list are selected by their index.
    const isListed = key !== null && /^\d+$/.test(key) && hasBlocks(body, name);
    const kept = isListed ? elementOf(name) : name;
    const known = this.#arguments?.get(kept);
    if (known !== undefined) return known.get(key);
    const computed = policyAttributes(instance.address)?.has(name) === true;
    const written = attributeOf(body, name);
    if (!computed && written === null && !hasBlocks(body, name)) {
      instance.resource.noteAbsent(name);
      return this.#marked(name, this.#unsaid(name));
    }
    const cell = valueCell(
      this.#graph,
      // What fails here is reported where the instance itself is evaluated; a cycle ends here.
      { name: `${instance.name}.${name}`, at: written?.value ?? null, quiet: true },
      () => this.#marked(name, computed ? this.#computed(name) : this.#said(name, isListed)),
    );
    this.#keep(kept, cell);
    return cell.get(key);
  }

  #keep(name: string, cell: Cell<Value>): void {
    this.#arguments ??= new Map();
    const all = this.#arguments;
    all.set(name, cell);
    this.#graph.trial?.onUndo(() => all.delete(name));
  }

  /** With the marks of the provider's schema. */
  #marked(name: string, value: Value): Value {
    let marked = value;
    for (const [first, ...rest] of this.#instance.resource.sensitive)
      if (first === name) marked = markedAt(marked, rest);
    return marked;
  }

  /** What a data source makes of its arguments: the state may be older than those. */
  #computed(name: string): Value {
    const text = this.#instance.content.policy?.attributes.get(name);
    return text === undefined
      ? this.#unsaid(name)
      : stringValue(text, { kind: "absent", place: this.#instance.block.typeRange });
  }

  /** What an argument or nested blocks say, else what is not said. */
  #said(name: string, isListed: boolean): Value {
    const { resource, recorded: state } = this.#instance;
    const kept = keptPaths(resource.ignored, state, name);
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
    const instance = this.#instance;
    const known = instance.isEvaluated ? instance.content.body.attributes.get(name) : undefined;
    if (known !== undefined) return known.value;
    const located = instance.argument(name);
    return located && evaluate(located.expression, located.context);
  }

  /** What the state has; else nothing is known of it. */
  #unsaid(name: string): Value {
    const recorded = this.#recordedAttribute(name);
    if (recorded !== null) return recorded;
    // Every provider's `id` is a text; the types of the others stand in schemas that are not at hand.
    const type = name === "id" ? STRING : ANY;
    return unknownValue(type, { kind: "state", address: this.#instance.name, path: [name] });
  }

  /** Without the provider's schema, the state tells whether `"8080"` means a number. */
  #asRecordedType(name: string, value: Value): Value {
    const recorded = jsonAt(this.#instance.recorded?.attributes, [name]);
    if (recorded === undefined || recorded === null || typeof recorded === "object") return value;
    return convertedLike(
      value,
      fromJson(recorded, () => value.origin),
    );
  }

  #recordedAttribute(name: string): Value | null {
    const known = this.#recorded?.get(name);
    if (known !== undefined) return known;
    const state = this.#instance.recorded;
    const json = jsonAt(state?.attributes, [name]);
    if (json === undefined || state === null) return null;
    const value = recordedValue(json, state, [name]);
    this.#recorded ??= new Map();
    this.#recorded.set(name, value);
    return value;
  }

  /** Nested blocks as they are planned; null where the block has none of the type. */
  #blocksNamed(name: string, isListed: boolean): Value | null {
    const { content, address } = this.#instance;
    const blocks = content.body.blocks.get(name);
    if (blocks === undefined) return null;
    const isSet = isSetOfBlocks(address.type, name);
    const nesting = isListed ? "list" : isSet ? "set" : null;
    return plannedBlocks(blocks, this.#recordedAttribute(name), nesting);
  }

  /** All of them as one object. */
  value(): Value {
    const { name, block } = this.#instance;
    this.#value ??= valueCell(this.#graph, { name, at: block.typeRange, quiet: true }, () => this.#combine());
    return this.#value.get();
  }

  #combine(): Value {
    const { name: instance, address, recorded, block } = this.#instance;
    const names = new Set<string>(Object.keys(recorded?.attributes ?? {}));
    for (const name of writtenNames(block.body)) names.add(name);
    for (const name of policyAttributes(address) ?? []) names.add(name);
    for (const meta of ["count", "for_each", "provider", "depends_on"]) names.delete(meta);
    const known = address.mode === "managed" ? knownAttributes(address.type) : [];
    const isClosed = recorded !== null || known.length > 0;
    for (const attribute of known) names.add(attribute);
    const entries = [...names].map((name) => [name, this.attribute(name, null)] as const);
    const value = objectValue(entries, { kind: "state", address: instance, path: [] });
    return isClosed ? value : { ...value, open: true };
  }
}
