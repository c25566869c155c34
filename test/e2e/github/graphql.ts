import { buildSchema, type GraphQLSchema, parse, validate } from "graphql";
import { isJsonObject, type Json } from "../../../src/json/json.ts";

/** GitHub's own schema of its GraphQL API. */
export class GraphQlDescription {
  #schema: Promise<GraphQLSchema> | null = null;

  /** Read when it is first needed: it is large. */
  schema(): Promise<GraphQLSchema> {
    this.#schema ??= readSchema();
    return this.#schema;
  }

  /** What is wrong with the body of a request, as sentences. */
  async problems(body: Json): Promise<string[]> {
    const query = isJsonObject(body) ? body["query"] : undefined;
    if (typeof query !== "string") return ["there is no query"];
    const schema = await this.schema();
    try {
      return validate(schema, parse(query)).map(({ message }) => message);
    } catch (error) {
      return [String(error)];
    }
  }
}

async function readSchema(): Promise<GraphQLSchema> {
  const { schema } = await import("@octokit/graphql-schema");
  return buildSchema(schema.idl, { assumeValid: true });
}
