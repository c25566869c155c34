import type { InstanceTruths, Recorded } from "../drift/instance.ts";
import type { Observation, Place } from "../drift/model.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { withinWholeBudget } from "../reconcile/whole-budget.ts";
import type { EvaluatedBody } from "../terraform/evaluation/evaluated-body.ts";
import { type Evaluation, isUndecided } from "../terraform/evaluation/evaluation.ts";
import { ignoredChanges } from "../terraform/evaluation/ignored-changes.ts";
import { providerTags } from "../terraform/evaluation/provider-settings.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import type { StateInstance } from "../terraform/state/state-instance.ts";
import { traceValue } from "../terraform/tracing/trace.ts";
import type { RecordedIdentity } from "./api.ts";
import { placeOf } from "./places.ts";

export interface Witnesses {
  readonly observations: ReadonlyMap<string, Observation>;
  readonly identities: ReadonlyMap<string, RecordedIdentity>;
}

/** Code, state and cloud of every managed instance that the code or the state has. */
export function truthsOf(evaluation: Evaluation, witnesses: Witnesses): InstanceTruths[] {
  const deposed = new Map<string, number>();
  for (const { address } of evaluation.inputs.state?.deposed ?? []) {
    deposed.set(address, (deposed.get(address) ?? 0) + 1);
  }
  return managedInstances(evaluation)
    .filter(({ undecided }) => !undecided)
    .map(({ address, type, instance, recorded }) => ({
      address,
      type,
      desired: instance === null ? null : desiredOf(evaluation, instance),
      recorded: recorded === null ? null : recordedOf(recorded, witnesses.identities.get(address)),
      observation: witnesses.observations.get(address) ?? null,
      deposed: deposed.get(address) ?? 0,
      sourceOf: (path) => (instance === null ? null : sourceOf(evaluation, instance, path)),
    }));
}

/** One managed instance that the code or the state has. */
export interface ManagedInstance {
  readonly address: string;
  readonly type: string;
  readonly instance: ResourceInstance | null;
  readonly recorded: StateInstance | null;
  /** Only the state has it, and the code may have it too: nothing can be said about it. */
  readonly undecided: boolean;
}

export function managedInstances(evaluation: Evaluation): ManagedInstance[] {
  const found: ManagedInstance[] = [...evaluation.instances.values()].map((instance) => ({
    address: instance.name,
    type: instance.address.type,
    instance,
    recorded: instance.recorded,
    undecided: false,
  }));
  for (const recorded of evaluation.recorded.all()) {
    if (recorded.parts.mode !== "managed" || evaluation.instances.has(recorded.address)) continue;
    const undecided = isUndecided(evaluation.root, recorded.parts);
    found.push({ address: recorded.address, type: recorded.parts.type, instance: null, recorded, undecided });
  }
  return found;
}

function desiredOf(evaluation: Evaluation, instance: ResourceInstance): InstanceTruths["desired"] {
  const { json, unknown, sensitive } = instance.plain();
  const { defaultTags, sensitiveTags, ignoreTags } = providerTags(evaluation.root, instance);
  return {
    attributes: isJsonObject(json) ? withoutUnmadeBlocks(json, instance.body()) : {},
    unknown,
    sensitive: [...sensitive, ...secretDefaultTags(json, sensitiveTags)],
    ignoreChanges: ignoredChanges(instance.block.body),
    defaultTags,
    ignoreTags,
    declaredAt: placeOf(instance.block),
  };
}

/** Where a resource has the default tags that are sensitive; a tag of its own takes the place of one. */
function secretDefaultTags(json: Json, sensitiveTags: readonly Path[]): Path[] {
  return sensitiveTags
    .filter((path) => path.length === 0 || (jsonAt(json, ["tags", ...path]) ?? null) === null)
    .flatMap((path) => [
      ["tags", ...path],
      ["tags_all", ...path],
    ]);
}

/**
 * `dynamic` blocks that make none are the same to a provider as blocks that are not written: it keeps what is there.
 * Only an argument (`ingress = []`) says that there are to be none.
 */
function withoutUnmadeBlocks(json: JsonObject, { blocks: groups }: EvaluatedBody): JsonObject {
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]): (readonly [string, Json])[] => {
      const group = groups.get(name);
      if (group === undefined || group.unknown !== null || !isJsonArray(value)) return [[name, value]];
      const made = value.map((item, index) => {
        const block = group.blocks[index];
        return block !== undefined && isJsonObject(item) ? withoutUnmadeBlocks(item, block.content) : item;
      });
      return made.length === 0 ? [] : [[name, made]];
    }),
  );
}

function recordedOf(recorded: StateInstance, identity: RecordedIdentity | undefined): Recorded {
  return {
    attributes: recorded.attributes,
    sensitive: recorded.sensitive,
    id: identity?.id ?? null,
    account: identity?.account ?? null,
    region: identity?.region ?? null,
    tainted: recorded.tainted,
  };
}

/** The literal that decides a value, or where a value would be written; null where finding it costs too much. */
function sourceOf(evaluation: Evaluation, instance: ResourceInstance, path: Path): Place | null {
  const steps = withinWholeBudget(evaluation, () => traceValue(instance, path), []);
  const last = steps.at(-1);
  return last === undefined ? null : placeOf(last.range);
}
