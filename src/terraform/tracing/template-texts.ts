import { attempt } from "../../hcl/evaluation/attempt.ts";
import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { renderTemplate } from "../../hcl/evaluation/template.ts";
import type { IfDirective, Template, TemplatePart } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import { BOOL, STRING } from "../../hcl/values/type.ts";
import { COMPUTED } from "../../hcl/values/value.ts";

/** The parts of a template that give its text: of each `%{ if }` those of the branch that is taken. */
export interface TakenParts {
  readonly parts: readonly TemplatePart[];
  /** What each of them gives. */
  readonly texts: readonly string[];
  readonly turns: readonly Turn[];
}

/** An `%{ if }` on the way, and the parts that stand for it: from one up to, and without, another. */
export interface Turn {
  readonly directive: IfDirective;
  readonly taken: boolean;
  readonly from: number;
  readonly to: number;
}

/** The parts of a template, or of a directive in one, that give its text; null where one is not known. */
export function takenParts(node: Pick<Template, "parts">, context: EvaluationContext): TakenParts | null {
  const parts: TemplatePart[] = [];
  const turns: Turn[] = [];
  const take = (all: readonly TemplatePart[]): boolean =>
    all.every((part) => {
      if (part.kind !== "if") return parts.push(part) > 0;
      const condition = attempt(() => convert(evaluate(part.condition, context), BOOL), part);
      if (condition.kind !== "bool") return false;
      const from = parts.length;
      if (!take(condition.value ? part.then : part.else)) return false;
      turns.push({ directive: part, taken: condition.value, from, to: parts.length });
      return true;
    });
  const texts = take(node.parts) ? partTexts({ parts }, context) : null;
  return texts && { parts, texts, turns };
}

/** The text of each part of a template, or of a directive in one; null where one is not known. */
export function partTexts({ parts }: Pick<Template, "parts">, context: EvaluationContext): string[] | null {
  const texts: string[] = [];
  for (const part of parts) {
    if (part.kind === "text") texts.push(part.value);
    else {
      const text =
        part.kind === "interpolation"
          ? attempt(() => convert(evaluate(part.expression, context), STRING), part)
          : renderTemplate([part], COMPUTED, context, evaluate);
      if (text.kind !== "string") return null;
      texts.push(text.value);
    }
  }
  return texts;
}
