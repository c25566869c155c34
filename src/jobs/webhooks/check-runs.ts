import { receiveCheckAction } from "../../store/check-actions.ts";
import { type CheckRunKey, findCheckRun, saveCheckRun } from "../../store/check-runs.ts";
import type { Repository } from "../../store/repositories.ts";
import { CHECK_ACTIONS, type Db } from "../../store/tables.ts";
import { CHECK_NAME } from "../check-report.ts";
import { CONFIG_CHECK_NAME } from "../config-check.ts";
import { queueBranch } from "../merge-queue.ts";
import { type Delivery, type InRepository, inKnownRepository, type WebhookPorts } from "./deliveries.ts";
import { annotate } from "./follow-ups.ts";

export interface CheckRunPayload extends InRepository {
  readonly action: string;
  readonly check_run: {
    readonly id?: number | undefined;
    readonly name: string;
    readonly head_sha: string;
    readonly pull_requests: readonly ({ readonly number: number } | null)[];
    readonly check_suite?: { readonly head_branch?: string | null | undefined } | null | undefined;
  };
  /** The button, where one was pressed. */
  readonly requested_action?: { readonly identifier?: string | undefined } | null | undefined;
  readonly sender?: { readonly login: string } | null | undefined;
}

/** Somebody asked for a check again, or pressed one of its buttons. */
export function onCheckRun(ports: WebhookPorts, delivery: Delivery<CheckRunPayload>): Promise<void> {
  return inKnownRepository(ports, delivery, async (db, repository) => {
    const { action, check_run: run } = delivery.payload;
    const { name, head_sha: headSha } = run;
    const key = { repositoryId: repository.id, headSha, name };
    if (action === "rerequested" && (name === CHECK_NAME || name === CONFIG_CHECK_NAME))
      await again(ports, db, repository, delivery.payload, key);
    if (action === "requested_action" && name === CHECK_NAME)
      await take(ports, db, repository, delivery, key);
  });
}

async function again(
  ports: WebhookPorts,
  db: Db,
  repository: Repository,
  { check_run: run }: CheckRunPayload,
  key: CheckRunKey,
): Promise<void> {
  const known = await findCheckRun(db, key);
  // So that it is made again although it would say the same.
  if (known !== null) await saveCheckRun(db, { ...known, conclusion: null, updatedAt: ports.now() });
  const queue = queueBranch(run.check_suite?.head_branch ?? "");
  const commit = { headSha: key.headSha, pullRequest: run.pull_requests[0]?.number ?? null };
  const group = queue === null ? {} : { base: queue.base, queued: queue.pullRequest };
  await annotate(ports, db, repository, { ...commit, ...group });
}

/** What the person saw when they pressed the button is what it is about, whatever the check says later. */
async function take(
  ports: WebhookPorts,
  db: Db,
  repository: Repository,
  { id: delivery, payload }: Delivery<CheckRunPayload>,
  key: CheckRunKey,
): Promise<void> {
  const { check_run: run, requested_action: requested, sender } = payload;
  const action = CHECK_ACTIONS.find((name) => name === requested?.identifier);
  if (action === undefined || run.id === undefined || sender === undefined || sender === null) return;
  const known = await findCheckRun(db, key);
  const isNow = known?.checkRunId === run.id && known.conclusion !== null;
  const pullRequest = run.pull_requests[0]?.number ?? known?.pullRequest ?? null;
  const { headSha, repositoryId } = key;
  await receiveCheckAction(
    db,
    {
      repositoryId,
      delivery,
      checkRunId: run.id,
      headSha,
      pullRequest,
      action,
      author: sender.login,
      about: isNow ? known.told : null,
    },
    ports.now(),
  );
  await annotate(ports, db, repository, { headSha, pullRequest });
}
