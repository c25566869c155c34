import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../json/json.ts";
import type { Path, PathStep } from "../../json/path.ts";
import { isSecretName, secretFieldsOf } from "../../json/secret-fields.ts";
import type { StateDocument } from "./state.ts";
import type { StateInstance } from "./state-instance.ts";

/**
 * A state for code that somebody proposes: what is secret in it is unknown to the code, so that nothing the code
 * computes, compares or counts depends on it. `sensitive()` and `nonsensitive()` only change a mark; somebody who may
 * see what comes of an expression could ask for a secret bit by bit.
 */
export function withHiddenSecrets(state: StateDocument): StateDocument {
  return {
    ...state,
    instances: state.instances.map((instance) => ({ ...instance, hidden: secretPaths(instance) })),
  };
}

/** The recorded attributes without what is hidden; null stands in its place. */
export function visibleAttributes({ attributes, hidden = [] }: StateInstance): JsonObject {
  if (hidden.some((path) => path.length === 0)) return {};
  const visible = without(attributes, hidden);
  return isJsonObject(visible) ? visible : {};
}

function without(json: Json, paths: readonly Path[]): Json {
  if (paths.length === 0) return json;
  if (paths.some((path) => path.length === 0)) return null;
  const inside = Map.groupBy(paths, ([step]) => step);
  const below = (step: PathStep, item: Json) =>
    without(
      item,
      (inside.get(step) ?? []).map((path) => path.slice(1)),
    );
  if (isJsonArray(json)) return json.map((item, index) => below(index, item));
  if (!isJsonObject(json)) return null;
  return Object.fromEntries(Object.entries(json).map(([name, item]) => [name, below(name, item)]));
}

/** Resources and data sources that are there to hold a secret, or what somebody else's state holds. */
const SECRET_TYPE = /passw|secret|token|credential|private_key|parameter|vault|remote_state/;

/**
 * What is secret in an instance of a state, or may be. Terraform wrote what a provider's schema calls sensitive into
 * states only lately, so names count too.
 */
export function secretPaths({ parts, attributes, sensitive }: StateInstance): Path[] {
  if (SECRET_TYPE.test(parts.type)) return [[]];
  const found = [...sensitive];
  collect(attributes, [], found);
  return found;
}

/** As deep as values are nested in earnest; what is deeper is hidden as a whole. */
const DEEPEST = 100;

function collect(json: Json, path: Path, into: Path[]): void {
  if (isSecretText(json) || path.length > DEEPEST) into.push(path);
  else if (isJsonArray(json)) json.forEach((item, index) => void collect(item, [...path, index], into));
  else if (isJsonObject(json)) {
    for (const [name, item] of Object.entries(json)) {
      if (isSecretName(name) && mayHoldSecret(item)) into.push([...path, name]);
      else collect(item, [...path, name], into);
    }
  }
}

function isSecretText(json: Json): boolean {
  return typeof json === "string" && secretFieldsOf(json).length > 0;
}

/** Whether there is a password at all says nothing about it. */
function mayHoldSecret(json: Json): boolean {
  return json !== null && typeof json !== "boolean";
}
