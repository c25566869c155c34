import { documentOf } from "../../hcl/editing/document-text.ts";
import { type EvaluationContext, EvaluationError, type Located } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import { referencesIn } from "../../hcl/evaluation/references.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Call, Expression, ObjectConstructor, TupleConstructor } from "../../hcl/syntax/syntax.ts";
import { printPath } from "../../json/path.ts";
import { joinPath } from "../source/snapshot.ts";
import { keyText } from "./branch.ts";
import { branchesOf } from "./branches.ts";
import { ForElements } from "./for-elements.ts";
import { policySource, writtenParts } from "./policy-source.ts";

/** All that takes part in a value: stretches of code, and files of which the whole text does. */
export interface Deciding {
  readonly ranges: readonly Range[];
  /** Paths from the root of the snapshot. */
  readonly files: readonly string[];
}

/** What takes part in values, and whether all of it was found. */
export interface DecidingAll extends Deciding {
  readonly complete: boolean;
  /** The literals among it, and whatever else has no parts that are looked at one by one. */
  readonly literals: readonly Expression[];
}

/** Which of the places that an expression leads on to are followed. */
export type Narrow = (from: Located, onwards: readonly Located[]) => readonly Located[];

export interface Bounds {
  /** So many places are looked at. */
  readonly most?: number;
  readonly narrow?: Narrow;
  /** Those that other searches have gone through already. */
  readonly elements?: ForElements;
}

/** A value may hang on half of the code; nobody reads more places than that. */
const MOST_VISITED = 5_000;

/** Functions that give the text of a file, named by their first argument. */
const READING = new Set(["file", "filebase64", "templatefile"]);

/** The search for what takes part in values, from the places that give them. */
export class DecidingSearch implements DecidingAll {
  readonly ranges: Range[] = [];
  readonly literals: Expression[] = [];
  readonly #root: string;
  readonly #files = new Set<string>();
  readonly #seen = new Map<Expression, Set<string>>();
  readonly #contexts = new Map<EvaluationContext, number>();
  readonly #narrow: Narrow;
  readonly #elements: ForElements;
  #left: number;

  /** @param root folder of the stack */
  constructor(root: string, { most = MOST_VISITED, narrow, elements }: Bounds = {}) {
    this.#root = root;
    this.#left = most;
    this.#narrow = narrow ?? ((_, onwards) => onwards);
    this.#elements = elements ?? new ForElements();
  }

  get complete(): boolean {
    return this.#left > 0;
  }

  get files(): readonly string[] {
    return [...this.#files];
  }

  /** @throws BudgetExceeded where looking costs more than evaluation may: what was found by then stays */
  from(starts: readonly Located[]): void {
    const open = [...starts];
    for (let next = open.pop(); next !== undefined && this.#left > 0; next = open.pop()) {
      if (!this.#isNew(next)) continue;
      this.#left -= 1;
      try {
        open.push(...this.#narrow(next, this.#onwards(next)));
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
      }
    }
  }

  #isNew({ expression, context, path }: Located): boolean {
    const number = this.#contexts.get(context) ?? this.#contexts.size;
    this.#contexts.set(context, number);
    const seen = this.#seen.get(expression) ?? new Set();
    this.#seen.set(expression, seen);
    const key = `${number} ${printPath(path)}`;
    return seen.size < seen.add(key).size;
  }

  /** Notes what of an expression takes part itself, and gives what else does. */
  #onwards(located: Located): Located[] {
    const { expression, context } = located;
    switch (expression.kind) {
      case "object":
        return this.#ofObject(expression, located);
      case "tuple":
        return this.#ofTuple(expression, located);
      case "call":
        return this.#ofCall(expression, located);
      case "conditional": {
        const chosen = branchesOf(located).filter(({ carries }) => carries);
        const both = [expression.then, expression.else].map((each) => ({ ...located, expression: each }));
        const ways = chosen.length > 0 ? chosen.map(({ to }) => to) : both;
        return [whole(expression.condition, context), ...ways];
      }
      case "variable":
      case "get-attribute":
      case "index":
        this.ranges.push(expression);
        return [...this.#carried(located), ...keysOf(expression, context), ...this.#ofPolicy(located)];
      case "for": {
        const element = this.#elements.placeAt(expression, context, located.path);
        if (element === null) return this.#all(located);
        const tests = [expression.key, expression.condition].filter((each) => each !== null);
        return [element, ...tests.map((test) => whole(test, element.context))];
      }
      case "parentheses":
        return [{ ...located, expression: expression.inner }];
      case "unary":
        this.ranges.push(expression);
        return [whole(expression.operand, context)];
      case "binary":
        this.ranges.push(expression);
        return [whole(expression.left, context), whole(expression.right, context)];
      case "splat":
      case "splat-item": {
        const carried = this.#carried(located);
        if (carried.length === 0) return this.#all(located);
        this.ranges.push(expression);
        return carried;
      }
      default:
        return this.#all(located);
    }
  }

  #ofObject(object: ObjectConstructor, { context, path }: Located): Located[] {
    const { items } = object;
    const [step, ...rest] = path;
    if (step === undefined) {
      if (items.length === 0) this.ranges.push(object);
      for (const { key } of items) this.ranges.push(key);
      return items.map(({ value }) => whole(value, context));
    }
    const item = items.findLast(({ key }) => keyText(key, context) === String(step));
    if (item === undefined) return [];
    this.ranges.push(item.key);
    const value = { expression: item.value, context, path: rest };
    return isName(item.key) ? [value] : [value, whole(item.key, context)];
  }

  #ofTuple(tuple: TupleConstructor, { context, path }: Located): Located[] {
    const [step, ...rest] = path;
    if (step === undefined) {
      if (tuple.items.length === 0) this.ranges.push(tuple);
      return tuple.items.map((item) => whole(item, context));
    }
    const item = tuple.items[Number(step)];
    return item === undefined ? [] : [{ expression: item, context, path: rest }];
  }

  #ofCall(call: Call, located: Located): Located[] {
    this.ranges.push(call.nameRange);
    this.#noteFile(call, located.context);
    // A text that is made of several has something of each of them.
    const isMade = call.name === "templatestring" || branchesOf(located).some(({ kind }) => kind === "part");
    const carried = isMade ? [] : this.#carried(located);
    return carried.length > 0 ? carried : call.arguments.map((each) => whole(each, located.context));
  }

  /** The data source that makes a policy of its arguments. */
  #ofPolicy(located: Located): Located[] {
    const source = policySource(located);
    if (source === null) return [];
    this.ranges.push(source.block);
    return writtenParts(source.body());
  }

  #noteFile({ name, arguments: [path] }: Call, context: EvaluationContext): void {
    if (!READING.has(name) || path === undefined) return;
    const value = evaluate(path, context);
    const place = value.kind === "string" ? joinPath(this.#root, value.value) : null;
    if (place !== null) this.#files.add(place);
  }

  /** What the value is handed through from, and what selects it there. */
  #carried(located: Located): Located[] {
    const branches = branchesOf(located).filter(({ kind }) => kind !== "override" && kind !== "collection");
    return branches.some(({ carries }) => carries) ? branches.map(({ to }) => to) : [];
  }

  /** The whole expression takes part, and all that it refers to. */
  #all({ expression, context }: Located): Located[] {
    this.literals.push(expression);
    const format = documentOf(expression)?.format;
    // The whole of a file is noted as such.
    if (format !== "text" && format !== "template") this.ranges.push(expression);
    return referencesIn(expression).map(({ root, steps }) => whole(steps.at(-1) ?? root, context));
  }
}

/** A key that nothing computes. */
function isName(key: Expression): boolean {
  return (
    key.kind === "variable" || (key.kind === "template" && key.parts.every(({ kind }) => kind === "text"))
  );
}

function whole(expression: Expression, context: EvaluationContext): Located {
  return { expression, context, path: [] };
}

function keysOf(
  node: Expression & { kind: "variable" | "get-attribute" | "index" },
  context: EvaluationContext,
) {
  const steps = referenceOf(node)?.steps ?? [];
  return steps.flatMap((step) => (step.kind === "index" ? [whole(step.key, context)] : []));
}
