import { attempt } from "../hcl/evaluation/attempt.ts";
import { type EvaluationContext, EvaluationError } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { parseExpression } from "../hcl/syntax/parser.ts";
import type { Diagnostic, Range } from "../hcl/syntax/source.ts";
import type { Attribute, Block, Expression } from "../hcl/syntax/syntax.ts";
import type { Type } from "../hcl/values/type.ts";
import {
  asSensitive,
  nullValue,
  stringValue,
  unknownValue,
  type Value,
  withOrigin,
} from "../hcl/values/value.ts";
import { Cell, type Report, valueCell } from "./cell.ts";
import { settingFile } from "./inputs.ts";
import { attributeOf } from "./module.ts";
import type { Assignable, Definition, VariableNode } from "./nodes.ts";
import { ANYTHING, conform, readTypeConstraint, type TypeConstraint } from "./type-constraint.ts";

function isPrimitive({ kind }: Type): boolean {
  return kind === "string" || kind === "number" || kind === "bool";
}

/** What a variable is given: an expression of a call or a variable file, a text from outside, or nothing. */
export type Given =
  | {
      readonly kind: "argument" | "tfvars";
      readonly attribute: Attribute;
      readonly context: EvaluationContext;
    }
  | { readonly kind: "setting"; readonly name: string; readonly text: string }
  | null;

/** One variable of one module instance. */
export class Variable implements VariableNode {
  readonly name: string;
  readonly assignable: Assignable | null;
  readonly #block: Block;
  readonly #given: Given;
  readonly #context: EvaluationContext;
  readonly #report: Report;
  readonly #constraint: Cell<TypeConstraint>;
  readonly #value: Cell<Value>;

  /** `context` is that of constants: the default and the type. */
  constructor(
    block: Block,
    given: Given,
    assignable: Assignable | null,
    context: EvaluationContext,
    report: Report,
  ) {
    this.name = block.labels[0]?.value ?? "";
    this.assignable = assignable;
    this.#block = block;
    this.#given = given;
    this.#context = context;
    this.#report = report;
    const what = `variable ${JSON.stringify(this.name)}`;
    this.#constraint = new Cell(
      () => this.#readConstraint(),
      () => new EvaluationError(`the type of ${what} needs itself`, block.typeRange),
    );
    this.#value = valueCell(what, block.typeRange, report, () => this.#compute());
  }

  get setting(): string | null {
    return this.#given?.kind === "setting" ? `--var ${this.#given.name}` : null;
  }

  value(): Value {
    return this.#value.get();
  }

  definition(): Definition | null {
    const given = this.#given;
    if (given?.kind === "setting") return null;
    if (given !== null && !this.#fallsBack(given)) {
      return {
        kind: given.kind,
        located: { expression: given.attribute.value, context: given.context, path: [] },
      };
    }
    const fallback = attributeOf(this.#block.body, "default");
    return (
      fallback && {
        kind: "default",
        located: { expression: fallback.value, context: this.#context, path: [] },
      }
    );
  }

  /** A null argument means the default, unless the variable may be null. */
  #fallsBack(given: { attribute: Attribute; context: EvaluationContext }): boolean {
    if (this.#flag("nullable") !== false) return false;
    try {
      return evaluate(given.attribute.value, given.context).kind === "null";
    } catch (error) {
      if (error instanceof EvaluationError) return false;
      throw error;
    }
  }

  #compute(): Value {
    const sensitive = this.#flag("sensitive") === true;
    const given = this.#give();
    const value =
      given === null || (given.kind === "null" && this.#flag("nullable") === false) ? this.#default() : given;
    return asSensitive(value, sensitive);
  }

  #give(): Value | null {
    const given = this.#given;
    if (given === null) return null;
    const constraint = this.#constraint.get();
    if (given.kind === "setting") return this.#fromSetting(given.name, given.text, constraint);
    const value = evaluate(given.attribute.value, given.context);
    return this.#conform(value, constraint, given.attribute.value);
  }

  /**
   * Terraform reads the text of `-var` as an expression where a collection, an object or `any` is declared, and takes it
   * as it is otherwise.
   */
  #fromSetting(name: string, text: string, constraint: TypeConstraint): Value {
    const origin = { kind: "setting", name: `--var ${name}` } as const;
    if (constraint === ANYTHING || isPrimitive(constraint.type)) {
      return withOrigin(this.#conform(stringValue(text), constraint, null), origin);
    }
    const file = settingFile(name, text);
    const { expression, diagnostics } = parseExpression(file);
    const problem = diagnostics.find((diagnostic) => diagnostic.severity === "error");
    if (expression === null || problem !== undefined) {
      throw new EvaluationError(`--var ${name}: ${problem?.message ?? "not an expression"}`, null);
    }
    const value = this.#conform(evaluate(expression, this.#context), constraint, null);
    return withOrigin(value, origin);
  }

  #default(): Value {
    const fallback = attributeOf(this.#block.body, "default");
    if (fallback === null) {
      const type = this.#constraint.get().type;
      this.#report.add(this.#missing());
      return unknownValue(type, { kind: "setting", name: `variable ${this.name}` });
    }
    const value = evaluate(fallback.value, this.#context);
    if (value.kind === "null") return nullValue(this.#constraint.get().type, value.origin);
    return this.#conform(value, this.#constraint.get(), fallback.value);
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
    return attempt(() => conform(value, constraint), range, `variable ${JSON.stringify(this.name)}: `);
  }

  #readConstraint(): TypeConstraint {
    const type = attributeOf(this.#block.body, "type");
    if (type === null) return ANYTHING;
    try {
      return readTypeConstraint(type.value, this.#context);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      this.#report.add(error.diagnostic);
      return ANYTHING;
    }
  }

  #flag(name: "sensitive" | "nullable"): boolean | null {
    const attribute = attributeOf(this.#block.body, name);
    return attribute?.value.kind === "keyword" ? attribute.value.value : null;
  }
}
