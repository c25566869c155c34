import type { Diagnostic, StackResult } from "../drift/model.ts";
import type { AdoptedSet, StackOverview, StackRequest } from "../engine/api.ts";
import { type Engine, EngineFailure, EngineStopped } from "../engine/engine.ts";
import { identityOf } from "../providers/aws/identity.ts";
import { StateError } from "../terraform/state-error.ts";
import type { StateSource } from "../terraform/state-source.ts";
import type { OpenStack } from "./open-stack.ts";
import { type Asked, type PlannedStack, planScan, type ScanPlan } from "./plan.ts";
import type { ScanPorts, ScanSettings } from "./ports.ts";
import { failedStack, scanStack } from "./stack.ts";

export interface ScanResult {
  readonly stacks: readonly StackResult[];
  readonly notScanned: ScanPlan["notScanned"];
  /** About the repository as a whole. */
  readonly diagnostics: readonly Diagnostic[];
  /** One set of edits for everything that was judged intentional. */
  readonly adopted: AdoptedSet;
  /** Texts that no output may hold. */
  readonly secrets: readonly string[];
}

const NOTHING_ADOPTED: AdoptedSet = { files: [], adopted: [], left: [] };

/**
 * Scans a repository: which stacks there are, what code and state say of them, what really runs, what differs, what is
 * to be made of it. Nothing is written anywhere. A stack that cannot be scanned is a result of its own.
 */
export async function scan(asked: Asked, settings: ScanSettings, ports: ScanPorts): Promise<ScanResult> {
  ports.progress("looking for stacks");
  const plan = planScan(ports.snapshot, settings.config, asked);
  const failed = plan.missing.map(({ path, reason }) =>
    failedStack({ name: path, path, environment: null }, settings, [problem(reason)]),
  );
  const states = await readStates(plan.stacks, ports);
  failed.push(...states.failed.map(({ stack, diagnostics }) => failedStack(stack, settings, diagnostics)));
  const opened = await openStacks(states.read, ports);
  failed.push(...opened.failed.map(({ stack, diagnostics }) => failedStack(stack, settings, diagnostics)));
  try {
    const scanned: StackResult[] = [];
    for (const stack of opened.stacks) scanned.push(await scanOne(stack, opened.engine, settings, ports));
    const adopted = await adopt(scanned, opened.engine);
    const order = plan.stacks.map(({ name }) => name);
    const stacks = [...scanned, ...failed].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    const { notScanned, diagnostics } = plan;
    return { stacks, notScanned, diagnostics, adopted, secrets: opened.secrets };
  } finally {
    opened.engine.close();
  }
}

interface Failure {
  readonly stack: PlannedStack;
  readonly diagnostics: readonly Diagnostic[];
}

interface StackWithState {
  readonly plan: PlannedStack;
  readonly source: StateSource | null;
  readonly request: StackRequest;
  readonly stateWrittenAt: Date | null;
}

async function readStates(
  stacks: readonly PlannedStack[],
  ports: ScanPorts,
): Promise<{ read: StackWithState[]; failed: Failure[] }> {
  const read: StackWithState[] = [];
  const failed: Failure[] = [];
  for (const stack of stacks) {
    if (stack.state.kind === "elsewhere") {
      const why = `its state is kept in ${stack.state.backend}, which is not read yet; write it to a file with \`terraform state pull\` and give that with --state`;
      failed.push({ stack, diagnostics: [problem(why)] });
      continue;
    }
    const source = ports.stateOf(stack);
    try {
      const state = source === null ? null : await source.read();
      const { name, path: root, settings, workspace } = stack;
      const text = source === null || state === null ? null : { file: source.describe, text: state.text };
      read.push({
        plan: stack,
        source,
        request: { name, root, settings, workspace, state: text },
        stateWrittenAt: state?.writtenAt == null ? null : new Date(state.writtenAt),
      });
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      failed.push({ stack, diagnostics: [problem(error.message)] });
    }
  }
  return { read, failed };
}

interface Opened {
  readonly engine: Engine;
  readonly stacks: readonly OpenStack[];
  readonly failed: readonly Failure[];
  readonly secrets: readonly string[];
}

/** Opens all stacks in one engine. Where that fails, each is tried alone, and those that fail are left out. */
async function openStacks(stacks: readonly StackWithState[], ports: ScanPorts): Promise<Opened> {
  const { progress } = ports;
  progress(`evaluating ${stacks.length === 1 ? "1 stack" : `${stacks.length} stacks`}`);
  const engine = ports.startEngine();
  const outcome = await tryToOpen(engine, stacks);
  if (typeof outcome !== "string") return { engine, ...sorted(stacks, outcome) };
  engine.close();
  const good: StackWithState[] = [];
  const failed: Failure[] = [];
  for (const stack of stacks) {
    progress(`${stack.plan.name}: evaluating it alone`);
    const own = ports.startEngine();
    const alone = await tryToOpen(own, [stack]);
    own.close();
    if (typeof alone === "string") failed.push({ stack: stack.plan, diagnostics: [problem(alone)] });
    else good.push(stack);
  }
  const rest = ports.startEngine();
  const overviews = await tryToOpen(rest, good);
  if (typeof overviews === "string") {
    const diagnostics = [problem(`the stacks cannot be evaluated together: ${overviews}`)];
    return {
      engine: rest,
      stacks: [],
      secrets: [],
      failed: [...failed, ...good.map(({ plan }) => ({ stack: plan, diagnostics }))],
    };
  }
  const opened = sorted(good, overviews);
  return { ...opened, engine: rest, failed: [...failed, ...opened.failed] };
}

async function tryToOpen(
  engine: Engine,
  stacks: readonly StackWithState[],
): Promise<readonly StackOverview[] | string> {
  try {
    return await engine.open(stacks.map(({ request }) => request));
  } catch (error) {
    if (error instanceof EngineFailure || error instanceof EngineStopped) return error.message;
    throw error;
  }
}

/** Stacks of which a file does not parse are not scanned: what they declare is not known. */
function sorted(
  stacks: readonly StackWithState[],
  overviews: readonly StackOverview[],
): Omit<Opened, "engine"> {
  const knownIds = new Set(
    overviews.flatMap(({ instances }) =>
      instances.flatMap(({ type, recorded }) =>
        recorded === null ? [] : (identityOf(type, recorded).id ?? []),
      ),
    ),
  );
  const open: OpenStack[] = [];
  const failed: Failure[] = [];
  for (const [index, { plan, source, stateWrittenAt }] of stacks.entries()) {
    const overview = overviews[index];
    if (overview === undefined) continue;
    if (overview.broken.length === 0) open.push({ plan, overview, source, stateWrittenAt, knownIds });
    else
      failed.push({
        stack: plan,
        diagnostics: overview.diagnostics.filter(({ severity }) => severity === "error"),
      });
  }
  return { stacks: open, failed, secrets: overviews.flatMap(({ secrets }) => secrets) };
}

async function scanOne(
  stack: OpenStack,
  engine: Engine,
  settings: ScanSettings,
  ports: ScanPorts,
): Promise<StackResult> {
  try {
    return await scanStack(stack, engine, settings, ports);
  } catch (error) {
    if (!(error instanceof EngineFailure || error instanceof EngineStopped)) throw error;
    return failedStack(stack.plan, settings, [problem(error.message)]);
  }
}

async function adopt(stacks: readonly StackResult[], engine: Engine): Promise<AdoptedSet> {
  const findings = stacks
    .filter(({ status }) => status === "complete" || status === "incomplete")
    .flatMap(({ name, findings: found }) => found.map((finding) => ({ stack: name, finding })))
    .filter(({ finding }) => finding.intent.verdict === "adopt" && finding.changes.length > 0);
  return findings.length === 0 ? NOTHING_ADOPTED : engine.adoptAll(findings);
}

function problem(message: string): Diagnostic {
  return { severity: "error", message, file: null, line: null, column: null };
}
