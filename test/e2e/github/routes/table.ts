import type { JsonObject } from "../../../../src/json/json.ts";
import { asItIs, type Call, type Handler } from "../call.ts";
import type { GraphQlDescription } from "../graphql.ts";
import type { Webhooks } from "../webhooks.ts";
import { createToken, getInstallation, getMeta, listInstallations } from "./apps.ts";
import { downloadTarball, getCommit } from "./archive.ts";
import {
  createCheckRun,
  getCheckRun,
  listAnnotations,
  listCheckRuns,
  rerequest,
  updateCheckRun,
} from "./checks.ts";
import { queries } from "./graphql.ts";
import { assignIssue, commentOnIssue, createIssue, getIssue, listIssues, updateIssue } from "./issues.ts";
import { getPermission, getTeamMembership, reactToComment } from "./people.ts";
import { createPull, getPull, listPullFiles, listPulls, type Tell, thenFollow, updatePull } from "./pulls.ts";
import {
  createRef,
  getContents,
  getRef,
  getRepository,
  listInstallationRepositories,
  moveRepository,
} from "./repositories.ts";
import { createReview } from "./reviews.ts";

/** Every request that is answered here, by method and route as GitHub's description has it. */
export function routes(
  description: GraphQlDescription,
  webhooks: Webhooks,
  tell: (call: Call, event: string, payload: JsonObject) => void,
): ReadonlyMap<string, Handler> {
  const follow = thenFollow(
    (call): Tell =>
      (event, action, payload) =>
        tell(call, event, { action, ...payload }),
  );
  const requested = rerequest((call, checkRun) =>
    tell(call, "check_run", { action: "rerequested", check_run: checkRun }),
  );
  const repository = "/repos/{owner}/{repo}";
  return new Map<string, Handler>([
    ["GET /meta", getMeta],
    ["POST /graphql", queries(description, follow)],
    ["GET /app", asItIs],
    ["GET /app/installations", listInstallations],
    ["GET /app/installations/{installation_id}", getInstallation],
    ["POST /app/installations/{installation_id}/access_tokens", createToken],
    ["GET /app/hook/config", webhooks.config],
    ["GET /app/hook/deliveries", webhooks.list],
    ["POST /app/hook/deliveries/{delivery_id}/attempts", webhooks.again],
    ["GET /installation/repositories", listInstallationRepositories],
    [`GET ${repository}`, getRepository],
    [`PATCH ${repository}`, moveRepository],
    [`POST ${repository}/transfer`, moveRepository],
    [`GET ${repository}/tarball/{ref}`, downloadTarball],
    [`GET ${repository}/contents/{path}`, getContents],
    [`PUT ${repository}/contents/{path}`, follow],
    [`GET ${repository}/compare/{basehead}`, asItIs],
    [`GET ${repository}/git/ref/{ref}`, getRef],
    [`POST ${repository}/git/refs`, createRef(follow)],
    [`PATCH ${repository}/git/refs/{ref}`, follow],
    [`DELETE ${repository}/git/refs/{ref}`, follow],
    [`GET ${repository}/commits`, asItIs],
    [`GET ${repository}/commits/{ref}`, getCommit],
    [`GET ${repository}/git/commits/{commit_sha}`, asItIs],
    [`POST ${repository}/git/commits`, asItIs],
    [`GET ${repository}/git/trees/{tree_sha}`, asItIs],
    [`POST ${repository}/git/trees`, asItIs],
    [`POST ${repository}/git/blobs`, asItIs],
    [`GET ${repository}/pulls`, listPulls],
    [`POST ${repository}/pulls`, createPull],
    [`GET ${repository}/pulls/{pull_number}`, getPull],
    [`PATCH ${repository}/pulls/{pull_number}`, updatePull],
    [`GET ${repository}/pulls/{pull_number}/files`, listPullFiles],
    [`GET ${repository}/pulls/{pull_number}/reviews`, asItIs],
    [`POST ${repository}/pulls/{pull_number}/reviews`, createReview],
    [`GET ${repository}/issues`, listIssues],
    [`POST ${repository}/issues`, createIssue],
    [`GET ${repository}/issues/{issue_number}`, getIssue],
    [`PATCH ${repository}/issues/{issue_number}`, updateIssue],
    [`POST ${repository}/issues/{issue_number}/labels`, asItIs],
    [`POST ${repository}/issues/{issue_number}/assignees`, assignIssue],
    [`POST ${repository}/pulls/{pull_number}/requested_reviewers`, asItIs],
    [`GET ${repository}/issues/{issue_number}/comments`, commentOnIssue],
    [`POST ${repository}/issues/{issue_number}/comments`, commentOnIssue],
    [`PATCH ${repository}/issues/comments/{comment_id}`, asItIs],
    [`POST ${repository}/issues/comments/{comment_id}/reactions`, reactToComment],
    [`GET ${repository}/collaborators/{username}/permission`, getPermission],
    ["GET /orgs/{org}/teams/{team_slug}/memberships/{username}", getTeamMembership],
    [`DELETE ${repository}/issues/comments/{comment_id}`, asItIs],
    [`POST ${repository}/check-runs`, createCheckRun],
    [`GET ${repository}/check-runs/{check_run_id}`, getCheckRun],
    [`PATCH ${repository}/check-runs/{check_run_id}`, updateCheckRun],
    [`GET ${repository}/check-runs/{check_run_id}/annotations`, listAnnotations],
    [`POST ${repository}/check-runs/{check_run_id}/rerequest`, requested],
    [`GET ${repository}/commits/{ref}/check-runs`, listCheckRuns],
  ]);
}
