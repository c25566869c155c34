import { type CliStep, ec2, flag, type RevertSubject, shown, targets, word } from "./revert-subject.ts";

/** EC2 takes one of these in each request. (EC2 API Reference, ModifyVpcAttribute.) Name of the attribute for describing. */
const VPC_SWITCHES: ReadonlyMap<string, string> = new Map([
  ["enable_dns_support", "enableDnsSupport"],
  ["enable_dns_hostnames", "enableDnsHostnames"],
  ["enable_network_address_usage_metrics", "enableNetworkAddressUsageMetrics"],
]);

/** EC2 takes one of these in each request. (EC2 API Reference, ModifySubnetAttribute.) Field for describing. */
const SUBNET_SWITCHES: ReadonlyMap<string, string> = new Map([
  ["map_public_ip_on_launch", "MapPublicIpOnLaunch"],
  ["assign_ipv6_address_on_creation", "AssignIpv6AddressOnCreation"],
  ["enable_dns64", "EnableDns64"],
  [
    "enable_resource_name_dns_a_record_on_launch",
    "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord",
  ],
  [
    "enable_resource_name_dns_aaaa_record_on_launch",
    "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord",
  ],
]);

const SUBNET_WORDS: ReadonlyMap<string, string> = new Map([
  ["private_dns_hostname_type_on_launch", "PrivateDnsNameOptionsOnLaunch.HostnameType"],
]);

/** The AWS CLI's way to set the settings of a VPC back. */
export function vpcSteps(subject: RevertSubject): readonly CliStep[] {
  const id = word(subject.resource.id);
  if (id === null) return [];
  return targets(subject.changes).flatMap(({ name, value, now }): readonly CliStep[] => {
    const attribute = VPC_SWITCHES.get(name);
    const on = flag(value);
    if (attribute === undefined || on === null) return [];
    return [
      {
        title: `Set ${name} back to ${on} (now ${shown(now)})`,
        commands: [ec2(subject.resource, "modify-vpc-attribute", "--vpc-id", id, option(name, on))],
        impact: "in-place",
        verify: ec2(subject.resource, "describe-vpc-attribute", "--vpc-id", id, "--attribute", attribute),
      },
    ];
  });
}

/** The AWS CLI's way to set the launch settings of a subnet back. */
export function subnetSteps(subject: RevertSubject): readonly CliStep[] {
  const id = word(subject.resource.id);
  if (id === null) return [];
  return targets(subject.changes).flatMap(({ name, value, now }): readonly CliStep[] => {
    const on = flag(value);
    const text = word(value);
    const field = SUBNET_SWITCHES.get(name) ?? SUBNET_WORDS.get(name);
    if (field === undefined || (SUBNET_SWITCHES.has(name) ? on === null : text === null)) return [];
    const argv = on === null ? [`--${name.replaceAll("_", "-")}`, text ?? ""] : [option(name, on)];
    return [
      {
        title: `Set ${name} back to ${shown(value)} (now ${shown(now)})`,
        commands: [ec2(subject.resource, "modify-subnet-attribute", "--subnet-id", id, ...argv)],
        impact: "in-place",
        verify: ec2(
          subject.resource,
          "describe-subnets",
          "--subnet-ids",
          id,
          "--query",
          `Subnets[].${field}`,
          "--output",
          "text",
        ),
      },
    ];
  });
}

/** Both APIs call their options what Terraform calls the attributes. */
function option(name: string, on: boolean): string {
  return `--${on ? "" : "no-"}${name.replaceAll("_", "-")}`;
}
