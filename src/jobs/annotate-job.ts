import { createHash } from "node:crypto";
import { DRIFT_KINDS } from "../drift/model.ts";
import {
  abandonCheckRun,
  beginCheckRun,
  type CheckReport,
  type CheckRun,
  finishCheckRun,
} from "../github/check-runs.ts";
import { Invalid, NotFound, RateLimited } from "../github/errors.ts";
import type { AppIdentity, GitHub } from "../github/github.ts";
import { mergeBase } from "../github/merge-base.ts";
import { missingPermissions, TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { listOpenPullRequests } from "../github/pull-requests.ts";
import { text } from "../reports/markdown.ts";
import { isWithheld } from "../scan/actions.ts";
import { findCheckRun, saveCheckRun } from "../store/check-runs.ts";
import { openFindings, type StoredFinding } from "../store/findings.ts";
import { findInstallation } from "../store/installations.ts";
import { everyPage } from "../store/page.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { CHECK_NAME, checkReport, dated, plainReport } from "./check-report.ts";
import { type ChangeEffects, effectsOf, isUnevaluable, type Side, together } from "./code-change.ts";
import { commitBudget, OpenCommits } from "./commit.ts";
import { configNow } from "./config-at.ts";
import { checkConfig } from "./config-check.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import { repositoryLog } from "./repository-log.ts";
import { type FetchedModules, portsFor } from "./scan-ports.ts";

/** A check that takes longer is given up: a check that never answers blocks a merge. */
const MOST_MILLISECONDS = 5 * 60_000;

/**
 * Says on a commit of a pull request or a merge group which of the resources it touches have drifted. No cloud is read.
 * The check run always ends: neutral, with the reason, where it cannot be made.
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

/** GitHub has no such commit: nobody waits for a check of it. */
class NoSuchCommit extends Error {
  override readonly name = "NoSuchCommit";
}

/** Without the permission to write check runs there is nothing to do, and scans go on all the same. */
async function isGranted({ database, log }: JobPorts, job: JobData["annotate"]): Promise<boolean> {
  const installation = await findInstallation(database.kysely, job.installationId);
  if (installation === null) return true;
  const { annotate, checks } = TOKEN_PERMISSIONS;
  const missing = missingPermissions(installation.permissions, { ...annotate, ...checks });
  if (missing.length > 0) log.info({ repository: job.repositoryId, missing }, "no check run");
  return missing.length === 0;
}

/** What a commit is compared with. */
interface Target {
  /** The branches that it may be merged into. */
  readonly bases: readonly string[];
  /** Nobody who may push to the repository is known to have pushed it there. */
  readonly foreign: boolean;
  /** Fingerprints of what it adopts, where it is one of our own pull requests. */
  readonly adopts: readonly string[];
}

/** What a check says, and how old the drift is that it tells of; null where it tells of none. */
interface Said {
  readonly report: CheckReport;
  readonly asOf: Date | null;
}

class Check {
  readonly #ports: JobPorts;
  readonly #budget: ByteBudget;
  readonly #repository: OpenRepository;
  readonly #job: Job<JobData["annotate"]>;
  /** Writes check runs and reads nothing else; what evaluates the commit has another token. */
  readonly #checks: GitHub;

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
    const { installationId, id } = repository.stored;
    this.#checks = ports.github.repository(installationId, id, TOKEN_PERMISSIONS.checks);
  }

  async run(): Promise<void> {
    const { database } = this.#ports;
    const target = await this.#target();
    if (target === null) return;
    const { bases } = target;
    await checkConfig(this.#ports, this.#repository, { headSha: this.#job.data.headSha, bases });
    const known = await findCheckRun(database.kysely, this.#key());
    const app = await this.#ports.github.identity();
    // What is finished is looked at first: where it says the same as before, nobody is to see it run again.
    const begun = known === null || known.conclusion === null ? await this.#begin(app) : null;
    const { report, asOf } = await this.#report(target, begun);
    // Without the time: a check that says the same as before is not made again.
    const hash = hashOf(report);
    if (begun === null && known?.contentHash === hash) return;
    await this.#finish(begun ?? (await this.#begin(app)), dated(report, asOf), hash);
  }

  /**
   * What the commit is to be merged into; null where nobody waits for its check any more. Pull requests that have one
   * commit have one check run.
   */
  async #target(): Promise<Target | null> {
    const { facts, github } = this.#repository;
    const { pullRequest, headSha, base } = this.#job.data;
    // GitHub makes the commits of a merge queue itself, for those who may push.
    if (base !== undefined) return { bases: [base], foreign: false, adopts: [] };
    const app = await this.#ports.github.identity();
    const open = await listOpenPullRequests(github, facts, app);
    const waiting = open.filter((one) => one.headSha === headSha);
    if (waiting.length > 0) {
      const bases = [...new Set(waiting.map((one) => one.base))];
      const adopts = waiting.flatMap(({ marker }) =>
        marker?.kind === "pull-request" ? marker.fingerprints : [],
      );
      return { bases, foreign: waiting.every(({ fromFork }) => fromFork), adopts };
    }
    return pullRequest === null ? { bases: [facts.defaultBranch], foreign: true, adopts: [] } : null;
  }

  #key() {
    const { repositoryId, headSha } = this.#job.data;
    return { repositoryId, headSha, name: CHECK_NAME };
  }

  async #begin(app: AppIdentity): Promise<CheckRun> {
    const { facts } = this.#repository;
    const now = this.#ports.now();
    const run = await beginCheckRun(this.#checks, facts, app, this.#key(), now).catch((reason: unknown) => {
      throw reason instanceof Invalid || reason instanceof NotFound
        ? new NoSuchCommit(reason.message)
        : reason;
    });
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
  async #report(target: Target, begun: CheckRun | null): Promise<Said> {
    const signal = AbortSignal.any([this.#job.signal, AbortSignal.timeout(MOST_MILLISECONDS)]);
    try {
      return await withSignal(this.#evaluate(target, signal), signal);
    } catch (reason) {
      const isStopping = this.#job.signal.aborted && !this.#job.isLastAttempt;
      if (reason instanceof RateLimited || isStopping) throw reason;
      const isLasting = isUnevaluable(reason) || signal.aborted;
      if (!isLasting && !this.#job.isLastAttempt) throw reason;
      const why = signal.aborted ? "it took longer than five minutes" : messageOf(reason);
      const { repositoryId, headSha } = this.#job.data;
      this.#ports.log.warn(
        { repository: repositoryId, headSha, reason: why, begun: begun !== null },
        "not checked",
      );
      const report = this.#notChecked(isLasting ? why : "of an error inside Driftwright");
      return { report, asOf: null };
    }
  }

  #notChecked(why: string): CheckReport {
    const where = this.#repository.facts.private ? `: ${text(why)}` : "";
    return plainReport(
      "Not checked",
      `Driftwright could not compare this change with the drift that it knows of${where}. Nothing is wrong with the change because of that; run the check again with "Re-run".`,
    );
  }

  async #evaluate({ bases, foreign, adopts }: Target, signal: AbortSignal): Promise<Said> {
    const { facts, github, stored, head: defaultHead } = this.#repository;
    const { headSha } = this.#job.data;
    const isPublic = !facts.private;
    if (stored.lastScanAt === null) {
      return { report: notScanned(isPublic ? null : stored.skipReason), asOf: null };
    }
    const config = await configNow(this.#ports, this.#repository);
    const countsOnly = isWithheld({ isPublic, config: config.effective });
    if (countsOnly && foreign) return { report: plainReport("Not compared", FROM_A_FORK), asOf: null };
    const drift = await this.#drift();
    const asOf = new Date(Math.min(...drift.map(({ lastSeenAt }) => +lastSeenAt), +stored.lastScanAt));
    if (drift.length === 0) return { report: checkReport(NO_EFFECTS, countsOnly, adopts), asOf };
    const starts = new Set<string>();
    for (const base of bases) starts.add(await mergeBase(github, facts, base, headSha));
    // Everyone can propose code to a public repository and read what comes of it.
    const trunk = isPublic && foreign ? null : defaultHead;
    const count = new Set([...starts, headSha, ...(trunk === null ? [] : [trunk])]).size;
    const modules = this.#ports.modules?.session(stored, signal) ?? null;
    const effects = await OpenCommits.within(
      this.#budget,
      this.#repository,
      { count, signal },
      async (commits) => {
        const sides = new Map<string, Side>();
        const sideOf = async (commit: string): Promise<Side> => {
          // What starts the change is on a branch of the repository; who wrote the change is another matter.
          const isTrusted = commit !== headSha || !foreign;
          const side =
            sides.get(commit) ??
            (await this.#side(commits, commit, { signal, modules: { session: modules, isTrusted } }));
          sides.set(commit, side);
          return side;
        };
        const agreed = trunk === null ? null : await sideOf(trunk);
        const head = await sideOf(headSha);
        const all: ChangeEffects[] = [];
        for (const start of starts) {
          const change = { trunk: agreed, base: await sideOf(start), head };
          all.push(await effectsOf(change, config.effective, facts.name, drift));
        }
        modules?.assertSound();
        return together(all);
      },
    );
    return { report: checkReport(effects, countsOnly, adopts), asOf };
  }

  async #side(
    commits: OpenCommits,
    commit: string,
    { signal, modules }: { readonly signal: AbortSignal; readonly modules: FetchedModules },
  ): Promise<Side> {
    const tarball = await commits.open(commit, { ref: null, signal });
    return { tarball, ports: portsFor(this.#ports, tarball, this.#repository.facts, [], modules) };
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
    const { facts } = this.#repository;
    const now = this.#ports.now();
    try {
      const done = await finishCheckRun(this.#checks, facts, run, report, { hash, now });
      await this.#save(done.id, done.conclusion ?? report.conclusion, hash);
    } catch (reason) {
      if (reason instanceof RateLimited || !this.#job.isLastAttempt) throw reason;
      await abandonCheckRun(this.#checks, facts, run.id, { why: ENDED, now });
      await this.#save(run.id, "neutral", null);
    }
  }
}

const NO_EFFECTS: ChangeEffects = { affected: [], notEvaluated: [] };

const FROM_A_FORK =
  "This repository is public, so only numbers are shown here, and the change comes from a fork: whoever proposes many small changes could find out with them what has drifted. It is not compared with the drift for that reason. Nothing is wrong with the change.";

/** @param reason why it was not; null where that is not told */
function notScanned(reason: string | null): CheckReport {
  if (reason === null) return plainReport("Not scanned yet", NOT_SCANNED);
  return plainReport(
    "Not scanned",
    `Driftwright has not scanned this repository: ${text(reason)}. So it knows of no drift.`,
  );
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
