import { referenceOf } from "../../hcl/evaluation/reference.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { isMapping, isSequence, unknownValue, type Value } from "../../hcl/values/value.ts";
import { isJsonObject, type JsonObject } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import type { ModulePath } from "../address.ts";
import { attributeOf } from "../code/module.ts";
import type { EvaluatedBody } from "./evaluated-body.ts";
import type { ModuleInstance } from "./module-instance.ts";
import type { ProviderBlock } from "./provider-block.ts";
import type { ResourceInstance } from "./resource-instance.ts";
import { toPlain } from "./value-json.ts";

/** What a provider's configuration says about the tags of its resources. */
export interface ProviderTags {
  /** Null where they are not known. */
  readonly defaultTags: JsonObject | null;
  /** Paths in `defaultTags` that are sensitive; the empty path is all of them. The values stand there as they are. */
  readonly sensitiveTags: readonly Path[];
  readonly ignoreTags: { readonly keys: readonly string[]; readonly keyPrefixes: readonly string[] };
}

/** A provider configuration by the name that a module uses for it: `aws`, `aws.west`. */
interface ProviderName {
  readonly name: string;
  readonly alias: string | null;
}

const NO_TAGS: ProviderTags = {
  defaultTags: {},
  sensitiveTags: [],
  ignoreTags: { keys: [], keyPrefixes: [] },
};

/**
 * The tags that the provider of an instance adds and ignores
 * (https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider).
 */
export function providerTags(root: ModuleInstance, instance: ResourceInstance): ProviderTags {
  const provider = providerOf(root, instance);
  return provider === null ? NO_TAGS : tagsOf(provider.body());
}

/** The `provider` block that an instance belongs to; null where the code has none. */
export function providerOf(root: ModuleInstance, instance: ResourceInstance): ProviderBlock | null {
  const module = moduleAt(root, instance.address.module);
  const argument = attributeOf(instance.block.body, "provider");
  const implied = { name: instance.address.type.split("_")[0] ?? "", alias: null };
  const provider = argument === null ? implied : (providerName(argument.value) ?? implied);
  return module === null ? null : findProvider(module, provider);
}

/** The tags that a `provider` block says. */
export function tagsOf(body: EvaluatedBody): ProviderTags {
  const tags = argumentOf(body, "default_tags", "tags");
  return {
    ...defaultTagsOf(tags),
    ignoreTags: {
      keys: textsOf(argumentOf(body, "ignore_tags", "keys")),
      keyPrefixes: textsOf(argumentOf(body, "ignore_tags", "key_prefixes")),
    },
  };
}

/** An argument of a nested block; null where it is not given. */
function argumentOf(body: EvaluatedBody, type: string, name: string): Value | null {
  const group = body.blocks.get(type);
  if (group?.unknown) return unknownValue(undefined, group.unknown);
  const value = group?.blocks[0]?.content.attributes.get(name)?.value;
  return value === undefined || value.kind === "null" ? null : value;
}

/** The module instance at a path; null where the code makes none. */
function moduleAt(root: ModuleInstance, path: ModulePath): ModuleInstance | null {
  let module: ModuleInstance | null = root;
  for (const { name, key } of path) module = module?.call(name)?.instance(key) ?? null;
  return module;
}

function findProvider(module: ModuleInstance, wanted: ProviderName): ProviderBlock | null {
  const own = module.providers.find((provider) => sameProvider(provider, wanted));
  if (own !== undefined) return own;
  if (module.caller === null) return null;
  const passed = attributeOf(module.caller.block.body, "providers")?.value;
  const item =
    passed?.kind === "object"
      ? passed.items.find(({ key }) => sameProvider(providerName(key), wanted))
      : undefined;
  return findProvider(module.caller.outer, (item && providerName(item.value)) ?? wanted);
}

function sameProvider(a: ProviderName | null, b: ProviderName): boolean {
  return a !== null && a.name === b.name && a.alias === b.alias;
}

function providerName(node: Expression): ProviderName | null {
  if (node.kind === "parentheses") return providerName(node.inner);
  if (node.kind !== "variable" && node.kind !== "get-attribute") return null;
  const reference = referenceOf(node);
  const [step] = reference?.steps ?? [];
  if (reference === null) return null;
  return { name: reference.root.name, alias: step?.kind === "get-attribute" ? step.name : null };
}

function defaultTagsOf(value: Value | null): Pick<ProviderTags, "defaultTags" | "sensitiveTags"> {
  if (value === null) return { defaultTags: {}, sensitiveTags: [] };
  const { json, unknown, sensitive } = toPlain(value, [], true);
  const isKnown = isMapping(value) && isJsonObject(json) && unknown.length === 0;
  return { defaultTags: isKnown ? json : null, sensitiveTags: sensitive };
}

function textsOf(value: Value | null): string[] {
  if (value === null || !isSequence(value)) return [];
  return value.items.flatMap((item) => (item.kind === "string" ? [item.value] : []));
}
