import { abandonCheckRun } from "../github/check-runs.ts";
import {
  type FailedDelivery,
  listFailedDeliveries,
  REDELIVERABLE_MS,
  redeliver,
} from "../github/deliveries.ts";
import { Forbidden, GitHubError, Invalid, NotFound, RateLimited } from "../github/errors.ts";
import { listInstallations, listRepositories } from "../github/installations.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { makeDue } from "../store/appointments.ts";
import { forgetCheckActions } from "../store/check-actions.ts";
import {
  forgetCheckRuns,
  type StoredCheckRun,
  saveCheckRun,
  unfinishedCheckRuns,
} from "../store/check-runs.ts";
import { forgetCommands } from "../store/commands.ts";
import { forgetDeliveries } from "../store/deliveries.ts";
import { forgetResolved } from "../store/findings.ts";
import { activeInstallations, type Installation, saveInstallation } from "../store/installations.ts";
import { everyPage } from "../store/page.ts";
import {
  findRepository,
  forgetRemoved,
  goneAmong,
  removeAllBut,
  saveRepositoryFacts,
} from "../store/repositories.ts";
import { forgetScans } from "../store/scans.ts";
import { forgetStacks } from "../store/stacks.ts";
import type { Permissions } from "../store/tables.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { JobHandler } from "./queues.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A check run is made within minutes; one that is older was left behind. */
const LEFT_BEHIND = 15 * MINUTE;

/**
 * Forgets what is old, and puts right what was missed: check runs that nobody finished, installations and repositories
 * that no webhook told of, webhooks that did not arrive. What depends on nobody else comes first, and nothing that fails
 * keeps the rest from being done. GitHub's limits are no failure: the clock begins another sweep soon enough.
 */
export function sweepJob(ports: JobPorts): JobHandler<JobData["sweep"]> {
  return async ({ signal }) => {
    const parts = [forgetOld, maintain, finishCheckRuns, syncInstallations, forgetCode, redeliverFailed];
    const failures: unknown[] = [];
    for (const part of parts) {
      signal.throwIfAborted();
      try {
        await part(ports, signal);
      } catch (reason) {
        signal.throwIfAborted();
        ports.log.warn({ part: part.name, err: reason }, "a part of the sweep failed");
        if (!(reason instanceof RateLimited)) failures.push(reason);
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
    // It was suspended until now, or an owner has accepted something.
    if (!suspended && !isSame(known.get(id)?.permissions, permissions)) await makeDue(db, id, now());
    known.delete(id);
  }
  for (const gone of known.values()) await saveInstallation(db, { ...gone, deleted: true }, now());
  for (const { id, suspended } of listed) {
    signal.throwIfAborted();
    if (!suspended) await syncRepositories(ports, id, signal);
  }
  // New ones are due at once.
  await ports.queues.enqueue(db, "tick", {});
}

function isSame(before: Permissions | undefined, now: Permissions): boolean {
  const names = Object.keys({ ...before, ...now });
  return before !== undefined && names.every((name) => before[name] === now[name]);
}

/** What fails for one installation is its own affair. */
async function syncRepositories(
  { database, github, now, log }: JobPorts,
  installationId: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    const client = github.installation(installationId, TOKEN_PERMISSIONS.sweep);
    // Webhooks that arrive from here on may know better.
    const asked = now();
    const repositories = await listRepositories(client);
    signal.throwIfAborted();
    const rows = repositories.map((facts) => ({ ...facts, installationId }));
    const at = now();
    await database.kysely.transaction().execute(async (db) => {
      await saveRepositoryFacts(db, rows, at, asked);
      await removeAllBut(
        db,
        installationId,
        rows.map(({ id }) => id),
        at,
        asked,
      );
    });
  } catch (reason) {
    if (!(reason instanceof GitHubError)) throw reason;
    log.info({ installation: installationId, reason: reason.message }, "installation not readable");
  }
}

/** Milliseconds after an attempt until a webhook is asked for again; after the last one it is given up. */
const ASKED_AGAIN_AFTER: readonly number[] = [0, 60 * MINUTE, 6 * 60 * MINUTE, DAY];
/** A sweep asks for so many, the oldest first; the next one goes on. */
const MOST_ASKED = 100;

/** GitHub sends a webhook once; what did not arrive is asked for again, a few times. */
async function redeliverFailed({ github, now, log }: JobPorts, signal: AbortSignal): Promise<void> {
  const since = new Date(now().getTime() - REDELIVERABLE_MS);
  const failed = await listFailedDeliveries(github.app, since, { signal });
  for (const { id, guid, event, attempts } of failed
    .filter((each) => isDue(each, now()))
    .slice(0, MOST_ASKED)) {
    signal.throwIfAborted();
    try {
      await redeliver(github.app, id);
      log.info({ delivery: guid, event, attempts }, "webhook asked for again");
    } catch (reason) {
      if (!(reason instanceof Invalid || reason instanceof NotFound)) throw reason;
      log.info({ delivery: guid, event, reason: reason.message }, "webhook cannot be asked for again");
    }
  }
}

function isDue({ attempts, deliveredAt }: FailedDelivery, now: Date): boolean {
  const wait = ASKED_AGAIN_AFTER[attempts - 1];
  return wait !== undefined && now.getTime() - deliveredAt.getTime() >= wait;
}

/** A check that never answers blocks a merge. */
async function finishCheckRuns(ports: JobPorts, signal: AbortSignal): Promise<void> {
  const { database, now, log } = ports;
  const { kysely: db } = database;
  const before = new Date(now().getTime() - LEFT_BEHIND);
  for (const run of await unfinishedCheckRuns(db, { before, limit: 100 })) {
    signal.throwIfAborted();
    const isOver = await giveUp(ports, run).catch((reason: unknown) => {
      if (!(reason instanceof GitHubError)) throw reason;
      log.info({ repository: run.repositoryId, reason: reason.message }, "check run not finished");
      return false;
    });
    // What cannot be finished now waits behind the others.
    const ended = isOver ? { conclusion: "neutral", contentHash: null } : {};
    await saveCheckRun(db, { ...run, ...ended, updatedAt: now() });
  }
}

/** False where it may work another time. */
async function giveUp({ database, github, now }: JobPorts, run: StoredCheckRun): Promise<boolean> {
  const repository = await findRepository(database.kysely, run.repositoryId);
  if (repository === null || repository.removed) return true;
  const client = github.repository(repository.installationId, repository.id, TOKEN_PERMISSIONS.checks);
  try {
    await abandonCheckRun(client, repository, run.checkRunId, { why: INTERRUPTED, now: now() });
  } catch (reason) {
    if (!(reason instanceof Forbidden || reason instanceof NotFound)) throw reason;
  }
  return true;
}

const INTERRUPTED = 'This check was interrupted and not made. Run it again with "Re-run".';

/** Days that are kept of what only tells of the past; and of what findings are recognised by when they come back. */
const KEPT = { records: 30, findings: 90 };

async function forgetOld({ database, now }: JobPorts): Promise<void> {
  const { kysely: db } = database;
  const ago = (days: number) => new Date(now().getTime() - days * DAY);
  for (const forget of [
    forgetDeliveries,
    forgetCommands,
    forgetCheckActions,
    forgetCheckRuns,
    forgetScans,
    forgetRemoved,
  ])
    await forget(db, ago(KEPT.records));
  for (const forget of [forgetResolved, forgetStacks]) await forget(db, ago(KEPT.findings));
}

/** The code of repositories that the App was taken out of. */
async function forgetCode({ database, archives }: JobPorts): Promise<void> {
  await archives?.forget((ids) => goneAmong(database.kysely, ids));
}

/** Four times a day: in the first of the sweeps that fall into every sixth hour. */
async function maintain({ database, now }: JobPorts): Promise<void> {
  const time = now();
  if (time.getUTCHours() % 6 === 3 && time.getUTCMinutes() < 10) await database.maintain();
}
