import { referencesIn } from "../../hcl/evaluation/references.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import { attributeOf } from "./body-index.ts";
import type { Wrong } from "./wrong.ts";

const CONDITIONS = new Set(["validation", "precondition", "postcondition", "assert"]);

/**
 * Conditions that check nothing: each has to refer to something, and that of a variable to the variable
 * (https://developer.hashicorp.com/terraform/language/validate).
 */
export function wrongConditions(block: Block): Wrong[] {
  return block.body.items.flatMap((item): Wrong[] => {
    if (item.kind === "attribute") return [];
    if (item.type === "lifecycle") return wrongConditions(item);
    const condition = CONDITIONS.has(item.type) ? attributeOf(item.body, "condition")?.value : undefined;
    if (condition === undefined) return [];
    const references = referencesIn(condition);
    const name = block.type === "variable" ? (block.labels[0]?.value ?? "") : null;
    if (name !== null) {
      const isOwn = references.some(
        ({ root, steps: [first] }) =>
          root.name === "var" && first?.kind === "get-attribute" && first.name === name,
      );
      return isOwn
        ? []
        : [{ message: `the condition has to refer to var.${name}, which it checks`, range: condition }];
    }
    if (references.length > 0) return [];
    return [{ message: "the condition refers to nothing, and so checks nothing", range: condition }];
  });
}
