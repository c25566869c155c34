import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import type { GitHub } from "./github.ts";

export interface GraphQlAnswer {
  readonly data: JsonObject | null;
  /** Some of it may have been answered all the same. */
  readonly errors: readonly JsonObject[];
}

/**
 * Asks GitHub's other API.
 * https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
 * @throws RateLimited, Unavailable, Forbidden: what concerns the request; what concerns the question is in the answer
 */
export async function askGraphQl(
  github: GitHub,
  query: string,
  variables: JsonObject,
): Promise<GraphQlAnswer> {
  const { baseUrl } = github.request.endpoint.DEFAULTS;
  const { data: answer } = await github.request("POST /graphql", {
    // Enterprise Server has it beside version 3 of the other API.
    ...(/\/v3\/?$/.test(baseUrl) ? { baseUrl: baseUrl.replace(/\/v3\/?$/, "") } : {}),
    query,
    variables,
  });
  const { data, errors } = isJsonObject(answer as Json) ? (answer as JsonObject) : {};
  return {
    data: isJsonObject(data) ? data : null,
    errors: (isJsonArray(errors) ? errors : []).filter(isJsonObject),
  };
}
