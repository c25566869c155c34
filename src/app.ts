import type { ApplicationFunction, Context, Probot } from "probot";
import { onCheckRun } from "./jobs/webhooks/check-runs.ts";
import { onMergeGroup, onPullRequest, onPush, onWorkflowRun } from "./jobs/webhooks/code.ts";
import type { Delivery, WebhookPorts } from "./jobs/webhooks/deliveries.ts";
import { onInstallation, onInstallationRepositories, onRepository } from "./jobs/webhooks/installations.ts";
import { onIssue, onIssueComment } from "./jobs/webhooks/talk.ts";

/** The Probot application: each webhook is written down and handed to a job. */
export function driftwright(ports: WebhookPorts): ApplicationFunction {
  return (app) => {
    const on = receiving(app, ports);
    on("installation", onInstallation);
    on("installation_repositories", onInstallationRepositories);
    on("repository", onRepository);
    on("push", onPush);
    on("pull_request", onPullRequest);
    on("issues", onIssue);
    on("issue_comment", onIssueComment);
    on("merge_group", onMergeGroup);
    on("check_run", onCheckRun);
    on("workflow_run", onWorkflowRun);
  };
}

type EventName = Context["name"];

/** Probot sends an error's message to whoever sent the webhook, so what went wrong is said in the log alone. */
function receiving(app: Probot, ports: WebhookPorts) {
  return <Name extends EventName>(
    event: Name,
    receive: (ports: WebhookPorts, delivery: Delivery<Context<Name>["payload"]>) => Promise<void>,
  ): void => {
    app.on(event, async ({ id, name, payload }) => {
      ports.log.debug({ delivery: id, event: name, ...aboutOf(payload) }, "webhook received");
      try {
        await receive(ports, { id, name, payload: payload as Context<Name>["payload"] });
      } catch (error) {
        ports.log.error({ err: error, delivery: id, event: name }, "webhook not received");
        throw new Error("the webhook could not be written down; it is asked for again");
      }
    });
  };
}

/** What a webhook is about, for the log. */
function aboutOf(payload: object): object {
  const action = "action" in payload ? { action: payload.action } : {};
  const repository = "repository" in payload ? payload.repository : undefined;
  if (typeof repository !== "object" || repository === null) return action;
  const id = "id" in repository ? { repository: repository.id } : {};
  return { ...action, ...id, ...("full_name" in repository ? { name: repository.full_name } : {}) };
}
