import type { RepositoryConfig } from "../config/model.ts";
import { isOwnerRepository } from "../config/owner-config.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { Reports } from "../reports/reports.ts";
import { isWithheld, planActions } from "../scan/actions.ts";
import { CONFIG_KEY, DASHBOARD_KEY, ONBOARDING_KEY } from "../scan/wishes.ts";
import { noteReconcileAt } from "../store/appointments.ts";
import type { Log } from "../store/log.ts";
import { findRepository } from "../store/repositories.ts";
import { failedSince, lastKnownScan } from "../store/scans.ts";
import { unbelievedOf } from "../store/suspicions.ts";
import type { Db } from "../store/tables.ts";
import { noteDetails } from "../store/told-details.ts";
import { begunElsewhere } from "../store/told-elsewhere.ts";
import { renewChecks } from "./checks-due.ts";
import { CodeOwnersFile } from "./code-owners-file.ts";
import { finishCommands } from "./command-results.ts";
import { configNow, type GivenConfig } from "./config-at.ts";
import { closeRepairedConfig, tellOfConfig } from "./config-issue.ts";
import { ignoredByRule, type Reconciled } from "./dashboard-facts.ts";
import { findingsPlace } from "./findings-place.ts";
import { Fulfilment, type Given } from "./fulfilment.ts";
import { knownOf, objectsAsStored, openAdoptions } from "./known-objects.ts";
import { Lineage } from "./lineage.ts";
import { syncObjects } from "./object-sync.ts";
import { withdrawOnboarding } from "./onboarding.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, RepositoryJob } from "./queue-settings.ts";
import type { Job, JobHandler } from "./queues.ts";
import { openToWrite, type WritableRepository } from "./reconcile-access.ts";
import type { OpenRepository } from "./repository-access.ts";
import { readConfigAt } from "./repository-config.ts";
import { repositoryLog } from "./repository-log.ts";
import { unlessSettled } from "./settlement.ts";
import { standingsOf } from "./standings.ts";
import { elsewhere, leaveOthers, tellElsewhere } from "./tell-elsewhere.ts";
import { reconcileUnconfigured, type UnconfiguredScan } from "./unconfigured.ts";
import { answerUnwritten, whyUnwritten } from "./unwritten-commands.ts";
import { attempt, isOfRepository, leaveOut } from "./wish-failure.ts";
import { withdrawChecks } from "./withdraw-checks.ts";
import { WRITTEN_ANEW, withdrawDetails } from "./withdraw-details.ts";
import { writeDashboard } from "./write-dashboard.ts";
import { tolerant, type Writing } from "./writing.ts";

/**
 * Makes the issues and pull requests of a repository be as the last scan says. Finds what is there first, does what is
 * missing, and writes each step down; so it may be interrupted and begun again anywhere.
 */
export function reconcileJob(ports: JobPorts): JobHandler<JobData["reconcile"]> {
  return async (job) => {
    await unlessSettled(ports, job.data.repositoryId, async () => {
      const opened = await openToWrite(ports, job.data);
      return opened !== null && (await new Reconciliation(ports, opened, job).run());
    });
  };
}

/** The last scan as far as the actions go. It has no stacks where there is no Terraform in the repository. */
interface Seen extends UnconfiguredScan {
  readonly commit: string;
}

class Reconciliation {
  readonly #ports: JobPorts;
  readonly #db: Db;
  readonly #repository: OpenRepository;
  readonly #job: Job<RepositoryJob>;
  readonly #log: Log;
  readonly #reports = new Reports();
  /** Why the repository has to be scanned again; null where it need not. */
  #moved: string | null = null;
  readonly #proposeOnly: string | null;
  /** Else nothing is written but the pull request that proposes a configuration. */
  #isConfigured = true;

  constructor(ports: JobPorts, { repository, proposeOnly }: WritableRepository, job: Job<RepositoryJob>) {
    this.#proposeOnly = proposeOnly;
    this.#ports = ports;
    this.#db = ports.database.kysely;
    this.#repository = repository;
    this.#job = job;
    this.#log = repositoryLog(ports.log, repository.facts);
  }

  /** @returns whether all that there is to do by now is done */
  async run(): Promise<boolean> {
    const isDone = await this.#reconcile(await this.#lastScan());
    // As it is by now: what people decided may be news to the checks.
    const stored = await findRepository(this.#db, this.#repository.stored.id);
    if (stored?.checksDue === true && this.#isConfigured) await renewChecks(this.#ports, this.#repository);
    return isDone;
  }

  /**
   * Issues and closings follow from what the scan saw, wherever the default branch is by now. A pull request is another
   * matter: what it edits, and the rules that allow it, must be as they were.
   */
  async #reconcile(seen: Seen | null): Promise<boolean> {
    const { facts, github, stored, head } = this.#repository;
    const config = await configNow(this.#ports, this.#repository);
    const { written, unknown } = config;
    const app = await this.#ports.github.identity();
    const { now } = this.#ports;
    if (config.configured && this.#proposeOnly !== null) return this.#skip(this.#proposeOnly);
    await tellOfConfig({ db: this.#db, github, app, repository: facts, log: this.#log, now }, config);
    if (seen === null) return config.broken ? this.#skip(brokenConfig(written.path, facts)) : false;
    const { stacks, commit, at } = seen;
    const writing: Writing = {
      db: this.#db,
      github,
      app,
      repository: facts,
      config: config.effective,
      asTeamMember: () =>
        this.#ports.github.repository(stored.installationId, stored.id, TOKEN_PERMISSIONS.teams),
      lineage: new Lineage(github, facts, head),
      codeOwners: new CodeOwnersFile(github, facts, head),
      scanned: commit,
      base: head,
      log: this.#log,
      now,
    };
    if (config.broken) {
      await this.#answer(writing, seen, config);
      return this.#skip(brokenConfig(written.path, facts));
    }
    if (unknown !== null) return this.#skipForNow(unknown);
    if (commit !== head && written.text !== (await readConfigAt(github, facts, commit)).text)
      this.#moved = `${written.path} changed since the scan`;
    this.#isConfigured = config.configured;
    const isPublic = !facts.private;
    const hidden = isWithheld({ isPublic, config: config.effective });
    if (!hidden) await noteDetails(this.#db, stored.id, true);
    if (!config.configured) {
      const why = await reconcileUnconfigured(writing, stored, seen, this.#reports);
      if (hidden) await this.#takeBack(writing, "unconfigured");
      if (why === null) await this.#answer(writing, seen, config);
      return why === null || this.#scanAgain(why);
    }
    await tolerant(this.#log, ONBOARDING_KEY, () => withdrawOnboarding(writing, "configured"));
    // What it found was judged by nobody's rules.
    if (seen.proposal !== null && (commit !== head || written.text === null))
      return this.#scanAgain("it was configured since the scan");
    const { dryRun } = config.effective;
    const objects = dryRun
      ? await objectsAsStored(writing)
      : await syncObjects(writing, !stored.firstScanDone);
    // Found just now: the database had lost it.
    if (objects.some(({ key, state }) => key === CONFIG_KEY && state === "open"))
      await closeRepairedConfig(writing, config);
    if (objects.some(({ key, state }) => key === ONBOARDING_KEY && state === "open"))
      await withdrawOnboarding(writing, "configured");
    const begunThere = await begunElsewhere(this.#db, stored.id, new Date(now().getTime() - HOUR));
    const given = {
      stacks,
      scannedAt: at,
      findings: await standingsOf(this.#db, stored.id, objects, now()),
      unbelieved: await unbelievedOf(this.#db, stored.id),
      objects: objects.map(knownOf),
      begun: [
        ...begunThere,
        ...objects.flatMap(({ key, number, claimedAt }) =>
          number === null || UNCOUNTED.has(key) ? [] : [claimedAt],
        ),
      ],
      isFirst: !stored.firstScanDone,
      config: config.effective,
      isPublic,
    };
    if (dryRun) {
      this.#sayOnly(given);
      await this.#answer(writing, seen, config);
      return true;
    }
    const { failures, held, moved, ...fulfilled } = await new Fulfilment(
      writing,
      this.#job,
      this.#reports,
      this.#moved,
    ).run(given);
    const done = { scannedAt: at, stacks, standings: given.findings, held, ...fulfilled };
    const place = await findingsPlace(this.#ports, this.#repository, config.effective);
    const there =
      place.kind === "elsewhere"
        ? await tellElsewhere(elsewhere(writing, place), given, this.#job, this.#reports)
        : null;
    await leaveOthers(this.#ports, writing, this.#repository, place);
    if (place.kind === "nowhere") await this.#skip(place.why);
    const failure = failures[0] ?? there?.failures[0] ?? null;
    if (failure === null) {
      await finishCommands(writing, done);
      await there?.finish();
    }
    const allHeld = new Map([...held, ...(there?.held ?? [])]);
    const untold = await this.#tellAll(
      writing,
      { ...done, held: allHeld, adoptedBefore: openAdoptions(given.objects) },
      config.effective,
      place.kind === "nowhere",
    );
    if (hidden) await this.#takeBack(writing, "configured");
    const thrown = failure ?? untold;
    if (thrown !== null) throw thrown;
    if (moved !== null) return this.#scanAgain(moved);
    // Nothing tells when what stands against it is over.
    return allHeld.size === 0 && place.kind !== "nowhere";
  }

  /** The dashboard, whatever became of the others. */
  async #tellAll(
    writing: Writing,
    done: Omit<Reconciled, "ignoredByRule" | "start">,
    config: RepositoryConfig,
    isNowhere: boolean,
  ): Promise<Error | null> {
    const all = { ...done, start: config.start, ignoredByRule: ignoredByRule(config), isNowhere };
    const write = () => writeDashboard(writing, all, this.#reports, config);
    const failure = await attempt({ ...writing, job: this.#job }, DASHBOARD_KEY, write);
    return failure === null || isOfRepository(failure) ? null : failure;
  }

  /** Where everyone can read it. What is done last notes that nothing is left to take back. */
  async #takeBack(writing: Writing, how: keyof typeof WRITTEN_ANEW): Promise<void> {
    await withdrawChecks(this.#ports, this.#repository);
    await withdrawDetails(writing, WRITTEN_ANEW[how]);
  }

  /** Of a dry run: what would be done is said in the log. */
  #sayOnly(given: Given): void {
    const wishes = planActions({ ...given, unwritable: new Map() });
    const wanted = wishes.slice(0, MOST_SAID).map(({ kind, key }) => ({ kind, key }));
    this.#log.info({ wishes: wishes.length, wanted }, "dry run, so nothing is written");
  }

  async #answer(writing: Writing, { at: scannedAt, stacks }: Seen, config: GivenConfig): Promise<void> {
    const why = whyUnwritten(config);
    if (why !== null)
      await answerUnwritten(this.#ports, writing, this.#repository, { scannedAt, stacks, why });
  }

  async #lastScan(): Promise<Seen | null> {
    const scan = await lastKnownScan(this.#db, this.#repository.stored.id);
    return scan === null || scan.commit === null
      ? null
      : { stacks: scan.stacks, commit: scan.commit, at: scan.startedAt, proposal: scan.proposal };
  }

  async #skipForNow(reason: string): Promise<false> {
    await this.#skip(reason);
    const again = new Date(this.#ports.now().getTime() + SHORTLY);
    await noteReconcileAt(this.#db, this.#repository.stored.id, again);
    return false;
  }

  async #skip(reason: string): Promise<false> {
    const { facts: repository } = this.#repository;
    await leaveOut({ db: this.#db, repository, log: this.#log, now: this.#ports.now }, reason);
    return false;
  }

  /** Not where a scan has failed since then, which would go on without end: the clock or a push begins the next one. */
  async #scanAgain(reason: string): Promise<false> {
    const { repositoryId, installationId } = this.#job.data;
    const known = await lastKnownScan(this.#db, repositoryId);
    if (known !== null && (await failedSince(this.#db, repositoryId, known.startedAt)) !== null) return false;
    this.#log.info({ reason }, "scanning again");
    await this.#ports.queues.enqueue(this.#db, "scan", { repositoryId, installationId, trigger: "push" });
    return false;
  }
}

function brokenConfig(path: string, repository: { readonly name: string }): string {
  // Of a file about other repositories the command line knows nothing.
  const where = isOwnerRepository(repository) ? "the issue about it has" : "`driftwright scan` shows";
  return `${path} has errors, so nothing is written until it is repaired; ${where} them with their lines`;
}

/** What no drift is told in counts for no limit. */
const UNCOUNTED: ReadonlySet<string> = new Set([CONFIG_KEY, DASHBOARD_KEY, ONBOARDING_KEY]);
const MOST_SAID = 50;
/** Milliseconds. */
const HOUR = 60 * 60_000;
/** Milliseconds. */
const SHORTLY = 10 * 60_000;
