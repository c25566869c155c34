import { describe, expect, test } from "vitest";
import { subnetAttributes } from "../../../src/providers/aws/subnet.ts";
import { vpcAttributes } from "../../../src/providers/aws/vpc.ts";

describe("a VPC in Terraform's names", () => {
  test("plain", () => {
    const mapped = vpcAttributes(
      { VpcId: "vpc-1", CidrBlock: "10.0.0.0/16", InstanceTenancy: "dedicated", OwnerId: "1" },
      { enable_dns_support: false },
    );
    expect(mapped.attributes).toMatchObject({
      cidr_block: "10.0.0.0/16",
      instance_tenancy: "dedicated",
      enable_dns_support: false,
      assign_generated_ipv6_cidr_block: false,
      ipv6_cidr_block: "",
      tags: {},
    });
    expect(mapped.unread).toEqual([["enable_dns_hostnames"], ["enable_network_address_usage_metrics"]]);
  });

  test("an IPv6 range that Amazon gave, besides one that was given back", () => {
    const { attributes } = vpcAttributes(
      {
        Ipv6CidrBlockAssociationSet: [
          {
            AssociationId: "old",
            Ipv6CidrBlock: "2001:db8:1::/56",
            Ipv6CidrBlockState: { State: "disassociated" },
          },
          {
            AssociationId: "new",
            Ipv6CidrBlock: "2001:db8:2::/56",
            Ipv6CidrBlockState: { State: "associated" },
            Ipv6Pool: "Amazon",
            NetworkBorderGroup: "eu-west-1",
          },
        ],
      },
      {},
    );
    expect(attributes).toMatchObject({
      assign_generated_ipv6_cidr_block: true,
      ipv6_association_id: "new",
      ipv6_cidr_block: "2001:db8:2::/56",
      ipv6_cidr_block_network_border_group: "eu-west-1",
    });
  });
});

test("a subnet in Terraform's names; what the answer does not speak of is unread", () => {
  const { attributes, unread } = subnetAttributes({
    SubnetId: "subnet-1",
    CidrBlock: "10.0.1.0/24",
    MapPublicIpOnLaunch: true,
    PrivateDnsNameOptionsOnLaunch: { HostnameType: "resource-name", EnableResourceNameDnsARecord: true },
    Ipv6CidrBlockAssociationSet: [
      { AssociationId: "a", Ipv6CidrBlock: "2001:db8::/64", Ipv6CidrBlockState: { State: "associated" } },
    ],
    Tags: [{ Key: "Name", Value: "public" }],
  });
  expect(attributes).toMatchObject({
    cidr_block: "10.0.1.0/24",
    map_public_ip_on_launch: true,
    private_dns_hostname_type_on_launch: "resource-name",
    enable_resource_name_dns_a_record_on_launch: true,
    ipv6_cidr_block: "2001:db8::/64",
    tags: { Name: "public" },
    tags_all: { Name: "public" },
  });
  expect(attributes).not.toHaveProperty("enable_dns64");
  expect(unread).toContainEqual(["enable_dns64"]);
});
