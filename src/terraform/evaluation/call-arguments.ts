import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import type { Diagnostic } from "../../hcl/syntax/source.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import type { Module } from "../code/module.ts";

/** Arguments of a module block that belong to Terraform itself. */
const CALL_ARGUMENTS = new Set(["source", "version", "count", "for_each", "providers", "depends_on"]);

/** The arguments of a `module` block that its module has no variables for. */
export function undeclaredArguments(block: Block, module: Module): Diagnostic[] {
  return block.body.items.flatMap((item): Diagnostic[] => {
    if (item.kind !== "attribute" || CALL_ARGUMENTS.has(item.name) || module.variables.has(item.name))
      return [];
    const name = JSON.stringify(block.labels[0]?.value ?? "");
    const hint = didYouMean(item.name, module.variables.keys());
    const message = `module ${name} has no variable ${JSON.stringify(item.name)}${hint}`;
    return [{ severity: "error", message, range: item.nameRange }];
  });
}
