import { type GitHub, inRepository, ONCE, type RepositoryRef } from "./github.ts";

// Who and what draws attention to an issue or pull request. To add what is there already changes nothing.

/** Labels that the repository does not have are made. */
export async function addLabels(
  github: GitHub,
  repository: RepositoryRef,
  number: number,
  labels: readonly string[],
): Promise<void> {
  const place = { ...inRepository(repository), issue_number: number };
  await github.rest.issues.addLabels({ ...place, labels: [...labels], ...ONCE });
}

/** Who cannot be assigned is left out by GitHub. */
export async function addAssignees(
  github: GitHub,
  repository: RepositoryRef,
  number: number,
  logins: readonly string[],
): Promise<void> {
  const place = { ...inRepository(repository), issue_number: number };
  await github.rest.issues.addAssignees({ ...place, assignees: [...logins], ...ONCE });
}

/**
 * Asks for reviews of a pull request.
 * @param reviewers logins, and teams as `owner/team`; for teams the token needs `members: read`
 * @throws Invalid where one of them cannot be asked: then nobody is
 */
export async function requestReviews(
  github: GitHub,
  repository: RepositoryRef,
  number: number,
  reviewers: readonly string[],
): Promise<void> {
  const teams = reviewers.flatMap((name) => name.split("/")[1] ?? []);
  await github.rest.pulls.requestReviewers({
    ...inRepository(repository),
    pull_number: number,
    reviewers: reviewers.filter((name) => !name.includes("/")),
    team_reviewers: teams,
    ...ONCE,
  });
}

/** Whether a reviewer is a team. */
export function isTeam(reviewer: string): boolean {
  return reviewer.includes("/");
}
