import type { RepositoryConfig } from "../config/model.ts";
import type { JudgedFinding, Place } from "../drift/model.ts";
import type { StackOverview } from "../engine/api.ts";
import { type Engine, EngineFailure, EngineStopped } from "../engine/engine.ts";
import type { Affected } from "../reports/check-run.ts";
import { affected } from "../scan/affected.ts";
import { type PlannedStack, planScan } from "../scan/plan.ts";
import type { ScanPorts } from "../scan/ports.ts";
import { readStates } from "../scan/states.ts";
import { touchedPlaces } from "../scan/touched-places.ts";
import type { Tarball } from "../sources/tarball.ts";
import type { StoredFinding } from "../store/findings.ts";
import type { Snapshot } from "../terraform/snapshot.ts";
import { wholeRepository } from "./scan-ports.ts";

/** A stack that could not be evaluated on one side of a change. */
export interface NotEvaluated {
  readonly stack: string;
  readonly why: string;
}

export interface ChangeEffects {
  readonly affected: readonly Affected[];
  readonly notEvaluated: readonly NotEvaluated[];
}

/** One side of a change, and what evaluates it. No cloud is among the ports. */
export interface Side {
  readonly tarball: Tarball;
  readonly ports: ScanPorts;
}

/**
 * Which of the drifts a change of the code touches: both sides are evaluated with the states as they are now, and
 * compared. The configuration is the default branch's, whatever the change makes of it.
 */
export async function effectsOf(
  base: Side,
  head: Side,
  config: RepositoryConfig,
  repository: string,
  findings: readonly StoredFinding[],
): Promise<ChangeEffects> {
  const byStack = Map.groupBy(findings, ({ stack }) => stack);
  const plan = ({ ports }: Side) =>
    planScan(ports.snapshot, config, wholeRepository(repository)).stacks.filter(({ name }) =>
      byStack.has(name),
    );
  const before = await evaluated(base, plan(base), async (_engine, overviews) => overviews);
  return evaluated(head, plan(head), async (engine, is) => {
    const found: Affected[] = [];
    const notEvaluated: NotEvaluated[] = [];
    for (const [name, standing] of byStack) {
      const [was, now] = [before.get(name) ?? NO_STACK, is.get(name) ?? NO_STACK];
      const why = "why" in was ? was.why : "why" in now ? now.why : null;
      if (why !== null) notEvaluated.push({ stack: name, why });
      if ("why" in was || "why" in now) continue;
      const stack = { name, path: standing[0]?.stackPath ?? ".", environment: now.environment };
      const touched = affected<JudgedFinding>(
        was.instances,
        now.instances,
        standing.map(({ finding }) => finding),
      );
      for (const { finding, effect, touched: paths } of touched) {
        const places = await touchedPlaces(engine, name, finding.address, paths);
        const changed = places.filter((place) => isChanged(place, base.tarball, head.tarball));
        found.push({ finding, stack, effect, places: changed });
      }
    }
    return { affected: found, notEvaluated };
  });
}

/** Only lines of files that the change touches can be annotated. */
function isChanged({ file }: Place, base: Snapshot, head: Snapshot): boolean {
  const [was, is] = [base.read(file), head.read(file)];
  if (was === undefined || is === undefined) return was !== is;
  return Buffer.compare(was, is) !== 0;
}

interface EvaluatedStack {
  readonly instances: StackOverview["instances"];
  readonly environment: string | null;
}

/** A side that does not have the stack declares nothing. */
const NO_STACK: EvaluatedStack = { instances: [], environment: null };

type Outcomes = ReadonlyMap<string, EvaluatedStack | { readonly why: string }>;

async function evaluated<T>(
  { ports }: Side,
  stacks: readonly PlannedStack[],
  use: (engine: Engine, stacks: Outcomes) => Promise<T>,
): Promise<T> {
  const { read, failed } = await readStates(stacks, ports);
  const engine = ports.startEngine();
  try {
    const outcome = new Map<string, EvaluatedStack | { readonly why: string }>();
    for (const { stack, diagnostics } of failed)
      outcome.set(stack.name, { why: diagnostics[0]?.message ?? "it could not be read" });
    const overviews = await engine.open(read.map(({ request }) => request));
    for (const overview of overviews) {
      const plan = stacks.find(({ name }) => name === overview.name);
      const broken = overview.broken[0];
      outcome.set(
        overview.name,
        broken === undefined
          ? { instances: overview.instances, environment: plan?.environment ?? null }
          : { why: `${broken} does not parse` },
      );
    }
    return await use(engine, outcome);
  } finally {
    engine.close();
  }
}

/** Whether an error says that the code itself cannot be evaluated: doing it again does not help. */
export function isUnevaluable(reason: unknown): reason is Error {
  return reason instanceof EngineFailure || reason instanceof EngineStopped;
}
