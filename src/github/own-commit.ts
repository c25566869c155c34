import { type AppIdentity, isByApp } from "./github.ts";

/** A commit as GitHub tells of it. It gives an empty object for somebody whom it does not know, or null. */
export interface ToldCommit {
  readonly author: object | null;
  readonly committer: object | null;
  readonly commit: {
    readonly author: { readonly name?: string; readonly email?: string } | null;
    readonly committer: { readonly email?: string } | null;
  };
}

/** Where GitHub does not say who. */
export const SOMEONE = "someone";

/** GitHub's own account, which commits what was written on its pages and over its API. */
const GITHUB = "web-flow";

/**
 * Who, other than the App, had a hand in a commit; null where nobody did. Somebody who amends or rebases a commit of the
 * App's stays out of the author, and is its committer.
 */
export function strangerIn({ author, committer, commit }: ToldCommit, app: AppIdentity): string | null {
  const wrote = userOf(author);
  if (!isByApp(wrote, app)) return wrote?.login ?? commit.author?.name ?? SOMEONE;
  const committed = userOf(committer);
  if (committed !== null)
    return isByApp(committed, app) || committed.login === GITHUB ? null : committed.login;
  const email = commit.committer?.email ?? "";
  return email === commit.author?.email || email.startsWith("noreply@") ? null : SOMEONE;
}

function userOf(user: object | null): { login: string; type?: string } | null {
  return user !== null && "login" in user ? (user as { login: string; type?: string }) : null;
}
