import { keepComment } from "../github/comments.ts";
import { RateLimited } from "../github/errors.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { findPullRequest, type PullRequest } from "../github/pull-requests.ts";
import { whyNotDecided } from "../intent/policy.ts";
import type { Markdown } from "../reports/markdown.ts";
import { isWithheld } from "../scan/actions.ts";
import { checkActionsOf, noteCheckAction, type StoredCheckAction } from "../store/check-actions.ts";
import { recordAcknowledgements } from "../store/decisions.ts";
import type { StoredFinding } from "../store/findings.ts";
import { latestScan } from "../store/scans.ts";
import { stir } from "../store/settled.ts";
import type { Db } from "../store/tables.ts";
import { firstAsked } from "./asked-before.ts";
import { type Authority, authorityOf, whyNoCommand, whyNotAccept } from "./authority.ts";
import type { ByteBudget } from "./byte-budget.ts";
import * as say from "./check-action-replies.ts";
import { adoptionAt } from "./check-adoption.ts";
import { openDrift } from "./check-evaluation.ts";
import { Placing } from "./check-placing.ts";
import type { Target } from "./check-target.ts";
import { type ConfigNow, configNow } from "./config-at.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { Job } from "./queues.ts";
import type { OpenRepository } from "./repository-access.ts";
import { repositoryLog } from "./repository-log.ts";
import { isRefused, tolerant } from "./writing.ts";

/** What a check says of what people asked for with its buttons. */
export interface Answered {
  readonly lines: readonly Markdown[];
  /** Whether the commit is not the newest of its pull request any more. */
  readonly moved: boolean;
}

/**
 * Does what people asked for with the buttons of a commit's check. What is decided is written down together with what
 * follows from it; so it may be interrupted and begun again anywhere, and nothing is done twice.
 * @param target null where the commit is the newest of no open pull request
 */
export async function answerCheckActions(
  ports: JobPorts,
  budget: ByteBudget,
  repository: OpenRepository,
  job: Job<JobData["annotate"]>,
  target: Target | null,
): Promise<Answered> {
  const { kysely: db } = ports.database;
  const key = { repositoryId: repository.stored.id, headSha: job.data.headSha };
  const all = await checkActionsOf(db, key);
  const actions = new CheckActions(ports, budget, repository, job, target);
  for (const action of all.filter(({ state }) => state !== "done")) {
    job.signal.throwIfAborted();
    await actions.take(action, firstAsked(action, all));
  }
  return { lines: say.askedLines(await checkActionsOf(db, key)), moved: actions.moved };
}

/** What is made of an action. */
interface Result {
  readonly outcome: Markdown;
  /** Is to be written down together with the outcome. */
  readonly also?: (db: Db) => Promise<unknown>;
  /** A scan has to look first. */
  readonly waits?: true;
}

class CheckActions {
  /** Whether the commit is not the newest any more. */
  moved = false;
  readonly #ports: JobPorts;
  readonly #budget: ByteBudget;
  readonly #repository: OpenRepository;
  readonly #job: Job<JobData["annotate"]>;
  readonly #target: Target | null;
  readonly #authority: Authority;
  readonly #placing: Placing;

  constructor(
    ports: JobPorts,
    budget: ByteBudget,
    repository: OpenRepository,
    job: Job<JobData["annotate"]>,
    target: Target | null,
  ) {
    this.#ports = ports;
    this.#budget = budget;
    this.#repository = repository;
    this.#job = job;
    this.#target = target;
    this.#authority = authorityOf(ports, repository);
    this.#placing = new Placing(ports, repository);
  }

  /** @param first who asked for the same first; what comes of it is made once */
  async take(action: StoredCheckAction, first: StoredCheckAction): Promise<void> {
    if (action.state === "waiting") return this.#afterScan(action);
    const { outcome, also, waits } = await this.#resultOf(action, first);
    await this.#ports.database.kysely.transaction().execute(async (db) => {
      await also?.(db);
      await noteCheckAction(db, action.id, { state: waits === true ? "waiting" : "done", outcome });
    });
    const { action: name, author: by, headSha } = action;
    const log = repositoryLog(this.#ports.log, this.#repository.facts);
    log.info({ action: name, by, headSha }, "asked for on a check");
  }

  /** Says what the scan found that somebody asked for, as soon as there is one. */
  async #afterScan({ id, receivedAt }: StoredCheckAction): Promise<void> {
    const { kysely: db } = this.#ports.database;
    const scan = await latestScan(db, this.#repository.stored.id);
    if (scan === null || scan.finishedAt === null || scan.startedAt < receivedAt) return;
    const reason = this.#repository.facts.private ? scan.reason : null;
    const isDone = scan.outcome === "complete" || scan.outcome === "incomplete";
    const outcome = isDone ? say.scannedAt(scan.startedAt) : say.scanFailed(reason);
    await noteCheckAction(db, id, { state: "done", outcome });
  }

  async #resultOf(action: StoredCheckAction, first: StoredCheckAction): Promise<Result> {
    try {
      return await this.#decide(action, first);
    } catch (reason) {
      if (reason instanceof RateLimited) throw reason;
      if (!isRefused(reason) && !this.#job.isLastAttempt) throw reason;
      const { log } = this.#ports;
      log.warn({ action: action.action, headSha: action.headSha, err: reason }, "not done");
      return { outcome: isRefused(reason) ? say.impossible(reason.message) : say.FAILED };
    }
  }

  async #decide(action: StoredCheckAction, first: StoredCheckAction): Promise<Result> {
    const why = await whyNoCommand(this.#authority, action.author);
    if (why !== null) return { outcome: say.notAllowed(why) };
    switch (action.action) {
      case "rescan":
        return { outcome: say.SCANNING, waits: true, also: (db) => this.#enqueueScan(db) };
      case "acknowledge":
        return this.#acknowledge(action);
      case "adopt":
        return this.#adopt(first);
    }
  }

  /** A scan by the clock that waits already is not followed by a look at GitHub of its own accord. */
  async #enqueueScan(db: Db): Promise<void> {
    const { id: repositoryId, installationId } = this.#repository.stored;
    await stir(db, [repositoryId]);
    await this.#ports.queues.enqueue(db, "scan", { repositoryId, installationId, trigger: "person" });
  }

  async #acknowledge(action: StoredCheckAction): Promise<Result> {
    const pullRequests = this.#target?.pullRequests?.map(({ number }) => number) ?? [];
    if (pullRequests.length === 0) return { outcome: say.NOT_A_PULL_REQUEST };
    if (await this.#isWithheld()) return { outcome: say.WITHHELD };
    if (action.about === null) return { outcome: say.OUTDATED };
    const about = new Set(action.about.map(keyOf));
    const findings = (await this.#drift()).filter(({ finding }) => about.has(keyOf(finding)));
    if (findings.length === 0) return { outcome: say.GONE };
    const why = await this.#whyNotAccept(action, findings);
    if (why !== null) return { outcome: why };
    const said = { by: action.author, at: action.receivedAt };
    const all = findings.flatMap(({ finding: { fingerprint, revision } }) =>
      pullRequests.map((pullRequest) => ({ fingerprint, revision, pullRequest, ...said })),
    );
    const place = { repositoryId: action.repositoryId, source: `check:${action.delivery}` };
    return {
      outcome: say.acknowledgedCount(findings.length, pullRequests),
      also: (db) => recordAcknowledgements(db, all, place),
    };
  }

  async #adopt(action: StoredCheckAction): Promise<Result> {
    const pullRequest = await this.#pullRequestOf(action);
    if (pullRequest === null || pullRequest.state === "closed") return { outcome: say.NOT_A_PULL_REQUEST };
    const before = await this.#placing.before(action, pullRequest);
    if (before !== null) return { outcome: before };
    if (pullRequest.headSha !== action.headSha) {
      await this.#comment(action, pullRequest.number, say.MOVED);
      return { outcome: say.MOVED };
    }
    if (pullRequest.byApp) return { outcome: say.OWN };
    const given = await configNow(this.#ports, this.#repository);
    const forbidden = whyForbidden(given, !this.#repository.facts.private, this.#ports.now());
    if (forbidden !== null) return { outcome: forbidden };
    const { effective: config } = given;
    if (action.about === null) return { outcome: say.OUTDATED };
    const about = new Set(action.about.map(({ fingerprint }) => fingerprint));
    const open = await this.#drift();
    const findings = open.filter(({ finding }) => about.has(finding.fingerprint));
    if (findings.length === 0) return { outcome: say.GONE };
    const whys = findings.map(({ finding }) => whyNotDecided(finding, "adopt"));
    const able = findings.filter((_, index) => whys[index] === null);
    if (able.length === 0) return { outcome: say.impossible(whys.find((why) => why !== null) ?? "") };
    const why = await this.#whyNotAccept(action, able);
    if (why !== null) return { outcome: why };
    const edit = await adoptionAt(this.#ports, this.#budget, this.#repository, {
      headSha: action.headSha,
      foreign: pullRequest.fromFork,
      config,
      findings: able,
      open,
      signal: AbortSignal.any([this.#job.signal, AbortSignal.timeout(MOST_MILLISECONDS)]),
    });
    if (edit.files.length === 0) return { outcome: say.notProven(edit.whys) };
    const { outcome, moved } = await this.#placing.place(action, pullRequest, edit);
    if (moved) this.moved = true;
    const numbers = edit.adopted.flatMap(
      ({ finding }) => this.#target?.adoptions.get(finding.fingerprint) ?? [],
    );
    return { outcome: say.alsoIn(outcome, [...new Set(numbers)]) };
  }

  /** The pull request that an edit is for: one whose branch can be written to, where there is one. */
  async #pullRequestOf({ pullRequest: number }: StoredCheckAction): Promise<PullRequest | null> {
    const { facts, github } = this.#repository;
    const waiting = this.#target?.pullRequests ?? [];
    const found = waiting.find(({ fromFork }) => !fromFork) ?? waiting[0];
    if (found !== undefined || number === null) return found ?? null;
    return findPullRequest(github, facts, await this.#ports.github.identity(), number);
  }

  #drift(): Promise<readonly StoredFinding[]> {
    return openDrift(this.#ports, this.#repository.stored.id);
  }

  async #whyNotAccept(
    { author }: StoredCheckAction,
    findings: readonly StoredFinding[],
  ): Promise<Markdown | null> {
    const judged = findings.map(({ finding }) => finding);
    const why = await whyNotAccept(this.#authority, author, judged);
    return why === null ? null : say.notAllowed(why);
  }

  async #isWithheld(): Promise<boolean> {
    if (this.#repository.facts.private) return false;
    const { effective: config } = await configNow(this.#ports, this.#repository);
    return isWithheld({ isPublic: true, config });
  }

  /** Where no check of the commit is made any more that could say it. */
  async #comment({ delivery, author }: StoredCheckAction, number: number, what: Markdown): Promise<void> {
    const { facts, stored } = this.#repository;
    const { suggest } = TOKEN_PERMISSIONS;
    const github = this.#ports.github.repository(stored.installationId, stored.id, suggest);
    const app = await this.#ports.github.identity();
    const body = say.asComment(author, what);
    await tolerant(repositoryLog(this.#ports.log, facts), `comment on ${number}`, () =>
      keepComment(github, facts, app, number, { key: `check:${delivery.toLowerCase()}`, body }),
    );
  }
}

/** Why nothing is committed in the repository now; null where it may be. */
function whyForbidden(
  { effective: config, broken, configured, unknown, written }: ConfigNow,
  isPublic: boolean,
  now: Date,
): Markdown | null {
  if (isWithheld({ isPublic, config })) return say.WITHHELD;
  // What holds then is not known, or nobody wants anything written.
  if (broken) return say.brokenConfig(written.path);
  if (!configured) return say.NOT_CONFIGURED;
  if (unknown !== null) return say.unknownConfig(unknown);
  if (config.dryRun) return say.DRY_RUN;
  const freeze = config.freezes.find(({ from, until }) => from <= now && now < until);
  return freeze === undefined ? null : say.frozen(freeze.until, freeze.because);
}

/** To look for an edit may take as long as a check. */
const MOST_MILLISECONDS = 5 * 60_000;

function keyOf({
  fingerprint,
  revision,
}: {
  readonly fingerprint: string;
  readonly revision: string;
}): string {
  return `${fingerprint} ${revision}`;
}
