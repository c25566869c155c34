import { isJsonObject } from "../json/json.ts";
import { isQueued } from "./answers.ts";
import { Forbidden, NotFound, Queued } from "./errors.ts";
import type { GitHub, RepositoryRef } from "./github.ts";
import { askGraphQl } from "./graphql.ts";

/** A branch, the commit that it is at, and the one that it is to be at, which need not follow that. */
export interface Replacement {
  readonly branch: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Moves a branch to a commit that does not follow it, where it is still at the one that is said: a commit that somebody
 * pushes at the same moment is never lost. The other API cannot ask for that.
 * https://docs.github.com/en/graphql/reference/mutations#updaterefs
 * @throws Forbidden where GitHub refuses: the branch is elsewhere by now, or a rule forbids it; Queued, NotFound,
 *   RateLimited, Unavailable
 */
export async function replaceBranch(
  github: GitHub,
  repository: RepositoryRef,
  replacement: Replacement,
): Promise<void> {
  await update(github, repository, replacement, "move");
}

/** Deletes a branch where it is still at the commit that is said. @throws as `replaceBranch` */
export async function removeBranch(
  github: GitHub,
  repository: RepositoryRef,
  { branch, from }: Omit<Replacement, "to">,
): Promise<void> {
  await update(github, repository, { branch, from, to: NOTHING }, "delete");
}

/** What a branch is moved to that is to be deleted. */
const NOTHING = "0".repeat(40);

async function update(
  github: GitHub,
  repository: RepositoryRef,
  { branch, from, to }: Replacement,
  what: "move" | "delete",
): Promise<void> {
  const id = await nodeIdOf(github, repository);
  const { data, errors } = await askGraphQl(github, MOVE, { id, ref: `refs/heads/${branch}`, from, to });
  const [error] = errors;
  if (error === undefined && data !== null) return;
  const why = error === undefined ? "no data" : String(error["message"]).slice(0, 300);
  const said = `GitHub does not ${what} the branch ${branch}: ${why}`;
  throw isQueued(why) ? new Queued(said, REQUEST, 200) : new Forbidden(said, REQUEST, 200, null);
}

const REQUEST = "POST /graphql (updateRefs)";

const IDENTIFY = `query identify($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { id databaseId }
}`;

const MOVE = `mutation move($id: ID!, $ref: GitRefname!, $from: GitObjectID!, $to: GitObjectID!) {
  updateRefs(input: { repositoryId: $id, refUpdates: [{ name: $ref, beforeOid: $from, afterOid: $to, force: true }] }) {
    clientMutationId
  }
}`;

/**
 * How GraphQL names a repository.
 * @throws NotFound where the name is that of another one by now
 */
async function nodeIdOf(github: GitHub, { id, owner, name }: RepositoryRef): Promise<string> {
  const { data } = await askGraphQl(github, IDENTIFY, { owner, name });
  const repository = data?.["repository"];
  if (isJsonObject(repository) && repository["databaseId"] === id && typeof repository["id"] === "string") {
    return repository["id"];
  }
  throw new NotFound(`GitHub shows no repository ${owner}/${name} with the id ${id}`, REQUEST, 200);
}
