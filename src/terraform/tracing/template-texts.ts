import { attempt } from "../../hcl/evaluation/attempt.ts";
import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { renderTemplate } from "../../hcl/evaluation/template.ts";
import type { Template } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import { STRING } from "../../hcl/values/type.ts";
import { COMPUTED } from "../../hcl/values/value.ts";

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
