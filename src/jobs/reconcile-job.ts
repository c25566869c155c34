import { CONFIG_PATH } from "../config/model.ts";
import { readFileAt } from "../github/contents.ts";
import { Forbidden, GitHubError, Gone, RateLimited, Unavailable } from "../github/errors.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { skipSentence } from "../github/repository-state.ts";
import { publicSummary } from "../reports/public-counts.ts";
import { Reports } from "../reports/reports.ts";
import {
  fingerprintOf,
  type KnownObject,
  planActions,
  type StackHead,
  type Standing,
  type Wish,
} from "../scan/actions.ts";
import { findingsBy, openFindings, type StoredFinding } from "../store/findings.ts";
import type { StoredObject } from "../store/objects.ts";
import { everyPage } from "../store/page.ts";
import { completeFirstScan, recordSkip } from "../store/repositories.ts";
import { latestScan } from "../store/scans.ts";
import type { Db } from "../store/tables.ts";
import { EditDoesNotFit } from "./edited-files.ts";
import { closedByOf, syncObjects, type Writing } from "./object-sync.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, RepositoryJob } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import { configOf } from "./repository-config.ts";
import { BaseMoved, writeAdoption } from "./write-adoption.ts";
import { forgetClosing, writeClosing } from "./write-closing.ts";
import { writeIssue } from "./write-issue.ts";

/**
 * Makes the issues and pull requests of a repository be as the last scan says. Finds what is there first, does what is
 * missing, and writes each step down; so it may be interrupted and begun again anywhere.
 */
export function reconcileJob(ports: JobPorts): JobHandler<JobData["reconcile"]> {
  return async (job) => {
    const { repository } = await openRepository(ports, job.data, TOKEN_PERMISSIONS.reconcile);
    if (repository !== null) await new Reconciliation(ports, repository, job).run();
  };
}

/** The last scan as far as the actions go. */
interface Seen {
  readonly stacks: readonly StackHead[];
  readonly commit: string;
}

class Reconciliation {
  readonly #ports: JobPorts;
  readonly #db: Db;
  readonly #repository: OpenRepository;
  readonly #job: Job<RepositoryJob>;
  readonly #reports = new Reports();

  constructor(ports: JobPorts, repository: OpenRepository, job: Job<RepositoryJob>) {
    this.#ports = ports;
    this.#db = ports.database.kysely;
    this.#repository = repository;
    this.#job = job;
  }

  async run(): Promise<void> {
    const seen = await this.#lastScan();
    if (seen === null) return;
    if (seen.commit !== this.#repository.head)
      return this.#scanAgain("the default branch moved since the scan");
    const { facts, github, stored, head } = this.#repository;
    const config = configOf(await readFileAt(github, facts, head, CONFIG_PATH), this.#ports.now());
    if (config.broken) return this.#skip(BROKEN_CONFIG);
    const writing = await this.#writing();
    const objects = await syncObjects(writing, !stored.firstScanDone);
    const wishes = planActions({
      stacks: seen.stacks,
      findings: await this.#standings(objects),
      objects: objects.map(knownOf),
      isFirst: !stored.firstScanDone,
      config: config.effective,
      isPublic: !facts.private,
    });
    if (!(await this.#fulfil(writing, wishes))) return;
    const isBelieved = seen.stacks.some(({ status }) => status === "complete" || status === "incomplete");
    if (!stored.firstScanDone && isBelieved) await completeFirstScan(this.#db, stored.id, this.#ports.now());
  }

  async #lastScan(): Promise<Seen | null> {
    const scan = await latestScan(this.#db, this.#repository.stored.id);
    if (scan === null || scan.commit === null || scan.stacks.length === 0) return null;
    return { stacks: scan.stacks, commit: scan.commit };
  }

  async #writing(): Promise<Writing> {
    const { facts, github, head } = this.#repository;
    const app = await this.#ports.github.identity();
    return { db: this.#db, github, app, repository: facts, base: head, now: this.#ports.now };
  }

  /** All that is open, and what the objects are about. */
  async #standings(objects: readonly StoredObject[]): Promise<Standing[]> {
    const { id } = this.#repository.stored;
    const found = new Map<string, StoredFinding>();
    const pages = everyPage<StoredFinding, string>(
      (page) => openFindings(this.#db, id, page),
      ({ finding }) => finding.fingerprint,
    );
    for await (const rows of pages) for (const row of rows) found.set(row.finding.fingerprint, row);
    const about = objects
      .filter((object) => object.state !== "closed" || closedByOf(object) === "person")
      .flatMap(({ key }) => fingerprintOf(key) ?? []);
    const unknown = about.filter((fingerprint) => !found.has(fingerprint));
    return [...found.values(), ...(await findingsBy(this.#db, id, unknown))];
  }

  /** False where the work has to begin anew. */
  async #fulfil(writing: Writing, wishes: readonly Wish[]): Promise<boolean> {
    const { log } = this.#ports;
    const repository = writing.repository.id;
    const failures: unknown[] = [];
    for (const wish of wishes) {
      this.#job.signal.throwIfAborted();
      try {
        await this.#grant(writing, wish);
      } catch (reason) {
        if (reason instanceof BaseMoved) {
          await this.#scanAgain(reason.message);
          return false;
        }
        // One that cannot be done must not keep the others from being done.
        if (!isOfOneWish(reason)) throw reason;
        log.warn({ repository, key: wish.key, reason: reason.message }, "could not be written");
        if (isOfRepository(reason)) await this.#skip(reason.message);
        else failures.push(reason);
      }
    }
    if (failures.length > 0) throw failures[0];
    return true;
  }

  async #grant(writing: Writing, wish: Wish): Promise<void> {
    switch (wish.kind) {
      case "open-adoption":
        return writeAdoption(writing, wish, this.#reports);
      case "open-issue":
        return this.#writeIssue(writing, wish.key, this.#reports.issue(wish.finding, wish.stack));
      case "summary":
        return this.#writeIssue(writing, wish.key, this.#summary(wish));
      case "close":
        return writeClosing(writing, wish.key, wish.because);
      case "forget":
        return forgetClosing(writing, wish.key);
    }
  }

  #summary({ stacks, countsOnly }: Extract<Wish, { kind: "summary" }>): { title: string; body: string } {
    return countsOnly
      ? { title: "Drift in this repository", body: publicSummary(stacks) }
      : { title: "Drift found by the first scan", body: this.#reports.summary(stacks).body };
  }

  async #writeIssue(writing: Writing, key: string, wanted: { title: string; body: string }): Promise<void> {
    if (!writing.repository.issues) return this.#skip(skipSentence("issues-disabled"));
    await writeIssue(writing, key, wanted);
  }

  async #skip(reason: string): Promise<void> {
    const { id } = this.#repository.stored;
    await recordSkip(this.#db, id, reason, this.#ports.now());
    this.#ports.log.info({ repository: id, reason }, "left out");
  }

  async #scanAgain(reason: string): Promise<void> {
    const { repositoryId, installationId } = this.#job.data;
    this.#ports.log.info({ repository: repositoryId, reason }, "scanning again");
    await this.#ports.queues.enqueue(this.#db, "scan", { repositoryId, installationId, trigger: "push" });
  }
}

const BROKEN_CONFIG = `${CONFIG_PATH} has errors, so nothing is written until it is repaired; \`driftwright scan\` shows them with their lines`;

function knownOf(object: StoredObject): KnownObject {
  return { key: object.key, state: object.state, closedBy: closedByOf(object) };
}

/** What stands against one wish, in place of all of them. */
function isOfOneWish(reason: unknown): reason is Error {
  if (reason instanceof EditDoesNotFit) return true;
  return reason instanceof GitHubError && !(reason instanceof RateLimited || reason instanceof Unavailable);
}

/** What trying again does not mend: it is said of the repository. */
function isOfRepository(reason: Error): boolean {
  return reason instanceof Forbidden || reason instanceof Gone || reason instanceof EditDoesNotFit;
}
