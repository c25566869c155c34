import type { RepositoryConfig } from "../config/model.ts";
import type { Diagnostic, JudgedFinding } from "../drift/model.ts";
import type { StackOverview } from "../engine/api.ts";
import { EngineFailure, EngineStopped } from "../engine/engine.ts";
import { NotFound, TooLarge } from "../github/errors.ts";
import { ruleBook } from "../providers/index.ts";
import type { Affected, NotEvaluated, StackChange } from "../reports/affected.ts";
import { affected } from "../scan/affected.ts";
import { changedFiles } from "../scan/changed-files.ts";
import { changedInstances } from "../scan/changed-instances.ts";
import { ChangedLines } from "../scan/changed-lines.ts";
import { type PlannedStack, planScan } from "../scan/plan.ts";
import type { ScanPorts } from "../scan/ports.ts";
import { missingVariables, type ReadStates, readStates, withoutState } from "../scan/states.ts";
import { TouchedDrift } from "../scan/touched-places.ts";
import type { Tarball } from "../sources/tarball.ts";
import { TarballError } from "../sources/tarball-error.ts";
import type { StoredFinding } from "../store/findings.ts";
import { isCode } from "../terraform/source/file-names.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import {
  type Asked,
  type EvaluatedStack,
  errorsWithoutState,
  evaluated,
  leftOut,
  NO_STACK,
  newErrors,
  type Outcome,
} from "./evaluated-stacks.ts";
import { wholeRepository } from "./scan-ports.ts";
import { MOST_OTHER_STACKS, type StacksToCompare, stacksToCompare } from "./stacks-to-compare.ts";

export interface ChangeEffects {
  readonly affected: readonly Affected[];
  readonly notEvaluated: readonly NotEvaluated[];
  /** Of the stacks that read a changed file, whether or not anything of them has drifted. */
  readonly changes: readonly StackChange[];
}

/** A commit, and what evaluates it. No cloud is among the ports. */
export interface Side {
  readonly tarball: Tarball;
  readonly ports: ScanPorts;
}

/** A change of the code, and what it is judged by. */
export interface CodeChange {
  /** The default branch as it is now: what the owners agreed to. Null where the states must decide nothing. */
  readonly trunk: Side | null;
  /** What the change starts from, and what it leads to; whoever may push may have written either. */
  readonly base: Side;
  readonly head: Side;
}

/**
 * What a change of the code does to instances, and which of the drifts it touches: both of its sides are evaluated with
 * the states as they are now, and compared. The configuration is the default branch's, and so is what a stack is, where
 * its state is read and with which role, whatever the change makes of it. What is secret in a state is unknown to the
 * change. A stack that cannot be evaluated in full on both sides is said to be so, and never taken for one that declares
 * less.
 */
export async function effectsOf(
  change: CodeChange,
  config: RepositoryConfig,
  repository: string,
  findings: readonly StoredFinding[],
): Promise<ChangeEffects> {
  const byStack = Map.groupBy(findings, ({ stack }) => stack);
  const { trunk, base, head } = change;
  const files = changedFiles(base.tarball, head.tarball);
  const commits = {
    trunk: trunk?.ports.snapshot ?? null,
    base: base.ports.snapshot,
    head: head.ports.snapshot,
  };
  const choose = (mostOthers: number) => {
    const drifted = new Set(byStack.keys());
    return stacksToCompare(commits, config, repository, { drifted, files, mostOthers });
  };
  const stacks = choose(MOST_OTHER_STACKS);
  try {
    return await comparedIn(change, stacks, byStack, files);
  } catch (reason) {
    if (!(reason instanceof EngineStopped || reason instanceof EngineFailure)) throw reason;
    // What is known of drift is told, however large the other stacks are.
    const drifted = choose(0);
    if (drifted.unlooked.length === stacks.unlooked.length) throw reason;
    return comparedIn(change, drifted, byStack, files);
  }
}

async function comparedIn(
  { trunk, base, head }: CodeChange,
  { agreed, others, unlooked }: StacksToCompare,
  byStack: ReadonlyMap<string, readonly StoredFinding[]>,
  files: ReadonlySet<string>,
): Promise<ChangeEffects> {
  const tooMuch = unlooked.map((stack) => ({ ...NO_CHANGE, stack, why: TOO_MUCH }));
  const plans = [...agreed, ...others];
  if (plans.length === 0) return { affected: [], notEvaluated: [], changes: tooMuch };
  const states = trunk === null ? NO_STATES : await readStates(agreed, trunk.ports);
  const proposed = (side: Side) => proposal(plans, side.tarball, states);
  const changed = new ChangedLines(base.tarball, head.tarball);
  const before = await evaluated(base.ports, proposed(base), async (_engine, overviews) => overviews);
  const { is, found } = await evaluated(head.ports, proposed(head), async (engine, is) => {
    const found: Affected[] = [];
    for (const { name } of plans) {
      const standing = byStack.get(name) ?? [];
      const both = sidesOf(before.get(name), is.get(name));
      if (standing.length === 0 || both === null) continue;
      const [was, now] = both;
      const stack = { name, path: standing[0]?.stackPath ?? ".", environment: now.environment };
      const touched = affected<JudgedFinding>(
        was.instances,
        now.instances,
        standing.map(({ finding }) => finding),
        ruleBook,
      );
      const places = new TouchedDrift(engine, name, changed);
      for (const { finding, effect, touched: paths } of touched)
        found.push({ finding, stack, effect, places: await places.of(finding, paths) });
    }
    return { is, found };
  });
  const all = plans.map(({ name }) => name);
  const wrong = all.filter((name) => errorsOf(before.get(name), is.get(name)).length > 0);
  const ofCode = await errorsWithoutState(head.ports, proposed(head), new Set(wrong));
  const notEvaluated: NotEvaluated[] = [];
  const changes: StackChange[] = [];
  for (const name of all) {
    const both = sidesOf(before.get(name), is.get(name));
    const why = whyNot(before.get(name), is.get(name), ofCode.get(name) ?? []);
    changes.push(...changeOf(name, { both, why }, files));
    if (why !== null && byStack.has(name)) notEvaluated.push({ stack: name, why });
  }
  return { affected: found, notEvaluated, changes: [...changes, ...tooMuch] };
}

const NO_CHANGE = { instances: [], undecided: 0 } as const;
const TOO_MUCH = "with all the others that may read the changed files it is too much to be evaluated";

/** None of a stack that reads no changed file. */
function changeOf(stack: string, { both, why }: Compared, files: ReadonlySet<string>): StackChange[] {
  if (files.size === 0) return [];
  if (both === null) return why === null ? [] : [{ ...NO_CHANGE, stack, why }];
  const [was, is] = both;
  if (![was, is].some((side) => side.files.some((file) => files.has(file)))) return [];
  const hasState = was.hasState || is.hasState;
  return [{ stack, ...changedInstances(was.instances, is.instances, ruleBook, { hasState }), why }];
}

interface Compared {
  readonly both: readonly [EvaluatedStack, EvaluatedStack] | null;
  /** Why that cannot be compared, or not in full; null where it can. */
  readonly why: string | null;
}

/** What both sides declare; null where that cannot be compared. */
function sidesOf(was: Outcome | undefined, is: Outcome | undefined): Compared["both"] {
  if (is === undefined || "why" in is) return null;
  if (was === undefined) return [NO_STACK, is];
  return "why" in was ? null : [was, is];
}

function errorsOf(was: Outcome | undefined, is: Outcome | undefined): readonly Diagnostic[] {
  const both = sidesOf(was, is);
  return both === null ? [] : newErrors(both[1], both[0]);
}

function whyNot(
  was: Outcome | undefined,
  is: Outcome | undefined,
  ofCode: readonly Diagnostic[],
): string | null {
  if (was !== undefined && "why" in was) return was.why;
  if (is !== undefined && "why" in is) return is.why;
  if (is === undefined) return was === undefined ? null : TAKEN_AWAY;
  return leftOut(errorsOf(was, is), ofCode);
}

const TAKEN_AWAY =
  "the change takes all of its code away; that destroys nothing by itself, and nothing applies the stack any more";

/** What the code says of one stack; null where it cannot be evaluated, or does not have the stack. */
export async function declaredBy(
  ports: ScanPorts,
  config: RepositoryConfig,
  repository: string,
  stack: string,
): Promise<StackOverview["instances"] | null> {
  const stacks = plannedStacks(ports, config, repository, [stack]);
  const states = await readStates(stacks, ports);
  const requests = states.read.map(({ request }) => request);
  const asked = { stacks, requests, failed: failuresOf(states) };
  const outcomes = await evaluated(ports, asked, async (_engine, overviews) => overviews);
  const outcome = outcomes.get(stack);
  return outcome === undefined || "why" in outcome ? null : outcome.instances;
}

function plannedStacks(
  { snapshot }: ScanPorts,
  config: RepositoryConfig,
  repository: string,
  wanted: readonly string[],
): PlannedStack[] {
  const { stacks } = planScan(snapshot, config, wholeRepository(repository));
  return stacks.filter(({ name }) => wanted.includes(name));
}

const NO_STATES: ReadStates = { read: [], failed: [], stateless: [] };

function proposal(plans: readonly PlannedStack[], snapshot: Snapshot, states: ReadStates): Asked {
  const stacks = plans.filter(({ path }) => snapshot.list(path).some(isCode));
  const failed = failuresOf(states);
  for (const stack of stacks) {
    const missing = missingVariables(stack, snapshot);
    if (missing !== null) failed.set(stack.name, missing);
  }
  const stateOf = (name: string) => states.read.find(({ plan }) => plan.name === name)?.request.state ?? null;
  const requests = stacks
    .filter(({ name }) => !failed.has(name))
    .map((stack) => ({
      ...withoutState(stack).request,
      state: stateOf(stack.name),
      hideSecrets: true as const,
    }));
  return { stacks, requests, failed };
}

function failuresOf({ failed }: ReadStates): Map<string, string> {
  return new Map(
    failed.map(({ stack, diagnostics }) => [stack.name, diagnostics[0]?.message ?? "it could not be read"]),
  );
}

/** Whether an error says that a commit cannot be had or evaluated: doing it again does not help. */
export function isUnevaluable(reason: unknown): reason is Error {
  return [EngineFailure, EngineStopped, TooLarge, NotFound, TarballError].some(
    (kind) => reason instanceof kind,
  );
}
