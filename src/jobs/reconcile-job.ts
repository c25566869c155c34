import type { RepositoryConfig } from "../config/model.ts";
import { dayOf } from "../config/rules.ts";
import { Forbidden, Gone, Occupied, TooLarge } from "../github/errors.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { skipSentence } from "../github/repository-state.ts";
import type { Wanted } from "../github/written.ts";
import { holds } from "../intent/decision.ts";
import { publicSummary } from "../reports/public-counts.ts";
import { Reports } from "../reports/reports.ts";
import { planActions } from "../scan/actions.ts";
import { admit } from "../scan/admission.ts";
import {
  type Again,
  CONFIG_KEY,
  fingerprintOf,
  type KnownObject,
  type Situation,
  type StackHead,
  type Standing,
  SUMMARY_KEY,
  type Wish,
} from "../scan/wishes.ts";
import { latestDecisions } from "../store/decisions.ts";
import { findingsBy, openFindings, type StoredFinding } from "../store/findings.ts";
import type { Log } from "../store/log.ts";
import { everyPage } from "../store/page.ts";
import { completeFirstScan, noteReconcileAt, recordSkip } from "../store/repositories.ts";
import { lastKnownScan } from "../store/scans.ts";
import type { Db } from "../store/tables.ts";
import { renewChecks } from "./checks-due.ts";
import { closedByOf } from "./closed-by.ts";
import { finishCommands, type Outcome } from "./command-results.ts";
import { configNow } from "./config-at.ts";
import { closeRepairedConfig, tellOfConfig } from "./config-issue.ts";
import { BaseMoved, EditDoesNotFit } from "./edited-files.ts";
import { Lineage } from "./lineage.ts";
import { allObjects, type SyncedObject, syncObjects } from "./object-sync.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, RepositoryJob } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import { readConfigAt } from "./repository-config.ts";
import { repositoryLog } from "./repository-log.ts";
import { writeAdoption } from "./write-adoption.ts";
import { forgetClosing, giveUp, writeClosing } from "./write-closing.ts";
import { writeIssue } from "./write-issue.ts";
import { isRefused, type Writing } from "./writing.ts";

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
  /** None where there is no Terraform in the repository. */
  readonly stacks: readonly StackHead[];
  readonly commit: string;
  /** When it began. */
  readonly at: Date;
}

/** What is to be decided again for each round of wishes. */
interface Given extends Omit<Situation, "unwritable"> {
  readonly config: RepositoryConfig;
  /** When each object was begun. */
  readonly begun: readonly Date[];
}

type Fulfilled = Pick<Outcome, "adoptions" | "waiting" | "unwritable">;

class Reconciliation {
  readonly #ports: JobPorts;
  readonly #db: Db;
  readonly #repository: OpenRepository;
  readonly #job: Job<RepositoryJob>;
  readonly #log: Log;
  readonly #reports = new Reports();
  /** Why the repository has to be scanned again; null where it need not. */
  #moved: string | null = null;

  constructor(ports: JobPorts, repository: OpenRepository, job: Job<RepositoryJob>) {
    this.#ports = ports;
    this.#db = ports.database.kysely;
    this.#repository = repository;
    this.#job = job;
    this.#log = repositoryLog(ports.log, repository.facts);
  }

  async run(): Promise<void> {
    await this.#reconcile(await this.#lastScan());
    if (this.#repository.stored.checksDue) await renewChecks(this.#ports, this.#repository);
  }

  /**
   * Issues and closings follow from what the scan saw, wherever the default branch is by now. A pull request is another
   * matter: what it edits, and the rules that allow it, must be as they were.
   */
  async #reconcile(seen: Seen | null): Promise<void> {
    const { facts, github, stored, head } = this.#repository;
    const config = await configNow(this.#ports, this.#repository);
    const { written, unknown } = config;
    const app = await this.#ports.github.identity();
    const { now } = this.#ports;
    await tellOfConfig({ db: this.#db, github, app, repository: facts, log: this.#log, now }, config);
    if (config.broken) return this.#skip(brokenConfig(written.path));
    if (seen === null) return;
    if (unknown !== null) return this.#skipForNow(unknown);
    const { stacks, commit, at } = seen;
    if (commit !== head && written.text !== (await readConfigAt(github, facts, commit)).text)
      this.#moved = `${written.path} changed since the scan`;
    const writing: Writing = {
      db: this.#db,
      github,
      app,
      repository: facts,
      config: config.effective,
      asTeamMember: () =>
        this.#ports.github.repository(stored.installationId, stored.id, TOKEN_PERMISSIONS.teams),
      lineage: new Lineage(github, facts, head),
      scanned: commit,
      base: head,
      log: this.#log,
      now,
    };
    const { dryRun } = config.effective;
    const objects = dryRun ? await asStored(writing) : await syncObjects(writing, !stored.firstScanDone);
    // Found just now: the database had lost it.
    if (objects.some(({ key, state }) => key === CONFIG_KEY && state === "open"))
      await closeRepairedConfig(writing);
    const given = {
      stacks,
      scannedAt: at,
      findings: await this.#standings(objects),
      objects: objects.map(knownOf),
      begun: objects.flatMap(({ number, claimedAt }) => (number === null ? [] : [claimedAt])),
      isFirst: !stored.firstScanDone,
      config: config.effective,
      isPublic: !facts.private,
    };
    if (dryRun) return this.#sayOnly(given);
    const fulfilled = await this.#fulfil(writing, given);
    await finishCommands(writing, { scannedAt: at, stacks, standings: given.findings, ...fulfilled });
    if (this.#moved !== null) await this.#scanAgain(this.#moved);
  }

  /** Of a dry run: what would be done is said in the log. */
  #sayOnly(given: Given): void {
    const wishes = planActions({ ...given, unwritable: new Map() });
    const wanted = wishes.slice(0, MOST_SAID).map(({ kind, key }) => ({ kind, key }));
    this.#log.info({ wishes: wishes.length, wanted }, "dry run, so nothing is written");
  }

  async #lastScan(): Promise<Seen | null> {
    const scan = await lastKnownScan(this.#db, this.#repository.stored.id);
    return scan === null || scan.commit === null
      ? null
      : { stacks: scan.stacks, commit: scan.commit, at: scan.startedAt };
  }

  /** All that is open, and what the objects are about. */
  async #standings(objects: readonly SyncedObject[]): Promise<Standing[]> {
    const { id } = this.#repository.stored;
    const found = new Map<string, StoredFinding>();
    const pages = everyPage<StoredFinding, string>(
      (page) => openFindings(this.#db, id, page),
      ({ finding }) => finding.fingerprint,
    );
    for await (const rows of pages) for (const row of rows) found.set(row.finding.fingerprint, row);
    const about = objects
      .filter((object) => object.state !== "closed" || closedByOf(object) !== "app")
      .flatMap(({ key }) => fingerprintOf(key) ?? []);
    const unknown = about.filter((fingerprint) => !found.has(fingerprint));
    const all = [...found.values(), ...(await findingsBy(this.#db, id, unknown))];
    const decisions = await latestDecisions(this.#db, id);
    const today = dayOf(this.#ports.now());
    return all.map((row): Standing => {
      const last = decisions.get(row.finding.fingerprint) ?? null;
      const isInForce = last !== null && holds(last, row.finding, today);
      const expired = last?.until !== null && last?.until !== undefined && last.until < today;
      return { ...row, decision: isInForce ? last : null, expired };
    });
  }

  /**
   * Does what is to be done. What cannot be adopted after all is planned again without a pull request, before anything
   * that follows from it is opened or closed; doing the others a second time changes nothing.
   */
  async #fulfil(writing: Writing, given: Given): Promise<Fulfilled> {
    const failures: Error[] = [];
    const unwritable = new Map<string, string>();
    const adoptions = new Map<string, string>();
    const postponed = new Set<string>();
    for (let isSettled = false; !isSettled; ) {
      const planned = split(planActions({ ...given, unwritable: new Map(unwritable) }));
      const { summary } = planned;
      const { wishes: others, waiting, again } = this.#admitted(planned.others, given);
      await noteReconcileAt(this.#db, this.#repository.stored.id, again);
      if (summary !== null) {
        const failure = await this.#attempt(writing, summary);
        if (failure !== null && !isOfRepository(failure)) failures.push(failure);
      }
      await this.#endFirstScan(given);
      const refused = unwritable.size;
      /** What could not be opened takes the place of nothing. */
      const missing = new Set(waiting.flatMap(aboutOf));
      for (const fingerprint of missing) postponed.add(fingerprint);
      for (const wish of others) {
        if (wish.kind !== "open-adoption" && unwritable.size > refused) break;
        if (wish.kind === "close" && missing.has(fingerprintOf(wish.key) ?? "") && isReplacement(wish))
          continue;
        const failure = await this.#attempt(writing, wish);
        if (failure === null) {
          if (wish.kind === "open-adoption")
            for (const fingerprint of aboutOf(wish)) adoptions.set(fingerprint, wish.key);
          continue;
        }
        for (const fingerprint of aboutOf(wish)) missing.add(fingerprint);
        if (wish.kind === "open-adoption" && this.#isRefusal(failure)) {
          await giveUp(writing, wish.key);
          for (const { finding } of wish.findings) unwritable.set(finding.fingerprint, failure.message);
        } else if (failure instanceof BaseMoved) {
          this.#moved ??= failure.message;
          for (const fingerprint of aboutOf(wish)) postponed.add(fingerprint);
        } else if (!isOfRepository(failure)) failures.push(failure);
      }
      isSettled = unwritable.size === refused;
    }
    if (failures[0] !== undefined) throw failures[0];
    return { adoptions, waiting: postponed, unwritable };
  }

  #admitted(wishes: readonly Wish[], { config, objects, begun }: Given) {
    const admission = admit(wishes, config, { now: this.#ports.now(), objects, begun });
    const { waiting, again } = admission;
    if (waiting.length > 0)
      this.#log.info({ waiting: waiting.length, again }, "limits or a freeze: some wait");
    return admission;
  }

  /**
   * The summary is there, or was refused; then it is owed, and written as soon as it can be. Whatever becomes of the
   * others: what is found from here on is new.
   */
  async #endFirstScan({ isFirst, stacks }: Given): Promise<void> {
    const isBelieved = stacks.some(({ status }) => status === "complete" || status === "incomplete");
    if (isFirst && isBelieved)
      await completeFirstScan(this.#db, this.#repository.stored.id, this.#ports.now());
  }

  /**
   * One that cannot be done must not keep the others from being done.
   * @returns what stands against this one alone
   */
  async #attempt(writing: Writing, wish: Wish): Promise<Error | null> {
    this.#job.signal.throwIfAborted();
    try {
      await this.#grant(writing, wish);
      return null;
    } catch (reason) {
      if (!isOfOneWish(reason)) throw reason;
      const { message } = reason;
      this.#log.warn({ key: wish.key, reason: message }, "could not be written");
      if (isOfRepository(reason)) await this.#skip(message);
      return reason;
    }
  }

  /** An edit that cannot be written as the repository is now, as far as anybody can tell who does not try for ever. */
  #isRefusal(reason: Error): boolean {
    if ([EditDoesNotFit, Forbidden, Occupied, TooLarge].some((kind) => reason instanceof kind)) return true;
    return this.#job.isLastAttempt && isRefused(reason);
  }

  async #grant(writing: Writing, wish: Wish): Promise<void> {
    switch (wish.kind) {
      case "open-adoption":
        if (this.#moved !== null) throw new BaseMoved(this.#moved);
        return writeAdoption(writing, wish, this.#reports);
      case "open-issue":
        return this.#writeIssue(writing, wish.key, this.#reports.issue(wish.finding, wish.stack), wish.again);
      case "summary":
        return this.#writeIssue(writing, wish.key, this.#summary(wish));
      case "close":
        return writeClosing(writing, wish.key, wish.because);
      case "forget":
        return forgetClosing(writing, wish.key, wish.verified);
    }
  }

  #summary({ stacks, countsOnly }: Extract<Wish, { kind: "summary" }>): Wanted {
    return countsOnly ? publicSummary(stacks) : this.#reports.summary(stacks);
  }

  async #writeIssue(writing: Writing, key: string, wanted: Wanted, again?: Again): Promise<void> {
    if (!writing.repository.issues) {
      throw new Gone(skipSentence("issues-disabled"), "POST /repos/{owner}/{repo}/issues", null);
    }
    await writeIssue(writing, key, wanted, again);
  }

  async #skipForNow(reason: string): Promise<void> {
    await this.#skip(reason);
    const again = new Date(this.#ports.now().getTime() + SHORTLY);
    await noteReconcileAt(this.#db, this.#repository.stored.id, again);
  }

  async #skip(reason: string): Promise<void> {
    const { id } = this.#repository.stored;
    await recordSkip(this.#db, id, reason, this.#ports.now());
    this.#log.warn({ reason }, "left out");
  }

  async #scanAgain(reason: string): Promise<void> {
    const { repositoryId, installationId } = this.#job.data;
    this.#log.info({ reason }, "scanning again");
    await this.#ports.queues.enqueue(this.#db, "scan", { repositoryId, installationId, trigger: "push" });
  }
}

function brokenConfig(path: string): string {
  return `${path} has errors, so nothing is written until it is repaired; \`driftwright scan\` shows them with their lines`;
}

const MOST_SAID = 50;
/** Milliseconds. */
const SHORTLY = 10 * 60_000;

async function asStored(writing: Writing): Promise<SyncedObject[]> {
  return (await allObjects(writing)).map((object) => ({ ...object, marker: null }));
}

function knownOf(object: SyncedObject): KnownObject {
  const { key, state, updatedAt, marker: about } = object;
  return { key, state, closedBy: closedByOf(object), closedAt: state === "closed" ? updatedAt : null, about };
}

/** The summary comes first: whatever happens to the others. */
function split(wishes: readonly Wish[]): { readonly summary: Wish | null; readonly others: readonly Wish[] } {
  const summary = wishes.find(({ key }) => key === SUMMARY_KEY) ?? null;
  return { summary, others: wishes.filter((wish) => wish !== summary) };
}

/** Fingerprints of what a wish is about. */
function aboutOf(wish: Wish): readonly string[] {
  if (wish.kind === "open-adoption") return wish.findings.map(({ finding }) => finding.fingerprint);
  return wish.kind === "open-issue" ? [wish.finding.fingerprint] : [];
}

function isReplacement({ because: { reason } }: Extract<Wish, { kind: "close" }>): boolean {
  return reason === "replaced" || reason === "joined";
}

/** What stands against one wish, in place of all of them. */
function isOfOneWish(reason: unknown): reason is Error {
  return reason instanceof EditDoesNotFit || reason instanceof BaseMoved || isRefused(reason);
}

/** What trying again does not mend, whatever it was about: it is said of the repository. */
function isOfRepository(reason: Error): boolean {
  return reason instanceof Forbidden || reason instanceof Gone;
}
