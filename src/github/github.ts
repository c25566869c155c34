import type { Octokit } from "@octokit/rest";

/** What this folder needs of a client; `@octokit/rest` and Probot's own both have it. */
export type GitHub = Pick<Octokit, "rest" | "request" | "graphql" | "paginate">;

/** A repository. The id stays when it is renamed or transferred; owner and name are as they are now. */
export interface RepositoryRef {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

/** The App itself, as GitHub shows it as an author. */
export interface AppIdentity {
  readonly id: number;
  readonly slug: string;
  /** The App's bot user, `<slug>[bot]`; no person can have such a name. */
  readonly login: string;
}

/**
 * Who the App is.
 * @param app a client that acts as the App, not as an installation
 */
export async function readAppIdentity(app: GitHub): Promise<AppIdentity> {
  const { data } = await app.rest.apps.getAuthenticated();
  // A server's page to log in is an answer 200.
  if (typeof data !== "object" || data === null)
    throw new Error(
      "what answers GET /app is not GitHub's API; correct GHE_HOST (the host alone) or GITHUB_API_URL (as a rule https://HOST/api/v3)",
    );
  const { id, slug } = data;
  if (slug === undefined)
    throw new Error("GitHub did not say the App's name; open its settings once and save them");
  return { id, slug, login: `${slug}[bot]` };
}

/** Whether the App wrote it. Whatever anyone else writes may look like ours, and is not. */
export function isByApp(
  author: { readonly login: string; readonly type?: string } | null | undefined,
  app: AppIdentity,
): boolean {
  return author?.login === app.login && author.type === "Bot";
}

/** The parameters that name a repository. */
export function inRepository({ owner, name }: RepositoryRef): { owner: string; repo: string } {
  return { owner, repo: name };
}

/** Creates are never repeated blindly: after a failure that may have done the work, look first. */
export const ONCE = { request: { retries: 0 } };
