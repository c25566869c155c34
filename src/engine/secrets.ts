import { BudgetExceeded } from "../hcl/functions/function.ts";
import { isSensitiveWithin } from "../hcl/values/value.ts";
import { isJsonArray, isJsonObject, isNumber, type Json, jsonAt, printJson } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { secretFieldsOf } from "../json/secret-fields.ts";
import { defaultTagsIn } from "../reconcile/default-tags.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation/evaluation.ts";
import type { ModuleInstance } from "../terraform/evaluation/module-instance.ts";
import type { NamedNode } from "../terraform/evaluation/nodes.ts";
import type { ProviderTags } from "../terraform/evaluation/provider-settings.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";

/**
 * The texts of everything sensitive in a stack: in its instances, in what its modules name (variables, locals, outputs)
 * and in its state, objects that are about to be destroyed included; the secrets inside of JSON texts too.
 */
export function secretsOf(evaluation: Evaluation): string[] {
  const found = new Set<string>();
  const { state } = evaluation.inputs;
  for (const instance of evaluation.instances.values()) {
    for (const { json, sensitive } of new Set([instance.plain(), instance.content.written()]))
      collectAt(json, sensitive, found);
  }
  for (const { attributes, sensitive } of [...evaluation.recorded.all(), ...(state?.deposed ?? [])]) {
    collectAt(attributes, sensitive, found);
  }
  for (const { value, sensitive } of state?.outputs.values() ?? []) if (sensitive) collect(value, found);
  withinBudget(() => collectDefaultTags(evaluation, found));
  let failures = 0;
  for (const module of modulesFrom(evaluation.root)) {
    for (const node of namedNodes(module)) {
      if (failures < MOST_FAILURES && !collectNamed(node, found)) failures += 1;
    }
  }
  return [...found];
}

function* namedNodes(module: ModuleInstance): Generator<NamedNode | null> {
  for (const name of module.module.variables.keys()) yield module.variable(name);
  for (const name of module.module.locals.keys()) yield module.local(name);
  for (const name of module.module.outputs.keys()) yield module.output(name);
}

/** Finding out that a value costs too much costs much itself. */
const MOST_FAILURES = 20;

function collectNamed(node: NamedNode | null, found: Set<string>): boolean {
  return withinBudget(() => {
    const value = node?.value();
    if (value === undefined || !isSensitiveWithin(value)) return;
    const { json, sensitive } = toPlain(value, [], true);
    collectAt(json, sensitive, found);
  });
}

/** False for what costs more than evaluation may: it was not evaluated for the instances either, and shows nowhere. */
function withinBudget(look: () => void): boolean {
  try {
    look();
    return true;
  } catch (error) {
    if (error instanceof BudgetExceeded || error instanceof RangeError) return false;
    throw error;
  }
}

function collectDefaultTags(evaluation: Evaluation, found: Set<string>): void {
  const tagsOf = defaultTagsIn(evaluation);
  const seen = new Set<ProviderTags>();
  for (const instance of evaluation.instances.values()) {
    const tags = tagsOf(instance);
    if (seen.has(tags)) continue;
    seen.add(tags);
    collectAt(tags.defaultTags ?? {}, tags.sensitiveTags, found);
  }
}

function collectAt(json: Json, paths: readonly Path[], found: Set<string>): void {
  for (const path of paths) collect(jsonAt(json, path), found);
}

function collect(json: Json | undefined, into: Set<string>): void {
  if (typeof json === "string") for (const text of [json, ...secretFieldsOf(json)]) into.add(text);
  else if (isJsonArray(json)) for (const item of json) collect(item, into);
  else if (isJsonObject(json)) for (const item of Object.values(json)) collect(item, into);
  else if (json !== undefined && json !== null && isNumber(json)) into.add(printJson(json));
}
