import { createHash } from "node:crypto";
import {
  abandonCheckRun,
  beginCheckRun,
  type CheckReport,
  type CheckRun,
  finishCheckRun,
} from "../github/check-runs.ts";
import { Invalid, NotFound, RateLimited } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { findCheckRun, type StoredCheckRun, saveCheckRun } from "../store/check-runs.ts";
import { CHECK_NAME } from "./check-report.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { Job } from "./queues.ts";
import type { OpenRepository } from "./repository-access.ts";

/** GitHub has no such commit: nobody waits for a check of it. */
export class NoSuchCommit extends Error {
  override readonly name = "NoSuchCommit";
}

/** What is written down with a check run, so that its buttons and later webhooks mean something. */
export type CheckAbout = Pick<StoredCheckRun, "told" | "pullRequest" | "base">;

/** The check run of one commit: begun, and in any case finished. */
export class CheckWriting {
  readonly #ports: JobPorts;
  readonly #repository: OpenRepository;
  readonly #job: Job<JobData["annotate"]>;
  /** Writes check runs and reads nothing else; what evaluates the commit has another token. */
  readonly #checks: GitHub;

  constructor(ports: JobPorts, repository: OpenRepository, job: Job<JobData["annotate"]>) {
    this.#ports = ports;
    this.#repository = repository;
    this.#job = job;
    const { installationId, id } = repository.stored;
    this.#checks = ports.github.repository(installationId, id, TOKEN_PERMISSIONS.checks);
  }

  get #key() {
    const { repositoryId, headSha } = this.#job.data;
    return { repositoryId, headSha, name: CHECK_NAME };
  }

  /** As it was written down last. */
  known(): Promise<StoredCheckRun | null> {
    return findCheckRun(this.#ports.database.kysely, this.#key);
  }

  /** @throws NoSuchCommit */
  async begin(): Promise<CheckRun> {
    const { facts } = this.#repository;
    const app = await this.#ports.github.identity();
    const now = this.#ports.now();
    const run = await beginCheckRun(this.#checks, facts, app, this.#key, now).catch((reason: unknown) => {
      throw reason instanceof Invalid || reason instanceof NotFound
        ? new NoSuchCommit(reason.message)
        : reason;
    });
    await this.#save(run.id, null, null, UNKNOWN);
    return run;
  }

  /** @param hash names the report: with `hashOf` */
  async finish(run: CheckRun, report: CheckReport, hash: string, about: CheckAbout): Promise<void> {
    const { facts } = this.#repository;
    const now = this.#ports.now();
    try {
      const done = await finishCheckRun(this.#checks, facts, run, report, { hash, now });
      await this.#save(done.id, done.conclusion ?? report.conclusion, hash, about);
    } catch (reason) {
      if (reason instanceof RateLimited || !this.#job.isLastAttempt) throw reason;
      await abandonCheckRun(this.#checks, facts, run.id, { why: ENDED, now });
      await this.#save(run.id, "neutral", null, UNKNOWN);
    }
  }

  async #save(
    checkRunId: number,
    conclusion: string | null,
    contentHash: string | null,
    about: CheckAbout,
  ): Promise<void> {
    const { database, now } = this.#ports;
    const run = { ...this.#key, checkRunId, conclusion, contentHash, updatedAt: now(), ...about };
    await saveCheckRun(database.kysely, run);
  }
}

const UNKNOWN: CheckAbout = { told: [], pullRequest: null, base: null };

const ENDED = 'Driftwright could not write the result of this check. Run it again with "Re-run".';

/** Names what a check says. */
export function hashOf(report: CheckReport): string {
  return createHash("sha256").update(JSON.stringify(report)).digest("hex").slice(0, 32);
}
