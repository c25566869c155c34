import type { EvaluationContext, Located } from "../hcl/evaluation/context.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import { BudgetExceeded } from "../hcl/functions/function.ts";
import type { Call, Expression } from "../hcl/syntax/syntax.ts";
import { isSensitiveWithin, type Value } from "../hcl/values/value.ts";
import { evaluatedOrNull } from "../terraform/tracing/branch.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { type DecidingAll, DecidingSearch, type Narrow } from "../terraform/tracing/deciding-search.ts";
import { ForElements } from "../terraform/tracing/for-elements.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";

/** What values are made of, and whether all of it was found within the places and the budget that there are. */
export type Contents = Pick<DecidingAll, "literals" | "files" | "complete">;

/** So many places of a stack are looked at for what its values are made of. */
const MOST_PLACES = 50_000;

/** Looks into the values of one stack, as long as nothing in it is edited. */
export class ContentsSearch {
  readonly #root: string;
  /** What one look has gone through serves the others. */
  readonly #elements = new ForElements();

  /** @param root folder of the stack */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * What is in values, however it is put together: not what only selects it (a condition, the key of a table, the name
   * of a file that is read).
   */
  contentsOf(starts: readonly Located[]): Contents {
    return this.#find(starts, withoutSelectors);
  }

  /** The same of values that are marked; where it is parts of one that are, of those alone. */
  markedContentsOf(starts: readonly Located[]): Contents {
    const marks = new Marks();
    return this.#find(starts, (from, onwards) => {
      const contents = withoutSelectors(from, onwards);
      // Where there is but one way, there is nothing to choose.
      const marked = contents.length > 1 ? contents.filter((each) => marks.isMarked(each)) : [];
      return marked.length > 0 ? marked : contents;
    });
  }

  #find(starts: readonly Located[], narrow: Narrow): Contents {
    const search = new DecidingSearch(this.#root, { most: MOST_PLACES, narrow, elements: this.#elements });
    try {
      search.from(starts);
      return search;
    } catch (error) {
      if (!(error instanceof BudgetExceeded)) throw error;
      return { literals: search.literals, files: search.files, complete: false };
    }
  }
}

/** Which expressions give something that is marked. Many parts of one value have the same expression behind them. */
class Marks {
  readonly #values = new Map<EvaluationContext, Map<Expression, Value | null>>();

  /** What fails may be, too. */
  isMarked({ expression, context, path }: Located): boolean {
    const whole = this.#valueOf(expression, context);
    if (whole === null || whole.sensitive) return true;
    const value = valueAt(whole, path);
    return value !== null && isSensitiveWithin(value);
  }

  #valueOf(expression: Expression, context: EvaluationContext): Value | null {
    const values = this.#values.get(context) ?? new Map<Expression, Value | null>();
    this.#values.set(context, values);
    const known = values.get(expression);
    if (known !== undefined) return known;
    const value = evaluatedOrNull(expression, context);
    values.set(expression, value);
    return value;
  }
}

function withoutSelectors(from: Located, onwards: readonly Located[]): readonly Located[] {
  const { expression, context } = from;
  if (expression.kind === "template") {
    const inside = expression.parts.map((part) =>
      part.kind === "interpolation" ? part.expression : part.kind,
    );
    if (inside.every((part) => part !== "if" && part !== "for-directive"))
      return inside.flatMap((part) =>
        typeof part === "string" ? [] : [{ expression: part, context, path: [] }],
      );
  }
  const selectors = selectorsOf(from);
  const computedKeys = from.path.length === 0 ? keysIn(expression) : [];
  return [
    ...onwards.filter((next) => !selectors.has(next.expression)),
    ...computedKeys.map((key) => ({ expression: key, context, path: [] })),
  ];
}

function selectorsOf(from: Located): ReadonlySet<Expression> {
  const { expression, path } = from;
  const selectors = new Set<Expression>();
  switch (expression.kind) {
    case "conditional":
      selectors.add(expression.condition);
      break;
    case "for":
      if (expression.condition !== null) selectors.add(expression.condition);
      if (expression.key !== null && path.length > 0) selectors.add(expression.key);
      break;
    case "call":
      for (const { kind, to } of branchesOf(from)) if (kind === "key") selectors.add(to.expression);
      for (const name of fileNamesIn(expression)) selectors.add(name);
      break;
    case "variable":
    case "get-attribute":
    case "index":
      for (const step of referenceOf(expression)?.steps ?? [])
        if (step.kind === "index") selectors.add(step.key);
  }
  return selectors;
}

/** `file`, `filebase64`, `fileset`, `templatefile` and others take the name of what they read first. */
function fileNamesIn({ name, arguments: [first] }: Call): Expression[] {
  return first !== undefined && /^(?:template)?file/.test(name) ? [first] : [];
}

/** The keys of an object that are computed. */
function keysIn(expression: Expression): Expression[] {
  if (expression.kind !== "object") return [];
  return expression.items.flatMap(({ key }) =>
    key.kind === "variable" || key.kind === "template" ? [] : [key],
  );
}
