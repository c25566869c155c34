import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";
import { GraphQlDescription } from "./graphql.ts";
import { problemsOf } from "./schema.ts";

export interface DescribedRequest {
  readonly method: string;
  /** Still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Null where there is none. */
  readonly body: Json;
}

export interface Route {
  /** As the description has it: `/repos/{owner}/{repo}/issues`. */
  readonly template: string;
  /** Values of the placeholders, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

interface Operation {
  readonly template: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly methods: JsonObject;
}

/** GitHub's own description of its API: which requests there are, and what they may contain. */
export class ApiDescription {
  /** Of the other API. */
  readonly graphql = new GraphQlDescription();
  readonly #document: JsonObject;
  /** By the number of steps in the path. */
  readonly #operations: ReadonlyMap<number, readonly Operation[]>;

  constructor(document: JsonObject) {
    this.#document = document;
    const paths = document["paths"];
    // A path without placeholders goes before one that would match it too.
    const operations = Object.entries(isJsonObject(paths) ? paths : {})
      .map(([template, methods]) => operationOf(template, methods))
      .toSorted((a, b) => a.names.length - b.names.length);
    this.#operations = Map.groupBy(operations, ({ template }) => stepsOf(template));
  }

  /** The description of github.com. */
  static read(): ApiDescription {
    const require = createRequire(import.meta.url);
    const file = require.resolve("@octokit/openapi/generated/api.github.com.json");
    return new ApiDescription(JSON.parse(readFileSync(file, "utf8")));
  }

  /** Which of GitHub's requests this is; null where GitHub has none such. */
  route({ method, path }: Pick<DescribedRequest, "method" | "path">): Route | null {
    const found = this.#find(method, path);
    return found === null ? null : { template: found.operation.template, parameters: found.parameters };
  }

  /** What is wrong with a request, as sentences. */
  problems(request: DescribedRequest): string[] {
    const found = this.#find(request.method, request.path);
    if (found === null) return [`GitHub has no ${request.method} ${request.path}`];
    const { operation, parameters, description } = found;
    const declared = [...listOf(operation.methods["parameters"]), ...listOf(description["parameters"])].map(
      (parameter) => this.#resolve(parameter),
    );
    return [
      ...this.#parameterProblems("path", parameters, declared),
      ...this.#parameterProblems("query", new Map(request.query), declared),
      ...this.#bodyProblems(request.body, description),
    ];
  }

  #find(method: string, given: string) {
    const path = withOneStep(given);
    for (const operation of this.#operations.get(stepsOf(path)) ?? []) {
      const match = operation.pattern.exec(path);
      const description = operation.methods[method.toLowerCase()];
      if (match === null || !isJsonObject(description)) continue;
      const values = match.slice(1).map((value) => decodeURIComponent(value));
      const parameters = new Map(operation.names.map((name, index) => [name, values[index] ?? ""]));
      return { operation, description, parameters };
    }
    return null;
  }

  #parameterProblems(
    place: "path" | "query",
    given: ReadonlyMap<string, string>,
    declared: readonly JsonObject[],
  ): string[] {
    const known = new Map(
      declared.filter((parameter) => parameter["in"] === place).map((each) => [String(each["name"]), each]),
    );
    const problems = [...given].flatMap(([name, text]) => {
      const parameter = known.get(name);
      if (parameter === undefined) return [`${place}.${name} is not known`];
      const schema = this.#resolve(parameter["schema"]);
      return problemsOf(typed(text, schema), schema, (other) => this.#resolve(other), `${place}.${name}`);
    });
    const missing = [...known].filter(([name, { required }]) => required === true && !given.has(name));
    return [...problems, ...missing.map(([name]) => `${place}.${name} is required`)];
  }

  #bodyProblems(body: Json, description: JsonObject): string[] {
    const declared = this.#resolve(description["requestBody"]);
    const content = declared["content"];
    const media = isJsonObject(content) ? content["application/json"] : undefined;
    if (!isJsonObject(media)) return body === null ? [] : ["there is a body, and GitHub takes none"];
    if (body === null) return declared["required"] === true ? ["there is no body"] : [];
    return problemsOf(body, this.#resolve(media["schema"]), (schema) => this.#resolve(schema));
  }

  #resolve(schema: Json | undefined): JsonObject {
    let current = schema;
    while (isJsonObject(current) && typeof current["$ref"] === "string") {
      const steps = current["$ref"].replace(/^#\//, "").split("/");
      current = steps.reduce<Json | undefined>(
        (place, step) => (isJsonObject(place) ? place[step] : undefined),
        this.#document,
      );
    }
    return isJsonObject(current) ? current : {};
  }
}

/** The path of a file counts as one step, whether its slashes are encoded or not. */
function withOneStep(path: string): string {
  return path.replace(
    /^(\/repos\/[^/]+\/[^/]+\/contents\/)(.+)$/,
    (_all, repository: string, file: string) => repository + file.replaceAll("/", "%2F"),
  );
}

function stepsOf(path: string): number {
  return path.split("/").length;
}

function operationOf(template: string, methods: Json): Operation {
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "([^/]+)");
  return {
    template,
    names,
    pattern: new RegExp(`^${pattern}$`),
    methods: isJsonObject(methods) ? methods : {},
  };
}

/** A parameter's text as the type that its schema wants, where it has that form. */
function typed(text: string, schema: JsonObject): Json {
  if (schema["type"] === "integer" && /^-?\d+$/.test(text)) return Number(text);
  if (schema["type"] === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  return text;
}

function listOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}
