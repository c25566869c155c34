import { attempt } from "../../hcl/evaluation/attempt.ts";
import { type EvaluationContext, EvaluationError, type Located } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { evaluateAgain } from "../../hcl/evaluation/evaluate-again.ts";
import { parseExpression } from "../../hcl/syntax/parser.ts";
import { type Diagnostic, positionAt, type Range } from "../../hcl/syntax/source.ts";
import type { Attribute, Block, Expression } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import { hasAny, type Type } from "../../hcl/values/type.ts";
import { asSensitive, stringValue, unknownValue, type Value, withOrigin } from "../../hcl/values/value.ts";
import type { Path } from "../../json/path.ts";
import { type Before, Cell } from "../cells/cell.ts";
import type { Graph } from "../cells/graph.ts";
import { valueCell } from "../cells/value-cell.ts";
import { type GivenSetting, type GivenUnread, settingFile } from "../code/inputs.ts";
import { attributeOf } from "../code/module.ts";
import { ANYTHING, conform, readTypeConstraint, type TypeConstraint } from "../code/type-constraint.ts";
import { typeDefaultsAt } from "../code/type-defaults.ts";
import { conformAgain, writtenValue } from "./conform-again.ts";
import type { Assignable, Definition, VariableNode } from "./nodes.ts";
import { ModuleScope } from "./scope.ts";

function placeIn(text: string, offset: number): string {
  const { line, column } = positionAt(text, offset);
  return line === 1 ? `column ${column}` : `line ${line}, column ${column}`;
}

function isPrimitive({ kind }: Type): boolean {
  return kind === "string" || kind === "number" || kind === "bool";
}

/**
 * What a variable is given: an expression of a call or a variable file, a text from outside, whatever a file says that
 * cannot be read, or nothing.
 */
export type Given = GivenAttribute | GivenSetting | GivenUnread | null;

interface GivenAttribute {
  readonly kind: "argument" | "tfvars";
  readonly attribute: Attribute;
  readonly context: EvaluationContext;
}

function locatedIn({ attribute, context }: GivenAttribute): Located {
  return { expression: attribute.value, context, path: [] };
}

/** Where the variables of a module instance get their values. */
export interface Givers {
  /** The address of the module instance. */
  readonly module: string;
  /** The block that declares a variable. */
  declaration(name: string): Block;
  /** Undefined where the module instance is no more. */
  given(name: string): Given | undefined;
  assignable(): Assignable | null;
}

/** One variable of one module instance. */
export class Variable implements VariableNode {
  readonly name: string;
  readonly #givers: Givers;
  readonly #context: EvaluationContext;
  readonly #graph: Graph;
  readonly #constraint: Cell<TypeConstraint>;
  readonly #value: Cell<Value>;
  /** What the last value was made to fit. */
  #conformedTo: TypeConstraint | null = null;

  /** `context` is that of constants: the default and the type. */
  constructor(name: string, givers: Givers, context: EvaluationContext, graph: Graph) {
    this.name = name;
    this.#givers = givers;
    this.#context = context;
    this.#graph = graph;
    const what = `variable ${JSON.stringify(this.name)}`;
    const at = this.#block.typeRange;
    this.#constraint = new Cell(graph, {
      compute: () => this.#readConstraint(),
      cyclic: () => new EvaluationError(`the type of ${what} needs itself`, at),
    });
    const { module } = givers;
    this.#value = valueCell(graph, { name: what, module, at }, (before) => this.#compute(before));
  }

  get #block(): Block {
    return this.#givers.declaration(this.name);
  }

  get #given(): Given {
    return this.#givers.given(this.name) ?? null;
  }

  get assignable(): Assignable | null {
    return this.#givers.assignable();
  }

  get setting(): string | null {
    const given = this.#given;
    return given?.kind === "setting" ? given.label : null;
  }

  value(key: string | null = null): Value {
    return this.#value.get(key);
  }

  /** The expression that gives the value was edited. */
  touchGiven(): void {
    this.#value.touch();
  }

  /** Arguments of the block that declares the variable were edited. */
  touch(names: ReadonlySet<string>): void {
    if (names.has("type")) this.#constraint.touch();
    this.#value.touch();
    // Who knows what else it makes of the same value.
    if ([...names].some((name) => name !== "default")) this.#conformedTo = null;
  }

  definition(): Definition | null {
    const given = this.#given;
    if (given?.kind === "setting" || given?.kind === "unread") return null;
    if (given !== null && !this.#fallsBack(given)) return { kind: given.kind, located: locatedIn(given) };
    const fallback = attributeOf(this.#block.body, "default");
    return (
      fallback && {
        kind: "default",
        located: { expression: fallback.value, context: this.#context, path: [] },
      }
    );
  }

  leftOut(): Located | null {
    const given = this.#given;
    if (given === null || given.kind === "setting" || given.kind === "unread") return null;
    return this.#fallsBack(given) ? locatedIn(given) : null;
  }

  typeDefaults(path: Path): readonly Located[] {
    const type = attributeOf(this.#block.body, "type");
    if (type === null) return [];
    return typeDefaultsAt(type.value, path).map((each) => ({ ...each, context: this.#context }));
  }

  /** A null argument means the default, unless the variable may be null. */
  #fallsBack(given: GivenAttribute): boolean {
    if (this.#flag("nullable") !== false) return false;
    try {
      const { attribute, context } = given;
      return context.failures.strictly(() => evaluate(attribute.value, context)).kind === "null";
    } catch (error) {
      if (error instanceof EvaluationError) return false;
      throw error;
    }
  }

  #compute(before: Before<Value> | null): Value {
    const given = this.#givers.given(this.name);
    // The module instance went; whoever reads its outputs is told so.
    if (given === undefined) return before?.result ?? unknownValue();
    const sensitive = this.#flag("sensitive") === true;
    // Its value is never written anywhere, so no resource has it.
    if (this.#flag("ephemeral") === true) {
      const type = this.#constraint.get().type;
      return asSensitive(unknownValue(type, { kind: "setting", name: `variable ${this.name}` }), sensitive);
    }
    const value = this.#give(given, before);
    const isLeftOut = value === null || (value.kind === "null" && this.#flag("nullable") === false);
    const made = isLeftOut ? this.#default(before) : value;
    // Defaults of a type stand in every element.
    this.#context.budget.size(made);
    return asSensitive(made, sensitive);
  }

  #give(given: Given, before: Before<Value> | null): Value | null {
    if (given === null) return null;
    const constraint = this.#constraint.get();
    if (given.kind === "setting") return this.#fromSetting(given, constraint);
    if (given.kind === "unread") {
      const name = `variable ${this.name}`;
      return unknownValue(constraint.type, { kind: "setting", name, file: given.path });
    }
    return this.#made(given.attribute.value, given.context, constraint, before);
  }

  /** The value of an expression in the variable's type; of one that had a value before, what changed in it. */
  #made(
    expression: Expression,
    context: EvaluationContext,
    constraint: TypeConstraint,
    before: Before<Value> | null,
  ): Value {
    const known = this.#conformedTo === constraint && before?.failed === false ? before : null;
    this.#conformedTo = constraint;
    // A variable file can refer to nothing that changes, even where it is another line now that counts.
    const isConstant = known?.sameSources === true || !(context.scope instanceof ModuleScope);
    const value =
      known !== null && isConstant
        ? evaluateAgain(writtenValue(known.result), expression, context)
        : evaluate(expression, context);
    if (known === null) return this.#conform(value, constraint, expression);
    return attempt(() => conformAgain(known.result, value, constraint), expression, this.#inMessages());
  }

  /**
   * Terraform reads the text of `-var` or `TF_VAR_…` as an expression where a collection, an object or `any` is declared, and takes it
   * as it is otherwise.
   */
  #fromSetting(given: GivenSetting, constraint: TypeConstraint): Value {
    const { label, text } = given;
    const origin = { kind: "setting", name: label } as const;
    if (constraint === ANYTHING || isPrimitive(constraint.type)) {
      return withOrigin(this.#conform(stringValue(text), constraint, null), origin);
    }
    const file = settingFile(given);
    const { expression, diagnostics } = parseExpression(file);
    const problem = diagnostics.find((diagnostic) => diagnostic.severity === "error");
    if (expression === null || problem !== undefined) {
      const place = placeIn(text, problem?.range?.start ?? 0);
      throw new EvaluationError(
        `${label}: ${place} of the value: ${problem?.message ?? "no expression"}`,
        null,
      );
    }
    const context = this.#context;
    const written = context.failures.strictly(() => evaluate(expression, context));
    const value = this.#conform(written, constraint, null);
    return withOrigin(value, origin);
  }

  #default(before: Before<Value> | null): Value {
    const fallback = attributeOf(this.#block.body, "default");
    if (fallback === null) {
      const type = this.#constraint.get().type;
      this.#graph.add(this.#missing());
      return unknownValue(type, { kind: "setting", name: `variable ${this.name}` });
    }
    const constraint = this.#constraint.get();
    const value = this.#made(fallback.value, this.#context, constraint, before);
    // Terraform does this once more where a default is used. Empty collections then are of the type that was asked for,
    // and not of that of the others beside them.
    return hasAny(constraint.type)
      ? attempt(() => convert(value, constraint.type), fallback.value, this.#inMessages())
      : value;
  }

  /** A root variable may be given on another machine; a call that leaves one out is wrong everywhere. */
  #missing(): Diagnostic {
    const { assignable, name } = this;
    if (assignable?.kind === "call") {
      const message = `the module needs a value for its variable ${JSON.stringify(name)}; add the argument to the call`;
      return { severity: "error", message, range: assignable.body };
    }
    const message = `variable ${JSON.stringify(name)} has no value; give one in a .tfvars file, with --var-file or with --var`;
    return { severity: "warning", message, range: this.#block.labels[0] ?? this.#block.typeRange };
  }

  #conform(value: Value, constraint: TypeConstraint, at: Expression | null): Value {
    const range: Range = at ?? this.#block.typeRange;
    return attempt(() => conform(value, constraint), range, this.#inMessages());
  }

  #inMessages(): string {
    return `variable ${JSON.stringify(this.name)}: `;
  }

  #readConstraint(): TypeConstraint {
    const type = attributeOf(this.#block.body, "type");
    if (type === null) return ANYTHING;
    try {
      return readTypeConstraint(type.value, this.#context);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      this.#graph.add(error.diagnostic);
      return ANYTHING;
    }
  }

  #flag(name: "sensitive" | "nullable" | "ephemeral"): boolean | null {
    const attribute = attributeOf(this.#block.body, name);
    return attribute?.value.kind === "keyword" ? attribute.value.value : null;
  }
}
