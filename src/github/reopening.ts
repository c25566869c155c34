import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { Unavailable } from "./errors.ts";
import { type AppIdentity, type GitHub, isByApp, type RepositoryRef } from "./github.ts";
import { askGraphQl } from "./graphql.ts";

/** That an issue or pull request was opened again. */
export interface Reopening {
  /** To the second. */
  readonly at: Date;
  /** Whether the App did so. */
  readonly byApp: boolean;
  /** A login; null where nobody knows whose. */
  readonly by: string | null;
}

/**
 * When an issue or pull request was opened again last, and whether by the App; null where it never was, or GitHub does
 * not show it. The other API has it only at the end of the list of all that ever happened to it.
 * https://docs.github.com/en/graphql/reference/objects#reopenedevent
 * @throws RateLimited, Unavailable, Forbidden
 */
export async function lastReopening(
  github: GitHub,
  { owner, name }: RepositoryRef,
  app: AppIdentity,
  number: number,
): Promise<Reopening | null> {
  const { data, errors } = await askGraphQl(github, QUERY, { owner, name, number });
  const [error] = errors.filter(({ type }) => type !== "NOT_FOUND");
  if (error !== undefined) {
    const why = String(error["message"]).slice(0, 300);
    throw new Unavailable(
      `GitHub does not say who opened #${number} again: ${why}`,
      "POST /graphql",
      200,
      false,
    );
  }
  const [event] = listAt(data, ["repository", "issueOrPullRequest", "timelineItems", "nodes"]);
  const at = dateOf(valueAt(event, ["createdAt"]));
  if (at === null) return null;
  const [login, type] = [valueAt(event, ["actor", "login"]), valueAt(event, ["actor", "__typename"])];
  // In this API the login of an App has no suffix.
  const byApp = type === "Bot" && isByApp({ login: `${String(login)}[bot]`, type }, app);
  return { at, byApp, by: typeof login === "string" ? login : null };
}

const ITEMS = `timelineItems(last: 1, itemTypes: [REOPENED_EVENT]) {
        nodes { ... on ReopenedEvent { createdAt actor { __typename login } } }
      }`;

const QUERY = `query reopening($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issueOrPullRequest(number: $number) {
      ... on Issue { ${ITEMS} }
      ... on PullRequest { ${ITEMS} }
    }
  }
}
`;

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), value);
}

function listAt(value: Json | null, path: readonly string[]): readonly Json[] {
  const found = valueAt(value ?? undefined, path);
  return isJsonArray(found) ? found : [];
}

function dateOf(value: Json | undefined): Date | null {
  const date = typeof value === "string" ? new Date(value) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}
