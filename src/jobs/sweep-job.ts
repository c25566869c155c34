import { abandonCheckRun } from "../github/check-runs.ts";
import { listFailedDeliveries, REDELIVERABLE_MS, redeliver } from "../github/deliveries.ts";
import { Forbidden, NotFound, RateLimited } from "../github/errors.ts";
import { listInstallations, listRepositories } from "../github/installations.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { forgetCheckRuns, saveCheckRun, unfinishedCheckRuns } from "../store/check-runs.ts";
import { forgetDeliveries } from "../store/deliveries.ts";
import { forgetResolved } from "../store/findings.ts";
import { activeInstallations, type Installation, saveInstallation } from "../store/installations.ts";
import { everyPage } from "../store/page.ts";
import { findRepository, forgetRemoved, removeAllBut, saveRepositoryFacts } from "../store/repositories.ts";
import { forgetScans } from "../store/scans.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { JobHandler } from "./queues.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A check run is made within minutes; one that is older was left behind. */
const LEFT_BEHIND = 15 * MINUTE;

/**
 * Puts right what was missed: installations and repositories that no webhook told of, webhooks that did not arrive,
 * check runs that nobody finished; and forgets what is old. One part that fails does not keep the others from running.
 */
export function sweepJob(ports: JobPorts): JobHandler<JobData["sweep"]> {
  return async ({ signal }) => {
    const parts = [syncInstallations, redeliverFailed, finishCheckRuns, forgetOld];
    const failures: unknown[] = [];
    for (const part of parts) {
      signal.throwIfAborted();
      try {
        await part(ports, signal);
      } catch (reason) {
        if (reason instanceof RateLimited) throw reason;
        ports.log.warn({ part: part.name, err: reason }, "a part of the sweep failed");
        failures.push(reason);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
}

/** GitHub's list is the truth; a database that was lost is filled from it. */
async function syncInstallations(ports: JobPorts, signal: AbortSignal): Promise<void> {
  const { database, github, now } = ports;
  const { kysely: db } = database;
  const known = new Map<number, Installation>();
  const pages = everyPage<Installation, number>(
    (page) => activeInstallations(db, page),
    ({ id }) => id,
  );
  for await (const rows of pages) for (const row of rows) known.set(row.id, row);
  const listed = await listInstallations(github.app);
  for (const { id, account, suspended, permissions } of listed) {
    const { id: accountId, login: accountLogin } = account;
    const accountType = known.get(id)?.accountType ?? "unknown";
    const installation = { id, accountId, accountLogin, accountType, suspended, deleted: false, permissions };
    await saveInstallation(db, installation, now());
    known.delete(id);
  }
  for (const gone of known.values()) await saveInstallation(db, { ...gone, deleted: true }, now());
  for (const { id, suspended } of listed) {
    signal.throwIfAborted();
    if (!suspended) await syncRepositories(ports, id);
  }
  // New ones are due at once.
  await ports.queues.enqueue(db, "tick", {});
}

async function syncRepositories(
  { database, github, now, log }: JobPorts,
  installationId: number,
): Promise<void> {
  try {
    const repositories = await listRepositories(github.installation(installationId));
    const rows = repositories.map((facts) => ({ ...facts, installationId }));
    const at = now();
    await database.kysely.transaction().execute(async (db) => {
      await saveRepositoryFacts(db, rows, at);
      await removeAllBut(
        db,
        installationId,
        rows.map(({ id }) => id),
        at,
      );
    });
  } catch (reason) {
    // Suspended or taken away a moment ago.
    if (!(reason instanceof Forbidden || reason instanceof NotFound)) throw reason;
    log.info({ installation: installationId, reason: reason.message }, "installation not readable");
  }
}

/** GitHub sends a webhook once; what did not arrive is asked for again. */
async function redeliverFailed({ github, now, log }: JobPorts): Promise<void> {
  const failed = await listFailedDeliveries(github.app, new Date(now().getTime() - REDELIVERABLE_MS));
  for (const { id, guid, event } of failed) {
    log.info({ delivery: guid, event }, "webhook asked for again");
    await redeliver(github.app, id);
  }
}

/** A check that never answers blocks a merge. */
async function finishCheckRuns(ports: JobPorts): Promise<void> {
  const { database, github, now } = ports;
  const { kysely: db } = database;
  const before = new Date(now().getTime() - LEFT_BEHIND);
  for (const run of await unfinishedCheckRuns(db, { before, limit: 100 })) {
    const repository = await findRepository(db, run.repositoryId);
    if (repository !== null && !repository.removed) {
      const client = github.repository(repository.installationId, repository.id, TOKEN_PERMISSIONS.annotate);
      try {
        await abandonCheckRun(client, repository, run.checkRunId, { why: INTERRUPTED, now: now() });
      } catch (reason) {
        if (!(reason instanceof Forbidden || reason instanceof NotFound)) throw reason;
      }
    }
    await saveCheckRun(db, { ...run, conclusion: "neutral", contentHash: null, updatedAt: now() });
  }
}

const INTERRUPTED = 'This check was interrupted and not made. Run it again with "Re-run".';

async function forgetOld({ database, now }: JobPorts): Promise<void> {
  const { kysely: db } = database;
  const ago = (days: number) => new Date(now().getTime() - days * DAY);
  await forgetDeliveries(db, ago(7));
  await forgetCheckRuns(db, ago(30));
  await forgetScans(db, ago(90));
  await forgetResolved(db, ago(90));
  await forgetRemoved(db, ago(30));
}
