import type { Proposal } from "../config/proposed-file.ts";
import { rhythmsOf } from "../config/rhythm.ts";
import type { Diagnostic, StackResult } from "../drift/model.ts";
import { GitHubError, NotFound, RateLimited } from "../github/errors.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { Redaction } from "../reports/redaction.ts";
import { planScan } from "../scan/plan.ts";
import { proposalOf } from "../scan/proposal.ts";
import type { Tarball } from "../sources/tarball.ts";
import { noteRhythms } from "../store/appointments.ts";
import { endDecisions } from "../store/decisions.ts";
import { applyFindings } from "../store/findings.ts";
import type { Log } from "../store/log.ts";
import { findRepository, noteChecksDue, recordScanned, recordSkip } from "../store/repositories.ts";
import { finishScan, latestScan, type ScanEnd, startScan } from "../store/scans.ts";
import { forgetSeenHead } from "../store/seen-heads.ts";
import { stir } from "../store/settled.ts";
import { noteSuspicions, suspicionsOf } from "../store/suspicions.ts";
import type { Db } from "../store/tables.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { renewChecks } from "./checks-due.ts";
import { commitBudget, OpenCommits } from "./commit.ts";
import { configIn } from "./config-at.ts";
import { nextScanAt } from "./due.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, RepositoryJob } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { scanElsewhere, stacksElsewhere } from "./ref-scans.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import type { LoadedConfig } from "./repository-config.ts";
import { repositoryLog } from "./repository-log.ts";
import { answerRescans } from "./rescans.ts";
import { recordFailedScan, tellOfFailure } from "./scan-failure.ts";
import { hasDrift, isNews, masked, outcomeOf } from "./scan-outcome.ts";
import { wholeRepository } from "./scan-ports.ts";
import { refusalOf } from "./scan-refusal.ts";
import { scanCommit } from "./scanned-commit.ts";
import { tellOfScan } from "./tell-of-scan.ts";

/** A repository was scanned a moment ago: it is scanned again at `until`. */
class TooSoon extends Error {
  override readonly name = "TooSoon";
  readonly until: Date;

  constructor(until: Date) {
    super(`the repository was scanned a moment ago, and is scanned again after ${until.toISOString()}`);
    this.until = until;
  }
}

/**
 * Scans a repository at the newest commit of its default branch, stores what was found and hands over to `reconcile`.
 * Nothing is written on GitHub, so it may be interrupted and begun again anywhere.
 * @throws TooSoon
 */
export function scanJob(ports: JobPorts, budget: ByteBudget = commitBudget()): JobHandler<JobData["scan"]> {
  return async (job) => {
    try {
      await scanOnce(ports, budget, job);
    } catch (reason) {
      const isOver = job.isLastAttempt && !job.signal.aborted;
      const isPutOff = reason instanceof TooSoon || reason instanceof RateLimited;
      if (isOver && !isPutOff) await recordFailedScan(ports, job.data.repositoryId, reason);
      throw reason;
    }
  };
}

async function scanOnce(ports: JobPorts, budget: ByteBudget, job: Job<JobData["scan"]>): Promise<void> {
  const { kysely: db } = ports.database;
  // Who pushes, or asks for a scan, wants what is there now.
  const bySight = job.data.trigger === "schedule";
  const opened = await openRepository(ports, job.data, TOKEN_PERMISSIONS.scan, { bySight });
  if (opened.repository === null) {
    if (opened.skip !== null) await recordSkipped(ports, db, job.data, opened.skip);
    return;
  }
  const { repository } = opened;
  const log = repositoryLog(ports.log, repository.facts);
  if (job.data.trigger === "push") await assertRested(ports, job.data);
  const id = await startScan(db, repository.stored.id, ports.now());
  try {
    await new RepositoryScan({ ports, log, repository, job, id, budget }).run();
  } catch (reason) {
    const refusal = refusalOf(reason);
    // What the tick saw may not be so any more: the next attempt asks for itself.
    if (bySight && reason instanceof NotFound) await forgetSeenHead(db, repository.stored.id, ports.now());
    if (refusal === null) throw reason;
    await finishScan(db, id, ended(ports, "failed", refusal, repository.head));
    await recordSkip(db, repository.stored.id, refusal, ports.now());
    await tellOfFailure(ports, db, job.data);
    log.warn({ reason: refusal }, "repository not scanned");
  }
}

/** However often somebody pushes, a repository is scanned half of the time at most. */
async function assertRested({ database, now }: JobPorts, { repositoryId }: JobData["scan"]): Promise<void> {
  const last = await latestScan(database.kysely, repositoryId);
  if (last === null || last.finishedAt === null) return;
  const took = last.finishedAt.getTime() - last.startedAt.getTime();
  const until = new Date(last.finishedAt.getTime() + Math.min(took, LONGEST_REST));
  if (until > now()) throw new TooSoon(until);
}

/** Milliseconds. */
const LONGEST_REST = 15 * 60_000;

async function recordSkipped(ports: JobPorts, db: Db, job: RepositoryJob, reason: string): Promise<void> {
  const id = await startScan(db, job.repositoryId, ports.now());
  await finishScan(db, id, ended(ports, "skipped", reason, null));
  await answerRescans(ports, db, job);
}

function ended(
  { now }: JobPorts,
  outcome: ScanEnd["outcome"],
  reason: string,
  commit: string | null,
): ScanEnd {
  return { at: now(), outcome, reason, commit, stacks: [] };
}

interface ScanParts {
  readonly ports: JobPorts;
  readonly log: Log;
  readonly repository: OpenRepository;
  readonly job: Job<JobData["scan"]>;
  /** Of the row in the database. */
  readonly id: number;
  readonly budget: ByteBudget;
}

/** What a scan found, as it is stored. */
interface Found {
  readonly stacks: readonly StackResult[];
  /** How many folders hold what is not read yet. */
  readonly notScanned: number;
  readonly proposal: Proposal | null;
}

class RepositoryScan {
  readonly #ports: JobPorts;
  readonly #log: Log;
  readonly #repository: OpenRepository;
  readonly #job: Job<JobData["scan"]>;
  readonly #id: number;
  readonly #budget: ByteBudget;

  constructor({ ports, log, repository, job, id, budget }: ScanParts) {
    this.#budget = budget;
    this.#ports = ports;
    this.#log = log;
    this.#repository = repository;
    this.#job = job;
    this.#id = id;
  }

  async run(): Promise<void> {
    const { signal } = this.#job;
    const budget = this.#budget;
    const { config, elsewhere, scanned, proposal } = await OpenCommits.within(
      budget,
      this.#repository,
      { count: 1, signal },
      (commits) => this.#scanDefault(commits),
    );
    const scans = { ports: this.#ports, repository: this.#repository, config, budget, signal };
    const all = [scanned, ...(await scanElsewhere(scans, elsewhere))];
    const stacks = masked(all);
    if (stacks.length === 0) return this.#nothingThere(scanned.problems);
    signal.throwIfAborted();
    const found = { stacks, notScanned: scanned.notScanned.length, proposal };
    const checksDue = await this.#store(found, config);
    // Without a configuration there are none; they stay due until there is one.
    if (checksDue && config.configured) await this.#renewChecks();
  }

  /** The stacks that run from the default branch, as nearly all do, and which there are besides. */
  async #scanDefault(commits: OpenCommits) {
    const { facts, head } = this.#repository;
    const { signal } = this.#job;
    const ref = facts.defaultBranch;
    const tarball = await commits.open(head, { ref, signal });
    const config = await configIn(this.#ports, this.#repository, tarball);
    const toScan = { tarball, config, commit: head, ref, from: null, signal };
    const scanned = await scanCommit(this.#ports, this.#repository, toScan);
    const redaction = new Redaction(scanned.secrets);
    const clean = (text: string) => redaction.clean(text);
    const proposal = config.configured ? null : proposalOf(tarball, { repository: facts.name, clean });
    return { config, scanned, proposal, elsewhere: elsewhereIn(tarball, config, facts.name) };
  }

  /**
   * No Terraform: what was known of it is gone with it. Where an error may hide it, a configuration with mistakes for
   * one, nothing is known. Said, and looked at again the next time.
   */
  async #nothingThere(problems: readonly Diagnostic[]): Promise<void> {
    const { database, now, queues } = this.#ports;
    const { repositoryId, installationId } = this.#job.data;
    const problem = problems.find(({ severity }) => severity === "error")?.message;
    const why = problem ?? "there is no Terraform stack in the repository";
    const outcome = problem === undefined ? "skipped" : "failed";
    await database.kysely.transaction().execute(async (db) => {
      await finishScan(db, this.#id, ended(this.#ports, outcome, why, this.#repository.head));
      await recordSkip(db, repositoryId, why, now());
      if (problem === undefined) {
        await applyFindings(db, { repositoryId, at: now(), isFirstScan: false, results: [] });
        await noteSuspicions(db, repositoryId, []);
      }
      await queues.enqueue(db, "reconcile", { repositoryId, installationId });
      await answerRescans(this.#ports, db, { repositoryId, installationId });
    });
    this.#log.warn({ reason: why }, "repository skipped");
  }

  /** @returns whether check runs have to be made anew */
  async #store({ stacks, notScanned, proposal }: Found, config: LoadedConfig): Promise<boolean> {
    const { database, queues, now } = this.#ports;
    const { stored, head } = this.#repository;
    const { repositoryId, installationId } = this.#job.data;
    const at = now();
    const { applied, checksDue } = await database.kysely.transaction().execute(async (db) => {
      // As it is by now: the scan before may have been looked after in the meantime.
      const { firstScanDone = false, checksDue: wereDue = false } =
        (await findRepository(db, repositoryId)) ?? {};
      const applied = await applyFindings(db, {
        repositoryId,
        at,
        isFirstScan: !firstScanDone,
        results: stacks,
      });
      const suspectedBefore = await suspicionsOf(db, repositoryId);
      await noteSuspicions(db, repositoryId, stacks);
      await endDecisions(db, repositoryId, applied.gone, at);
      const outcome = outcomeOf(stacks);
      await finishScan(db, this.#id, { at, outcome, reason: null, commit: head, stacks, proposal });
      await recordScanned(db, repositoryId, head, at);
      await this.#appoint(db, stacks, config);
      // Of other code the checks are to be made again where they have something to tell.
      const isElsewhere = stored.lastCommit !== head && stacks.some(hasDrift);
      const isBelievedAnew = stacks.some(
        ({ name, status }) => suspectedBefore.has(name) !== (status === "suspect"),
      );
      const checksDue =
        wereDue || isNews(applied) || stored.lastScanAt === null || isElsewhere || isBelievedAnew;
      await noteChecksDue(db, repositoryId, checksDue);
      // Who pushes, or asks for a scan, wants to see what came of it.
      if (this.#job.data.trigger !== "schedule") await stir(db, [repositoryId]);
      await queues.enqueue(db, "reconcile", { repositoryId, installationId });
      await answerRescans(this.#ports, db, { repositoryId, installationId });
      return { applied, checksDue };
    });
    tellOfScan(this.#log, { stacks, applied, notScanned });
    return checksDue;
  }

  /** When the next scan is. While the configuration is broken, it is when the one before says. */
  async #appoint(db: Db, stacks: readonly StackResult[], config: LoadedConfig): Promise<void> {
    if (config.broken) return;
    const { now, intervals } = this.#ports;
    const { id } = this.#repository.stored;
    const rhythms = rhythmsOf(config.effective, stacks);
    await noteRhythms(db, id, { rhythms, next: nextScanAt({ id, rhythms }, now(), intervals) });
  }

  /** The scan is done, whatever comes of this: what GitHub does not let us do now, `reconcile` does. */
  async #renewChecks(): Promise<void> {
    try {
      await renewChecks(this.#ports, this.#repository);
    } catch (reason) {
      if (!(reason instanceof GitHubError)) throw reason;
      this.#log.info({ reason: reason.message }, "check runs are made anew later");
    }
  }
}

/** The stacks that run from elsewhere than a commit of the default branch. */
function elsewhereIn(
  tarball: Tarball,
  { effective }: LoadedConfig,
  name: string,
): ReturnType<typeof stacksElsewhere> {
  if (effective.stacks.every(({ ref }) => ref === undefined)) return [];
  return stacksElsewhere(planScan(tarball, effective, wholeRepository(name)).stacks, effective.stacks);
}
