import { checkRunsOnto } from "../../store/check-runs.ts";
import type { Repository } from "../../store/repositories.ts";
import { lastKnownScan } from "../../store/scans.ts";
import { forgetSeenHead } from "../../store/seen-heads.ts";
import type { Db } from "../../store/tables.ts";
import { queueBranch } from "../merge-queue.ts";
import {
  type Delivery,
  type InRepository,
  inKnownRepository,
  once,
  type WebhookPorts,
} from "./deliveries.ts";
import { annotate, lookAfter, STATE_IS_NEW } from "./follow-ups.ts";

export interface PushPayload extends InRepository {
  readonly ref: string;
}

export interface PullRequestPayload extends InRepository {
  readonly action: string;
  readonly pull_request: { readonly number: number; readonly head: { readonly sha: string } };
}

export interface MergeGroupPayload extends InRepository {
  readonly action: string;
  readonly merge_group: {
    readonly head_sha: string;
    readonly head_ref?: string | undefined;
    readonly base_ref: string;
  };
}

/**
 * Commits were pushed: the default branch decides, and whatever else stacks run from; other branches have their pull
 * requests, and are what some go into.
 */
export function onPush(ports: WebhookPorts, delivery: Delivery<PushPayload>): Promise<void> {
  return inKnownRepository(ports, delivery, async (db, known) => {
    const { id: repositoryId, installationId, defaultBranch } = known;
    const { ref, repository } = delivery.payload;
    const branch = repository?.default_branch ?? defaultBranch;
    const isDefault = ref === `refs/heads/${branch}`;
    if (isDefault) await forgetSeenHead(db, repositoryId, ports.now());
    if (isDefault || (await isRunFrom(db, repositoryId, ref, branch)))
      await ports.queues.enqueue(db, "scan", { repositoryId, installationId, trigger: "push" });
    if (!isDefault) await checkOnto(ports, db, known, ref.replace(/^refs\/heads\//, ""));
  });
}

/** Whether the last scan saw a stack that runs from a branch or a tag, besides those of the default branch. */
async function isRunFrom(
  db: Db,
  repositoryId: number,
  pushed: string,
  defaultBranch: string | null,
): Promise<boolean> {
  const scan = await lastKnownScan(db, repositoryId);
  const names = [pushed, pushed.replace(/^refs\//, ""), pushed.replace(/^refs\/(?:heads|tags)\//, "")];
  return (scan?.stacks ?? []).some(({ ref }) => ref !== null && ref !== defaultBranch && names.includes(ref));
}

/** Pull requests into a branch may start from another commit now. Who waits for them no more is found out by the job. */
async function checkOnto(ports: WebhookPorts, db: Db, repository: Repository, base: string): Promise<void> {
  const runs = await checkRunsOnto(db, { repositoryId: repository.id, base });
  for (const { headSha, pullRequest } of runs)
    await annotate(ports, db, repository, { headSha, pullRequest });
}

/** A pull request has new commits, or was closed or opened again. */
export function onPullRequest(ports: WebhookPorts, delivery: Delivery<PullRequestPayload>): Promise<void> {
  const { action, pull_request: pullRequest } = delivery.payload;
  const { number, head } = pullRequest;
  return inKnownRepository(ports, delivery, async (db, repository) => {
    if (CODE_IS_NEW.has(action)) {
      await annotate(ports, db, repository, { headSha: head.sha, pullRequest: number });
    }
    if (STATE_IS_NEW.has(action)) await lookAfter(ports, db, repository, number);
  });
}

/** `edited`: it may be for another branch now. */
const CODE_IS_NEW: ReadonlySet<string> = new Set(["opened", "synchronize", "reopened", "edited"]);

/** A pull request waits in a merge queue. */
export function onMergeGroup(ports: WebhookPorts, delivery: Delivery<MergeGroupPayload>): Promise<void> {
  const { action, merge_group: group } = delivery.payload;
  return inKnownRepository(ports, delivery, async (db, repository) => {
    if (action !== "checks_requested") return;
    const base = group.base_ref.replace(/^refs\/heads\//, "");
    const queued = queueBranch(group.head_ref?.replace(/^refs\/heads\//, "") ?? "")?.pullRequest;
    await annotate(ports, db, repository, {
      headSha: group.head_sha,
      pullRequest: null,
      base,
      ...(queued === undefined ? {} : { queued }),
    });
  });
}

/** Runs of workflows are only counted as received: no job has use for them. */
export function onWorkflowRun(ports: WebhookPorts, delivery: Delivery<unknown>): Promise<void> {
  return once(ports, delivery, async () => {});
}
