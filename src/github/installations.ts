import type { GitHub } from "./github.ts";
import { factsOf, type RepositoryFacts } from "./repository-state.ts";

export interface Installation {
  readonly id: number;
  readonly account: { readonly id: number; readonly login: string };
  readonly suspended: boolean;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/**
 * Every installation of the App.
 * @param app a client that acts as the App
 */
export async function listInstallations(app: GitHub): Promise<Installation[]> {
  const installations = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
  return installations.map(({ id, account, suspended_at, permissions, events }) => ({
    id,
    account: accountOf(account),
    suspended: suspended_at !== null && suspended_at !== undefined,
    permissions: { ...permissions } as Record<string, string>,
    events,
  }));
}

/** An enterprise has a slug in place of a login. */
function accountOf(
  account:
    | { readonly id: number; readonly login: string }
    | { readonly id: number; readonly slug: string }
    | null,
): { id: number; login: string } {
  if (account === null) return { id: 0, login: "" };
  return { id: account.id, login: "login" in account ? account.login : account.slug };
}

/**
 * Every repository of an installation.
 * @param installation a client that acts as the installation, not narrowed
 */
export async function listRepositories(installation: GitHub): Promise<RepositoryFacts[]> {
  const repositories = await installation.paginate(installation.rest.apps.listReposAccessibleToInstallation, {
    per_page: 100,
  });
  return repositories.map(factsOf);
}
