import { normalized } from "../syntax/characters.ts";
import type { Expression, ForDirective, IfDirective, Template, TemplatePart } from "../syntax/syntax.ts";
import { convert } from "../values/convert.ts";
import { BOOL, STRING } from "../values/type.ts";
import {
  asSensitive,
  isSensitiveWithin,
  isUnknownOrOpen,
  notNull,
  type Origin,
  stringValue,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { type Evaluate, type EvaluationContext, EvaluationError, withinSecret } from "./context.ts";
import { bindElement } from "./for.ts";
import { iterate } from "./iterate.ts";
import { operandAs } from "./operators.ts";

/**
 * The text of a template. One that is nothing but an interpolation gives that value as it is, of whatever type.
 * @throws EvaluationError where a part has no text.
 */
export function evaluateTemplate(node: Template, context: EvaluationContext, evaluate: Evaluate): Value {
  const only = node.parts[0];
  if (node.parts.length === 1 && only?.kind === "interpolation" && node.form === "quoted") {
    return evaluate(only.expression, context);
  }
  const origin: Origin = { kind: "expression", at: node };
  if (node.parts.length > 1 || only?.kind !== "text")
    return renderTemplate(node.parts, origin, context, evaluate);
  context.budget.text(only.value.length);
  return stringValue(normalized(only.value), origin);
}

/** The text of template parts, also of those of a file. `origin` is the text's own. */
export function renderTemplate(
  parts: readonly TemplatePart[],
  origin: Origin,
  context: EvaluationContext,
  evaluate: Evaluate,
): Value {
  const rendering: Rendering = { text: "", unknown: null, sensitive: false };
  renderParts(parts, rendering, context, evaluate);
  if (rendering.unknown !== null)
    return asSensitive(notNull(unknownValue(STRING, rendering.unknown)), rendering.sensitive);
  return asSensitive(stringValue(normalized(rendering.text), origin), rendering.sensitive);
}

interface Rendering {
  text: string;
  unknown: Origin | null;
  sensitive: boolean;
}

function renderParts(
  parts: readonly TemplatePart[],
  rendering: Rendering,
  context: EvaluationContext,
  evaluate: Evaluate,
): void {
  for (const part of parts) {
    if (part.kind === "text") append(part.value, rendering, context);
    else if (part.kind === "interpolation")
      renderInterpolation(part.expression, rendering, context, evaluate);
    else if (part.kind === "if") renderIf(part, rendering, context, evaluate);
    else renderFor(part, rendering, context, evaluate);
  }
}

function append(text: string, rendering: Rendering, context: EvaluationContext): void {
  context.budget.text(text.length);
  rendering.text += text;
}

function renderInterpolation(
  expression: Expression,
  rendering: Rendering,
  context: EvaluationContext,
  evaluate: Evaluate,
): void {
  const value = evaluate(expression, context);
  if (isSensitiveWithin(value)) rendering.sensitive = true;
  if (value.kind === "null") {
    throw new EvaluationError("the value is null, and null cannot stand in a text", expression);
  }
  if (value.kind === "unknown") {
    rendering.unknown ??= value.origin;
    return;
  }
  const text = attempt(() => convert(value, STRING), expression, "cannot stand in a text: ");
  if (text.kind === "string") append(text.value, rendering, context);
  else rendering.unknown ??= value.origin;
}

function renderIf(
  part: IfDirective,
  rendering: Rendering,
  context: EvaluationContext,
  evaluate: Evaluate,
): void {
  const condition = operandAs(evaluate(part.condition, context), BOOL, part.condition);
  if (condition.sensitive) rendering.sensitive = true;
  if (condition.kind === "bool") {
    renderParts(condition.value ? part.then : part.else, rendering, context, evaluate);
  } else {
    rendering.unknown ??= condition.origin;
  }
}

function renderFor(
  part: ForDirective,
  rendering: Rendering,
  context: EvaluationContext,
  evaluate: Evaluate,
): void {
  const collection = evaluate(part.collection, context);
  if (collection.sensitive) rendering.sensitive = true;
  if (isUnknownOrOpen(collection)) {
    rendering.unknown ??= collection.origin;
    return;
  }
  for (const element of iterate(collection, part.collection)) {
    context.budget.elements(1);
    const inner = bindElement(part, element, context);
    withinSecret(collection.sensitive, context, () => renderParts(part.parts, rendering, inner, evaluate));
  }
}
