import { positionAt } from "../../hcl/syntax/source.ts";
import { jsonErrorOffset } from "../../json/error-offset.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../json/json.ts";
import { inAddressOrder } from "../address.ts";
import { type Refusal, refuseDocument, refuseText, StateError } from "./state-error.ts";
import { readInstances, type StateInstances } from "./state-instance.ts";

export interface StateOutput {
  readonly value: Json;
  /** As cty writes types in JSON: `"string"`, `["list", "string"]`. */
  readonly type: Json;
  readonly sensitive: boolean;
}

/**
 * A state of format version 4 (Terraform since 0.12, OpenTofu). Instances and deposed objects are ordered by address.
 * https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go
 */
export interface StateDocument extends StateInstances {
  readonly serial: number;
  readonly lineage: string;
  /** Of the program that wrote it, OpenTofu's too. */
  readonly terraformVersion: string | null;
  readonly outputs: ReadonlyMap<string, StateOutput>;
}

/**
 * Reads a state. `file` names it in messages.
 * @throws StateError where it is not a state that can be read: another format version, encrypted, cut off, something
 * else altogether.
 */
export function parseState(text: string, file: string): StateDocument {
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  const checked = refuseDocument(readJson(json, file));
  if ("refusal" in checked) throw new StateError(file, checked.refusal);
  const { state } = checked;
  const { serial, lineage, terraform_version: version } = state;
  if (typeof serial !== "number" || !Number.isSafeInteger(serial) || serial < 0) {
    throw new StateError(file, missing("serial"));
  }
  if (typeof lineage !== "string") throw new StateError(file, missing("lineage"));
  const found = readInstances(state["resources"]);
  const outputs = readOutputs(state);
  return {
    serial,
    lineage,
    terraformVersion: typeof version === "string" ? version : null,
    outputs: outputs.read,
    instances: inAddressOrder(found.instances, ({ parts }) => parts),
    deposed: inAddressOrder(found.deposed, ({ parts }) => parts),
    damaged: found.damaged,
    problems: [...found.problems, ...outputs.problems],
  };
}

function readJson(json: string, file: string): Json {
  const refusal = refuseText(json);
  if (refusal !== null) throw new StateError(file, refusal);
  try {
    return parseJson(json);
  } catch {
    throw new StateError(file, notJson(json));
  }
}

function notJson(json: string): Refusal {
  const offset = jsonErrorOffset(json);
  if (offset === null) {
    return { reason: "its values are nested too deeply to be read", advice: "Check that it is a state." };
  }
  const { line, column } = positionAt(json, offset);
  const place = `line ${line}, column ${column}`;
  if (offset >= json.trimEnd().length) {
    return {
      reason: `the file ends too early (${place}), so it was cut off`,
      advice:
        "Restore it from a backup such as terraform.tfstate.backup, or fetch it again with `terraform state pull > FILE`.",
    };
  }
  return {
    reason: `the file is not valid JSON (${place}), so it is not a state or it is damaged`,
    advice: "Restore it from a backup, or write the current state with `terraform state pull > FILE`.",
  };
}

function missing(field: "serial" | "lineage"): Refusal {
  return {
    reason: `the state has no ${field}, so it is damaged or was written by hand`,
    advice: "Write the current state with `terraform state pull > FILE` and give that file.",
  };
}

function readOutputs(state: JsonObject): {
  read: ReadonlyMap<string, StateOutput>;
  problems: readonly string[];
} {
  const read = new Map<string, StateOutput>();
  const problems: string[] = [];
  const outputs = state["outputs"];
  if (!isJsonObject(outputs)) return { read, problems };
  for (const [name, output] of Object.entries(outputs)) {
    if (isJsonObject(output) && output["value"] !== undefined) {
      const { value, type = "dynamic", sensitive } = output;
      read.set(name, { value, type, sensitive: sensitive === true });
    } else problems.push(`Output ${JSON.stringify(name)} could not be read from the state: it has no value.`);
  }
  return { read, problems };
}
