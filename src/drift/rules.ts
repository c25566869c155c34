import type { Json } from "../json/json.ts";
import type { Severity } from "./model.ts";

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
  /** Where an instance is itself one firewall rule: its direction, or the attribute whose value says it. */
  readonly access?: "ingress" | "egress" | { readonly attribute: string };
}

/**
 * The part that an attribute plays in a firewall rule. A `block-set` of `ingress` or `egress` holds one rule an element;
 * the others stand inside of such a block, or at the top of a type that is itself a rule (`TypeRules.access`).
 *
 * `networks` (address ranges) and `groups` (security groups, prefix lists) are texts or collections of texts; `self` is
 * a boolean. An element with several sources means the same as several elements with one source each, a group that is
 * the resource's own id means `self`, and ports say nothing where the protocol is `-1`.
 */
export type AccessRole =
  | "ingress"
  | "egress"
  | "protocol"
  | "from-port"
  | "to-port"
  | "networks"
  | "groups"
  | "self";

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
  /**
   * Of `block-set`: an element stands for one element per entry of these attributes (an entry of a list, or a boolean
   * that is true), so that two sets that split or group the entries differently are equal. Security group rules: EC2
   * keeps one rule per protocol, port range and source, code may write them in any grouping.
   */
  readonly expand?: readonly string[];
  /** Not compared where the sibling `attribute` has one of these texts: ports under protocol `-1` mean nothing. */
  readonly unless?: { readonly attribute: string; readonly is: readonly string[] };
  /**
   * Texts that mean the same: without regard to case, as address range, as JSON policy, with `sg-1` = `123/sg-1`;
   * `protocol`: an IP protocol by name or number (`tcp` = `6`, `udp` = `17`, `icmp` = `1`, `icmpv6` = `58`,
   * `all` = `-1`), without regard to case; `sha1`: a text and the hexadecimal SHA-1 of what it says (of its bytes once
   * decoded, where it is Base64), 40 hexadecimal digits are taken for the hash.
   */
  readonly sameAs?: "case-insensitive" | "cidr" | "policy" | "account-prefixed" | "protocol" | "sha1";
  /** Where the code leaves it out, an observed value equal to one of these is no difference. */
  readonly defaults?: readonly Json[];
  /**
   * Compared also where the code leaves it out, since it matters to security: `always` recorded against observed,
   * `additions` only what is observed and not recorded.
   */
  readonly watch?: "always" | "additions";
  readonly category?: "configuration" | "policy";
  readonly sensitive?: boolean;
  /** Of a finding about it, where nothing below raises it. Default: `low` for tags, else `medium`. */
  readonly severity?: Severity;
  /** Observed values that take a protection away (`[false]` of a termination protection): `high`. */
  readonly weakens?: readonly Json[];
  /**
   * Observed values that let more people or networks in: `high`, and never adopted by a rule. `additions`: whatever is
   * observed and not desired does (another security group, another instance profile).
   */
  readonly exposes?: readonly Json[] | "additions";
  /** What part of a firewall rule it is; makes widening and public access known. */
  readonly access?: AccessRole;
  /**
   * Of a top-level attribute: not compared where the state holds nothing for it, since the provider may record the same
   * thing under another name.
   */
  readonly onlyRecorded?: boolean;
  /**
   * What an apply does where the code leaves it out: the provider keeps what runs (`Optional` and `Computed` in its
   * schema), or sets the first of `defaults`. Not given where nobody has looked it up.
   */
  readonly unset?: "kept" | "default";
  /** What changing it back does to the resource; default `in-place`. */
  readonly impact?: "in-place" | "restart" | "replace" | "data-loss";
}

/** Rules by resource type. */
export type RuleBook = Readonly<Record<string, TypeRules>>;

/** The rules of a type, undefined where there are none. */
export function rulesOf(book: RuleBook, type: string): TypeRules | undefined {
  return Object.hasOwn(book, type) ? book[type] : undefined;
}
