import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type EvaluationContext, EvaluationError, STRICT } from "../../src/hcl/evaluation/context.ts";
import { evaluate } from "../../src/hcl/evaluation/evaluate.ts";
import { createBudget } from "../../src/hcl/functions/function.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { parseExpression } from "../../src/hcl/syntax/parser.ts";
import { numberToJson } from "../../src/hcl/values/number.ts";
import { ANY, STRING, type Type } from "../../src/hcl/values/type.ts";
import {
  isMapping,
  isSequence,
  objectValue,
  typeOf,
  unknownValue,
  type Value,
} from "../../src/hcl/values/value.ts";
import { canonicalJson, type Json, parseJson } from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";

/** What the real terraform gave (test/terraform-binary/remake-functions.ts writes it). */
interface Answer {
  readonly expression: string;
  readonly error?: true;
  readonly type?: string;
  readonly result?: Json;
  readonly unknown?: readonly string[];
  readonly sensitive?: readonly string[];
}

/**
 * A test for each expression in a folder: value, type, unknown and sensitive parts are those of the real terraform.
 * `differences` are the expressions, by reason, that must answer otherwise.
 */
export function testAnswers(
  folder: URL,
  differences: Readonly<Record<string, readonly string[]>> = {},
): void {
  const different = new Set(Object.values(differences).flat());
  for (const name of readdirSync(folder).sort()) {
    const { cases } = parseJson(readFileSync(new URL(name, folder), "utf8")) as unknown as {
      cases: Answer[];
    };
    describe(name, () => {
      test.each(cases)(
        "$expression",
        ({ expression, error, type, result = null, unknown = [], sensitive = [] }) => {
          const expected = error ? "an error" : { type, result: canonicalJson(result), unknown, sensitive };
          if (different.has(expression)) expect(outcomeOf(expression)).not.toEqual(expected);
          else expect(outcomeOf(expression)).toEqual(expected);
        },
      );
    });
  }
}

/** `local.unknown` and `local.unknown_string` are not known before apply. */
const LOCAL = objectValue([
  ["unknown", unknownValue(ANY)],
  ["unknown_string", unknownValue(STRING)],
]);

function outcomeOf(text: string): object | string {
  const { expression, diagnostics } = parseExpression({ path: "main.tf", text });
  if (expression === null || diagnostics.some(({ severity }) => severity === "error")) return "an error";
  const context: EvaluationContext = {
    scope: { resolve: () => ({ value: LOCAL, consumed: 0 }) },
    names: null,
    functions: FUNCTIONS,
    budget: createBudget({ steps: 1e6, elements: 1e6, text: 1e8 }),
    failures: STRICT,
  };
  try {
    return describeValue(evaluate(expression, context));
  } catch (error) {
    if (error instanceof EvaluationError) return "an error";
    throw error;
  }
}

function describeValue(value: Value): object {
  const described = { unknown: [] as string[], sensitive: [] as string[] };
  const result = toJson(value, [], described);
  return { type: printShape(typeOf(value)), result: canonicalJson(result), ...described };
}

function toJson(value: Value, path: Path, found: { unknown: string[]; sensitive: string[] }): Json {
  if (value.sensitive) found.sensitive.push(printPath(path));
  const below = value.sensitive ? { unknown: found.unknown, sensitive: [] } : found;
  if (value.kind === "unknown") found.unknown.push(printPath(path));
  if (isSequence(value)) return value.items.map((item, index) => toJson(item, [...path, index], below));
  if (isMapping(value)) {
    const members = Array.from(
      value.entries,
      ([key, child]) => [key, toJson(child, [...path, key], below)] as const,
    );
    // A plan leaves unknown attributes out.
    return Object.fromEntries(members.filter(([key]) => value.entries.get(key)?.kind !== "unknown"));
  }
  if (value.kind === "number") return numberToJson(value.value);
  return "value" in value ? value.value : null;
}

/** As the console prints a type, without white space. */
function printShape(type: Type): string {
  if ("element" in type) return `${type.kind}(${printShape(type.element)})`;
  if (type.kind === "tuple") return `tuple([${type.elements.map(printShape).join(",")}])`;
  if (type.kind === "any") return "dynamic";
  if (type.kind !== "object") return type.kind;
  const names = [...type.attributes.keys()].sort();
  const attributes = names.map((name) => `${name}:${printShape(type.attributes.get(name)?.type ?? ANY)}`);
  return `object({${attributes.join(",")}})`;
}
