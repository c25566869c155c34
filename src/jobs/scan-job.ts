import { CONFIG_PATH } from "../config/model.ts";
import type { Diagnostic, StackResult } from "../drift/model.ts";
import { TooLarge } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { listOpenPullRequests, type PullRequest } from "../github/pull-requests.ts";
import { maskStacks } from "../reports/masked.ts";
import { Redaction } from "../reports/redaction.ts";
import { error, warning } from "../scan/results.ts";
import { type ScanResult, scan } from "../scan/scan.ts";
import type { Tarball } from "../sources/tarball.ts";
import { TarballError } from "../sources/tarball-error.ts";
import { type AppliedFindings, applyFindings } from "../store/findings.ts";
import { recordScanned, recordSkip } from "../store/repositories.ts";
import { finishScan, type ScanEnd, startScan } from "../store/scans.ts";
import type { Db } from "../store/tables.ts";
import { decodeText } from "../terraform/snapshot.ts";
import { openCommit } from "./commit.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, RepositoryJob } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import { configOf, type LoadedConfig, unreadableConfig } from "./repository-config.ts";
import { portsFor, wholeRepository } from "./scan-ports.ts";

/**
 * Scans a repository at the newest commit of its default branch, stores what was found and hands over to `reconcile`.
 * Nothing is written on GitHub, so it may be interrupted and begun again anywhere.
 */
export function scanJob(ports: JobPorts): JobHandler<JobData["scan"]> {
  return async (job) => {
    const { kysely: db } = ports.database;
    const opened = await openRepository(ports, job.data, TOKEN_PERMISSIONS.scan);
    if (opened.repository === null) {
      if (opened.skip !== null) await recordSkipped(ports, db, job.data, opened.skip);
      return;
    }
    const { repository } = opened;
    const id = await startScan(db, repository.stored.id, ports.now());
    try {
      await new RepositoryScan(ports, repository, job, id).run();
    } catch (reason) {
      const refusal = refusalOf(reason);
      if (refusal === null) throw reason;
      await finishScan(db, id, ended(ports, "failed", refusal, repository.head));
      await recordSkip(db, repository.stored.id, refusal, ports.now());
      ports.log.warn({ repository: repository.stored.id, reason: refusal }, "repository not scanned");
    }
  };
}

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
  readonly #repository: OpenRepository;
  readonly #job: Job<JobData["scan"]>;
  readonly #id: number;

  constructor(ports: JobPorts, repository: OpenRepository, job: Job<JobData["scan"]>, id: number) {
    this.#ports = ports;
    this.#repository = repository;
    this.#job = job;
    this.#id = id;
  }

  async run(): Promise<void> {
    const { facts, head, github } = this.#repository;
    const { signal } = this.#job;
    const tarball = await openCommit(github, facts, head, { ref: facts.defaultBranch, signal });
    const config = configIn(tarball, this.#ports.now());
    const result = await this.#scan(tarball, config);
    const stacks = this.#masked(result, tarball, config);
    if (stacks.length === 0) return this.#nothingThere(config);
    const open = await this.#openPullRequests();
    signal.throwIfAborted();
    await this.#store(stacks, result, open);
  }

  async #scan(tarball: Tarball, config: LoadedConfig): Promise<ScanResult> {
    const { clouds, key } = this.#ports;
    const { facts, head } = this.#repository;
    const inventories = await clouds.inventories();
    return scan(
      wholeRepository(facts.name),
      {
        repository: String(facts.id),
        ref: facts.defaultBranch,
        commit: head,
        config: config.effective,
        key,
      },
      portsFor(this.#ports, tarball, facts.id, inventories),
    );
  }

  /** What may be kept: no secret reaches the database. */
  #masked(result: ScanResult, tarball: Tarball, config: LoadedConfig): readonly StackResult[] {
    const shared = [...config.diagnostics, ...result.diagnostics, ...refusedIn(tarball)];
    const stacks = result.stacks.map((stack) =>
      withProblems(
        stack,
        shared.filter((problem) => concerns(problem, stack)),
      ),
    );
    return maskStacks(stacks, new Redaction(result.secrets));
  }

  /** No Terraform, or a configuration that hides all of it: said, and looked at again the next time. */
  async #nothingThere({ diagnostics }: LoadedConfig): Promise<void> {
    const { database, now } = this.#ports;
    const problem = diagnostics.find(({ severity }) => severity === "error")?.message;
    const why = problem ?? "there is no Terraform stack in the repository";
    await database.kysely.transaction().execute(async (db) => {
      await finishScan(db, this.#id, ended(this.#ports, "skipped", why, this.#repository.head));
      await recordSkip(db, this.#repository.stored.id, why, now());
    });
  }

  /** Their check runs tell of drift, so they are written anew when it changes. */
  async #openPullRequests(): Promise<readonly PullRequest[]> {
    const { stored, facts } = this.#repository;
    const github: GitHub = this.#ports.github.repository(
      stored.installationId,
      stored.id,
      TOKEN_PERMISSIONS.annotate,
    );
    return listOpenPullRequests(github, facts, await this.#ports.github.identity());
  }

  async #store(
    stacks: readonly StackResult[],
    { notScanned }: ScanResult,
    open: readonly PullRequest[],
  ): Promise<void> {
    const { database, queues, now, log } = this.#ports;
    const { stored, head } = this.#repository;
    const { repositoryId, installationId } = this.#job.data;
    const at = now();
    const changes = await database.kysely.transaction().execute(async (db) => {
      const applied = await applyFindings(db, {
        repositoryId,
        at,
        baseline: !stored.firstScanDone,
        results: stacks,
        stillThere: [],
      });
      const outcome = outcomeOf(stacks);
      await finishScan(db, this.#id, { at, outcome, reason: null, commit: head, stacks });
      await recordScanned(db, repositoryId, head, at);
      await queues.enqueue(db, "reconcile", { repositoryId, installationId });
      if (isNews(applied) || stored.lastScanAt === null) {
        for (const { number, headSha } of open) {
          await queues.enqueue(db, "annotate", {
            repositoryId,
            installationId,
            headSha,
            pullRequest: number,
          });
        }
      }
      return applied;
    });
    const { opened, changed, gone } = changes;
    const counts = { opened: opened.length, changed: changed.length, gone: gone.length };
    log.info(
      { repository: repositoryId, stacks: stacks.length, notScanned: notScanned.length, ...counts },
      "repository scanned",
    );
  }
}

function configIn(tarball: Tarball, now: Date): LoadedConfig {
  const bytes = tarball.read(CONFIG_PATH);
  if (bytes === undefined) return configOf(null, now);
  const text = decodeText(bytes);
  return text === null ? unreadableConfig() : configOf(text, now);
}

function refusedIn({ refused }: Tarball): Diagnostic[] {
  return refused.map(({ path, reason, passedOver }) => {
    const message = `${path}: ${reason}`;
    return { ...(passedOver ? warning(message) : error(message)), file: path };
  });
}

/** A stack with what else is known against it; it is not complete where that is an error. */
function withProblems(stack: StackResult, problems: readonly Diagnostic[]): StackResult {
  const isBroken = problems.some(({ severity }) => severity === "error");
  const status = isBroken && stack.status === "complete" ? "incomplete" : stack.status;
  return { ...stack, status, diagnostics: [...stack.diagnostics, ...problems] };
}

/** What was refused below a stack's folder is its own problem; what has no such place may be any stack's. */
function concerns({ file }: Diagnostic, { path }: StackResult): boolean {
  return file === null || file === CONFIG_PATH || path === "." || file.startsWith(`${path}/`);
}

function outcomeOf(stacks: readonly StackResult[]): ScanEnd["outcome"] {
  if (stacks.every(({ status }) => status === "failed")) return "failed";
  return stacks.every(({ status }) => status === "complete") ? "complete" : "incomplete";
}

function isNews({ opened, reopened, changed, gone }: AppliedFindings): boolean {
  return [opened, reopened, changed, gone].some((list) => list.length > 0);
}
