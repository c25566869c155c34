import type { Effect } from "../drift/model.ts";
import { textOf } from "../hcl/syntax/source.ts";
import { equalJson, isJsonObject, type Json, jsonAt } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { moduleAddress } from "../terraform/address.ts";
import { attributeOf } from "../terraform/code/module.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import {
  type ProviderTags,
  providerOf,
  providerTags,
  tagsOf,
} from "../terraform/evaluation/provider-settings.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { MASK } from "../terraform/evaluation/value-json.ts";
import type { TriedEdits } from "../terraform/trial/tried-edits.ts";

/** What the state has all tags of a resource in, default tags included. */
const ALL_TAGS = "tags_all";

/**
 * What two evaluations of a stack give an instance through its provider's default tags alone: a literal that decides a
 * tag of one resource may decide a default tag of all others. Only of instances that the state knows to have tags.
 * Sensitive values are masked.
 */
export function defaultTagEffects(
  stack: string,
  before: Evaluation,
  after: Evaluation,
  moved: ReadonlyMap<string, string>,
): readonly Effect[] {
  const [tagsBefore, tagsAfter] = [defaultTagsIn(before), defaultTagsIn(after)];
  return [...before.instances].flatMap(([address, instance]): readonly Effect[] => {
    const now = after.instances.get(moved.get(address) ?? address);
    if (now === undefined || !hasAllTags(instance)) return [];
    return tagEffects(stack, now, tagsBefore(instance), tagsAfter(now), address);
  });
}

/** The same of providers whose configuration edits change, while they are tried out. */
export function triedTagEffects(stack: string, evaluation: Evaluation, tried: TriedEdits): readonly Effect[] {
  const turned = new Map(
    [...tried.providers()].flatMap(([provider, { before, after }]) => {
      const [was, is] = [tagsOf(before.body), tagsOf(after.body)];
      return isSameTags(was, is) ? [] : [[provider, { was, is }] as const];
    }),
  );
  if (turned.size === 0) return [];
  const instances = tried.instances();
  return [...evaluation.instances.values()].flatMap((instance): readonly Effect[] => {
    if (instances.get(instance)?.after === null || !hasAllTags(instance)) return [];
    const provider = providerOf(evaluation.root, instance);
    const tags = provider === null ? undefined : turned.get(provider);
    return tags === undefined ? [] : tagEffects(stack, instance, tags.was, tags.is);
  });
}

function hasAllTags({ recorded }: ResourceInstance): boolean {
  return isJsonObject(jsonAt(recorded?.attributes, [ALL_TAGS]));
}

function isSameTags(a: ProviderTags, b: ProviderTags): boolean {
  return equalJson(a.defaultTags, b.defaultTags);
}

function tagEffects(
  stack: string,
  instance: ResourceInstance,
  before: ProviderTags,
  after: ProviderTags,
  address = instance.name,
): readonly Effect[] {
  const [was, is] = [before.defaultTags, after.defaultTags];
  if (was === is) return [];
  const secrets = [...before.sensitiveTags, ...after.sensitiveTags];
  const names = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})]);
  return [...names].flatMap((name): Effect[] => {
    // The resource's own tag wins, and is compared by itself.
    if (instance.at(["tags", name]) !== undefined) return [];
    const [old, value] = [jsonAt(was ?? {}, [name]) ?? null, jsonAt(is ?? {}, [name]) ?? null];
    const path = printPath([ALL_TAGS, name]);
    if (equalJson(old, value)) return [];
    const isSecret = secrets.some(([first]) => first === undefined || first === name);
    // What is not there is no secret.
    const shown = (json: Json) => (isSecret && json !== null ? MASK : json);
    return [{ stack, address, path, before: shown(old), after: shown(value) }];
  });
}

/** The tags that the provider of an instance adds; evaluated once for all that have the same provider in the same module. */
export function defaultTagsIn({ root }: Evaluation): (instance: ResourceInstance) => ProviderTags {
  const known = new Map<string, ProviderTags>();
  return (instance) => {
    const { module, type } = instance.address;
    const provider = attributeOf(instance.block.body, "provider");
    const name = provider === null ? (type.split("_")[0] ?? "") : `=${textOf(provider.value)}`;
    const key = JSON.stringify([moduleAddress(module), name]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const tags = providerTags(root, instance);
    known.set(key, tags);
    return tags;
  };
}
