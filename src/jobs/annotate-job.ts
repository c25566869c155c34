import { createHash } from "node:crypto";
import { CONFIG_PATH } from "../config/model.ts";
import { DRIFT_KINDS } from "../drift/model.ts";
import {
  abandonCheckRun,
  beginCheckRun,
  type CheckReport,
  type CheckRun,
  finishCheckRun,
} from "../github/check-runs.ts";
import { readFileAt } from "../github/contents.ts";
import { NotFound, RateLimited, TooLarge } from "../github/errors.ts";
import type { AppIdentity } from "../github/github.ts";
import { mergeBase } from "../github/merge-base.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { findPullRequest } from "../github/pull-requests.ts";
import { text } from "../reports/markdown.ts";
import { isWithheld } from "../scan/actions.ts";
import { TarballError } from "../sources/tarball-error.ts";
import { findCheckRun, saveCheckRun } from "../store/check-runs.ts";
import { openFindings, type StoredFinding } from "../store/findings.ts";
import { everyPage } from "../store/page.ts";
import { CHECK_NAME, checkReport, plainReport } from "./check-report.ts";
import { effectsOf, isUnevaluable } from "./code-change.ts";
import { openCommit } from "./commit.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import { configOf } from "./repository-config.ts";
import { portsFor } from "./scan-ports.ts";

/** A check that takes longer is given up: a check that never answers blocks a merge. */
const MOST_MILLISECONDS = 5 * 60_000;

/**
 * Says on a commit of a pull request or a merge group which of the resources it touches have drifted. No cloud is read.
 * The check run always ends: neutral, with the reason, where it cannot be made.
 */
export function annotateJob(ports: JobPorts): JobHandler<JobData["annotate"]> {
  return async (job) => {
    const { repository } = await openRepository(ports, job.data, TOKEN_PERMISSIONS.annotate);
    if (repository !== null) await new Check(ports, repository, job).run();
  };
}

class Check {
  readonly #ports: JobPorts;
  readonly #repository: OpenRepository;
  readonly #job: Job<JobData["annotate"]>;

  constructor(ports: JobPorts, repository: OpenRepository, job: Job<JobData["annotate"]>) {
    this.#ports = ports;
    this.#repository = repository;
    this.#job = job;
  }

  async run(): Promise<void> {
    const { database } = this.#ports;
    const base = await this.#base();
    if (base === null) return;
    const known = await findCheckRun(database.kysely, this.#key());
    const app = await this.#ports.github.identity();
    // What is finished is looked at first: where it says the same as before, nobody is to see it run again.
    const begun = known === null || known.conclusion === null ? await this.#begin(app) : null;
    const report = await this.#report(base, begun);
    const hash = hashOf(report);
    if (begun === null && known?.contentHash === hash) return;
    await this.#finish(begun ?? (await this.#begin(app)), report, hash);
  }

  /** What the commit is to be merged into; null where nobody waits for its check any more. */
  async #base(): Promise<string | null> {
    const { facts, github } = this.#repository;
    const { pullRequest: number, headSha } = this.#job.data;
    if (number === null) return facts.defaultBranch;
    const app = await this.#ports.github.identity();
    const pullRequest = await findPullRequest(github, facts, app, number);
    return pullRequest?.state === "open" && pullRequest.headSha === headSha ? pullRequest.base : null;
  }

  #key() {
    const { repositoryId, headSha } = this.#job.data;
    return { repositoryId, headSha, name: CHECK_NAME };
  }

  async #begin(app: AppIdentity): Promise<CheckRun> {
    const { facts, github } = this.#repository;
    const run = await beginCheckRun(github, facts, app, this.#key(), this.#ports.now());
    await this.#save(run.id, null, null);
    return run;
  }

  async #save(checkRunId: number, conclusion: string | null, contentHash: string | null): Promise<void> {
    const { database, now } = this.#ports;
    await saveCheckRun(database.kysely, {
      ...this.#key(),
      checkRunId,
      conclusion,
      contentHash,
      updatedAt: now(),
    });
  }

  /** @throws what may go well the next time, while there is a next time */
  async #report(base: string, begun: CheckRun | null): Promise<CheckReport> {
    const signal = AbortSignal.any([this.#job.signal, AbortSignal.timeout(MOST_MILLISECONDS)]);
    try {
      return await withSignal(this.#evaluate(base, signal), signal);
    } catch (reason) {
      const isStopping = this.#job.signal.aborted && !this.#job.isLastAttempt;
      if (reason instanceof RateLimited || isStopping) throw reason;
      const isLasting =
        isUnevaluable(reason) ||
        reason instanceof TooLarge ||
        reason instanceof NotFound ||
        reason instanceof TarballError ||
        signal.aborted;
      if (!isLasting && !this.#job.isLastAttempt) throw reason;
      const why = signal.aborted ? "it took longer than five minutes" : messageOf(reason);
      const { repositoryId, headSha } = this.#job.data;
      this.#ports.log.warn(
        { repository: repositoryId, headSha, reason: why, begun: begun !== null },
        "not checked",
      );
      return this.#notChecked(isLasting ? why : "of an error inside Driftwright");
    }
  }

  #notChecked(why: string): CheckReport {
    const where = this.#repository.facts.private ? `: ${text(why)}` : "";
    return plainReport(
      "Not checked",
      `Driftwright could not compare this change with the drift that it knows of${where}. Nothing is wrong with the change because of that; run the check again with "Re-run".`,
    );
  }

  async #evaluate(base: string, signal: AbortSignal): Promise<CheckReport> {
    const { facts, github, stored, head: defaultHead } = this.#repository;
    const { headSha } = this.#job.data;
    if (stored.lastScanAt === null) return plainReport("Not scanned yet", NOT_SCANNED);
    const config = configOf(await readFileAt(github, facts, defaultHead, CONFIG_PATH), this.#ports.now());
    const countsOnly = isWithheld({ isPublic: !facts.private, config: config.effective });
    const drift = await this.#drift();
    if (drift.length === 0) return checkReport({ affected: [], notEvaluated: [] }, countsOnly);
    const start = await mergeBase(github, facts, base, headSha);
    const [was, is] = [
      await openCommit(github, facts, start, { ref: null, signal }),
      await openCommit(github, facts, headSha, { ref: null, signal }),
    ];
    const side = (tarball: typeof was) => ({ tarball, ports: portsFor(this.#ports, tarball, facts.id, []) });
    const effects = await effectsOf(side(was), side(is), config.effective, facts.name, drift);
    return checkReport(effects, countsOnly);
  }

  async #drift(): Promise<StoredFinding[]> {
    const all: StoredFinding[] = [];
    const pages = everyPage<StoredFinding, string>(
      (page) => openFindings(this.#ports.database.kysely, this.#job.data.repositoryId, page),
      ({ finding }) => finding.fingerprint,
    );
    for await (const rows of pages) {
      all.push(
        ...rows.filter(({ finding }) => DRIFT_KINDS.has(finding.kind) && finding.intent.verdict !== "ignore"),
      );
    }
    return all;
  }

  async #finish(run: CheckRun, report: CheckReport, hash: string): Promise<void> {
    const { facts, github } = this.#repository;
    const now = this.#ports.now();
    try {
      const done = await finishCheckRun(github, facts, run, report, { hash, now });
      await this.#save(done.id, done.conclusion ?? report.conclusion, hash);
    } catch (reason) {
      if (reason instanceof RateLimited || !this.#job.isLastAttempt) throw reason;
      await abandonCheckRun(github, facts, run.id, { why: ENDED, now });
      await this.#save(run.id, "neutral", null);
    }
  }
}

const NOT_SCANNED =
  "Driftwright has not scanned this repository yet, so it knows of no drift. This check is made again after the first scan.";
const ENDED = 'Driftwright could not write the result of this check. Run it again with "Re-run".';

function hashOf(report: CheckReport): string {
  return createHash("sha256").update(JSON.stringify(report)).digest("hex").slice(0, 32);
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
