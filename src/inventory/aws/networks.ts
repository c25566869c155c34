import {
  DescribeVpcAttributeCommand,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  type Subnet,
  type VpcAttributeName,
} from "@aws-sdk/client-ec2";
import type { Wanted } from "../../drift/inventory.ts";
import { subnetAttributes } from "../../providers/aws/subnet.ts";
import { VPC_SETTINGS, type VpcSetting, type VpcSettings, vpcAttributes } from "../../providers/aws/vpc.ts";
import { isAskedFor } from "./instances.ts";
import { allUnreadable, found, NOT_FOUND, type Reading } from "./reading.ts";
import { attempt, describeAll, eachPolitely, type Outcome, type RegionApi } from "./region.ts";

export const VPC_TYPES: ReadonlySet<string> = new Set(["aws_vpc", "aws_default_vpc"]);
export const SUBNET_TYPES: ReadonlySet<string> = new Set(["aws_subnet", "aws_default_subnet"]);

export async function describeSubnets(
  api: RegionApi,
  filter: "subnet-id" | "vpc-id",
  values: Iterable<string>,
): Promise<Outcome<readonly Subnet[]>> {
  return await describeAll(
    api,
    "ec2:DescribeSubnets",
    filter,
    values,
    paginateDescribeSubnets,
    (page) => page.Subnets,
  );
}

export async function readSubnets(api: RegionApi, wanted: readonly Wanted[]): Promise<Reading> {
  const described = await describeSubnets(
    api,
    "subnet-id",
    wanted.map((each) => each.id),
  );
  if (!described.ok) return allUnreadable(wanted, described.failure);
  const live = new Map(described.value.map((subnet) => [subnet.SubnetId ?? "", subnet]));
  const observations = wanted.map((each) => {
    const subnet = live.get(each.id);
    if (subnet === undefined) return [each.address, NOT_FOUND] as const;
    const mapped = subnetAttributes(subnet);
    return [each.address, found(each, each.id, subnet.OwnerId ?? null, api.region, mapped)] as const;
  });
  return { observations: new Map(observations), problems: [] };
}

export async function readVpcs(api: RegionApi, wanted: readonly Wanted[]): Promise<Reading> {
  const described = await describeAll(
    api,
    "ec2:DescribeVpcs",
    "vpc-id",
    wanted.map((each) => each.id),
    paginateDescribeVpcs,
    (page) => page.Vpcs,
  );
  if (!described.ok) return allUnreadable(wanted, described.failure);
  const live = new Map(described.value.map((vpc) => [vpc.VpcId ?? "", vpc]));
  const problems = new Set<string>();
  const observations = await eachPolitely(wanted, async (each) => {
    const vpc = live.get(each.id);
    if (vpc === undefined) return [each.address, NOT_FOUND] as const;
    const mapped = vpcAttributes(vpc, await readVpcSettings(api, each, problems));
    return [each.address, found(each, each.id, vpc.OwnerId ?? null, api.region, mapped)] as const;
  });
  return { observations: new Map(observations), problems: [...problems] };
}

const SETTING_NAMES: Readonly<Record<VpcSetting, VpcAttributeName>> = {
  enable_dns_hostnames: "enableDnsHostnames",
  enable_dns_support: "enableDnsSupport",
  enable_network_address_usage_metrics: "enableNetworkAddressUsageMetrics",
};

/** One request a setting, for those that the code sets, or that the state records off AWS's default. */
async function readVpcSettings(api: RegionApi, wanted: Wanted, problems: Set<string>): Promise<VpcSettings> {
  const settings: { -readonly [Name in keyof VpcSettings]: VpcSettings[Name] } = {};
  for (const name of Object.keys(VPC_SETTINGS) as VpcSetting[]) {
    if (!isAskedFor(wanted, name, [VPC_SETTINGS[name]])) continue;
    const answer = await attempt(api, "ec2:DescribeVpcAttribute", () =>
      api.client.send(new DescribeVpcAttributeCommand({ VpcId: wanted.id, Attribute: SETTING_NAMES[name] })),
    );
    if (!answer.ok) {
      problems.add(answer.failure.reason);
      break;
    }
    const { EnableDnsHostnames, EnableDnsSupport, EnableNetworkAddressUsageMetrics } = answer.value;
    settings[name] = (EnableDnsHostnames ?? EnableDnsSupport ?? EnableNetworkAddressUsageMetrics)?.Value;
  }
  return settings;
}
