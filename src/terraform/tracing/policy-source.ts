import {
  bindingOf,
  type EvaluationContext,
  EvaluationError,
  type Located,
} from "../../hcl/evaluation/context.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { attributeOf } from "../code/module.ts";
import type { EvaluatedBody } from "../evaluation/evaluated-body.ts";
import { Resource } from "../evaluation/resource.ts";
import { ResourceInstance } from "../evaluation/resource-instance.ts";
import { ModuleScope } from "../evaluation/scope.ts";

/** What a data source gives as text. */
const TEXTS = new Set<unknown>(["json", "minified_json"]);

/** The data source that makes the text of a policy; null where that is not what (a part of) an expression is. */
export function policySource(located: Located): ResourceInstance | null {
  try {
    const source = sourceOf(located);
    return source === null || source.content.policy === null ? null : source;
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function sourceOf({ expression, context, path }: Located): ResourceInstance | null {
  if (expression.kind !== "get-attribute" && expression.kind !== "index") return null;
  const reference = referenceOf(expression);
  if (reference?.root.name !== "data" || bindingOf(context, "data") !== null) return null;
  if (!(context.scope instanceof ModuleScope)) return null;
  const target = context.scope.target(reference, context);
  if (target.consumed < reference.steps.length) return null;
  if (target.kind === "attribute") {
    const isText = path.length === 0 && TEXTS.has(target.name);
    return isText && target.node instanceof ResourceInstance ? target.node : null;
  }
  // A splat leads to the attribute of an instance by its path.
  if (target.kind !== "whole") return null;
  const [key, ...rest] = target.node instanceof ResourceInstance ? [null, ...path] : path;
  if (rest.length !== 1 || !TEXTS.has(rest[0])) return null;
  if (target.node instanceof ResourceInstance) return target.node;
  return target.node instanceof Resource && key !== undefined ? target.node.instance(key) : null;
}

/** All arguments that a body and the blocks in it give, and the collections that `dynamic` blocks are made of. */
export function writtenParts({ attributes, blocks, context }: EvaluatedBody): Located[] {
  const own = Array.from(attributes.values(), ({ attribute }) => whole(attribute.value, context));
  const within = [...blocks.values()].flatMap((group) =>
    group.blocks.flatMap(({ dynamic, content }) => {
      const forEach = dynamic === null ? null : attributeOf(dynamic.body, "for_each");
      return [...(forEach === null ? [] : [whole(forEach.value, context)]), ...writtenParts(content)];
    }),
  );
  return [...own, ...within];
}

function whole(expression: Expression, context: EvaluationContext): Located {
  return { expression, context, path: [] };
}
