import {
  canonicalJson,
  decimalOf,
  exactNumber,
  isJsonArray,
  isJsonObject,
  isNumber,
  isRawNumber,
  type Json,
  type JsonObject,
} from "../json/json.ts";
import { contentHash } from "./content-hash.ts";
import { normalNetwork } from "./network.ts";
import { compareText } from "./order.ts";
import { normalPolicy } from "./policy-document.ts";
import type { AttributeRule } from "./rules.ts";

const TEXT: AttributeRule = { kind: "string" };
const DECIMAL = /^[+-]?\d{1,400}(?:\.\d{1,400})?$/;

/** The IP protocols with a name that EC2 and Terraform know (IANA, "Protocol Numbers"); `all` is theirs. */
export const PROTOCOL_NUMBERS: ReadonlyMap<string, string> = new Map([
  ["all", "-1"],
  ["tcp", "6"],
  ["udp", "17"],
  ["icmp", "1"],
  ["icmpv6", "58"],
]);

/**
 * The one form that all ways to write a value share under its rule: numbers and booleans out of text, sets sorted and
 * without repetition, `sameAs` applied. Values of another kind than the rule says stay as they are, so that they differ.
 * Of a block rule also a single block.
 */
export function normalForm(value: Json, rule: AttributeRule): Json {
  switch (rule.kind) {
    case "string":
      return normalText(value, rule);
    case "number":
      return normalNumber(value);
    case "bool":
      return normalFlag(value);
    case "list":
      return isJsonArray(value) ? value.map((item) => normalForm(item, elementRule(rule))) : value;
    case "set":
      return isJsonArray(value) ? normalSet(value, elementRule(rule)) : value;
    case "map":
    case "tags":
      return isJsonObject(value) ? normalMap(value, elementRule(rule)) : value;
    case "block":
      return isJsonArray(value) ? value.map((item) => normalBlock(item, rule)) : normalBlock(value, rule);
    case "block-set":
      return isJsonArray(value)
        ? sortedValues(value.map((item) => normalBlock(item, rule)))
        : normalBlock(value, rule);
  }
}

/** Two values mean the same under the rule. Both are there; whether one may be left out is for the caller to know. */
export function sameValue(a: Json, b: Json, rule: AttributeRule): boolean {
  if (a === b) return true;
  // Large sets compare every block with every other: most comparisons are of two plain numbers or texts.
  if (typeof a === "number" && typeof b === "number") return false;
  if (typeof a === "string" && typeof b === "string" && rule.kind === "string" && rule.sameAs === undefined)
    return false;
  return canonicalJson(normalForm(a, rule)) === canonicalJson(normalForm(b, rule));
}

/** The rule of the elements: what stands in `element`, with the collection's own `sameAs`; text where nothing is said. */
export function elementRule(rule: AttributeRule): AttributeRule {
  const element = rule.element ?? TEXT;
  return rule.sameAs === undefined || element.sameAs !== undefined
    ? element
    : { ...element, sameAs: rule.sameAs };
}

/**
 * Says nothing, for an attribute that the code leaves out: null, `""`, `[]`, `{}`, `false`, 0, or one of the rule's
 * defaults. Where a default is a boolean or a number, `false` and 0 are values like others: a check that is on by
 * default and now off says something.
 */
export function isBlank(value: Json | undefined, rule: AttributeRule): boolean {
  if (value === undefined || value === null) return true;
  const normal = normalForm(value, rule);
  const defaults = rule.defaults ?? [];
  if (defaults.some((usual) => sameValue(usual, value, rule))) return true;
  const saysSomething = (typeof normal === "boolean" || isNumber(normal)) && defaults.length > 0;
  return !saysSomething && (isEmpty(value) || isEmpty(normal));
}

function isEmpty(value: Json): boolean {
  if (value === null || value === "" || value === false) return true;
  if (isNumber(value)) return decimalOf(value).isZero();
  if (isJsonArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function normalText(value: Json, rule: AttributeRule): Json {
  const text = textOf(value);
  if (text === null) return value;
  return rule.sameAs === undefined ? text : SAME_TEXTS[rule.sameAs](text);
}

const SAME_TEXTS: Readonly<Record<NonNullable<AttributeRule["sameAs"]>, (text: string) => Json>> = {
  "case-insensitive": (text) => text.toLowerCase(),
  cidr: normalNetwork,
  policy: (text) => normalPolicy(text) ?? text,
  "account-prefixed": (text) => text.replace(/^\d{12}\//, ""),
  protocol: normalProtocol,
  sha1: (text) => (text === "" ? text : contentHash(text)),
};

function textOf(value: Json): string | null {
  if (typeof value === "string") return value;
  return typeof value === "boolean" || isNumber(value) ? canonicalJson(value) : null;
}

/** An IP protocol by its number where it has a common name. */
export function normalProtocol(text: string): string {
  const name = text.toLowerCase();
  return PROTOCOL_NUMBERS.get(name) ?? name;
}

function normalNumber(value: Json): Json {
  if (isNumber(value)) return value;
  return typeof value === "string" && DECIMAL.test(value) ? exactNumber(value) : value;
}

function normalFlag(value: Json): Json {
  if (value === "true" || value === "1") return true;
  return value === "false" || value === "0" ? false : value;
}

function normalSet(values: readonly Json[], element: AttributeRule): Json {
  return sortedValues(values.map((item) => normalForm(item, element)));
}

function sortedValues(values: readonly Json[]): readonly Json[] {
  const byText = new Map(values.map((value) => [canonicalJson(value), value]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, value]) => value);
}

/** A map entry without a value is no entry. */
function normalMap(map: JsonObject, element: AttributeRule): JsonObject {
  const entries = Object.entries(map).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, normalForm(value, element)]));
}

/** A nested block without what is never compared and what says nothing. */
function normalBlock(block: Json, rule: AttributeRule): Json {
  if (!isJsonObject(block)) return block;
  const entries = Object.entries(block).flatMap(([name, value]) => {
    const inner = nestedRule(rule, name);
    return inner === undefined ||
      inner.never !== undefined ||
      isBlank(value, inner) ||
      isMeaningless(block, inner)
      ? []
      : [[name, normalForm(value, inner)] as const];
  });
  return Object.fromEntries(entries);
}

/** The rule where only what is empty is blank. */
export function withoutDefaults(rule: AttributeRule): AttributeRule {
  const { defaults: _defaults, ...plain } = rule;
  return plain;
}

/** The rule of an attribute inside of a block. */
export function nestedRule(rule: Pick<AttributeRule, "attributes">, name: string): AttributeRule | undefined {
  const nested = rule.attributes;
  return nested !== undefined && Object.hasOwn(nested, name) ? nested[name] : undefined;
}

/** A sibling attribute takes the meaning from it: ports where the protocol is `-1`. */
export function isMeaningless(siblings: JsonObject, rule: AttributeRule): boolean {
  if (rule.unless === undefined) return false;
  const { attribute, is } = rule.unless;
  const value = Object.hasOwn(siblings, attribute) ? siblings[attribute] : undefined;
  if (value === undefined || value === null || isRawNumber(value)) return false;
  const text = textOf(value)?.toLowerCase();
  return text !== undefined && is.includes(text);
}
