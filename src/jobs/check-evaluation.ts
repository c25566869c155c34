import type { RepositoryConfig } from "../config/model.ts";
import { DRIFT_KINDS } from "../drift/model.ts";
import { mergeBase } from "../github/merge-base.ts";
import { isWithheld } from "../scan/actions.ts";
import type { StoredFinding } from "../store/findings.ts";
import { lastKnownScan } from "../store/scans.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { Target } from "./check-target.ts";
import { type ChangeEffects, effectsOf, type Side } from "./code-change.ts";
import { OpenCommits } from "./commit.ts";
import { together } from "./effects-together.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { type FetchedModules, portsFor } from "./scan-ports.ts";
import { standingsNow } from "./standings.ts";

/** What is found out about a change. */
export type Evaluation =
  /** @param skipReason why the repository was not scanned, where that may be told */
  | { readonly kind: "not-scanned"; readonly skipReason: string | null }
  /** From a fork of a public repository, where it would tell what must not be told. */
  | { readonly kind: "withheld" }
  | {
      readonly kind: "evaluated";
      readonly effects: ChangeEffects;
      /** The suspect stacks that it touches. */
      readonly unbelieved: readonly string[];
      /** Numbers alone are told. */
      readonly countsOnly: boolean;
      readonly config: RepositoryConfig;
      /** When all of the drift was seen. */
      readonly asOf: Date;
    };

export interface ChangeToEvaluate {
  readonly headSha: string;
  readonly target: Target;
  readonly config: RepositoryConfig;
  readonly signal: AbortSignal;
}

/** Compares a commit with what it starts from and with the drift that is known. No cloud is read. */
export async function evaluateChange(
  ports: JobPorts,
  budget: ByteBudget,
  repository: OpenRepository,
  { headSha, target, config, signal }: ChangeToEvaluate,
): Promise<Evaluation> {
  const { facts, github, stored, head: defaultHead } = repository;
  const { bases, foreign } = target;
  const isPublic = !facts.private;
  if (stored.lastScanAt === null) {
    return { kind: "not-scanned", skipReason: isPublic ? null : stored.skipReason };
  }
  const countsOnly = isWithheld({ isPublic, config });
  if (countsOnly && foreign) return { kind: "withheld" };
  // Which stacks are looked at, and how far, would tell where there is some.
  const drift = countsOnly ? [] : await openDrift(ports, facts.id);
  const asOf = new Date(Math.min(...drift.map(({ lastSeenAt }) => +lastSeenAt), +stored.lastScanAt));
  const said = { kind: "evaluated", countsOnly, config, asOf } as const;
  const starts = new Set<string>();
  for (const base of bases) starts.add(await mergeBase(github, facts, base, headSha));
  // Everyone can propose code to a public repository and read what comes of it.
  const trunk = isPublic && foreign ? null : defaultHead;
  const count = new Set([...starts, headSha, ...(trunk === null ? [] : [trunk])]).size;
  const modules = ports.modules?.session(stored, signal) ?? null;
  const effects = await OpenCommits.within(budget, repository, { count, signal }, async (commits) => {
    const sides = new Map<string, Side>();
    const sideOf = async (commit: string): Promise<Side> => {
      // What starts the change is on a branch of the repository; who wrote the change is another matter.
      const isTrusted = commit !== headSha || !foreign;
      const fetched = { session: modules, isTrusted };
      const side = sides.get(commit) ?? (await openSide(ports, repository, commits, commit, fetched, signal));
      sides.set(commit, side);
      return side;
    };
    const agreed = trunk === null ? null : await sideOf(trunk);
    const head = await sideOf(headSha);
    const all: ChangeEffects[] = [];
    for (const start of starts) {
      const change = { trunk: agreed, base: await sideOf(start), head };
      all.push(await effectsOf(change, config, facts.name, drift));
    }
    modules?.assertSound();
    return together(all);
  });
  return { ...said, effects, unbelieved: await unbelievedIn(effects, ports, facts.id) };
}

/** The suspect stacks of which the change touches something, or may. */
async function unbelievedIn(
  { affected, notEvaluated, changes }: ChangeEffects,
  { database }: JobPorts,
  repositoryId: number,
): Promise<readonly string[]> {
  const scan = await lastKnownScan(database.kysely, repositoryId);
  const touched = new Set([
    ...affected.map(({ stack }) => stack.name),
    ...notEvaluated.map(({ stack }) => stack),
    ...changes
      .filter(({ instances, undecided, why }) => instances.length > 0 || undecided > 0 || why !== null)
      .map(({ stack }) => stack),
  ]);
  const suspect = scan?.stacks.filter(({ status }) => status === "suspect") ?? [];
  return suspect.map(({ name }) => name).filter((name) => touched.has(name));
}

/** A commit with what evaluates it. */
export async function openSide(
  ports: JobPorts,
  { facts }: OpenRepository,
  commits: OpenCommits,
  commit: string,
  modules: FetchedModules,
  signal: AbortSignal,
): Promise<Side> {
  const tarball = await commits.open(commit, { ref: null, signal });
  return { tarball, ports: portsFor(ports, tarball, facts, [], modules) };
}

/** The drift of a repository that nobody ignores, as people have decided about it by now. */
export async function openDrift(
  { database, now }: JobPorts,
  repositoryId: number,
): Promise<readonly StoredFinding[]> {
  const all = await standingsNow(database.kysely, repositoryId, now());
  return all.filter(({ finding }) => DRIFT_KINDS.has(finding.kind) && finding.intent.verdict !== "ignore");
}
