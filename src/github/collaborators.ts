import { NotFound } from "./errors.ts";
import { type GitHub, inRepository, type RepositoryRef } from "./github.ts";

/** Whether somebody may write to a repository, by whatever gives them that: a team, the organization, an invitation. */
export async function mayWrite(github: GitHub, repository: RepositoryRef, login: string): Promise<boolean> {
  try {
    const { data } = await github.rest.repos.getCollaboratorPermissionLevel({
      ...inRepository(repository),
      username: login,
    });
    // Roles of an organization's own are told as the role that they build on.
    return data.permission === "admin" || data.permission === "write";
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}

/** Whether somebody is a member of a team of an organization. */
export async function isTeamMember(
  github: GitHub,
  { org, team }: { readonly org: string; readonly team: string },
  login: string,
): Promise<boolean> {
  try {
    const { data } = await github.rest.teams.getMembershipForUserInOrg({
      org,
      team_slug: team,
      username: login,
    });
    return data.state === "active";
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
