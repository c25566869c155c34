import type { RepositoryConfig } from "../config/model.ts";
import type { CheckRun } from "../github/check-runs.ts";
import { RateLimited } from "../github/errors.ts";
import { missingPermissions, TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { acknowledgements } from "../store/decisions.ts";
import { findInstallation } from "../store/installations.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { answerCheckActions } from "./check-actions.ts";
import { evaluateChange } from "./check-evaluation.ts";
import { dated, notChecked, type Said, saidOf, type Voices } from "./check-report.ts";
import { type Target, targetOf } from "./check-target.ts";
import { CheckWriting, hashOf, NoSuchCommit } from "./check-writing.ts";
import { isUnevaluable } from "./code-change.ts";
import { commitBudget } from "./commit.ts";
import { type ConfigNow, configNow } from "./config-at.ts";
import { checkConfig } from "./config-check.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import { repositoryLog } from "./repository-log.ts";

/** A check that takes longer is given up: a check that never answers blocks a merge. */
const MOST_MILLISECONDS = 5 * 60_000;

/**
 * Says on a commit of a pull request or a merge group which of the resources it touches have drifted, and does what
 * people ask for with the buttons of that. No cloud is read. The check run always ends: neutral, with the reason, where
 * it cannot be made.
 */
export function annotateJob(
  ports: JobPorts,
  budget: ByteBudget = commitBudget(),
): JobHandler<JobData["annotate"]> {
  return async (job) => {
    if (!(await isGranted(ports, job.data))) return;
    const { repository } = await openRepository(ports, job.data, TOKEN_PERMISSIONS.annotate);
    if (repository === null) return;
    try {
      await new Check(ports, budget, repository, job).run();
    } catch (reason) {
      const isNew = job.attempt < ATTEMPTS_TO_APPEAR && !job.isLastAttempt;
      if (!(reason instanceof NoSuchCommit) || isNew) throw reason;
      const log = repositoryLog(ports.log, repository.facts);
      log.info({ headSha: job.data.headSha, reason: reason.message }, "no check run");
    }
  };
}

/** A commit that was pushed just now may not be known everywhere at once; after some seconds it is none. */
const ATTEMPTS_TO_APPEAR = 3;

/** Without the permission to write check runs there is nothing to do, and scans go on all the same. */
async function isGranted({ database, log }: JobPorts, job: JobData["annotate"]): Promise<boolean> {
  const installation = await findInstallation(database.kysely, job.installationId);
  if (installation === null) return true;
  const { annotate, checks } = TOKEN_PERMISSIONS;
  const missing = missingPermissions(installation.permissions, { ...annotate, ...checks });
  if (missing.length > 0) log.info({ repository: job.repositoryId, missing }, "no check run");
  return missing.length === 0;
}

class Check {
  readonly #ports: JobPorts;
  readonly #budget: ByteBudget;
  readonly #repository: OpenRepository;
  readonly #job: Job<JobData["annotate"]>;
  readonly #writing: CheckWriting;

  constructor(
    ports: JobPorts,
    budget: ByteBudget,
    repository: OpenRepository,
    job: Job<JobData["annotate"]>,
  ) {
    this.#ports = ports;
    this.#budget = budget;
    this.#repository = repository;
    this.#job = job;
    this.#writing = new CheckWriting(ports, repository, job);
  }

  async run(): Promise<void> {
    const before = await targetOf(this.#ports, this.#repository, this.#job.data);
    const asked = await answerCheckActions(this.#ports, this.#budget, this.#repository, this.#job, before);
    // What was asked for may have moved the branch.
    const target = asked.moved ? null : before;
    if (target === null) return;
    const { bases, pullRequests } = target;
    const { headSha } = this.#job.data;
    const pullRequest = pullRequests?.[0]?.number ?? null;
    await checkConfig(this.#ports, this.#repository, { headSha, bases, pullRequest });
    const config = await this.#config();
    const known = await this.#writing.known();
    // Before somebody configures it, nothing is written into a repository but the proposal to do so; what began has to end.
    if (known === null && config?.configured === false) return;
    // What is finished is looked at first: where it says the same as before, nobody is to see it run again.
    const begun = known === null || known.conclusion === null ? await this.#writing.begin() : null;
    const voices = { asked: asked.lines, acknowledgements: await this.#acknowledgements(target) };
    const { report, asOf, told } = await this.#said(
      { target, config: config?.effective ?? null },
      voices,
      begun,
    );
    // Without the time: a check that says the same as before is not made again.
    const hash = hashOf(report);
    if (begun === null && known?.contentHash === hash) return;
    const about = { told, pullRequest, base: bases[0] ?? null };
    await this.#writing.finish(begun ?? (await this.#writing.begin()), dated(report, asOf), hash, about);
  }

  #acknowledgements({ pullRequests }: Target): Promise<Voices["acknowledgements"]> {
    const numbers = pullRequests?.map(({ number }) => number) ?? null;
    return acknowledgements(this.#ports.database.kysely, this.#repository.stored.id, numbers);
  }

  /** Null where it is not to be had, and nobody tries again: the check is finished all the same. */
  async #config(): Promise<ConfigNow | null> {
    try {
      return await configNow(this.#ports, this.#repository);
    } catch (reason) {
      if (reason instanceof RateLimited || !this.#job.isLastAttempt) throw reason;
      this.#ports.log.warn({ repository: this.#job.data.repositoryId, err: reason }, "no configuration");
      return null;
    }
  }

  /** @throws what may go well the next time, while there is a next time */
  async #said(
    { target, config }: { readonly target: Target; readonly config: RepositoryConfig | null },
    voices: Voices,
    begun: CheckRun | null,
  ): Promise<Said> {
    if (config === null) return { report: notChecked(null, voices), asOf: null, told: [] };
    const signal = AbortSignal.any([this.#job.signal, AbortSignal.timeout(MOST_MILLISECONDS)]);
    const { headSha, repositoryId } = this.#job.data;
    try {
      const evaluating = evaluateChange(this.#ports, this.#budget, this.#repository, {
        headSha,
        target,
        config,
        signal,
      });
      return saidOf(await withSignal(evaluating, signal), target, voices);
    } catch (reason) {
      const isStopping = this.#job.signal.aborted && !this.#job.isLastAttempt;
      if (reason instanceof RateLimited || isStopping) throw reason;
      const isLasting = isUnevaluable(reason) || signal.aborted;
      if (!isLasting && !this.#job.isLastAttempt) throw reason;
      const why = signal.aborted ? "it took longer than five minutes" : messageOf(reason);
      const about = { repository: repositoryId, headSha, reason: why, begun: begun !== null };
      this.#ports.log.warn(about, "not checked");
      const shown = isLasting ? why : "of an error inside Driftwright";
      const report = notChecked(this.#repository.facts.private ? shown : null, voices);
      return { report, asOf: null, told: [] };
    }
  }
}

/** Ends the wait when the signal says so, whatever still runs. */
function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
