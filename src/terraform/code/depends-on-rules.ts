import type { Reference } from "../../hcl/evaluation/context.ts";
import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import type { Body, Expression } from "../../hcl/syntax/syntax.ts";
import { attributeOf } from "./body-index.ts";
import type { Module } from "./module.ts";
import { quotedReference } from "./static-reference.ts";
import type { Wrong } from "./wrong.ts";

/** What a module declares, as far as references name it. */
type Declared = Pick<Module, "variables" | "locals" | "resources" | "calls">;

/**
 * What is wrong in the `depends_on` of a block: each element is a whole resource, module, variable or local of the
 * module (https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on).
 */
export function wrongDependsOn(body: Body, module: Declared): Wrong[] {
  const value = attributeOf(body, "depends_on")?.value;
  if (value === undefined) return [];
  if (value.kind !== "tuple") {
    return [{ message: "depends_on needs a list, such as [aws_instance.web]", range: value }];
  }
  return value.items.flatMap((item) => wrongElement(item, module));
}

function wrongElement(item: Expression, module: Declared): Wrong[] {
  const reference = quotedReference(item);
  if (reference === null) {
    const message =
      "depends_on takes no values, only what they come from; write it as aws_instance.web or module.shop";
    return [{ message, range: item }];
  }
  const found = lookUp(reference, module);
  if (found === null) return [];
  if (typeof found === "string") return [{ message: found, range: item }];
  if (reference.steps.length <= found.most) return [];
  const message = "depends_on takes a whole resource or module, no attribute of it; take the end off";
  return [{ message, range: item }];
}

/** How many steps of a reference belong to what it names; a message where that is not declared, null where any number. */
function lookUp({ root, steps }: Reference, module: Declared): { readonly most: number } | string | null {
  const names = steps.map((step) => (step.kind === "index" ? null : step.name));
  const keyAt = (at: number) => (names[at] === null ? 1 : 0);
  const [first, second] = names;
  switch (root.name) {
    case "var":
      return among(module.variables, "variable", first, { most: 1 });
    case "local":
      return among(module.locals, "local", first, { most: 1 });
    case "module":
      // The output that may follow needs not be there.
      return among(module.calls, "module call", first, { most: 2 + keyAt(1) });
    case "data":
      return among(module.resources, "", second && `data.${first}.${second}`, { most: 2 + keyAt(2) });
    case "resource":
      return among(module.resources, "", second && `${first}.${second}`, { most: 2 + keyAt(2) });
    case "ephemeral":
    case "action":
    case "path":
    case "terraform":
    case "tofu":
    case "each":
    case "count":
    case "self":
      return null;
    default:
      return among(module.resources, "", first && `${root.name}.${first}`, { most: 1 + keyAt(1) });
  }
}

function among(
  declared: ReadonlyMap<string, unknown>,
  what: string,
  name: string | null | undefined,
  found: { readonly most: number },
): { readonly most: number } | string {
  if (name === null || name === undefined || name === "")
    return "the name is missing; write TYPE.NAME or module.NAME";
  if (declared.has(name)) return found;
  const thing = what === "" ? name : `${what} ${JSON.stringify(name)}`;
  return `the module declares no ${thing}${didYouMean(name, declared.keys())}`;
}
