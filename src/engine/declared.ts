import type { JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { ignoredChanges } from "../terraform/evaluation/ignored-changes.ts";
import { lifecycleOf, lifecycleOfFormer, NO_LIFECYCLE } from "../terraform/evaluation/lifecycle.ts";
import type { ModuleInstance } from "../terraform/evaluation/module-instance.ts";
import { providerTags } from "../terraform/evaluation/provider-settings.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { MASK } from "../terraform/evaluation/value-json.ts";
import type { StateInstance } from "../terraform/state/state-instance.ts";
import type { InstanceOverview } from "./api.ts";
import { maskedAttributes } from "./masked.ts";

type Declared = Pick<
  InstanceOverview,
  "desired" | "sensitive" | "unknown" | "ignored" | "lifecycle" | "unmade" | "defaultTags"
>;

const UNDECLARED: Declared = {
  desired: null,
  sensitive: [],
  unknown: [],
  ignored: [],
  lifecycle: NO_LIFECYCLE,
  unmade: [],
  defaultTags: {},
};

/** The same of an instance that only the state has. */
export function undeclaredBy(root: ModuleInstance, recorded: StateInstance | null): Declared {
  return recorded === null
    ? UNDECLARED
    : { ...UNDECLARED, lifecycle: lifecycleOfFormer(root, recorded.parts) };
}

/** What the code says of an instance, for output. */
export function declaredBy(root: ModuleInstance, instance: ResourceInstance): Declared {
  const { sensitive, unknown } = instance.plain();
  const blocks = [...instance.body().blocks];
  const { defaultTags, sensitiveTags } = providerTags(root, instance);
  return {
    desired: maskedAttributes(instance),
    sensitive,
    unknown,
    ignored: ignoredChanges(instance.block.body),
    lifecycle: lifecycleOf(instance),
    unmade: blocks
      .filter(([, group]) => group.unknown === null && group.blocks.length === 0)
      .map(([type]) => type),
    defaultTags: maskedTags(defaultTags ?? {}, sensitiveTags),
  };
}

function maskedTags(tags: JsonObject, sensitive: readonly Path[]): JsonObject {
  const isSecret = (key: string) => sensitive.some(([first]) => first === undefined || first === key);
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, isSecret(key) ? MASK : value]));
}
