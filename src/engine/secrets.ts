import { isJsonArray, isJsonObject, isNumber, type Json, jsonAt, printJson } from "../json/json.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation.ts";
import { toPlain } from "../terraform/value-json.ts";

/** The texts of everything sensitive in a stack: in its instances, its variables and its state. */
export function secretsOf(evaluation: Evaluation): string[] {
  const found = new Set<string>();
  for (const instance of evaluation.instances.values()) {
    const { json, sensitive } = instance.plain();
    for (const path of sensitive) collect(jsonAt(json, path), found);
  }
  for (const recorded of evaluation.recorded.all()) {
    for (const path of recorded.sensitive) collect(jsonAt(recorded.attributes, path), found);
  }
  for (const { value, sensitive } of evaluation.inputs.state?.outputs.values() ?? []) {
    if (sensitive) collect(value, found);
  }
  for (const module of modulesFrom(evaluation.root)) {
    for (const name of module.module.variables.keys()) {
      const value = module.variable(name)?.value();
      if (value === undefined) continue;
      const { json, sensitive } = toPlain(value, [], true);
      for (const path of sensitive) collect(jsonAt(json, path), found);
    }
  }
  return [...found];
}

function collect(json: Json | undefined, into: Set<string>): void {
  if (typeof json === "string") into.add(json);
  else if (isJsonArray(json)) for (const item of json) collect(item, into);
  else if (isJsonObject(json)) for (const item of Object.values(json)) collect(item, into);
  else if (json !== undefined && json !== null && isNumber(json)) into.add(printJson(json));
}
