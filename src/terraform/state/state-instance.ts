import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import {
  type Address,
  AddressError,
  type InstanceKey,
  type ModulePath,
  parseModuleAddress,
  printAddress,
} from "../address.ts";
import {
  type AttributeNames,
  sensitiveAttributes,
  sensitivePathsIn,
} from "../schemas/sensitive-attributes.ts";
import { unwrapDynamic } from "./dynamic-values.ts";
import { type ProviderConfig, readProviderConfig } from "./provider-config.ts";
import { readSensitivePaths } from "./sensitive-paths.ts";

/** One object that the state records for one resource instance. */
export interface StateInstance {
  /** As Terraform prints it. */
  readonly address: string;
  readonly parts: Address;
  readonly provider: ProviderConfig;
  /** Version of the provider's schema that the attributes follow. */
  readonly schemaVersion: number;
  /** As the provider wrote them, numbers with all digits; values of "any type" stand without their wrapping. */
  readonly attributes: JsonObject;
  /** Of the attributes of "any type": their type, as cty writes types in JSON. */
  readonly dynamicTypes: ReadonlyMap<string, Json>;
  /** Each is sensitive with everything inside it; the empty path means the whole instance. */
  readonly sensitive: readonly Path[];
  /** What the code does not get to know: unknown to it, with everything inside. Nothing where it is left out. */
  readonly hidden?: readonly Path[];
  /** Addresses of resources, without instance keys. */
  readonly dependencies: readonly string[];
  readonly createBeforeDestroy: boolean;
  /** Terraform will replace it at the next apply. */
  readonly tainted: boolean;
}

/** An object that was replaced but not destroyed yet: it exists beside the instance's current object, or without one. */
export interface DeposedObject extends StateInstance {
  readonly deposedKey: string;
}

/** What the entries of a state's `resources` gave. */
export interface StateInstances {
  readonly instances: readonly StateInstance[];
  readonly deposed: readonly DeposedObject[];
  /** Addresses of instances that are in the state, but whose entry could not be read. */
  readonly damaged: readonly string[];
  /** Sentences about entries that could not be read in full. */
  readonly problems: readonly string[];
}

/** What the entries of one resource have in common. */
interface Resource {
  readonly module: ModulePath;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  /** What the schema of its type calls sensitive. */
  readonly sensitive: readonly AttributeNames[];
}

/** Reads the `resources` of a state of version 4. An entry that is odd becomes a problem; the others count. */
export function readInstances(resources: Json | undefined): StateInstances {
  const found = new Collection();
  if (resources === undefined || resources === null) return found;
  if (!isJsonArray(resources)) {
    found.problems.push('"resources" is not a list: the state was read as one without resources.');
    return found;
  }
  for (const [index, entry] of resources.entries()) {
    const resource = readResource(entry);
    if (typeof resource === "string") {
      found.problems.push(`Entry ${index + 1} of "resources" was left out: ${resource}.`);
      continue;
    }
    const list = isJsonObject(entry) ? entry["instances"] : undefined;
    if (isJsonArray(list)) for (const object of list) found.add(resource, object);
    else
      found.problems.push(
        `${printAddress({ ...resource, key: null })} was left out: it has no list of instances.`,
      );
  }
  return found;
}

class Collection implements StateInstances {
  readonly instances: StateInstance[] = [];
  readonly deposed: DeposedObject[] = [];
  readonly damaged: string[] = [];
  readonly problems: string[] = [];
  readonly #seen = new Set<string>();

  add(resource: Resource, object: Json): void {
    const base = printAddress({ ...addressOf(resource, null) });
    if (!isJsonObject(object)) {
      this.#damage(base, "an instance of it is not an object");
      return;
    }
    const key = readKey(object["index_key"]);
    if (key === undefined) {
      this.#damage(base, "the key of an instance is neither a text nor a whole number");
      return;
    }
    const parts = addressOf(resource, key);
    const address = printAddress(parts);
    const wrong = whatIsWrong(object);
    if (wrong !== null) {
      this.#damage(address, wrong);
      return;
    }
    const deposedKey = object["deposed"];
    const identity = JSON.stringify([address, deposedKey || null]);
    if (this.#seen.has(identity)) {
      this.problems.push(`${address} is in the state more than once: the first entry counts.`);
      return;
    }
    this.#seen.add(identity);
    const sensitive = readSensitivePaths(object["sensitive_attributes"]);
    if (sensitive.widened) {
      this.problems.push(
        `${address}: not all of its sensitive paths could be read, so more of it is taken as sensitive.`,
      );
    }
    const instance = toInstance(resource, parts, object, sensitive.paths);
    if (typeof deposedKey === "string" && deposedKey !== "") this.deposed.push({ ...instance, deposedKey });
    else this.instances.push(instance);
  }

  #damage(address: string, reason: string): void {
    this.damaged.push(address);
    this.problems.push(`${address} could not be read from the state: ${reason}.`);
  }
}

function readResource(entry: Json): Resource | string {
  if (!isJsonObject(entry)) return "it is not an object";
  const { module = "", mode, type, name, provider } = entry;
  if (mode !== "managed" && mode !== "data") return 'its "mode" is neither "managed" nor "data"';
  if (typeof type !== "string" || typeof name !== "string" || type === "" || name === "") {
    return "it has no type or no name";
  }
  if (typeof module !== "string") return "its module is not a text";
  try {
    const path = parseModuleAddress(module);
    const given = typeof provider === "string" ? provider : "";
    const sensitive = sensitiveAttributes(mode, type);
    return { module: path, mode, type, name, provider: given, sensitive };
  } catch (error) {
    if (error instanceof AddressError) return error.message;
    throw error;
  }
}

function addressOf({ module, mode, type, name }: Resource, key: InstanceKey): Address {
  return { module, mode, type, name, key };
}

/** Undefined for what is no key. */
function readKey(key: Json | undefined): InstanceKey | undefined {
  if (key === undefined || key === null) return null;
  if (typeof key === "string") return key;
  return typeof key === "number" && Number.isSafeInteger(key) && key >= 0 ? key : undefined;
}

function whatIsWrong(object: JsonObject): string | null {
  const { attributes, attributes_flat: flat, status, deposed } = object;
  if (deposed !== undefined && typeof deposed !== "string") return "its deposed key is not a text";
  if (status !== undefined && status !== "" && status !== "tainted") return "its status is not known";
  if ((attributes === undefined || attributes === null) && isJsonObject(flat)) {
    return "its attributes are in the format of Terraform 0.11; `terraform apply -refresh-only` rewrites them";
  }
  if (attributes !== undefined && attributes !== null && !isJsonObject(attributes)) {
    return "its attributes are not an object";
  }
  return null;
}

function toInstance(
  resource: Resource,
  parts: Address,
  object: JsonObject,
  sensitive: readonly Path[],
): StateInstance {
  const given = object["attributes"];
  const { attributes, types } = unwrapDynamic(resource.type, isJsonObject(given) ? given : {});
  const { schema_version: version, dependencies, provider } = object;
  return {
    address: printAddress(parts),
    parts,
    // OpenTofu notes the provider of each instance where they differ.
    provider: readProviderConfig(typeof provider === "string" ? provider : resource.provider),
    schemaVersion: typeof version === "number" ? version : 0,
    attributes,
    dynamicTypes: types,
    // Until lately, Terraform did not write into states what schemas call sensitive.
    sensitive: [...sensitive, ...sensitivePathsIn(attributes, resource.sensitive)],
    dependencies: isJsonArray(dependencies) ? dependencies.filter((any) => typeof any === "string") : [],
    createBeforeDestroy: object["create_before_destroy"] === true,
    tainted: object["status"] === "tainted",
  };
}
