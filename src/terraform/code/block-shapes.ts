import type { Expression, ObjectConstructor } from "../../hcl/syntax/syntax.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt } from "../../json/json.ts";
import type { StateInstance } from "../state/state-instance.ts";
import { literalText } from "./literal.ts";
import { MAP_ARGUMENTS } from "./map-arguments.ts";

/**
 * Tells nested blocks from arguments whose value is an object. In the JSON syntax they look the same, and the providers'
 * schemas, by which Terraform tells them, are not at hand.
 */
export interface BlockShapes {
  /**
   * Whether the property at `path` is a nested block; of an array of objects `value` is one of them.
   * @param owner `aws_instance`, `data.aws_ami`, `provider.aws`
   */
  isBlock(owner: string, path: readonly string[], value: ObjectConstructor, alone: boolean): boolean;
}

/** More instances of one type have nothing new to say. */
const MOST_INSTANCES = 20;

/** Resources of Terraform's own provider: their schemas have no nested blocks. */
const WITHOUT_BLOCKS = new Set(["terraform_data", "data.terraform_remote_state"]);

/**
 * What the state records as a list is a block, what it records as an object is none: Terraform reads an object as a list
 * only where it is a block. What the state does not say is told by the name, and by what is in the object.
 */
export function blockShapes(instances: Iterable<StateInstance>): BlockShapes {
  let recorded: ReadonlyMap<string, readonly JsonObject[]> | null = null;
  return {
    isBlock(owner, path, value, alone) {
      if (WITHOUT_BLOCKS.has(owner) || !hasBlockNames(value)) return false;
      const name = path.at(-1) ?? "";
      // Recorded as an object, and a block all the same: of operations, in every provider.
      if (name === "timeouts") return true;
      // An array of objects is the same list of objects, whether of blocks or as an argument.
      if (!alone) return true;
      recorded ??= byOwner(instances);
      const shape = recordedShape(recorded.get(owner) ?? [], path);
      if (shape !== null) return shape === "list";
      return !isMapByName(name, value);
    },
  };
}

function byOwner(instances: Iterable<StateInstance>): ReadonlyMap<string, readonly JsonObject[]> {
  const recorded = new Map<string, JsonObject[]>();
  for (const { parts, attributes } of instances) {
    const owner = parts.mode === "data" ? `data.${parts.type}` : parts.type;
    const known = recorded.get(owner);
    if (known === undefined) recorded.set(owner, [attributes]);
    else if (known.length < MOST_INSTANCES) known.push(attributes);
  }
  return recorded;
}

/** Names of arguments are lower case; keys of maps are whatever people need, and may be computed. */
function hasBlockNames({ items }: ObjectConstructor): boolean {
  return items.every(({ key }) => /^(?:[a-z_][a-z0-9_]*|\/\/)$/.test(literalText(key) ?? "-"));
}

function recordedShape(instances: readonly JsonObject[], path: readonly string[]): "list" | "object" | null {
  let isNull = false;
  for (const instance of instances) {
    for (const value of valuesAt(instance, path)) {
      if (isJsonArray(value)) return "list";
      if (isJsonObject(value)) return "object";
      if (value === null) isNull = true;
    }
  }
  // Blocks that are not there are recorded as an empty list, maps that are not there as null.
  return isNull ? "object" : null;
}

/** What an instance has at a path, in all the elements of lists on the way. */
function valuesAt(json: Json, path: readonly string[]): Json[] {
  let found: Json[] = [json];
  for (const step of path) {
    const inside = found.flatMap((value) => (isJsonArray(value) ? value : [value]));
    found = inside.map((value) => jsonAt(value, [step])).filter((value) => value !== undefined);
  }
  return found;
}

function isMapByName(name: string, { items }: ObjectConstructor): boolean {
  if (MAP_ARGUMENTS.always.has(name)) return true;
  return MAP_ARGUMENTS.mostly.has(name) && items.every(({ value }) => isPlain(value));
}

function isPlain({ kind }: Expression): boolean {
  return kind !== "object" && kind !== "tuple";
}
