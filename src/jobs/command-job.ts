import { findPullRequest, type PullRequest } from "../github/pull-requests.ts";
import { reactToComment } from "../github/reactions.ts";
import { targeted } from "../intent/command-target.ts";
import { boundRevision, type Decision, lastIgnoredDay } from "../intent/decision.ts";
import type { SlashCommand } from "../intent/slash-command.ts";
import { explanation } from "../reports/explanation.ts";
import { joined, type Markdown, md } from "../reports/markdown.ts";
import { isWithheld } from "../scan/actions.ts";
import { DASHBOARD_KEY, isAdoptionKey, isIssueKey, SUMMARY_KEY } from "../scan/wishes.ts";
import { noteCommand, type StoredCommand, sourceOf } from "../store/commands.ts";
import { recordDecisions } from "../store/decisions.ts";
import { findingsBy, type StoredFinding } from "../store/findings.ts";
import type { Log } from "../store/log.ts";
import { findObjectByNumber, type StoredObject } from "../store/objects.ts";
import { noteChecksDue } from "../store/repositories.ts";
import { stir } from "../store/settled.ts";
import type { Confirmed } from "../store/suspected.ts";
import { confirmStack } from "../store/suspicions.ts";
import type { Db } from "../store/tables.ts";
import { answerComment } from "./answer-comment.ts";
import { type Authority, authorityOf, whyNoCommand } from "./authority.ts";
import { help } from "./command-help.ts";
import { listed } from "./command-names.ts";
import { undecidedAmong } from "./command-remainder.ts";
import {
  GONE,
  ignored,
  impossible,
  merged,
  NOT_HERE,
  nameOne,
  notDecided,
  refused,
  reverted,
  SILENT,
  WHOLE_ALONE,
  WITHHELD_HERE,
  whichOf,
} from "./command-replies.ts";
import { configNow } from "./config-at.ts";
import { type Confirmable, confirming } from "./confirming.ts";
import { decidedNow } from "./decided-now.ts";
import { doubtsOf, unbelievedExplained, undecidable } from "./doubts.ts";
import { takeDue } from "./due-commands.ts";
import type { OtherRepository } from "./findings-place.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, QueueName } from "./queue-settings.ts";
import type { JobHandler } from "./queues.ts";
import type { OpenRepository } from "./repository-access.ts";
import { repositoryLog } from "./repository-log.ts";
import { standingsOf } from "./standings.ts";
import { fingerprintsOf } from "./told-findings.ts";
import { whyUnwritten } from "./unwritten-commands.ts";

/**
 * Does what people say in comments on issues and pull requests of ours. What is decided is written down together with the
 * job that follows from it; so it may be interrupted and begun again anywhere, and nothing is done twice.
 */
export function commandJob(ports: JobPorts): JobHandler<JobData["command"]> {
  return (job) => takeDue(ports, job, (repository, place) => new Commands(ports, repository, place));
}

/** What is made of a command: null is answered when a scan has looked, or the issue is there that is to be. */
interface Result {
  readonly outcome: Markdown | typeof SILENT | null;
  readonly decisions?: readonly Omit<Decision, "at">[];
  /** What is believed from now on. */
  readonly confirmed?: Confirmable & Pick<Confirmed, "because">;
  readonly next?: Extract<QueueName, "scan" | "reconcile">;
}

class Commands {
  readonly log: Log;
  readonly #ports: JobPorts;
  readonly #db: Db;
  /** What the commands are about. */
  readonly #repository: OpenRepository;
  /** Where their comments stand. */
  readonly #place: OtherRepository;
  readonly #authority: Authority;

  constructor(ports: JobPorts, repository: OpenRepository, place: OtherRepository) {
    this.#place = place;
    this.#ports = ports;
    this.#db = ports.database.kysely;
    this.#repository = repository;
    this.log = repositoryLog(ports.log, repository.facts);
    this.#authority = authorityOf(ports, repository);
  }

  async take(commentId: number, commands: readonly StoredCommand[]): Promise<void> {
    for (const given of commands) if (given.state === "received") await this.#decide(given);
    const app = await this.#ports.github.identity();
    await answerComment({ db: this.#db, ...this.#place, app, now: this.#ports.now }, commentId);
  }

  get #isElsewhere(): boolean {
    return this.#place.repository.id !== this.#repository.facts.id;
  }

  async #decide(given: StoredCommand): Promise<void> {
    const { stored } = this.#repository;
    const { queues, now } = this.#ports;
    const { outcome, decisions = [], confirmed, next } = await this.#resultOf(given);
    const content = outcome === SILENT ? "-1" : "eyes";
    await reactToComment(this.#place.github, this.#place.repository, given.commentId, content);
    const source = sourceOf(given);
    const job = { repositoryId: stored.id, installationId: stored.installationId };
    await this.#db.transaction().execute(async (db) => {
      // A scan that began before now does not know of them.
      const [at, saidAt] = [now(), given.receivedAt];
      await recordDecisions(
        db,
        decisions.map((one) => ({ repositoryId: stored.id, decision: { ...one, at }, saidAt, source })),
      );
      if (confirmed !== undefined) {
        const { stack, what, because = null } = confirmed;
        const said = { by: given.author, at: at.toISOString(), source, because, what };
        await confirmStack(db, { repositoryId: stored.id, stack }, said);
      }
      await noteCommand(db, given.id, { state: "decided", decidedAt: at, outcome });
      if (decisions.length > 0) await noteChecksDue(db, stored.id, true);
      await stir(db, [stored.id]);
      if (next === "scan") await queues.enqueue(db, "scan", { ...job, trigger: "person" });
      if (next === "reconcile") await queues.enqueue(db, "reconcile", job);
    });
    const { number, author: by, command } = given;
    this.log.info({ number, by, command: command.name, decisions: decisions.length }, "command");
  }

  async #resultOf({ command, author, number, receivedAt }: StoredCommand): Promise<Result> {
    const { repository: place } = this.#place;
    const object = await findObjectByNumber(this.#db, place.id, number);
    if (object === null) return { outcome: SILENT };
    const about = this.#isElsewhere ? this.#authority : undefined;
    const notAllowed = await whyNoCommand(this.#place, author, about);
    // Where everyone may comment, nobody is to make us answer.
    if (notAllowed !== null) return { outcome: place.private ? refused(notAllowed) : SILENT };
    switch (command.name) {
      case "help":
        return { outcome: help(null, this.#ports.now(), await this.#isWithheld()) };
      case "unknown":
        return { outcome: help(command.problem, this.#ports.now(), await this.#isWithheld()) };
      case "confirm":
        return this.#confirm(command, receivedAt);
      case "rescan":
        return { outcome: null, next: "scan" };
      case "adopt":
      case "revert":
      case "ignore":
      case "explain":
        return this.#about(command, object, author);
    }
  }

  async #confirm(
    { stack: named, because }: Extract<SlashCommand, { name: "confirm" }>,
    saidAt: Date,
  ): Promise<Result> {
    const asked = { named, saidAt, namesNone: await this.#isWithheld() };
    const confirmed = await confirming(this.#db, this.#repository.facts.id, asked);
    if ("refused" in confirmed) return { outcome: confirmed.refused };
    return { outcome: null, confirmed: { ...confirmed, because }, next: "scan" };
  }

  async #about(command: Deciding, object: StoredObject, author: string): Promise<Result> {
    if (await this.#isWithheld()) return { outcome: WITHHELD_HERE };
    const isOfAll = object.key === DASHBOARD_KEY || object.key === SUMMARY_KEY;
    if (!isAdoptionKey(object.key) && !isIssueKey(object.key) && !isOfAll) return { outcome: NOT_HERE };
    const pullRequest = await this.#pullRequestOf(object);
    const all = isOfAll
      ? await standingsOf(this.#db, this.#repository.facts.id, [], this.#ports.now())
      : await this.#findingsOf(pullRequest?.marker?.fingerprints ?? fingerprintsOf(object));
    const { target = null } = command;
    const doubts = await doubtsOf(this.#db, this.#repository.facts.id);
    const isForAll = !this.#place.repository.private;
    const unbelieved = isOfAll ? doubts.unbelieved(all, target) : [];
    if (command.name === "explain" && unbelieved.length > 0)
      return { outcome: unbelievedExplained(unbelieved, isForAll) };
    if (unbelieved.length > 0) return { outcome: undecidable(unbelieved) };
    if (all.length === 0) return { outcome: GONE };
    // Nobody decides about a whole repository with one line.
    if (target === null && isOfAll) return { outcome: nameOne(await this.#listed(all), all) };
    if (target !== null && object.kind === "pull-request" && all.length > 1) return { outcome: WHOLE_ALONE };
    const meant = target === null ? all : targeted(target, all);
    if (target !== null && meant.length !== 1) {
      const isNone = meant.length === 0;
      const shown = { isNone, meant: await this.#listed(isNone ? all : meant) };
      return { outcome: whichOf(target, shown, all, isOfAll) };
    }
    const findings = meant.map(({ finding }) => finding);
    if (command.name === "explain") {
      const now = await decidedNow(this.#db, this.#repository.facts.id, findings, this.#ports.now());
      return { outcome: doubts.explained(meant, explanation(now.findings, now.since), isForAll) };
    }
    const { name: verdict } = command;
    if (pullRequest?.merged === true && verdict !== "ignore") return { outcome: merged(findings) };
    const left = await undecidedAmong(this.#authority, { login: author, verdict }, meant);
    const notAllowed = left.map(({ why }) => why).find((why) => typeof why !== "string");
    const isOneEdit = object.kind === "pull-request";
    if (notAllowed !== undefined && (isOneEdit || left.length === meant.length))
      return { outcome: refused(notAllowed) };
    const undecided = new Set(left.map(({ finding }) => finding.fingerprint));
    const able = findings.filter(({ fingerprint }) => !undecided.has(fingerprint));
    if (able.length === 0)
      return { outcome: impossible(left.map(({ why }) => why).find((why) => typeof why === "string") ?? "") };
    const until = command.name === "ignore" ? (command.until ?? lastIgnoredDay(this.#ports.now())) : null;
    const decisions = able.map((finding) => {
      const said = { verdict, until, because: command.because, by: author, via: "command" } as const;
      return { fingerprint: finding.fingerprint, revision: boundRevision(finding), ...said };
    });
    if (verdict === "adopt") return { outcome: null, decisions, next: "scan" };
    const valuesAlone = decisions.some(({ revision }) => revision !== null);
    const outcome =
      until === null
        ? reverted(object.kind === "pull-request", able.length === all.length)
        : ignored(until, decisions.length, { valuesAlone, because: command.because });
    const others = notDecided(left, all);
    const isReplaced = verdict === "revert" && (object.kind === "pull-request" || isOfAll);
    // Told with the number of the issue, once that is there.
    if (isReplaced && others === null && this.#place.repository.issues)
      return { outcome: null, decisions, next: "reconcile" };
    const unwritten = whyUnwritten(await configNow(this.#ports, this.#repository));
    const parts = [
      unwritten === null ? outcome : md`${outcome} ${unwritten}`,
      ...(others ? [md``, others] : []),
    ];
    return { outcome: joined(parts, "\n"), decisions, next: "reconcile" };
  }

  /** Nothing of single drifts is told where everyone can read it. */
  async #isWithheld(): Promise<boolean> {
    if (this.#place.repository.private) return false;
    const { effective: config } = await configNow(this.#ports, this.#repository);
    return isWithheld({ isPublic: true, config });
  }

  #listed(some: readonly StoredFinding[]): ReturnType<typeof listed> {
    return listed(this.#db, this.#repository.facts.id, some, this.#ports.now());
  }

  /** Null where it is an issue, or there no more. */
  async #pullRequestOf({ kind, number }: StoredObject): Promise<PullRequest | null> {
    if (kind !== "pull-request" || number === null) return null;
    const { facts, github } = this.#repository;
    return await findPullRequest(github, facts, await this.#ports.github.identity(), number);
  }

  /** Those that are open. */
  async #findingsOf(fingerprints: readonly string[]): Promise<readonly StoredFinding[]> {
    const found = await findingsBy(this.#db, this.#repository.facts.id, fingerprints);
    return found.filter(({ resolvedAt }) => resolvedAt === null);
  }
}

/** Commands that are about findings. */
type Deciding = Exclude<SlashCommand, { name: "confirm" | "rescan" | "help" | "unknown" }>;
