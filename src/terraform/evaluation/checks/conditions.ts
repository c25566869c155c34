import { type EvaluationContext, EvaluationError } from "../../../hcl/evaluation/context.ts";
import { evaluate } from "../../../hcl/evaluation/evaluate.ts";
import type { Block, Expression } from "../../../hcl/syntax/syntax.ts";
import { ConversionError, convert } from "../../../hcl/values/convert.ts";
import { BOOL, STRING } from "../../../hcl/values/type.ts";
import { isSensitiveWithin, nullValue, type Value } from "../../../hcl/values/value.ts";
import { moduleAddress } from "../../address.ts";
import type { Cell } from "../../cells/cell.ts";
import type { Graph } from "../../cells/graph.ts";
import { diagnosticOf } from "../../cells/report.ts";
import { valueCell } from "../../cells/value-cell.ts";
import { attributeOf, blocksOf } from "../../code/module.ts";
import type { ModuleInstance } from "../module-instance.ts";
import { readsInstances } from "../reading.ts";
import type { ResourceInstance } from "../resource-instance.ts";

/** A block with `condition` and `error_message`, and what they are evaluated in. */
interface Condition {
  /** What is refused where the condition is false: `variable "size"`. */
  readonly what: string;
  /** The address of the module instance. */
  readonly module: string;
  readonly block: Block;
  /** As it is now; null where the instance is no more. */
  context(): EvaluationContext | null;
}

/**
 * Evaluates what Terraform checks while it plans: the `validation` blocks of variables, and the `precondition` blocks of
 * resources, data sources and outputs (https://developer.hashicorp.com/terraform/language/validate). One that is false
 * is an error; where the state has a part in it, which may be older than the code, a warning. One that is not known
 * passes. Postconditions and `check` blocks speak about what a provider answers, so they are left to Terraform.
 */
export function evaluateConditions(modules: Iterable<ModuleInstance>, graph: Graph): void {
  try {
    for (const module of modules) evaluateAll(conditionsOf(module), graph);
  } catch (error) {
    graph.add(diagnosticOf(error, graph, null));
  }
}

/** The same of one instance alone. */
export function evaluateInstanceConditions(instance: ResourceInstance, graph: Graph): void {
  evaluateAll(conditionsOfInstance(instance, preconditionsOf(instance.block)), graph);
}

function evaluateAll(conditions: Iterable<Condition>, graph: Graph): void {
  for (const condition of conditions) conditionCell(condition, graph).get();
}

function* conditionsOf(instance: ModuleInstance): Generator<Condition> {
  const { module } = instance;
  const address = moduleAddress(instance.path);
  const context = () => instance.context;
  for (const [name, { body }] of module.variables) {
    const what = `variable ${JSON.stringify(name)}`;
    for (const block of blocksOf(body, "validation")) yield { what, module: address, block, context };
  }
  for (const [name, { body }] of module.outputs) {
    const what = `output ${JSON.stringify(name)}`;
    for (const block of blocksOf(body, "precondition")) yield { what, module: address, block, context };
  }
  for (const [name, resource] of module.resources) {
    const blocks = preconditionsOf(resource);
    if (blocks.length === 0) continue;
    for (const inner of instance.resource(name)?.instances() ?? [])
      yield* conditionsOfInstance(inner, blocks);
  }
}

function preconditionsOf(resource: Block): readonly Block[] {
  return blocksOf(resource.body, "lifecycle").flatMap(({ body }) => blocksOf(body, "precondition"));
}

function* conditionsOfInstance(
  { name, resource, address }: ResourceInstance,
  blocks: readonly Block[],
): Generator<Condition> {
  const context = () => resource.expansion.contextOf(address.key);
  const module = moduleAddress(address.module);
  for (const block of blocks) yield { what: name, module, block, context };
}

function conditionCell(condition: Condition, graph: Graph): Cell<Value> {
  const { block, what, module } = condition;
  return valueCell(graph, { name: `a condition of ${what}`, module, at: block.typeRange }, () => {
    const context = condition.context();
    const message = context && failureOf(block, context);
    if (context !== null && message !== null) {
      const at = attributeOf(block.body, "condition")?.value ?? null;
      const isOld = at !== null && readsInstances(at, context);
      graph.add({ severity: isOld ? "warning" : "error", message: `${what}: ${message}`, range: at });
    }
    return nullValue();
  });
}

/** Why the condition refuses what is there; null where it does not. */
function failureOf(block: Block, context: EvaluationContext): string | null {
  const condition = attributeOf(block.body, "condition")?.value;
  if (condition === undefined) {
    throw new EvaluationError(`this ${block.type} block needs a condition`, block.typeRange);
  }
  const value = asBool(evaluate(condition, context), condition);
  if (value.kind !== "bool" || value.value) return null;
  return messageOf(attributeOf(block.body, "error_message")?.value, context);
}

function asBool(value: Value, at: Expression): Value {
  if (value.kind === "null") throw new EvaluationError("the condition is null; it must be true or false", at);
  try {
    return convert(value, BOOL);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new EvaluationError("the condition must be true or false", at);
  }
}

/** The author's own message; a general one where that is not known, secret or no text. */
function messageOf(node: Expression | undefined, context: EvaluationContext): string {
  const general = "its condition is not met";
  if (node === undefined) return general;
  try {
    const message = evaluate(node, context);
    const text = isSensitiveWithin(message) ? message : convert(message, STRING);
    return text.kind === "string" && !text.sensitive ? text.value.trim() : general;
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof ConversionError) return general;
    throw error;
  }
}
