import type { EvaluationContext, Located } from "../hcl/evaluation/context.ts";
import { EvaluationError } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import type { Block } from "../hcl/syntax/syntax.ts";
import { ConversionError, convert } from "../hcl/values/convert.ts";
import { ANY, STRING } from "../hcl/values/type.ts";
import { fromJson, objectValue, tupleValue, typeOf, unknownValue, type Value } from "../hcl/values/value.ts";
import { type Json, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { type Address, type InstanceKey, printAddress } from "./address.ts";
import { Cell, CycleError, diagnosticOf, type Report, valueCell } from "./cell.ts";
import { type EvaluatedBody, evaluateResourceBody, valueOfBlocks, valueOfBody } from "./evaluated-body.ts";
import { type Expansion, expand, NO_EXPANSION } from "./expansion.ts";
import { attributeOf } from "./module.ts";
import type { InstanceNode, ResourceNode } from "./nodes.ts";
import type { RecordedInstances } from "./recorded.ts";
import { isPrefix, opened, recordedValue } from "./recorded-value.ts";
import type { StateInstance } from "./state-instance.ts";
import { type PlainValue, toPlain } from "./value-json.ts";

/** What an instance costs, in elements of collections. */
const COST = 25;

/** A `resource` or `data` block of one module instance. */
export class Resource implements ResourceNode {
  readonly block: Block;
  readonly #base: Omit<Address, "key">;
  readonly #recorded: RecordedInstances;
  readonly #report: Report;
  readonly #expansion: Cell<Expansion>;
  readonly #instances = new Map<InstanceKey, ResourceInstance>();
  readonly #value: Cell<Value>;

  constructor(
    block: Block,
    base: Omit<Address, "key">,
    context: EvaluationContext,
    recorded: RecordedInstances,
    report: Report,
  ) {
    this.block = block;
    this.#base = base;
    this.#recorded = recorded;
    this.#report = report;
    const name = printAddress({ ...base, key: null });
    this.#expansion = new Cell(
      () => this.#expand(context),
      () => new EvaluationError(`the number of instances of ${name} depends on itself`, block.typeRange),
    );
    this.#value = valueCell(name, block.typeRange, report, () => this.#combine());
  }

  #expand(context: EvaluationContext): Expansion {
    const keys = () => this.#recorded.keys(this.#base);
    try {
      const expansion = expand(this.block.body, context, keys, COST + this.block.body.items.length);
      if (expansion.unknown) this.#reportUnknown(expansion);
      return expansion;
    } catch (error) {
      this.#report.add(diagnosticOf(error));
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
    this.#report.add({ severity: "warning", message, range: attributeOf(this.block.body, argument) });
  }

  get mode(): "managed" | "data" {
    return this.#base.mode;
  }

  /** Which instances there are cannot be said: `count` or `for_each` has an error. */
  get undecided(): boolean {
    return this.#expansion.get() === NO_EXPANSION;
  }

  /** Every instance, in the order of expansion. */
  instances(): ResourceInstance[] {
    return [...this.#expansion.get().instances.keys()].map((key) => this.#instance(key));
  }

  instance(key: InstanceKey): ResourceInstance | null {
    return this.#expansion.get().instances.has(key) ? this.#instance(key) : null;
  }

  #instance(key: InstanceKey): ResourceInstance {
    const known = this.#instances.get(key);
    if (known !== undefined) return known;
    const context = this.#expansion.get().instances.get(key);
    if (context === undefined) throw new Error(`no instance ${String(key)} was expanded`);
    const address = { ...this.#base, key };
    const recorded = this.#recorded.get(printAddress(address));
    const instance = new ResourceInstance(this.block, address, context, recorded, this.#report);
    this.#instances.set(key, instance);
    return instance;
  }

  value(): Value {
    return this.#value.get();
  }

  #combine(): Value {
    const { mode, unknown } = this.#expansion.get();
    if (unknown) return unknownValue();
    const instances = this.instances();
    if (mode === "count") return tupleValue(instances.map((instance) => instance.value()));
    if (mode === "for_each") {
      return objectValue(instances.map((instance) => [String(instance.address.key), instance.value()]));
    }
    return instances[0]?.value() ?? unknownValue();
  }
}

/** One instance of a resource: what the code says of it, and for references what the state adds. */
export class ResourceInstance implements InstanceNode {
  readonly block: Block;
  readonly address: Address;
  readonly name: string;
  readonly context: EvaluationContext;
  readonly recorded: StateInstance | null;
  readonly #report: Report;
  readonly #body: Cell<EvaluatedBody>;
  #plain: PlainValue | null = null;
  readonly #arguments = new Map<string, Cell<Value>>();
  readonly #attributes = new Map<string, Value>();
  readonly #value: Cell<Value>;

  constructor(
    block: Block,
    address: Address,
    context: EvaluationContext,
    recorded: StateInstance | null,
    report: Report,
  ) {
    this.block = block;
    this.address = address;
    this.name = printAddress(address);
    this.context = context;
    this.recorded = recorded;
    this.#report = report;
    const cyclic = () => new EvaluationError(`${this.name} needs its own blocks`, block.typeRange);
    this.#body = new Cell(() => evaluateResourceBody(block.body, context, report), cyclic);
    this.#value = valueCell(this.name, block.typeRange, report, () => this.#combine());
  }

  /** What the code says of the instance. */
  body(): EvaluatedBody {
    return this.#body.get();
  }

  /**
   * The same as plain JSON, sensitive values included: for comparing, never for printing. Sensitive is also what the
   * state says is: the provider's schema knows a password, however openly the code writes it.
   */
  plain(): PlainValue {
    this.#plain ??= this.#toPlain();
    return this.#plain;
  }

  #toPlain(): PlainValue {
    const own = toPlain(valueOfBody(this.body()), [], true);
    const recorded = (this.recorded?.sensitive ?? []).filter(
      (path) =>
        jsonAt(own.json, path) !== undefined && !own.sensitive.some((secret) => isPrefix(secret, path)),
    );
    return { ...own, sensitive: [...own.sensitive, ...recorded] };
  }

  /** What the code has at a path, as `plain` shows it; undefined where it has nothing. */
  at(path: Path): Json | undefined {
    return jsonAt(this.plain().json, path);
  }

  /** Whether the path is sensitive, lies in something that is, or holds something that is. */
  isSensitive(path: Path): boolean {
    return this.plain().sensitive.some((secret) => isPrefix(secret, path) || isPrefix(path, secret));
  }

  argument(name: string): Located | null {
    const attribute = attributeOf(this.block.body, name);
    return attribute && { expression: attribute.value, context: this.context, path: [] };
  }

  attribute(name: string): Value {
    const located = this.argument(name);
    const given = located === null ? null : this.#argumentCell(name, located).get();
    // An argument that is null is one that is left out: the provider may choose its value.
    if (given !== null && given.kind !== "null") return given;
    if (this.recorded !== null) {
      const recorded = this.#recordedAttribute(this.recorded, name);
      if (recorded !== null) return recorded;
    }
    const blocks = this.#blocksNamed(name);
    // Every provider's `id` is a text; the types of the others stand in schemas that are not at hand.
    const type = name === "id" ? STRING : ANY;
    return blocks ?? unknownValue(type, { kind: "state", address: this.name, path: [name] });
  }

  #argumentCell(name: string, located: Located): Cell<Value> {
    const known = this.#arguments.get(name);
    if (known !== undefined) return known;
    // What fails here is reported where the instance itself is evaluated; a cycle ends here.
    const silent: Report = { add() {} };
    const cell = valueCell(`${this.name}.${name}`, located.expression, silent, () => {
      try {
        return this.#asRecordedType(name, evaluate(located.expression, located.context));
      } catch (error) {
        if (error instanceof CycleError) this.#report.add(error.diagnostic);
        throw error;
      }
    });
    this.#arguments.set(name, cell);
    return cell;
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
    const known = this.#attributes.get(name);
    if (known !== undefined) return known;
    const json = jsonAt(recorded.attributes, [name]);
    if (json === undefined) return null;
    const value = recordedValue(json, recorded, [name]);
    this.#attributes.set(name, value);
    return value;
  }

  #blocksNamed(name: string): Value | null {
    const isBlock = this.block.body.items.some(
      (item) =>
        item.kind === "block" &&
        (item.type === name || (item.type === "dynamic" && item.labels[0]?.value === name)),
    );
    if (!isBlock) return null;
    const blocks = this.body().blocks.get(name);
    // The provider may add attributes that the code does not set.
    return blocks === undefined ? null : opened(valueOfBlocks(blocks));
  }

  value(): Value {
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
