import { referenceOf } from "../hcl/evaluation/reference.ts";
import type { Block, Expression } from "../hcl/syntax/syntax.ts";
import { isMapping, isSequence, unknownValue, type Value } from "../hcl/values/value.ts";
import type { Json, JsonObject } from "../json/json.ts";
import type { ModulePath } from "./address.ts";
import type { Report } from "./cell.ts";
import { type EvaluatedBody, evaluateResourceBody } from "./evaluated-body.ts";
import { attributeOf } from "./module.ts";
import type { ModuleInstance } from "./module-instance.ts";
import type { ResourceInstance } from "./resource.ts";
import { toPlain } from "./value-json.ts";

/** What a provider's configuration says about the tags of its resources. */
export interface ProviderTags {
  /** Null where they are not known. */
  readonly defaultTags: JsonObject | null;
  readonly ignoreTags: { readonly keys: readonly string[]; readonly keyPrefixes: readonly string[] };
}

/** A provider configuration by the name that a module uses for it: `aws`, `aws.west`. */
interface ProviderName {
  readonly name: string;
  readonly alias: string | null;
}

const NO_TAGS: ProviderTags = { defaultTags: {}, ignoreTags: { keys: [], keyPrefixes: [] } };

/**
 * The tags that the provider of an instance adds and ignores
 * (https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider).
 */
export function providerTags(root: ModuleInstance, instance: ResourceInstance): ProviderTags {
  const module = moduleAt(root, instance.address.module);
  const argument = attributeOf(instance.block.body, "provider");
  const implied = { name: instance.address.type.split("_")[0] ?? "", alias: null };
  const provider = argument === null ? implied : (providerName(argument.value) ?? implied);
  const found = module === null ? null : findProvider(module, provider);
  if (found === null) return NO_TAGS;
  const body = evaluateResourceBody(found.block.body, found.module.context, SILENT);
  const tags = argumentOf(body, "default_tags", "tags");
  return {
    defaultTags: tags === null ? {} : mappingOf(tags),
    ignoreTags: {
      keys: textsOf(argumentOf(body, "ignore_tags", "keys")),
      keyPrefixes: textsOf(argumentOf(body, "ignore_tags", "key_prefixes")),
    },
  };
}

/** What fails in a provider block is no error of the resources: their tags are unknown then. */
const SILENT: Report = { add() {} };

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

function findProvider(
  module: ModuleInstance,
  wanted: ProviderName,
): { block: Block; module: ModuleInstance } | null {
  for (const block of module.module.providers) {
    const alias = attributeOf(block.body, "alias")?.value;
    const name = alias === undefined ? null : textOf(alias);
    if (block.labels[0]?.value === wanted.name && name === wanted.alias) return { block, module };
  }
  if (module.caller === null) return null;
  const passed = attributeOf(module.caller.block.body, "providers")?.value;
  const item =
    passed?.kind === "object"
      ? passed.items.find(({ key }) => sameProvider(providerName(key), wanted))
      : undefined;
  return findProvider(module.caller.module, (item && providerName(item.value)) ?? wanted);
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

function textOf(node: Expression): string | null {
  const [part] = node.kind === "template" ? node.parts : [];
  return part?.kind === "text" ? part.value : null;
}

function mappingOf(value: Value): JsonObject | null {
  if (!isMapping(value)) return null;
  const { json, unknown } = toPlain(value, [], true);
  return unknown.length > 0 ? null : (json as { readonly [key: string]: Json });
}

function textsOf(value: Value | null): string[] {
  if (value === null || !isSequence(value)) return [];
  return value.items.flatMap((item) => (item.kind === "string" ? [item.value] : []));
}
