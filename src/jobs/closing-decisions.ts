import type { JudgedFinding } from "../drift/model.ts";
import { boundRevision, type Decision, lastIgnoredDay } from "../intent/decision.ts";
import { policyAgainst } from "../intent/policy.ts";
import { commandedSince, type NewDecision, recordDecisions } from "../store/decisions.ts";
import { findingsBy } from "../store/findings.ts";
import { closeObject, type StoredObject } from "../store/objects.ts";
import { noteChecksDue } from "../store/repositories.ts";
import { whyNoCommand, whyNotAccept } from "./authority.ts";
import { toldId, type Writing } from "./writing.ts";

type Store = Pick<Writing, "db" | "repository" | "about" | "now">;

/** What a person said by closing an issue or a pull request. */
interface Closed {
  readonly number: number;
  /** Their login. */
  readonly by: string;
  /** Null where GitHub does not say. */
  readonly at: Date | null;
  readonly fingerprints: readonly string[];
}

/** What somebody decided by closing something, to be written down. */
export interface DecidedByClosing {
  readonly decisions: readonly NewDecision[];
  /** Whether a comment with a command came with it or since, which counts instead and was answered. */
  readonly commanded: boolean;
}

/** An issue closed as not planned, or as a duplicate: its drift is ignored, until the last of some days. */
export async function decidedByIssue(
  store: Store,
  closed: Closed,
  as: "not-planned" | "duplicate",
): Promise<DecidedByClosing & { readonly until: string }> {
  const until = lastIgnoredDay(store.now());
  const because = as === "duplicate" ? DUPLICATE : null;
  const said = { verdict: "ignore", until, because, via: "closed-issue" } as const;
  return { ...(await decided(store, closed, said)), until };
}

/** The reason that such a closing gives. */
const DUPLICATE = "It was closed as a duplicate.";

/** Which policies of the organization stand against what closing something says, and whether against all of it. */
export async function policiesAgainst(
  store: Store,
  fingerprints: readonly string[],
  verdict: Decision["verdict"],
): Promise<{ readonly names: readonly string[]; readonly isAll: boolean }> {
  const known = await findingsBy(store.db, toldId(store), fingerprints);
  const open = known.filter(({ resolvedAt }) => resolvedAt === null);
  const names = open.flatMap(({ finding }) => policyAgainst(finding, verdict)?.name ?? []);
  return { names: [...new Set(names)], isAll: open.length > 0 && names.length === open.length };
}

/**
 * Whether somebody may have the drift of an issue ignored by closing it: the same people as with a command.
 * @param by null where nobody knows who closed it, and so whether they may
 */
export async function mayIgnore(
  writing: Writing,
  by: string | null,
  fingerprints: readonly string[],
): Promise<boolean> {
  const findings = await decidable(writing, fingerprints, "ignore");
  if (by === null) return writing.about === undefined && !findings.some(({ widensAccess }) => widensAccess);
  if ((await whyNoCommand(writing, by, writing.about)) !== null) return false;
  return (await whyNotAccept(writing, by, findings)) === null;
}

/** A pull request closed without merging: nothing that it is about is adopted. */
export function decidedByPullRequest(store: Store, closed: Closed): Promise<DecidedByClosing> {
  return decided(store, closed, {
    verdict: "revert",
    until: null,
    because: null,
    via: "closed-pull-request",
  });
}

/**
 * Writes down that something is closed together with what was decided by that, so that it is all one for who opens it
 * again.
 * @param by as `closed-by.ts` has it
 */
export async function noteClosed(
  store: Store,
  object: StoredObject,
  {
    decisions,
    by,
    at,
  }: { readonly decisions: readonly NewDecision[]; readonly by: string; readonly at: Date },
): Promise<void> {
  await store.db.transaction().execute(async (db) => {
    const now = store.now();
    // A scan that began before now does not know of them.
    const made = decisions.map((one) => ({ ...one, decision: { ...one.decision, at: now } }));
    await recordDecisions(db, made);
    if (made.length > 0) await noteChecksDue(db, toldId(store), true);
    await closeObject(db, object, by, at);
  });
}

/** How the sources of what was said by closing something begin. Each repository has numbers of its own. */
export function sourceOf(
  { repository, about }: Pick<Writing, "repository" | "about">,
  number: number,
): string {
  return about === undefined ? `closed:${number}:` : `closed:${repository.id}#${number}:`;
}

/**
 * Of drift that is there: who closed something long ago has not decided about what may come. A command in a comment that
 * is sent together with the closing, or later, says more.
 */
async function decided(
  store: Store,
  { number, by, at, fingerprints }: Closed,
  said: Pick<Decision, "verdict" | "until" | "because" | "via">,
): Promise<DecidedByClosing> {
  const { db, now } = store;
  const repositoryId = toldId(store);
  const seconds = Math.floor((at?.getTime() ?? 0) / 1000);
  const source = `${sourceOf(store, number)}${seconds}`;
  const saidAt = at === null ? now() : new Date(at.getTime() - TOGETHER);
  const commanded = at === null ? NOBODY : await commandedSince(db, repositoryId, fingerprints, saidAt);
  const open = await decidable(store, fingerprints, said.verdict);
  const decisions = open
    .filter(({ fingerprint }) => !commanded.has(fingerprint))
    .map((finding): NewDecision => {
      const { fingerprint } = finding;
      const decision = { fingerprint, revision: boundRevision(finding), by, at: now(), ...said };
      return { repositoryId, decision, saidAt, source };
    });
  return { decisions, commanded: commanded.size > 0 };
}

/** Milliseconds. GitHub takes the comment first, and its times have whole seconds. */
const TOGETHER = 3_000;
const NOBODY: ReadonlySet<string> = new Set();

/** What is open of some findings, and that no policy decides otherwise. */
async function decidable(
  store: Store,
  fingerprints: readonly string[],
  verdict: Decision["verdict"],
): Promise<readonly JudgedFinding[]> {
  const known = await findingsBy(store.db, toldId(store), fingerprints);
  return known.flatMap(({ finding, resolvedAt }) =>
    resolvedAt === null && policyAgainst(finding, verdict) === null ? [finding] : [],
  );
}
