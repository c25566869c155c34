import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { Invalid } from "./errors.ts";
import type { GitHub, RepositoryRef } from "./github.ts";
import { askGraphQl, type GraphQlAnswer } from "./graphql.ts";
import type { RepositoryFacts } from "./repository-state.ts";

/** A repository as GitHub has it now, with the newest commit of its default branch. */
export interface RepositoryHead extends RepositoryFacts {
  /** Null where there is no commit yet. */
  readonly head: string | null;
}

/** Repositories of one question: each costs GitHub one look, and a question may cost 500,000. */
const AT_ONCE = 100;
const QUERY = "POST /graphql";

/**
 * What repositories are now, a hundred with one request. One that GitHub does not show any more, or whose name is that
 * of another by now, is left out.
 * https://docs.github.com/en/graphql/reference/objects#repository
 * @param installation a client that acts as the installation in all of them, and may read contents
 * @throws RateLimited, Unavailable, Forbidden
 */
export async function readHeads(
  installation: GitHub,
  repositories: readonly RepositoryRef[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ReadonlyMap<number, RepositoryHead>> {
  const heads = new Map<number, RepositoryHead>();
  for (let at = 0; at < repositories.length; at += AT_ONCE) {
    signal?.throwIfAborted();
    const asked = repositories.slice(at, at + AT_ONCE);
    const data = await ask(installation, asked);
    for (const [index, { id }] of asked.entries()) {
      const head = headOf(data[`r${index}`]);
      if (head?.id === id) heads.set(id, head);
    }
  }
  return heads;
}

/** The question for so many repositories, whose names are its variables. */
export function headsQuery(count: number): string {
  const indices = Array.from({ length: count }, (_, index) => index);
  const variables = indices.map((index) => `$o${index}: String!, $n${index}: String!`).join(", ");
  const fields = indices.map(
    (index) => `  r${index}: repository(owner: $o${index}, name: $n${index}) { ...facts }`,
  );
  return `query heads(${variables}) {\n${fields.join("\n")}\n}\n${FACTS}`;
}

const FACTS = `fragment facts on Repository {
  databaseId
  name
  owner { login }
  isPrivate
  isArchived
  isDisabled
  isFork
  hasIssuesEnabled
  defaultBranchRef { name target { oid } }
}
`;

async function ask(installation: GitHub, repositories: readonly RepositoryRef[]): Promise<JsonObject> {
  const names = repositories.flatMap(({ owner, name }, index) => [
    [`o${index}`, owner],
    [`n${index}`, name],
  ]);
  const { data, errors } = await askGraphQl(
    installation,
    headsQuery(repositories.length),
    Object.fromEntries(names),
  );
  const failure = failureOf(errors);
  if (failure !== null) throw failure;
  if (data === null) throw new Invalid("GitHub answers a query with no data; report it", QUERY, 200);
  return data;
}

/** What concerns the whole question. That a repository is not there or not shown concerns that one alone. */
function failureOf(all: GraphQlAnswer["errors"]): Invalid | null {
  const whole = all.find(({ path }) => !isJsonArray(path) || path.length === 0);
  return whole === undefined
    ? null
    : new Invalid(`GitHub refused a query: ${String(whole["message"]).slice(0, 300)}`, QUERY, 200);
}

function headOf(repository: Json | undefined): RepositoryHead | null {
  if (!isJsonObject(repository)) return null;
  const { databaseId, name, owner, isPrivate, isArchived, isDisabled, isFork, hasIssuesEnabled } = repository;
  const branch = repository["defaultBranchRef"];
  const target = isJsonObject(branch) ? branch["target"] : null;
  if (typeof databaseId !== "number" || typeof name !== "string" || !isJsonObject(owner)) return null;
  return {
    id: databaseId,
    owner: String(owner["login"]),
    name,
    private: isPrivate !== false,
    archived: isArchived === true,
    disabled: isDisabled === true,
    fork: isFork === true,
    issues: hasIssuesEnabled !== false,
    defaultBranch: isJsonObject(branch) ? String(branch["name"]) : "main",
    head: isJsonObject(target) && typeof target["oid"] === "string" ? target["oid"] : null,
  };
}
