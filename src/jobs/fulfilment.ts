import type { RepositoryName } from "../config/access.ts";
import type { RepositoryConfig } from "../config/model.ts";
import { Forbidden, Gone, Occupied, TooLarge } from "../github/errors.ts";
import { skipSentence } from "../github/repository-state.ts";
import type { Wanted } from "../github/written.ts";
import type { IssueContents } from "../reports/issue-group.ts";
import { publicSummary } from "../reports/public-counts.ts";
import type { Reports } from "../reports/reports.ts";
import { planActions } from "../scan/actions.ts";
import { admit, type Hold } from "../scan/admission.ts";
import {
  isIssueGroupKey,
  isIssueKey,
  type LeftFinding,
  nameInIssueKey,
  type Situation,
  SUMMARY_KEY,
  type Wish,
} from "../scan/wishes.ts";
import { noteReconcileAt } from "../store/appointments.ts";
import { completeFirstScan } from "../store/repositories.ts";
import type { Outcome } from "./command-outcome.ts";
import { BaseMoved, EditDoesNotFit } from "./edited-files.ts";
import type { Job } from "./queues.ts";
import { decidingFiles } from "./responsible.ts";
import { type Attempting, attempt, isOfRepository } from "./wish-failure.ts";
import { writeAdoption } from "./write-adoption.ts";
import { forgetClosing, giveUp, writeClosing } from "./write-closing.ts";
import { type IssueManner, writeIssue } from "./write-issue.ts";
import { isRefused, type Writing } from "./writing.ts";

/** What is to be decided again for each round of wishes. */
export interface Given extends Omit<Situation, "unwritable"> {
  readonly config: RepositoryConfig;
  /** When each object was begun. */
  readonly begun: readonly Date[];
  /** Why no pull request is to be made of a finding, by its fingerprint: as a sentence without its full stop. */
  readonly unproposed?: ReadonlyMap<string, string>;
}

export interface Fulfilled extends Pick<Outcome, "adoptions" | "issues" | "waiting" | "unwritable"> {
  /** What GitHub refused of single wishes. */
  readonly failures: readonly Error[];
  /** What limits or a freeze keep back, by fingerprint. */
  readonly held: ReadonlyMap<string, Hold>;
  /** Why the repository has to be scanned again; null where it need not. */
  readonly moved: string | null;
}

/** Does what is to be done in a repository after a scan: plans it, and grants one wish after the other. */
export class Fulfilment {
  readonly #writing: Writing;
  readonly #attempting: Attempting & { readonly job: Pick<Job<unknown>, "isLastAttempt"> };
  readonly #reports: Reports;
  #moved: string | null;

  /** @param moved why no pull request may be made from this scan; null where it may */
  constructor(
    writing: Writing,
    job: Pick<Job<unknown>, "signal" | "isLastAttempt">,
    reports: Reports,
    moved: string | null,
  ) {
    this.#writing = writing;
    // What is told of a repository counts for that one, wherever it is told.
    const repository = writing.about?.repository ?? writing.repository;
    this.#attempting = { ...writing, repository, job };
    this.#reports = reports;
    this.#moved = moved;
  }

  /**
   * Does what is to be done. What cannot be adopted after all is planned again without a pull request, before anything
   * that follows from it is opened or closed; doing the others a second time changes nothing.
   */
  async run(given: Given): Promise<Fulfilled> {
    const { db, repository } = this.#attempting;
    const failures: Error[] = [];
    const unwritable = new Map(given.unproposed);
    const adoptions = new Map<string, string>();
    const issues = new Map<string, string>();
    let postponed = new Set<string>();
    let held: ReadonlyMap<string, Hold> = new Map();
    for (let isSettled = false; !isSettled; ) {
      const planned = split(this.#planned({ ...given, unwritable: new Map(unwritable) }));
      const { summary } = planned;
      const { wishes: others, waiting, holds, again } = this.#admitted(planned.others, given);
      await noteReconcileAt(db, repository.id, again);
      if (summary !== null) {
        const failure = await attempt(this.#attempting, summary.key, () => this.#grant(summary));
        if (failure !== null && !isOfRepository(failure)) failures.push(failure);
      }
      await this.#endFirstScan(given);
      const refused = unwritable.size;
      /** What could not be opened takes the place of nothing. */
      const missing = new Set(waiting.flatMap(aboutOf));
      held = new Map(
        [...holds].flatMap(([wish, hold]) =>
          aboutOf(wish).map((fingerprint) => [fingerprint, hold] as const),
        ),
      );
      // What waited in the round before may be there by now: what was refused made room.
      postponed = new Set(missing);
      for (const wish of others) {
        if (wish.kind !== "open-adoption" && unwritable.size > refused) break;
        if (wish.kind === "close" && isReplacement(wish) && wish.about.some((one) => missing.has(one)))
          continue;
        const granted = wish.kind === "open-issue" ? goingOn(wish, missing) : wish;
        const failure = await attempt(this.#attempting, wish.key, () => this.#grant(granted));
        if (failure === null) {
          const there = wish.kind === "open-adoption" ? adoptions : issues;
          for (const fingerprint of aboutOf(wish)) there.set(fingerprint, wish.key);
          continue;
        }
        for (const fingerprint of aboutOf(wish)) missing.add(fingerprint);
        if (wish.kind === "open-adoption" && this.#isRefusal(failure)) {
          await giveUp(this.#writing, wish.key);
          for (const { finding } of wish.findings) unwritable.set(finding.fingerprint, failure.message);
        } else if (failure instanceof BaseMoved) {
          this.#moved ??= failure.message;
          for (const fingerprint of aboutOf(wish)) postponed.add(fingerprint);
        } else if (!isOfRepository(failure)) failures.push(failure);
      }
      isSettled = unwritable.size === refused;
    }
    return { adoptions, issues, waiting: postponed, unwritable, failures, held, moved: this.#moved };
  }

  #planned(situation: Situation): readonly Wish[] {
    const wishes = planActions(situation);
    // How all of it stands is told in the repository itself.
    return this.#writing.about === undefined ? wishes : wishes.filter(({ key }) => isIssueKey(key));
  }

  #admitted(wishes: readonly Wish[], { config, objects, begun }: Given) {
    const admission = admit(wishes, config, { now: this.#writing.now(), objects, begun });
    const { waiting, again } = admission;
    if (waiting.length > 0)
      this.#writing.log.info({ waiting: waiting.length, again }, "limits or a freeze: some wait");
    return admission;
  }

  /**
   * The summary is there, or was refused; then it is owed, and written as soon as it can be. Whatever becomes of the
   * others: what is found from here on is new.
   */
  async #endFirstScan({ isFirst, stacks }: Given): Promise<void> {
    const isBelieved = stacks.some(({ status }) => status === "complete" || status === "incomplete");
    const { db, repository, now } = this.#attempting;
    if (isFirst && isBelieved) await completeFirstScan(db, repository.id, now());
  }

  /** An edit that cannot be written as the repository is now, as far as anybody can tell who does not try for ever. */
  #isRefusal(reason: Error): boolean {
    if ([EditDoesNotFit, Forbidden, Occupied, TooLarge].some((kind) => reason instanceof kind)) return true;
    return this.#attempting.job.isLastAttempt && isRefused(reason);
  }

  async #grant(wish: Wish): Promise<void> {
    const writing = this.#writing;
    switch (wish.kind) {
      case "open-adoption":
        if (this.#moved !== null) throw new BaseMoved(this.#moved);
        return writeAdoption(writing, wish, this.#reports);
      case "open-issue":
        return this.#writeIssue(
          wish.key,
          this.#reports.issueOf(contentsOf(wish, writing.about?.repository)),
          mannerOf(wish),
        );
      case "summary":
        return this.#writeIssue(wish.key, this.#summary(wish));
      case "close":
        return writeClosing(writing, wish.key, wish.because);
      case "forget":
        return forgetClosing(writing, wish.key, wish.verified);
    }
  }

  #summary({ stacks, countsOnly }: Extract<Wish, { kind: "summary" }>): Wanted {
    return countsOnly ? publicSummary(stacks) : this.#reports.summary(stacks);
  }

  async #writeIssue(key: string, wanted: Wanted, manner?: IssueManner): Promise<void> {
    if (!this.#writing.repository.issues) {
      throw new Gone(skipSentence("issues-disabled"), "POST /repos/{owner}/{repo}/issues", null);
    }
    await writeIssue(this.#writing, key, wanted, manner);
  }
}

/** The summary comes first: whatever happens to the others. */
function split(wishes: readonly Wish[]): { readonly summary: Wish | null; readonly others: readonly Wish[] } {
  const summary = wishes.find(({ key }) => key === SUMMARY_KEY) ?? null;
  return { summary, others: wishes.filter((wish) => wish !== summary) };
}

/** Fingerprints of what a wish is about. */
function aboutOf(wish: Wish): readonly string[] {
  const isOpening = wish.kind === "open-adoption" || wish.kind === "open-issue";
  return isOpening ? wish.findings.map(({ finding }) => finding.fingerprint) : [];
}

type IssueWish = Extract<Wish, { kind: "open-issue" }>;

/** An issue goes on telling of what another one, or a pull request, was to take over and could not. */
function goingOn(wish: IssueWish, missing: ReadonlySet<string>): IssueWish {
  const isBack = ({ finding, why }: LeftFinding) =>
    (why.reason === "adopted" || why.reason === "elsewhere") && missing.has(finding.fingerprint);
  const back = wish.left.filter(isBack);
  if (back.length === 0) return wish;
  return { ...wish, findings: [...wish.findings, ...back], left: wish.left.filter((one) => !isBack(one)) };
}

function contentsOf(
  { key, findings, grouping, left }: IssueWish,
  about: RepositoryName | undefined,
): IssueContents {
  const name = isIssueGroupKey(key) ? nameInIssueKey(key) : null;
  return { findings, grouping, left, name, ...(about === undefined ? {} : { about }) };
}

function mannerOf(wish: IssueWish): IssueManner {
  const { key, findings, left, again } = wish;
  const told = { told: aboutOf(wish), toldBefore: left.map(({ finding }) => finding.fingerprint) };
  return {
    again,
    concern: {
      files: [...new Set(findings.flatMap(({ finding }) => decidingFiles(finding)))],
      owners: [...new Set(findings.flatMap(({ stack }) => stack.owners ?? []))],
    },
    told: isIssueGroupKey(key) ? told : null,
  };
}

function isReplacement({ because: { reason } }: Extract<Wish, { kind: "close" }>): boolean {
  return reason === "replaced" || reason === "joined" || reason === "moved";
}
