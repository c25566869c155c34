import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../json/json.ts";

/** Attributes without the wrapping, and the type of each that was wrapped, as cty writes types in JSON. */
export interface Unwrapped {
  readonly attributes: JsonObject;
  readonly types: ReadonlyMap<string, Json>;
}

/** Attributes of Terraform's own provider whose schema says "any type". */
const DYNAMIC: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["terraform_data", new Set(["input", "output", "triggers_replace"])],
  ["terraform_remote_state", new Set(["config", "defaults", "outputs"])],
]);

/**
 * A state writes a value whose schema says "any type" as `{"value": …, "type": …}` (cty's JSON encoding of its
 * dynamic type). Takes that away at the top of a resource's attributes.
 *
 * Without the provider's schema a wrapped text looks like a map with two keys, so scalars are unwrapped for Terraform's
 * own resources only; lists and objects are told by their type, which no map of texts can hold.
 */
export function unwrapDynamic(resourceType: string, attributes: JsonObject): Unwrapped {
  const types = new Map<string, Json>();
  const declared = DYNAMIC.get(resourceType);
  const unwrapped = Object.entries(attributes).map(([name, value]): [string, Json] => {
    if (!isJsonObject(value) || Object.keys(value).length !== 2) return [name, value];
    const { type, value: inner } = value;
    if (type === undefined || inner === undefined) return [name, value];
    if (!declared?.has(name) && !describes(type, inner)) return [name, value];
    types.set(name, type);
    return [name, inner];
  });
  return types.size === 0
    ? { attributes, types }
    : { attributes: Object.fromEntries(unwrapped) as JsonObject, types };
}

function describes(type: Json, value: Json): boolean {
  if (!isJsonArray(type) || type.length < 2) return false;
  const [kind, of] = type;
  switch (kind) {
    case "object":
      return isJsonObject(of) && isJsonObject(value);
    case "map":
      return isType(of) && isJsonObject(value);
    case "tuple":
      return isJsonArray(of) && isJsonArray(value);
    case "list":
    case "set":
      return isType(of) && isJsonArray(value);
    default:
      return false;
  }
}

function isType(type: Json | undefined): boolean {
  return typeof type === "string" || isJsonArray(type);
}
