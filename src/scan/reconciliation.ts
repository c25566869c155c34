import type { Adoption, Finding, Observation, RevertPlan } from "../drift/model.ts";
import type { InstanceOverview, StackFinding } from "../engine/api.ts";
import { type Engine, EngineFailure, EngineStopped } from "../engine/engine.ts";
import { ruleBook } from "../providers/index.ts";
import { refusedAdoption } from "../reconcile/adoption.ts";
import { planRevert, type Replacement } from "../reconcile/revert.ts";
import type { RevertStack } from "../reconcile/revert-terraform.ts";
import type { OpenStack } from "./open-stack.ts";

/** Where the stacks are evaluated. */
export interface Evaluating {
  /** The process as it is now. */
  readonly engine: Engine;
  /** Starts the process again: what it was asked ended it. */
  restart(): Promise<void>;
}

/** Both ways out of a finding: the code follows, or the cloud does. */
export interface Reconciliation {
  readonly adoption: Adoption | null;
  readonly revert: RevertPlan | null;
  /** It was judged to be on purpose, and its edit is looked for together with those of the others (`adoptTogether`). */
  readonly isCandidate: boolean;
}

/**
 * The revert plan of each finding, in their order, and, where it was not judged to be on purpose (`isWanted`), the edit
 * that would adopt it all the same. Where that edit cannot be looked for, the finding stays, and says so. No instance goes with the edit for a deletion that was judged otherwise. `others`:
 * what else was found in the repository.
 */
export async function reconcile<Found extends Finding>(
  evaluating: Evaluating,
  stack: OpenStack,
  findings: readonly Found[],
  observations: ReadonlyMap<string, Observation>,
  isWanted: (finding: Found) => boolean = () => false,
  others: readonly StackFinding[] = [],
): Promise<readonly Reconciliation[]> {
  const { name } = stack.plan;
  const instances = new Map(stack.overview.instances.map((instance) => [instance.address, instance]));
  const isKept = (finding: Finding) => isKeptElsewhere(finding, instances.get(finding.address));
  const adoptable = findings.filter((finding) => isAdoptable(finding) && !isKept(finding));
  const candidates = new Set(adoptable.filter(isWanted));
  const previewed = adoptable.filter((finding) => !candidates.has(finding));
  const dependents = await evaluating.engine.dependents(
    name,
    findings.map(({ address }) => address),
  );
  const previews = await previewsOf(evaluating, name, previewed, others);
  const previewOf = new Map(previewed.map((finding, index) => [finding, previews[index] ?? null]));
  const replacementOf = replacements(stack.overview.instances);
  return findings.map((finding, index) => ({
    adoption: isKept(finding) ? KEPT_ELSEWHERE : (previewOf.get(finding) ?? null),
    isCandidate: candidates.has(finding),
    revert: planRevert(finding, {
      stack: revertStack(stack),
      rules: ruleBook,
      ...truthsFor(instances.get(finding.address), observations.get(finding.address)),
      dependents: dependents[index] ?? [],
      replacement: replacementOf(finding.address, dependents[index] ?? []),
    }),
  }));
}

/** The edit that is best for each finding alone, in their order. What the engine fails at has none, and says so. */
export async function previewsOf(
  evaluating: Evaluating,
  stack: string,
  findings: readonly Finding[],
  others: readonly StackFinding[],
): Promise<readonly (Adoption | null)[]> {
  if (findings.length === 0) return [];
  try {
    return await evaluating.engine.adoptions(stack, findings, others);
  } catch (reason) {
    if (!(reason instanceof EngineFailure || reason instanceof EngineStopped)) throw reason;
    if (reason instanceof EngineStopped) await evaluating.restart();
    const refused = refusedAdoption(`no edit could be looked for: ${reason.message}`);
    return findings.map(() => refused);
  }
}

/** What an instance's replacement would bring with it, by its address and those that depend on it. */
function replacements(
  instances: readonly InstanceOverview[],
): (address: string, dependents: readonly string[]) => Replacement {
  const lifecycles = new Map(instances.map(({ address, lifecycle }) => [address, lifecycle]));
  const named = instances.flatMap(({ address, lifecycle }) =>
    lifecycle.replaceTriggeredBy.map((trigger) => ({ address, trigger })),
  );
  const triggers = Map.groupBy(named, ({ trigger }) => trigger.address);
  return (address, dependents) => ({
    forbidden: lifecycles.get(address)?.preventDestroy ?? false,
    createdFirst: [address, ...dependents].some((one) => lifecycles.get(one)?.createBeforeDestroy),
    triggers: (triggers.get(address) ?? []).map((one) => ({ address: one.address, path: one.trigger.path })),
  });
}

/** The code does not write these inside of the resource at all, but, if anywhere, as resources of their own. */
const KEPT_ELSEWHERE: Adoption = {
  files: [],
  effects: [],
  verdict: "refused",
  why: "the code writes none of these inside of the resource, and a first one there would take away all that it does not list; add what is new as a resource of its own, by hand",
};

function isKeptElsewhere({ resource, changes }: Finding, instance: InstanceOverview | undefined): boolean {
  const attributes = ruleBook[resource.type]?.attributes;
  return changes.some(({ path: [root] }) => {
    const name = String(root);
    const isWatched = attributes?.[name]?.watch === "additions";
    return isWatched && !Object.hasOwn(instance?.desired ?? {}, name);
  });
}

function isAdoptable({ kind, changes }: Finding): boolean {
  if (kind === "deleted") return true;
  return (kind === "drift" || kind === "absorbed") && changes.length > 0;
}

function truthsFor(
  instance: InstanceOverview | undefined,
  observation: Observation | undefined,
): Pick<Parameters<typeof planRevert>[1], "desired" | "observed" | "sensitive"> {
  const observed = observation?.status === "found" ? observation.resource.attributes : null;
  return { desired: instance?.desired ?? null, observed, sensitive: instance?.sensitive ?? [] };
}

function revertStack({ plan }: OpenStack): RevertStack {
  const { path, workspace, varFiles, vars, sensitiveVars, state } = plan;
  return {
    path,
    workspace,
    varFiles,
    vars,
    sensitiveVars,
    state: state.kind === "given" && !state.remote ? state.inRoot : null,
  };
}
