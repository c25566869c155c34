import type { Json, JsonObject } from "../../json/json.ts";
import type { Ec2Rule } from "./ec2-rule.ts";

const WITH_PORTS: ReadonlySet<string> = new Set(["tcp", "udp", "icmp", "icmpv6"]);

/**
 * Rules as the `--ip-permissions` of the AWS CLI: one entry for each protocol and port range. Descriptions only where
 * asked for: to revoke a rule none is needed. (EC2 API Reference, IpPermission.)
 */
export function ipPermissions(rules: readonly Ec2Rule[], descriptions: boolean): readonly JsonObject[] {
  const byPorts = Map.groupBy(rules, (rule) => JSON.stringify([rule.protocol, rule.fromPort, rule.toPort]));
  return [...byPorts.values()].map((alike) => {
    const first = alike[0];
    const ports =
      first && WITH_PORTS.has(first.protocol) ? { FromPort: first.fromPort, ToPort: first.toPort } : {};
    return {
      IpProtocol: first?.protocol ?? "-1",
      ...ports,
      ...ranges("IpRanges", alike, "cidr_blocks", (source) => ({ CidrIp: source })),
      ...ranges("Ipv6Ranges", alike, "ipv6_cidr_blocks", (source) => ({ CidrIpv6: source })),
      ...ranges("PrefixListIds", alike, "prefix_list_ids", (source) => ({ PrefixListId: source })),
      ...ranges("UserIdGroupPairs", alike, "security_groups", groupPair),
    };
  });

  function ranges(
    name: string,
    alike: readonly Ec2Rule[],
    kind: Ec2Rule["kind"],
    entry: (source: string) => JsonObject,
  ): JsonObject {
    const found = alike.filter((rule) => rule.kind === kind);
    if (found.length === 0) return {};
    const entries: Json = found.map((rule) => ({
      ...entry(rule.source),
      ...(descriptions && rule.description !== "" ? { Description: rule.description } : {}),
    }));
    return { [name]: entries };
  }
}

/** `123456789012/sg-1`: a group of another account. */
function groupPair(source: string): JsonObject {
  const [account, group] = source.split("/");
  return group === undefined ? { GroupId: source } : { UserId: account ?? "", GroupId: group };
}

/** `tcp 22 from 0.0.0.0/0`, `all traffic to sg-1`. */
export function ruleText(rule: Ec2Rule): string {
  const ports = rule.fromPort === rule.toPort ? `${rule.fromPort}` : `${rule.fromPort}-${rule.toPort}`;
  const traffic = rule.protocol === "-1" ? "all traffic" : `${rule.protocol} ${ports}`;
  return `${traffic} ${rule.direction === "ingress" ? "from" : "to"} ${rule.source}`;
}
