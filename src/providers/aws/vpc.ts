import type { Vpc, VpcIpv6CidrBlockAssociation } from "@aws-sdk/client-ec2";
import type { TypeRules } from "../../drift/rules.ts";
import type { JsonObject } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { COMPUTED, EVERYWHERE, FLAG, PROVIDER_ONLY, replacing, TAGS, TEXT } from "./attribute-rules.ts";
import { tagsOf } from "./tags.ts";

/** `aws_vpc` (facts: the provider's documentation and schema, versions 5 and 6). */
export const vpcRules: TypeRules = {
  type: "aws_vpc",
  category: "configuration",
  attributes: {
    ...EVERYWHERE,
    ...TAGS,
    assign_generated_ipv6_cidr_block: { kind: "bool", defaults: [false] },
    cidr_block: replacing({ kind: "string", sameAs: "cidr" }),
    default_network_acl_id: COMPUTED,
    default_route_table_id: COMPUTED,
    default_security_group_id: COMPUTED,
    dhcp_options_id: COMPUTED,
    enable_dns_hostnames: { kind: "bool", defaults: [false] },
    enable_dns_support: { kind: "bool", defaults: [true] },
    enable_network_address_usage_metrics: { kind: "bool", defaults: [false] },
    // AWS allows the change from dedicated to default only, so the way back is a new network.
    instance_tenancy: replacing({ kind: "string", defaults: ["default"] }),
    ipv4_ipam_pool_id: PROVIDER_ONLY,
    ipv4_netmask_length: PROVIDER_ONLY,
    ipv6_association_id: COMPUTED,
    ipv6_cidr_block: { kind: "string", sameAs: "cidr" },
    ipv6_cidr_block_network_border_group: TEXT,
    ipv6_ipam_pool_id: PROVIDER_ONLY,
    ipv6_netmask_length: PROVIDER_ONLY,
    main_route_table_id: COMPUTED,
    owner_id: COMPUTED,
  },
};

/** The region's default network: adopted, never created, so its address range is AWS's own. */
export const defaultVpcRules: TypeRules = {
  ...vpcRules,
  type: "aws_default_vpc",
  attributes: {
    ...vpcRules.attributes,
    cidr_block: COMPUTED,
    enable_dns_hostnames: FLAG,
    existing_default_vpc: COMPUTED,
    force_destroy: PROVIDER_ONLY,
    instance_tenancy: COMPUTED,
  },
};

/** The attributes that `DescribeVpcAttribute` reads, one request each; undefined: not asked for, or refused. */
export interface VpcSettings {
  readonly enable_dns_hostnames?: boolean | undefined;
  readonly enable_dns_support?: boolean | undefined;
  readonly enable_network_address_usage_metrics?: boolean | undefined;
}

/** Attributes of a VPC that cost a request each, with the value AWS gives them when the code says nothing. */
export const VPC_SETTINGS = {
  enable_dns_hostnames: false,
  enable_dns_support: true,
  enable_network_address_usage_metrics: false,
} as const satisfies Record<keyof VpcSettings, boolean>;

export type VpcSetting = keyof typeof VPC_SETTINGS;

/** A VPC as the provider records it. `unread`: the settings that were not asked for. */
export function vpcAttributes(
  vpc: Vpc,
  settings: VpcSettings,
): { readonly attributes: JsonObject; readonly unread: readonly Path[] } {
  const names = Object.keys(VPC_SETTINGS) as VpcSetting[];
  const read = names.flatMap((name) => {
    const value = settings[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const tags = tagsOf(vpc.Tags);
  return {
    attributes: {
      id: vpc.VpcId ?? "",
      cidr_block: vpc.CidrBlock ?? "",
      dhcp_options_id: vpc.DhcpOptionsId ?? "",
      instance_tenancy: vpc.InstanceTenancy ?? "default",
      owner_id: vpc.OwnerId ?? "",
      tags,
      tags_all: tags,
      ...ipv6Attributes(vpc),
      ...Object.fromEntries(read),
    },
    unread: names.filter((name) => settings[name] === undefined).map((name) => [name]),
  };
}

function ipv6Attributes(vpc: Vpc): JsonObject {
  const association = vpc.Ipv6CidrBlockAssociationSet?.find(isAssociated);
  return {
    assign_generated_ipv6_cidr_block: association?.Ipv6Pool === "Amazon",
    ipv6_association_id: association?.AssociationId ?? "",
    ipv6_cidr_block: association?.Ipv6CidrBlock ?? "",
    ipv6_cidr_block_network_border_group: association?.NetworkBorderGroup ?? "",
  };
}

function isAssociated(association: VpcIpv6CidrBlockAssociation): boolean {
  const state = association.Ipv6CidrBlockState?.State;
  return state === "associated" || state === "associating";
}
