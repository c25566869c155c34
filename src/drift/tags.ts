import { isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { InstanceTruths, Truths } from "./instance.ts";
import { mapDifferences } from "./maps.ts";
import type { AttributeRule } from "./rules.ts";
import { type Difference, type View, valueAt } from "./view.ts";

/**
 * The differences of an instance's tags, each once, under the attribute's own name whatever default tags the provider
 * adds. What the code wants is its own tags over the default tags; what the state and the cloud have is all tags.
 * Compared also where the code sets none: Terraform would remove what is live.
 *
 * Left out: `aws:…`, which only AWS writes; what the provider's `ignore_tags` names; what `ignore_changes` names, under
 * either name (`tags`, `tags_all`).
 */
export function tagDifferences(view: View, name: string, rule: AttributeRule): readonly Difference[] {
  const { truths } = view;
  const mapRule: AttributeRule = {
    ...rule,
    severity: rule.severity ?? "low",
    category: rule.category ?? "configuration",
  };
  const ignored = (key: string) => isIgnoredTag(truths, key) || view.isIgnored([allOf(name), key]);
  const only = (tags: JsonObject) => withoutKeys(tags, ignored);
  const path: Path = [name];
  return mapDifferences(
    view,
    path,
    mapRule,
    {
      desired: only(desiredTags(truths, name)),
      recorded: only(recordedTags(truths, name)),
      observed: only(observedTags(view, name)),
    },
    view.isUnknown(path) ? "unknown" : "set",
  );
}

/**
 * The tags inside of a nested block, without those that the provider sets or leaves alone. Newer versions of the AWS
 * provider add the default tags here too, so those are no difference where the code does not name them.
 */
export function nestedTags(
  truths: InstanceTruths,
  maps: Truths<JsonObject | undefined>,
): Truths<JsonObject | undefined> {
  const defaults = truths.desired?.defaultTags ?? {};
  const isLeft = (key: string) =>
    isIgnoredTag(truths, key) || (Object.hasOwn(defaults, key) && !Object.hasOwn(maps.desired ?? {}, key));
  const only = (tags: JsonObject | undefined) => (tags === undefined ? undefined : withoutKeys(tags, isLeft));
  return { desired: only(maps.desired), recorded: only(maps.recorded), observed: only(maps.observed) };
}

/** The name of the attribute that holds all tags of a resource, default tags included. */
function allOf(name: string): string {
  return `${name}_all`;
}

function desiredTags(truths: InstanceTruths, name: string): JsonObject {
  const own = mapAt(truths.desired?.attributes, name) ?? {};
  return { ...(truths.desired?.defaultTags ?? recordedDefaults(truths, name)), ...withoutNulls(own) };
}

/** The default tags as the state tells them: what is in all tags and not in the resource's own. */
function recordedDefaults(truths: InstanceTruths, name: string): JsonObject {
  const recorded = truths.recorded?.attributes;
  const all = mapAt(recorded, allOf(name)) ?? {};
  const own = mapAt(recorded, name) ?? {};
  return withoutKeys(all, (key) => Object.hasOwn(own, key));
}

function recordedTags(truths: InstanceTruths, name: string): JsonObject {
  const recorded = truths.recorded?.attributes;
  return mapAt(recorded, allOf(name)) ?? { ...truths.desired?.defaultTags, ...mapAt(recorded, name) };
}

function observedTags(view: View, name: string): JsonObject {
  const { attributes } = view.resource;
  return mapAt(attributes, name) ?? mapAt(attributes, allOf(name)) ?? {};
}

function isIgnoredTag(truths: InstanceTruths, key: string): boolean {
  const ignored = truths.desired?.ignoreTags;
  if (key.startsWith("aws:")) return true;
  if (ignored === undefined) return false;
  return ignored.keys.includes(key) || ignored.keyPrefixes.some((prefix) => key.startsWith(prefix));
}

function mapAt(attributes: JsonObject | undefined, name: string): JsonObject | undefined {
  const value: Json | undefined = valueAt(attributes, name);
  return isJsonObject(value) ? value : undefined;
}

/** Tags without a value are no tags: the provider leaves them out. */
function withoutNulls(tags: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== null));
}

function withoutKeys(tags: JsonObject, drop: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !drop(key)));
}
