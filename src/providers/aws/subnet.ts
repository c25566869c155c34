import type { Subnet } from "@aws-sdk/client-ec2";
import type { TypeRules } from "../../drift/rules.ts";
import { COMPUTED, EVERYWHERE, NUMBER, PROVIDER_ONLY, replacing, TAGS, TEXT } from "./attribute-rules.ts";
import { type Mapped, toldOf } from "./mapped.ts";
import { tagsOf } from "./tags.ts";

/** `aws_subnet` (facts: the provider's documentation and schema, versions 5 and 6). */
export const subnetRules: TypeRules = {
  type: "aws_subnet",
  category: "configuration",
  attributes: {
    ...EVERYWHERE,
    ...TAGS,
    assign_ipv6_address_on_creation: { kind: "bool", defaults: [false] },
    availability_zone: replacing(TEXT),
    availability_zone_id: replacing(TEXT),
    cidr_block: replacing({ kind: "string", sameAs: "cidr" }),
    customer_owned_ipv4_pool: TEXT,
    enable_dns64: { kind: "bool", defaults: [false] },
    enable_lni_at_device_index: NUMBER,
    enable_resource_name_dns_a_record_on_launch: { kind: "bool", defaults: [false] },
    enable_resource_name_dns_aaaa_record_on_launch: { kind: "bool", defaults: [false] },
    ipv4_ipam_pool_id: PROVIDER_ONLY,
    ipv4_netmask_length: PROVIDER_ONLY,
    ipv6_cidr_block: { kind: "string", sameAs: "cidr" },
    ipv6_cidr_block_association_id: COMPUTED,
    ipv6_ipam_pool_id: PROVIDER_ONLY,
    ipv6_native: replacing({ kind: "bool", defaults: [false] }),
    ipv6_netmask_length: PROVIDER_ONLY,
    map_customer_owned_ip_on_launch: { kind: "bool", defaults: [false] },
    // On gives every new instance an address on the internet.
    map_public_ip_on_launch: {
      kind: "bool",
      defaults: [false],
      unset: "default",
      category: "policy",
      watch: "always",
      exposes: [true],
    },
    outpost_arn: replacing(TEXT),
    owner_id: COMPUTED,
    private_dns_hostname_type_on_launch: { kind: "string", defaults: ["ip-name"] },
    vpc_id: replacing(TEXT),
  },
};

/** A zone's default subnet: adopted, never created; its launch settings follow AWS's defaults, which differ. */
export const defaultSubnetRules: TypeRules = {
  ...subnetRules,
  type: "aws_default_subnet",
  attributes: {
    ...subnetRules.attributes,
    availability_zone_id: COMPUTED,
    cidr_block: COMPUTED,
    existing_default_subnet: COMPUTED,
    force_destroy: PROVIDER_ONLY,
    map_public_ip_on_launch: { kind: "bool", defaults: [true], category: "policy" },
    vpc_id: COMPUTED,
  },
};

/** A subnet as the provider records it. Settings that older endpoints do not tell of are unread, not off. */
export function subnetAttributes(subnet: Subnet): Mapped {
  const names = subnet.PrivateDnsNameOptionsOnLaunch;
  const ipv6 = subnet.Ipv6CidrBlockAssociationSet?.find(
    (association) => association.Ipv6CidrBlockState?.State === "associated",
  );
  const settings = toldOf({
    assign_ipv6_address_on_creation: subnet.AssignIpv6AddressOnCreation,
    availability_zone_id: subnet.AvailabilityZoneId,
    enable_dns64: subnet.EnableDns64,
    enable_resource_name_dns_a_record_on_launch: names?.EnableResourceNameDnsARecord,
    enable_resource_name_dns_aaaa_record_on_launch: names?.EnableResourceNameDnsAAAARecord,
    ipv6_native: subnet.Ipv6Native,
    map_customer_owned_ip_on_launch: subnet.MapCustomerOwnedIpOnLaunch,
    map_public_ip_on_launch: subnet.MapPublicIpOnLaunch,
    private_dns_hostname_type_on_launch: names?.HostnameType,
  });
  const tags = tagsOf(subnet.Tags);
  return {
    attributes: {
      id: subnet.SubnetId ?? "",
      arn: subnet.SubnetArn ?? "",
      availability_zone: subnet.AvailabilityZone ?? "",
      cidr_block: subnet.CidrBlock ?? "",
      customer_owned_ipv4_pool: subnet.CustomerOwnedIpv4Pool ?? "",
      enable_lni_at_device_index: subnet.EnableLniAtDeviceIndex ?? 0,
      ipv6_cidr_block: ipv6?.Ipv6CidrBlock ?? "",
      ipv6_cidr_block_association_id: ipv6?.AssociationId ?? "",
      outpost_arn: subnet.OutpostArn ?? "",
      owner_id: subnet.OwnerId ?? "",
      tags,
      tags_all: tags,
      vpc_id: subnet.VpcId ?? "",
      ...settings.attributes,
    },
    unread: settings.unread,
  };
}
