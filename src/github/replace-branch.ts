import { isJsonObject } from "../json/json.ts";
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
 * @returns false where GitHub does not do it: the branch is elsewhere by now, or a rule forbids it
 * @throws RateLimited, Unavailable, Forbidden
 */
export async function replaceBranch(
  github: GitHub,
  repository: RepositoryRef,
  { branch, from, to }: Replacement,
): Promise<boolean> {
  const id = await nodeIdOf(github, repository);
  if (id === null) return false;
  const { data, errors } = await askGraphQl(github, MOVE, { id, ref: `refs/heads/${branch}`, from, to });
  return errors.length === 0 && data !== null;
}

const IDENTIFY = `query identify($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { id databaseId }
}`;

const MOVE = `mutation move($id: ID!, $ref: GitRefname!, $from: GitObjectID!, $to: GitObjectID!) {
  updateRefs(input: { repositoryId: $id, refUpdates: [{ name: $ref, beforeOid: $from, afterOid: $to, force: true }] }) {
    clientMutationId
  }
}`;

/** How GraphQL names a repository; null where the name is that of another one by now. */
async function nodeIdOf(github: GitHub, { id, owner, name }: RepositoryRef): Promise<string | null> {
  const { data } = await askGraphQl(github, IDENTIFY, { owner, name });
  const repository = data?.["repository"];
  if (!isJsonObject(repository) || repository["databaseId"] !== id) return null;
  return typeof repository["id"] === "string" ? repository["id"] : null;
}
