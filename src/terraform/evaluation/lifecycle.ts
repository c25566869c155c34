import { type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import type { Body, Expression } from "../../hcl/syntax/syntax.ts";
import { ConversionError, convert } from "../../hcl/values/convert.ts";
import { BOOL } from "../../hcl/values/type.ts";
import type { Path } from "../../json/path.ts";
import type { Address } from "../address.ts";
import { attributeOf, blocksOf } from "../code/module.ts";
import { stepsOf } from "./ignored-changes.ts";
import type { ModuleInstance } from "./module-instance.ts";
import { Resource } from "./resource.ts";
import { ResourceInstance } from "./resource-instance.ts";
import { ModuleScope } from "./scope.ts";

/**
 * What a `lifecycle` block says of how an instance is replaced
 * (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle).
 */
export interface Lifecycle {
  /** Terraform refuses a plan that would destroy or replace it. */
  readonly preventDestroy: boolean;
  /** Its replacement is made before it goes. Terraform does so too with what such an instance refers to. */
  readonly createBeforeDestroy: boolean;
  /** It is replaced where an apply updates or replaces one of these. */
  readonly replaceTriggeredBy: readonly Trigger[];
}

/** A managed instance, or (`path` not empty) one attribute of it. */
export interface Trigger {
  readonly address: string;
  readonly path: Path;
}

export const NO_LIFECYCLE: Lifecycle = {
  preventDestroy: false,
  createBeforeDestroy: false,
  replaceTriggeredBy: [],
};

export function lifecycleOf({ block, context }: ResourceInstance): Lifecycle {
  const [lifecycle] = blocksOf(block.body, "lifecycle");
  if (lifecycle === undefined) return NO_LIFECYCLE;
  const { body } = lifecycle;
  const triggers = attributeOf(body, "replace_triggered_by")?.value;
  return {
    preventDestroy: isSet(body, "prevent_destroy", context),
    createBeforeDestroy: isSet(body, "create_before_destroy", context),
    replaceTriggeredBy:
      triggers?.kind === "tuple" ? triggers.items.flatMap((item) => triggersIn(item, context)) : [],
  };
}

/**
 * The same of an instance that the code no longer makes. Terraform looks at the block all the same, where it is still
 * written: of an instance that `count` or `for_each` gives up.
 */
export function lifecycleOfFormer(root: ModuleInstance, address: Address): Lifecycle {
  let module: ModuleInstance | undefined = root;
  for (const { name, key } of address.module) {
    const call = module?.call(name);
    module = call?.instance(key) ?? call?.instances()[0];
  }
  const resource = module?.resource(`${address.type}.${address.name}`);
  const [lifecycle] = resource ? blocksOf(resource.block.body, "lifecycle") : [];
  if (module === undefined || lifecycle === undefined) return NO_LIFECYCLE;
  return { ...NO_LIFECYCLE, preventDestroy: isSet(lifecycle.body, "prevent_destroy", module.context) };
}

/** Terraform wants it written out; OpenTofu evaluates it. */
function isSet(body: Body, name: string, context: EvaluationContext): boolean {
  const attribute = attributeOf(body, name);
  if (attribute === null) return false;
  try {
    const value = convert(evaluate(attribute.value, context), BOOL);
    return value.kind === "bool" && value.value;
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof ConversionError) return false;
    throw error;
  }
}

function triggersIn(node: Expression, context: EvaluationContext): Trigger[] {
  const reference = isAccess(node) ? referenceOf(node) : null;
  if (reference === null || !(context.scope instanceof ModuleScope)) return [];
  try {
    const target = context.scope.target(reference, context);
    if (target.kind !== "whole" && target.kind !== "attribute") return [];
    const rest = stepsOf(reference.steps.slice(target.consumed)) ?? [];
    const path = target.kind === "attribute" ? [target.name, ...rest] : [];
    const managed = instancesOf(target.node).filter(({ address }) => address.mode === "managed");
    return managed.map(({ name }) => ({ address: name, path }));
  } catch (error) {
    if (error instanceof EvaluationError) return [];
    throw error;
  }
}

function instancesOf(node: object): readonly ResourceInstance[] {
  if (node instanceof ResourceInstance) return [node];
  return node instanceof Resource ? node.instances() : [];
}

function isAccess(node: Expression): node is Expression & { kind: "variable" | "get-attribute" | "index" } {
  return node.kind === "variable" || node.kind === "get-attribute" || node.kind === "index";
}
