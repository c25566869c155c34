import { bindingOf, type EvaluationContext, type Reference } from "../../hcl/evaluation/context.ts";
import { referencesIn } from "../../hcl/evaluation/references.ts";
import { textOf } from "../../hcl/syntax/source.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";

/**
 * Whether a condition asks about what an expression refers to (`var.x != null`, `can(each.value.x)`), so that what is
 * written there could make it be chosen.
 */
export function asksFor(condition: Expression, expression: Expression): boolean {
  const asked = referencesIn(condition).map(stepTexts);
  return referencesIn(expression)
    .map(stepTexts)
    .some((own) => asked.some((other) => isWithin(own, other) || isWithin(other, own)));
}

/** Whether an expression gives what an element of a collection says, such as `each.value.tags`: nobody shares it. */
export function isOfElement(expression: Expression, context: EvaluationContext): boolean {
  if (expression.kind === "object") return false;
  return referencesIn(expression).some(({ root, steps: [first] }) => {
    const binding = bindingOf(context, root.name);
    if (binding === null || binding.source === null) return false;
    return !binding.iterator || (first?.kind === "get-attribute" && first.name === "value");
  });
}

function stepTexts({ root, steps }: Reference): readonly string[] {
  return [root.name, ...steps.map((step) => (step.kind === "get-attribute" ? step.name : textOf(step.key)))];
}

/** Whether a reference leads into what another one names; a root alone, such as `var`, names nothing. */
function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return (
    outer.length > 1 && outer.length <= inner.length && outer.every((step, index) => step === inner[index])
  );
}
