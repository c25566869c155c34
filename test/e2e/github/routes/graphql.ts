import { graphql } from "graphql";
import { isJsonObject, type Json, type JsonObject } from "../../../../src/json/json.ts";
import { Call, type Handler, objectOf } from "../call.ts";
import { answer, refusal } from "../exchange.ts";
import type { GraphQlDescription } from "../graphql.ts";
import type { Actor, World } from "../world.ts";

/**
 * Answers what `repository` is asked for, and moves and deletes branches.
 * @param move changes or deletes a branch, and lets follow what follows from that
 */
export function queries(description: GraphQlDescription, move: Handler): Handler {
  return async (call) => {
    const { actor, body, world } = call;
    if (actor.kind !== "installation") return refusal(401, "This endpoint requires you to be authenticated.");
    const variables = isJsonObject(body["variables"]) ? body["variables"] : {};
    const result = await graphql({
      schema: await description.schema(),
      source: String(body["query"]),
      variableValues: variables,
      rootValue: {
        repository: (asked: JsonObject) => repositoryOf(world, actor, asked),
        updateRefs: ({ input }: { readonly input: RefUpdates }) => updateRefs(call, input, move),
      },
    });
    return answer(200, JSON.parse(JSON.stringify(withTypes(result))) as Json);
  };
}

/** What a branch is said to be at that is not there. */
export const NOTHING = "0".repeat(40);

class NotShown extends Error {}

interface RefUpdates {
  readonly repositoryId: string;
  readonly refUpdates: readonly {
    readonly name: string;
    readonly beforeOid: string | null;
    readonly afterOid: string;
    readonly force: boolean;
  }[];
}

/** As GitHub does it: not where a branch is elsewhere than it is said to be. Of one branch, which is there. */
async function updateRefs(call: Call, { repositoryId, refUpdates }: RefUpdates, move: Handler) {
  const { world, actor, request } = call;
  const found = [...world.repositories].find(([, id]) => nodeId(id) === repositoryId)?.[0];
  const isTheirs = actor.kind === "installation" && world.isIn(found ?? "", actor.installationId);
  if (found === undefined || !isTheirs)
    throw new NotShown(`Could not resolve to a node with the global id of '${repositoryId}'.`);
  const [update, ...others] = refUpdates;
  if (update === undefined || others.length > 0) throw new Error("The emulated GitHub moves one branch.");
  const { name, beforeOid, afterOid: sha, force } = update;
  const branch = name.replace(/^refs\/heads\//, "");
  const now = await world.headOf(found, branch);
  if (beforeOid !== null && now !== beforeOid) throw new Error(`${name} is not at ${beforeOid}.`);
  const [owner = "", repo = ""] = found.split("/");
  const moved = await move(
    new Call(
      {
        ...request,
        method: sha === NOTHING ? "DELETE" : "PATCH",
        path: `/repos/${found}/git/refs/${encodeURIComponent(`heads/${branch}`)}`,
        body: sha === NOTHING ? null : { sha, force },
      },
      { template: call.route.template, parameters: new Map(Object.entries({ owner, repo })) },
      actor,
      world,
    ),
  );
  if (moved.status >= 300) throw new Error(String(objectOf(moved)["message"]));
  return { clientMutationId: null };
}

function nodeId(id: number): string {
  return `R_${id}`;
}

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
    id: nodeId(id),
    databaseId: id,
    name: repository["name"],
    owner: { __typename: "Organization", login: fullName.split("/")[0] },
    isPrivate: repository["private"],
    isArchived: repository["archived"] ?? false,
    isDisabled: repository["disabled"] ?? false,
    isFork: repository["fork"],
    hasIssuesEnabled: repository["has_issues"] ?? true,
    issueOrPullRequest: ({ number }: JsonObject) => threadOf(world, fullName, Number(number)),
    defaultBranchRef: oid === null ? null : { name: branch, target: { __typename: "Commit", oid } },
  };
}

/** Of all that happened to an issue or pull request, when it was opened again last. */
function threadOf(world: World, fullName: string, number: number): unknown {
  const reopening = world.reopenings.get(`/repos/${fullName}/issues/${number}`);
  const nodes = reopening === undefined ? [] : [reopenedBy(reopening.login, reopening.at)];
  const isPull = world.pullsOf(fullName).has(number);
  return { __typename: isPull ? "PullRequest" : "Issue", timelineItems: { nodes } };
}

/** In seconds, and an App without its suffix, as GitHub has it there. */
function reopenedBy(login: string, at: Date): unknown {
  const isApp = login.endsWith("[bot]");
  return {
    __typename: "ReopenedEvent",
    createdAt: at.toISOString().replace(/\.\d+/, ""),
    actor: { __typename: isApp ? "Bot" : "User", login: login.replace("[bot]", "") },
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
