import type { Diagnostic, StackResult } from "../drift/model.ts";
import type { AdoptedSet, StackFinding } from "../engine/api.ts";
import { EngineFailure, EngineStopped } from "../engine/engine.ts";
import { adoptTogether } from "./adoption.ts";
import type { BeliefContext } from "./belief.ts";
import { identifiedOnce } from "./observation.ts";
import { OpenRepository } from "./open-repository.ts";
import type { OpenStack } from "./open-stack.ts";
import { type Asked, planScan, type ScanPlan } from "./plan.ts";
import type { ScanPorts, ScanSettings } from "./ports.ts";
import { error, failedResult, type StackFailure } from "./results.ts";
import { type SharedCode, sharedCode } from "./shared-code.ts";
import { findIn, type JudgedStack, judged, reconcileStack } from "./stack.ts";
import { readStates } from "./states.ts";

export interface ScanResult {
  readonly stacks: readonly StackResult[];
  readonly notScanned: ScanPlan["notScanned"];
  /** About the repository as a whole. */
  readonly diagnostics: readonly Diagnostic[];
  /** What several stacks read, whether they were asked for or not. */
  readonly shared: readonly SharedCode[];
  /** One set of edits for everything that was judged intentional. */
  readonly adopted: AdoptedSet;
  /** Texts that no output may hold. */
  readonly secrets: readonly string[];
}

/**
 * Scans a repository: which stacks there are, what code and state say of them, what really runs, what differs, what is
 * to be made of it. Nothing is written anywhere. A stack that cannot be scanned is a result of its own, and never
 * hides the others.
 */
export async function scan(asked: Asked, settings: ScanSettings, ports: ScanPorts): Promise<ScanResult> {
  ports.progress("looking for stacks");
  const plan = planScan(ports.snapshot, settings.config, asked);
  const states = await readStates(plan.stacks, ports);
  const others = await readStates(plan.others, ports);
  if (states.read.length > 0) ports.progress(`evaluating ${countOf(states.read.length, "stack")}`);
  const { repository, opened, failed } = await OpenRepository.open(
    states.read,
    [...states.stateless, ...others.read, ...others.stateless],
    ports,
  );
  try {
    const { parsed, unparsed } = byParsing(opened);
    const failures = [...missing(plan), ...states.failed, ...failed, ...unparsed];
    const context: BeliefContext = {
      repository,
      inventories: ports.inventories.map(identifiedOnce),
      settings,
      ports,
      unknownStates: [...states.failed, ...others.failed, ...failed].map(({ stack }) => stack.name),
    };
    const failedResults = failures.map((failure) => failedResult(failure, settings));
    const { done: found, failed: unread } = await eachAlone(parsed, context, (stack) =>
      findIn(stack, context),
    );
    const all = found.map((one) => judged(one, context));
    const everything = all.flatMap(findingsOf);
    const { done: reconciled, failed: unsettled } = await eachAlone(all, context, (one) =>
      reconcileStack(one, everything, context),
    );
    const { results, adopted, diagnostics } = await adoptTogether(reconciled, repository);
    return {
      stacks: inOrderOf(plan, [...failedResults, ...unread, ...unsettled, ...results]),
      notScanned: plan.notScanned,
      diagnostics: [...plan.diagnostics, ...diagnostics],
      shared: sharedCode(repository.overviews.map(({ name, root, files }) => ({ name, path: root, files }))),
      adopted,
      secrets: repository.secrets,
    };
  } finally {
    repository.close();
  }
}

function missing(plan: ScanPlan): StackFailure[] {
  return plan.missing.map(({ path, reason }) => ({
    stack: { name: path, path, environment: null },
    diagnostics: [error(reason)],
  }));
}

/** Stacks of which a file does not parse are not scanned: what they declare is not known. */
function byParsing(stacks: readonly OpenStack[]): { parsed: OpenStack[]; unparsed: StackFailure[] } {
  const isBroken = ({ overview }: OpenStack) => overview.broken.length > 0;
  return {
    parsed: stacks.filter((stack) => !isBroken(stack)),
    unparsed: stacks.filter(isBroken).map(({ plan, overview }) => ({
      stack: plan,
      diagnostics: overview.diagnostics.filter(({ severity }) => severity === "error"),
    })),
  };
}

/** Does something with each of some stacks so that whatever goes wrong with one is said of it alone. */
async function eachAlone<One extends OpenStack | { readonly stack: OpenStack }, Result>(
  stacks: readonly One[],
  context: BeliefContext,
  work: (stack: One) => Promise<Result>,
): Promise<{ readonly done: readonly Result[]; readonly failed: readonly StackResult[] }> {
  const done: Result[] = [];
  const failed: StackResult[] = [];
  for (const one of stacks) {
    try {
      done.push(await work(one));
    } catch (reason) {
      const { plan } = "stack" in one ? one.stack : one;
      if (reason instanceof EngineStopped) await context.repository.restartWithout(plan.name);
      const message =
        reason instanceof EngineStopped || reason instanceof EngineFailure
          ? reason.message
          : `an unexpected error, please report it: ${String(reason)}`;
      failed.push(failedResult({ stack: plan, diagnostics: [error(message)] }, context.settings));
    }
  }
  return { done, failed };
}

/** What differs in a stack that is believed. */
function findingsOf({ stack, believed, findings }: JudgedStack): StackFinding[] {
  if (believed.status !== "complete" && believed.status !== "incomplete") return [];
  return findings.map((finding) => ({ stack: stack.plan.name, finding }));
}

/** As the stacks were planned; configured ones that are missing come first. */
function inOrderOf(plan: ScanPlan, results: readonly StackResult[]): StackResult[] {
  const order = plan.stacks.map(({ name }) => name);
  return results.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

function countOf(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
