import type { Expression, For } from "../syntax/syntax.ts";
import { convert } from "../values/convert.ts";
import { ANY, BOOL, STRING } from "../values/type.ts";
import {
  asSensitive,
  isUnknownOrOpen,
  type Origin,
  objectValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { bind, type Evaluate, type EvaluationContext, EvaluationError, withinSecret } from "./context.ts";
import { type Element, iterate } from "./iterate.ts";
import { operandAs } from "./operators.ts";
import { evaluatePart } from "./part.ts";

/**
 * A `for` expression: a tuple of the results, or an object of them by key.
 * @throws EvaluationError where the collection has no elements, a key is there twice, or a part has no value.
 */
export function evaluateFor(node: For, context: EvaluationContext, evaluate: Evaluate): Value {
  const collection = evaluate(node.collection, context);
  if (isUnknownOrOpen(collection))
    return asSensitive(unknownValue(ANY, collection.origin), collection.sensitive);
  const results = new Results(node, collection.sensitive);
  for (const element of iterate(collection, node.collection)) {
    context.budget.elements(1);
    withinSecret(collection.sensitive, context, () =>
      results.take(bindElement(node, element, context), evaluate),
    );
  }
  return results.value();
}

/** The context of one iteration: the names of the `for` bound to the element. */
export function bindElement(
  node: Pick<For, "collection" | "keyName" | "valueName">,
  element: Element,
  context: EvaluationContext,
): EvaluationContext {
  const keyed = node.keyName === null ? context : bind(context, node.keyName, element.key);
  const source = { expression: node.collection, context, path: [element.step] };
  return bind(keyed, node.valueName, element.value, source);
}

class Results {
  readonly #node: For;
  readonly #items: Value[] = [];
  readonly #groups = new Map<string, Value[]>();
  #sensitive: boolean;
  #unknown: Origin | null = null;

  constructor(node: For, sensitive: boolean) {
    this.#node = node;
    this.#sensitive = sensitive;
  }

  take(context: EvaluationContext, evaluate: Evaluate): void {
    const { condition, key, value } = this.#node;
    if (condition !== null && !this.#isWanted(condition, evaluate(condition, context))) return;
    if (key === null) {
      this.#items.push(evaluatePart(value, context, evaluate));
      return;
    }
    const name = this.#nameOf(key, evaluate(key, context));
    const result = evaluatePart(value, context, evaluate);
    if (name === null) return;
    const group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, [result]);
    else if (this.#node.grouping) group.push(result);
    else {
      throw new EvaluationError(
        `two elements have the same key${this.#sensitive ? "" : ` ${JSON.stringify(name)}`}; add ... after the value to collect them`,
        key,
      );
    }
  }

  value(): Value {
    const origin: Origin = { kind: "expression", at: this.#node };
    if (this.#unknown !== null) return asSensitive(unknownValue(ANY, this.#unknown), this.#sensitive);
    if (this.#node.key === null) return asSensitive(tupleValue(this.#items, origin), this.#sensitive);
    const entries = [...this.#groups].map(([name, group]) => [name, this.#entry(group, origin)] as const);
    return asSensitive(objectValue(entries, origin), this.#sensitive);
  }

  #entry(group: readonly Value[], origin: Origin): Value {
    const [first] = group;
    return this.#node.grouping || first === undefined ? tupleValue(group, origin) : first;
  }

  #isWanted(at: Expression, value: Value): boolean {
    const condition = operandAs(value, BOOL, at);
    if (condition.sensitive) this.#sensitive = true;
    if (condition.kind === "bool") return condition.value;
    this.#unknown ??= condition.origin;
    return false;
  }

  #nameOf(at: Expression, value: Value): string | null {
    if (value.kind === "null") throw new EvaluationError("the key is null", at);
    const name = attempt(() => convert(value, STRING), at, "the key does not fit: ");
    if (name.sensitive) this.#sensitive = true;
    if (name.kind === "string") return name.value;
    this.#unknown ??= name.origin;
    return null;
  }
}
