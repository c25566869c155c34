import type { Json } from "../json/json.ts";

/**
 * The facts about one resource type that comparison and severity need, as data: what its attributes are, which of them
 * mean the same when written differently, which are never compared. `providers/` holds them, one file a type.
 */
export interface TypeRules {
  readonly type: string;
  /** Findings on the type as a whole; attributes may say otherwise. */
  readonly category: "configuration" | "policy";
  /** By name; an attribute that is not listed is not compared, and counted as such. */
  readonly attributes: Readonly<Record<string, AttributeRule>>;
}

/**
 * One attribute or nested block.
 *
 * Code and state may write a number or boolean as text (`"8080"`, `"true"`): `kind` says what it means.
 */
export interface AttributeRule {
  readonly kind: "string" | "number" | "bool" | "list" | "set" | "map" | "tags" | "block" | "block-set";
  /** Of `list`, `set`, `map`: the elements. Default: text. */
  readonly element?: AttributeRule;
  /** Of `block` (in order) and `block-set` (without order): what stands in each. */
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  /** Of `block-set`: elements with equal values of these attributes are the same element, changed. */
  readonly identity?: readonly string[];
  /** Never compared, and why: `computed`, `provider-only` (an argument the cloud does not know), `write-only`. */
  readonly never?: "computed" | "provider-only" | "write-only";
  /** Texts that mean the same: without regard to case, as address range, as JSON policy, with `sg-1` = `123/sg-1`. */
  readonly sameAs?: "case-insensitive" | "cidr" | "policy" | "account-prefixed";
  /** Where the code leaves it out, an observed value equal to one of these is no difference. */
  readonly defaults?: readonly Json[];
  /**
   * Compared also where the code leaves it out, since it matters to security: `always` recorded against observed,
   * `additions` only what is observed and not recorded.
   */
  readonly watch?: "always" | "additions";
  readonly category?: "configuration" | "policy";
  readonly sensitive?: boolean;
  /** What changing it back does to the resource; default `in-place`. */
  readonly impact?: "in-place" | "restart" | "replace" | "data-loss";
}

/** Rules by resource type. */
export type RuleBook = Readonly<Record<string, TypeRules>>;
