import { rhythmsOf } from "../config/rhythm.ts";
import type { Diagnostic, StackResult } from "../drift/model.ts";
import { GitHubError, RateLimited, TooLarge } from "../github/errors.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { maskStacks } from "../reports/masked.ts";
import { Redaction } from "../reports/redaction.ts";
import { type ScanResult, scan } from "../scan/scan.ts";
import type { Tarball } from "../sources/tarball.ts";
import { TarballError } from "../sources/tarball-error.ts";
import { endDecisions, latestDecisions } from "../store/decisions.ts";
import { type AppliedFindings, applyFindings } from "../store/findings.ts";
import type { Log } from "../store/log.ts";
import {
  findRepository,
  noteChecksDue,
  noteRhythms,
  recordScanned,
  recordSkip,
} from "../store/repositories.ts";
import { finishScan, latestScan, type ScanEnd, startScan } from "../store/scans.ts";
import type { Db } from "../store/tables.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { renewChecks } from "./checks-due.ts";
import { CodeHistory } from "./code-history.ts";
import { commitBudget, OpenCommits } from "./commit.ts";
import { configIn } from "./config-at.ts";
import { nextScanAt } from "./due.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, RepositoryJob } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import type { LoadedConfig } from "./repository-config.ts";
import { repositoryLog } from "./repository-log.ts";
import { recordFailedScan } from "./scan-failure.ts";
import { portsFor, wholeRepository } from "./scan-ports.ts";
import { concerns, problemsOf, withProblems } from "./scan-problems.ts";
import { takenOver } from "./taken-over.ts";

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
  const opened = await openRepository(ports, job.data, TOKEN_PERMISSIONS.scan);
  if (opened.repository === null) {
    if (opened.skip !== null) await recordSkipped(ports, db, job.data, opened.skip);
    return;
  }
  const { repository } = opened;
  const log = repositoryLog(ports.log, repository.facts);
  if (job.data.trigger === "push") await assertRested(ports, job.data);
  const id = await startScan(db, repository.stored.id, ports.now());
  try {
    const { signal } = job;
    await OpenCommits.within(budget, repository, { count: 1, signal }, (commits) =>
      new RepositoryScan(ports, log, repository, job, id).run(commits),
    );
  } catch (reason) {
    const refusal = refusalOf(reason);
    if (refusal === null) throw reason;
    await finishScan(db, id, ended(ports, "failed", refusal, repository.head));
    await recordSkip(db, repository.stored.id, refusal, ports.now());
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

async function recordSkipped(
  ports: JobPorts,
  db: Db,
  { repositoryId }: RepositoryJob,
  reason: string,
): Promise<void> {
  const id = await startScan(db, repositoryId, ports.now());
  await finishScan(db, id, ended(ports, "skipped", reason, null));
}

function ended(
  { now }: JobPorts,
  outcome: ScanEnd["outcome"],
  reason: string,
  commit: string | null,
): ScanEnd {
  return { at: now(), outcome, reason, commit, stacks: [] };
}

/** What doing it again does not mend; null for everything else. */
function refusalOf(reason: unknown): string | null {
  if (reason instanceof TooLarge) return reason.message;
  if (!(reason instanceof TarballError)) return null;
  const mayPass = reason.problem === "damaged" || reason.problem === "interrupted";
  return mayPass ? null : reason.message;
}

class RepositoryScan {
  readonly #ports: JobPorts;
  readonly #log: Log;
  readonly #repository: OpenRepository;
  readonly #job: Job<JobData["scan"]>;
  readonly #id: number;

  constructor(ports: JobPorts, log: Log, repository: OpenRepository, job: Job<JobData["scan"]>, id: number) {
    this.#ports = ports;
    this.#log = log;
    this.#repository = repository;
    this.#job = job;
    this.#id = id;
  }

  async run(commits: OpenCommits): Promise<void> {
    const { facts, head } = this.#repository;
    const { signal } = this.#job;
    const tarball = await commits.open(head, { ref: facts.defaultBranch, signal });
    const config = await configIn(this.#ports, this.#repository, tarball);
    const result = await this.#scan(tarball, config);
    const stacks = this.#masked(result, tarball, config);
    if (stacks.length === 0) return this.#nothingThere(problemsOf(result, tarball, config));
    signal.throwIfAborted();
    if (await this.#store(stacks, result, config)) await this.#renewChecks();
  }

  async #scan(tarball: Tarball, config: LoadedConfig): Promise<ScanResult> {
    const { clouds, key } = this.#ports;
    const { facts, head } = this.#repository;
    const inventories = await clouds.inventories(facts);
    const session = this.#ports.modules?.session(this.#repository.stored, this.#job.signal) ?? null;
    const modules = { session, isTrusted: true };
    const ports = portsFor(this.#ports, tarball, facts, inventories, modules);
    const history = new CodeHistory(this.#ports, this.#repository, config.effective, ports, {
      modules,
      signal: this.#job.signal,
    });
    const decisions = await latestDecisions(this.#ports.database.kysely, facts.id);
    const result = await scan(
      wholeRepository(facts.name),
      {
        repository: String(facts.id),
        ref: facts.defaultBranch,
        commit: head,
        config: config.effective,
        decisions,
        takenOver: await takenOver(this.#ports.database.kysely, facts.id, decisions),
        key,
      },
      { ...ports, historyOf: history.historyOf },
    );
    history.assertKnown();
    session?.assertSound();
    return result;
  }

  /** What may be kept: no secret reaches the database. */
  #masked(result: ScanResult, tarball: Tarball, config: LoadedConfig): readonly StackResult[] {
    const shared = problemsOf(result, tarball, config);
    const stacks = result.stacks.map((stack) =>
      withProblems(
        stack,
        shared.filter((problem) => concerns(problem, stack)),
      ),
    );
    return maskStacks(stacks, new Redaction(result.secrets));
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
      if (problem === undefined)
        await applyFindings(db, { repositoryId, at: now(), isFirstScan: false, results: [] });
      await queues.enqueue(db, "reconcile", { repositoryId, installationId });
    });
    this.#log.warn({ reason: why }, "repository skipped");
  }

  /** @returns whether check runs have to be made anew */
  async #store(
    stacks: readonly StackResult[],
    { notScanned }: ScanResult,
    config: LoadedConfig,
  ): Promise<boolean> {
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
      await endDecisions(db, repositoryId, applied.gone, at);
      const outcome = outcomeOf(stacks);
      await finishScan(db, this.#id, { at, outcome, reason: null, commit: head, stacks });
      await recordScanned(db, repositoryId, head, at);
      await this.#appoint(db, stacks, config);
      const checksDue = wereDue || isNews(applied) || stored.lastScanAt === null;
      await noteChecksDue(db, repositoryId, checksDue);
      await queues.enqueue(db, "reconcile", { repositoryId, installationId });
      return { applied, checksDue };
    });
    this.#tell(stacks, applied, notScanned.length);
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

  #tell(
    stacks: readonly StackResult[],
    { opened, changed, gone }: AppliedFindings,
    notScanned: number,
  ): void {
    for (const { name: stack, status, diagnostics } of stacks) {
      if (status === "complete") continue;
      const reasons = diagnostics.slice(0, MOST_REASONS).map(reasonOf);
      this.#log.warn({ stack, status, reasons }, "stack not scanned whole");
    }
    const ofStatus = (wanted: StackResult["status"]) =>
      stacks.filter(({ status }) => status === wanted).length;
    this.#log.info(
      {
        stacks: stacks.length,
        failed: ofStatus("failed"),
        incomplete: ofStatus("incomplete"),
        suspect: ofStatus("suspect"),
        notScanned,
        opened: opened.length,
        changed: changed.length,
        gone: gone.length,
      },
      "repository scanned",
    );
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

const MOST_REASONS = 5;

/** `infra/main.tf:12: what is wrong` */
function reasonOf({ message, file, line }: Diagnostic): string {
  const place = [file, line].filter((part) => part !== null).join(":");
  return place === "" ? message : `${place}: ${message}`;
}

function outcomeOf(stacks: readonly StackResult[]): ScanEnd["outcome"] {
  if (stacks.every(({ status }) => status === "failed")) return "failed";
  return stacks.every(({ status }) => status === "complete") ? "complete" : "incomplete";
}

function isNews({ opened, reopened, changed, gone }: AppliedFindings): boolean {
  return [opened, reopened, changed, gone].some((list) => list.length > 0);
}
