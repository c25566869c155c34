import type { AttributeRule, TypeRules } from "../../drift/rules.ts";
import { COMPUTED, EVERYWHERE, PROVIDER_ONLY, replacing, TAGS, TEXT } from "./attribute-rules.ts";

/** Under "all protocols" EC2 keeps no ports, whatever the code had to write. */
function port(role: "from-port" | "to-port", protocol: "protocol" | "ip_protocol"): AttributeRule {
  return { kind: "number", access: role, unless: { attribute: protocol, is: ["-1", "all"] } };
}

const PROTOCOL: AttributeRule = { kind: "string", sameAs: "protocol", access: "protocol" };
const NETWORK: AttributeRule = { kind: "string", sameAs: "cidr", access: "networks" };
const NETWORKS: AttributeRule = {
  kind: "set",
  element: { kind: "string", sameAs: "cidr" },
  access: "networks",
};
const GROUP: AttributeRule = { kind: "string", sameAs: "account-prefixed", access: "groups" };
const PREFIX_LISTS: AttributeRule = { kind: "set", access: "groups" };
const SELF: AttributeRule = { kind: "bool", defaults: [false], access: "self" };

const SOURCES = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self"] as const;

/**
 * The rules of one direction inside of a security group. EC2 keeps one rule for each protocol, port range and source;
 * the provider groups them again by what the code wrote. Rules that are resources of their own are left out where the
 * group is read, so that an addition is seen also where the code has no inline rules.
 */
const INLINE_RULES: AttributeRule = {
  kind: "block-set",
  watch: "additions",
  unset: "kept",
  expand: SOURCES,
  identity: ["protocol", "from_port", "to_port", ...SOURCES],
  attributes: {
    cidr_blocks: NETWORKS,
    description: { kind: "string", defaults: [""] },
    from_port: port("from-port", "protocol"),
    ipv6_cidr_blocks: NETWORKS,
    prefix_list_ids: PREFIX_LISTS,
    protocol: PROTOCOL,
    security_groups: {
      kind: "set",
      element: { kind: "string", sameAs: "account-prefixed" },
      access: "groups",
    },
    self: SELF,
    to_port: port("to-port", "protocol"),
  },
};

/** `aws_security_group` (facts: the provider's documentation and schema, versions 5 and 6). */
export const securityGroupRules: TypeRules = {
  type: "aws_security_group",
  category: "policy",
  attributes: {
    ...EVERYWHERE,
    ...TAGS,
    description: replacing({ kind: "string", defaults: ["Managed by Terraform"], unset: "default" }),
    egress: { ...INLINE_RULES, access: "egress" },
    ingress: { ...INLINE_RULES, access: "ingress" },
    name: replacing(TEXT),
    name_prefix: PROVIDER_ONLY,
    owner_id: COMPUTED,
    revoke_rules_on_delete: PROVIDER_ONLY,
    vpc_id: replacing(TEXT),
  },
};

/** The group that every network has. It is adopted, never created: name and description are AWS's own. */
export const defaultSecurityGroupRules: TypeRules = {
  ...securityGroupRules,
  type: "aws_default_security_group",
  attributes: { ...securityGroupRules.attributes, description: COMPUTED, name: COMPUTED },
};

/** `aws_security_group_rule`: one resource stands for as many EC2 rules as it has sources; only the text is changed in place. */
export const securityGroupRuleRules: TypeRules = {
  type: "aws_security_group_rule",
  category: "policy",
  access: { attribute: "type" },
  attributes: {
    ...EVERYWHERE,
    cidr_blocks: replacing(NETWORKS),
    description: { kind: "string", defaults: [""] },
    from_port: replacing(port("from-port", "protocol")),
    ipv6_cidr_blocks: replacing(NETWORKS),
    prefix_list_ids: replacing(PREFIX_LISTS),
    protocol: replacing(PROTOCOL),
    security_group_id: replacing(TEXT),
    security_group_rule_id: COMPUTED,
    self: replacing(SELF),
    source_security_group_id: replacing(GROUP),
    to_port: replacing(port("to-port", "protocol")),
    type: replacing(TEXT),
  },
};

const SINGLE_RULE: Readonly<Record<string, AttributeRule>> = {
  ...EVERYWHERE,
  ...TAGS,
  cidr_ipv4: NETWORK,
  cidr_ipv6: NETWORK,
  description: TEXT,
  from_port: port("from-port", "ip_protocol"),
  ip_protocol: PROTOCOL,
  prefix_list_id: { kind: "string", access: "groups" },
  referenced_security_group_id: GROUP,
  security_group_id: replacing(TEXT),
  security_group_rule_id: COMPUTED,
  to_port: port("to-port", "ip_protocol"),
};

/** `aws_vpc_security_group_ingress_rule`: exactly one EC2 rule, known by its own id. */
export const ingressRuleRules: TypeRules = {
  type: "aws_vpc_security_group_ingress_rule",
  category: "policy",
  access: "ingress",
  attributes: SINGLE_RULE,
};

/** `aws_vpc_security_group_egress_rule`: exactly one EC2 rule, known by its own id. */
export const egressRuleRules: TypeRules = {
  type: "aws_vpc_security_group_egress_rule",
  category: "policy",
  access: "egress",
  attributes: SINGLE_RULE,
};
