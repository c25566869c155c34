import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../src/json/json.ts";

/** A payload of GitHub's collection of examples. */
export interface Example {
  readonly event: string;
  readonly index: number;
  readonly payload: JsonObject;
}

/** Where a property stands, from the payload inwards. */
type Place = readonly (string | number)[];

/** GitHub's examples of every webhook. */
export function officialExamples(): Example[] {
  const all = readJson("@octokit/webhooks-examples/api.github.com/index.json");
  return listOf(all).flatMap((definition) => {
    const { name, examples } = isJsonObject(definition) ? definition : {};
    return listOf(examples).flatMap((payload, index) =>
      isJsonObject(payload) ? [{ event: String(name), index, payload }] : [],
    );
  });
}

/** What GitHub's description of its API says of webhooks. */
export class WebhookSchemas {
  readonly #document: JsonObject;
  /** By event and action: `check_run/completed`, `push/`. */
  readonly #schemas = new Map<string, JsonObject>();

  constructor(document: JsonObject) {
    this.#document = document;
    const webhooks = objectOf(document["x-webhooks"]);
    for (const webhook of Object.values(webhooks)) {
      const { operationId, requestBody } = objectOf(objectOf(webhook)["post"]);
      const [event = "", action = ""] = String(operationId).split("/");
      const content = objectOf(objectOf(requestBody)["content"]);
      const { schema } = objectOf(content["application/json"]);
      this.#schemas.set(`${underscored(event)}/${underscored(action)}`, this.#resolve(schema));
    }
  }

  static read(): WebhookSchemas {
    return new WebhookSchemas(objectOf(readJson("@octokit/openapi/generated/api.github.com.json")));
  }

  /** Properties of a payload that need not be there; null where the webhook is not described. */
  optionalPlaces({ event, payload }: Example): Place[] | null {
    const { action } = payload;
    const schema = this.#schemas.get(`${event}/${typeof action === "string" ? action : ""}`);
    return schema === undefined ? null : this.#optional(payload, [schema], []);
  }

  #optional(value: Json, given: readonly JsonObject[], at: Place): Place[] {
    const schemas = given.flatMap((schema) => this.#alternatives(schema));
    if (isJsonArray(value)) {
      const items = schemas.flatMap(({ items }) => (items === undefined ? [] : [this.#resolve(items)]));
      return value.flatMap((item, index) => this.#optional(item, items, [...at, index]));
    }
    if (!isJsonObject(value)) return [];
    return Object.entries(value).flatMap(([name, inner]) => {
      const naming = schemas.filter(({ properties }) => Object.hasOwn(objectOf(properties), name));
      if (naming.length === 0) return [];
      const place = [...at, name];
      const isOptional = naming.every(({ required }) => !listOf(required).includes(name));
      const within = naming.map(({ properties }) => this.#resolve(objectOf(properties)[name]));
      return [...(isOptional ? [place] : []), ...this.#optional(inner, within, place)];
    });
  }

  /** A schema and all that it is put together from. */
  #alternatives(schema: JsonObject): JsonObject[] {
    const parts = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => listOf(schema[keyword]));
    return [schema, ...parts.flatMap((part) => this.#alternatives(this.#resolve(part)))];
  }

  #resolve(schema: Json | undefined): JsonObject {
    let current = schema;
    while (isJsonObject(current) && typeof current["$ref"] === "string") {
      const steps = current["$ref"].replace(/^#\//, "").split("/");
      current = steps.reduce<Json | undefined>((place, step) => objectOf(place)[step], this.#document);
    }
    return objectOf(current);
  }
}

/** The payload without what stands at some places. */
export function without(payload: JsonObject, places: readonly Place[]): JsonObject {
  return objectOf(pruned(payload, places));
}

function pruned(value: Json, places: readonly Place[]): Json {
  const inside = (name: string | number) =>
    places.filter(([first]) => first === name).map((place) => place.slice(1));
  if (isJsonArray(value)) return value.map((item, index) => pruned(item, inside(index)));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const rest = inside(name);
      return rest.some((place) => place.length === 0) ? [] : [[name, pruned(inner, rest)]];
    }),
  );
}

/** The payload with properties that nobody knows yet, in each of its objects. */
export function withUnknown(value: Json): Json {
  if (isJsonArray(value)) return value.map(withUnknown);
  if (!isJsonObject(value)) return value;
  const known = Object.entries(value).map(([name, inner]) => [name, withUnknown(inner)]);
  return Object.fromEntries([...known, ["added_tomorrow", { by: ["GitHub", 1, null] }], ["", true]]);
}

function readJson(name: string): Json {
  return JSON.parse(readFileSync(createRequire(import.meta.url).resolve(name), "utf8")) as Json;
}

function underscored(name: string): string {
  return name.replaceAll("-", "_");
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}
