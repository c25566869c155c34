import { dayOf } from "../config/rules.ts";
import { slashCommands } from "../intent/slash-command.ts";
import { findCheckRun, saveCheckRun } from "../store/check-runs.ts";
import { receiveCommands } from "../store/commands.ts";
import { recordDelivery } from "../store/deliveries.ts";
import { findInstallation, saveInstallation } from "../store/installations.ts";
import { findObjectByNumber } from "../store/objects.ts";
import {
  findRepository,
  type Repository,
  type RepositoryName,
  removeRepositories,
  saveRepositoryNames,
} from "../store/repositories.ts";
import type { Db } from "../store/tables.ts";
import { CHECK_NAME } from "./check-report.ts";
import { CONFIG_CHECK_NAME } from "./config-check.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, RepositoryJob } from "./queue-settings.ts";

// What arrives from GitHub is written down and handed to a job, in one transaction; nothing is asked of GitHub here.

/** What of a webhook counts. */
export interface Delivery<Payload> {
  /** `X-GitHub-Delivery`. */
  readonly id: string;
  readonly name: string;
  readonly payload: Payload;
}

export type WebhookPorts = Pick<JobPorts, "database" | "queues" | "now" | "log">;

interface Account {
  readonly id: number;
  readonly login?: string;
  readonly slug?: string;
  readonly type?: string;
}

interface InstallationData {
  readonly id: number;
  readonly account?: Account | null;
  readonly permissions?: object;
  readonly suspended_at?: string | null;
}

interface RepositoryData {
  readonly id: number;
  readonly full_name: string;
  readonly private: boolean;
}

export interface InstallationPayload {
  readonly action: string;
  readonly installation: InstallationData;
  readonly repositories?: readonly RepositoryData[];
}

export interface InstallationRepositoriesPayload {
  readonly installation: InstallationData;
  readonly repositories_added: readonly RepositoryData[];
  readonly repositories_removed: readonly { readonly id?: number }[];
}

interface InRepository {
  readonly repository?: { readonly id: number; readonly default_branch?: string } | undefined;
  readonly installation?: { readonly id: number } | undefined;
}

export interface PushPayload extends InRepository {
  readonly ref: string;
}

export interface PullRequestPayload extends InRepository {
  readonly action: string;
  readonly pull_request: { readonly number: number; readonly head: { readonly sha: string } };
}

export interface IssuePayload extends InRepository {
  readonly action: string;
  readonly issue: { readonly number: number };
}

export interface IssueCommentPayload extends InRepository {
  readonly action: string;
  readonly issue: { readonly number: number };
  readonly comment: {
    readonly id: number;
    readonly body: string;
    readonly created_at: string;
    readonly user: Sender | null;
  };
  /** Who wrote it, or edited it now. */
  readonly sender: Sender;
}

interface Sender {
  readonly login: string;
  readonly type?: string;
}

export interface MergeGroupPayload extends InRepository {
  readonly action: string;
  readonly merge_group: { readonly head_sha: string; readonly base_ref: string };
}

export interface CheckRunPayload extends InRepository {
  readonly action: string;
  readonly check_run: {
    readonly name: string;
    readonly head_sha: string;
    readonly pull_requests: readonly ({ readonly number: number } | null)[];
    readonly check_suite?: { readonly head_branch?: string | null | undefined } | null | undefined;
  };
}

/** An installation came, went, or was given other permissions. */
export function onInstallation(ports: WebhookPorts, delivery: Delivery<InstallationPayload>): Promise<void> {
  return once(ports, delivery, async (db) => {
    const { action, installation, repositories = [] } = delivery.payload;
    await note(db, ports, installation, action);
    if (action === "deleted") return;
    await saveRepositoryNames(db, repositories.flatMap(named(installation.id)), ports.now());
    await ports.queues.enqueue(db, "tick", {});
  });
}

/** An installation got or gave up repositories. */
export function onInstallationRepositories(
  ports: WebhookPorts,
  delivery: Delivery<InstallationRepositoriesPayload>,
): Promise<void> {
  return once(ports, delivery, async (db) => {
    const { installation, repositories_added: added, repositories_removed: removed } = delivery.payload;
    await note(db, ports, installation, "changed");
    await saveRepositoryNames(db, added.flatMap(named(installation.id)), ports.now());
    const gone = removed.flatMap(({ id }) => id ?? []);
    await removeRepositories(db, installation.id, gone, ports.now());
    await ports.queues.enqueue(db, "tick", {});
  });
}

/** A repository was renamed, archived, made public and so on: the next scan asks what it is now. */
export function onRepository(ports: WebhookPorts, delivery: Delivery<InRepository>): Promise<void> {
  return inKnownRepository(ports, delivery, (db, { id: repositoryId, installationId }) =>
    ports.queues.enqueue(db, "scan", { repositoryId, installationId, trigger: "push" }),
  );
}

/** Commits were pushed: the default branch decides, other branches have their pull requests. */
export function onPush(ports: WebhookPorts, delivery: Delivery<PushPayload>): Promise<void> {
  return inKnownRepository(
    ports,
    delivery,
    async (db, { id: repositoryId, installationId, defaultBranch }) => {
      const { ref, repository } = delivery.payload;
      const branch = repository?.default_branch ?? defaultBranch;
      if (ref !== `refs/heads/${branch}`) return;
      await ports.queues.enqueue(db, "scan", { repositoryId, installationId, trigger: "push" });
    },
  );
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

/** An issue was closed or opened again. */
export function onIssue(ports: WebhookPorts, delivery: Delivery<IssuePayload>): Promise<void> {
  const { action, issue } = delivery.payload;
  return inKnownRepository(ports, delivery, async (db, repository) => {
    if (STATE_IS_NEW.has(action)) await lookAfter(ports, db, repository, issue.number);
  });
}

/** Somebody wrote or edited a comment on an issue or pull request of ours. */
export function onIssueComment(ports: WebhookPorts, delivery: Delivery<IssueCommentPayload>): Promise<void> {
  const { action, issue, comment, sender } = delivery.payload;
  return inKnownRepository(ports, delivery, async (db, { id: repositoryId, installationId }) => {
    const isOld = ports.now().getTime() - Date.parse(comment.created_at) > OLDEST_COMMENT;
    if (action !== "created" && (action !== "edited" || isOld)) return;
    // Who edits it says what it says now. What an App wrote, nobody said.
    if (sender.type === "Bot" || comment.user?.type === "Bot") return;
    const commands = slashCommands(comment.body, dayOf(ports.now()));
    if (commands.length === 0) return;
    if ((await findObjectByNumber(db, repositoryId, issue.number)) === null) return;
    const place = { repositoryId, commentId: comment.id, number: issue.number, author: sender.login };
    const isNew = (await receiveCommands(db, place, commands, ports.now())) > 0;
    if (isNew) await ports.queues.enqueue(db, "command", { repositoryId, installationId });
  });
}

/** What an older comment said is not known any more, so editing one says nothing new. */
const OLDEST_COMMENT = 20 * 24 * 60 * 60 * 1000;

/** `edited`: it may be for another branch now. */
const CODE_IS_NEW: ReadonlySet<string> = new Set(["opened", "synchronize", "reopened", "edited"]);
const STATE_IS_NEW: ReadonlySet<string> = new Set(["closed", "reopened", "deleted", "transferred"]);

/** Where an issue or pull request is ours, a job finds out what its new state means. */
async function lookAfter(
  { queues }: WebhookPorts,
  db: Db,
  { id: repositoryId, installationId }: Repository,
  number: number,
): Promise<void> {
  const object = await findObjectByNumber(db, repositoryId, number);
  if (object !== null) await queues.enqueue(db, "reconcile", { repositoryId, installationId });
}

/** A pull request waits in a merge queue. */
export function onMergeGroup(ports: WebhookPorts, delivery: Delivery<MergeGroupPayload>): Promise<void> {
  const { action, merge_group: group } = delivery.payload;
  return inKnownRepository(ports, delivery, async (db, repository) => {
    if (action !== "checks_requested") return;
    const base = group.base_ref.replace(/^refs\/heads\//, "");
    await annotate(ports, db, repository, { headSha: group.head_sha, pullRequest: null, base });
  });
}

/** Somebody asked for the check again. */
export function onCheckRun(ports: WebhookPorts, delivery: Delivery<CheckRunPayload>): Promise<void> {
  return inKnownRepository(ports, delivery, async (db, repository) => {
    const { action, check_run: run } = delivery.payload;
    const { name, head_sha: headSha, pull_requests: pullRequests } = run;
    if (action !== "rerequested" || !(name === CHECK_NAME || name === CONFIG_CHECK_NAME)) return;
    const known = await findCheckRun(db, { repositoryId: repository.id, headSha, name });
    // So that it is made again although it would say the same.
    if (known !== null) await saveCheckRun(db, { ...known, conclusion: null, updatedAt: ports.now() });
    const base = queuedFor(run.check_suite?.head_branch ?? "");
    const pullRequest = pullRequests[0]?.number ?? null;
    const commit = { headSha, pullRequest };
    await annotate(ports, db, repository, base === null ? commit : { ...commit, base });
  });
}

/** Runs of workflows are only counted as received: no job has use for them. */
export function onWorkflowRun(ports: WebhookPorts, delivery: Delivery<unknown>): Promise<void> {
  return once(ports, delivery, async () => {});
}

/** Does the work of a delivery that was not there before, together with writing it down. */
async function once<Payload>(
  { database, now, log }: WebhookPorts,
  { id, name }: Delivery<Payload>,
  work: (db: Db) => Promise<unknown>,
): Promise<void> {
  await database.kysely.transaction().execute(async (db) => {
    if (await recordDelivery(db, { id, event: name, receivedAt: now() })) await work(db);
    else log.info({ delivery: id, event: name }, "webhook was received before");
  });
}

/** The same for a repository of an installation that is there; others are ignored. */
function inKnownRepository<Payload extends InRepository>(
  ports: WebhookPorts,
  delivery: Delivery<Payload>,
  work: (db: Db, repository: Repository) => Promise<unknown>,
): Promise<void> {
  return once(ports, delivery, async (db) => {
    const { repository: data, installation } = delivery.payload;
    const repository = data === undefined ? null : await findRepository(db, data.id);
    const isTheirs = installation === undefined || repository?.installationId === installation.id;
    if (repository !== null && !repository.removed && isTheirs) await work(db, repository);
    else ports.log.info({ delivery: delivery.id, repository: data?.id }, "webhook of an unknown repository");
  });
}

async function annotate(
  { queues }: WebhookPorts,
  db: Db,
  { id: repositoryId, installationId }: Repository,
  commit: Omit<JobData["annotate"], keyof RepositoryJob>,
): Promise<void> {
  await queues.enqueue(db, "annotate", { repositoryId, installationId, ...commit });
}

/** The branch that a merge queue's own branch is for; null for every other branch. */
function queuedFor(branch: string): string | null {
  return /^gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]+$/.exec(branch)?.[1] ?? null;
}

async function note(
  db: Db,
  { now }: WebhookPorts,
  { id, account, permissions, suspended_at: suspendedAt }: InstallationData,
  action: string,
): Promise<void> {
  const known = await findInstallation(db, id);
  const isSuspended = suspendedAt !== null && suspendedAt !== undefined;
  await saveInstallation(
    db,
    {
      id,
      accountId: account?.id ?? known?.accountId ?? 0,
      accountLogin: account?.login ?? account?.slug ?? known?.accountLogin ?? "",
      accountType: account?.type ?? known?.accountType ?? "unknown",
      suspended: action === "suspend" || (action !== "unsuspend" && isSuspended),
      deleted: action === "deleted",
      permissions: (permissions as Record<string, string> | undefined) ?? known?.permissions ?? {},
    },
    now(),
  );
}

function named(installationId: number): (repository: RepositoryData) => RepositoryName[] {
  return ({ id, full_name: fullName, private: isPrivate }) => {
    const [owner, name] = fullName.split("/");
    return owner === undefined || name === undefined
      ? []
      : [{ id, installationId, owner, name, private: isPrivate }];
  };
}
