import { graphql } from "graphql";
import { isJsonObject, type Json, type JsonObject } from "../../../../src/json/json.ts";
import type { Handler } from "../call.ts";
import { answer, refusal } from "../exchange.ts";
import type { GraphQlDescription } from "../graphql.ts";
import type { Actor, World } from "../world.ts";

/** Answers what `repository` is asked for. */
export function queries(description: GraphQlDescription): Handler {
  return async ({ actor, body, world }) => {
    if (actor.kind !== "installation") return refusal(401, "This endpoint requires you to be authenticated.");
    const variables = isJsonObject(body["variables"]) ? body["variables"] : {};
    const result = await graphql({
      schema: await description.schema(),
      source: String(body["query"]),
      variableValues: variables,
      rootValue: { repository: (asked: JsonObject) => repositoryOf(world, actor, asked) },
    });
    return answer(200, JSON.parse(JSON.stringify(withTypes(result))) as Json);
  };
}

class NotShown extends Error {}

async function repositoryOf(world: World, actor: Actor, { owner, name }: JsonObject): Promise<unknown> {
  const asked = `${owner}/${name}`;
  const fullName = world.formerNames.get(asked) ?? asked;
  const id = world.repositories.get(fullName);
  const isTheirs =
    actor.kind === "installation" &&
    world.isIn(fullName, actor.installationId) &&
    actor.repositoryIds?.includes(id ?? 0) !== false;
  if (id === undefined || !isTheirs || world.stateOf(actor.installationId) !== "active") {
    throw new NotShown(`Could not resolve to a Repository with the name '${asked}'.`);
  }
  const { body } = await world.ask("GET", `/repos/${fullName}`);
  const repository = world.corrected(body as JsonObject);
  const branch = String(repository["default_branch"]);
  const oid = world.flagsOf(fullName).empty === true ? null : await world.headOf(fullName, branch);
  return {
    databaseId: id,
    name: repository["name"],
    owner: { __typename: "Organization", login: fullName.split("/")[0] },
    isPrivate: repository["private"],
    isArchived: repository["archived"] ?? false,
    isDisabled: repository["disabled"] ?? false,
    isFork: repository["fork"],
    hasIssuesEnabled: repository["has_issues"] ?? true,
    defaultBranchRef: oid === null ? null : { name: branch, target: { __typename: "Commit", oid } },
  };
}

/** GitHub says of each error what kind it is. */
function withTypes(result: Awaited<ReturnType<typeof graphql>>): object {
  const { data, errors = [] } = result;
  if (errors.length === 0) return { data };
  const told = errors.map((error) => ({
    ...(error.originalError instanceof NotShown ? { type: "NOT_FOUND" } : {}),
    path: error.path,
    locations: error.locations,
    message: error.message,
  }));
  return { data, errors: told };
}
