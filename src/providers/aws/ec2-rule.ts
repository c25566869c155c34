import type { IpPermission, SecurityGroup, SecurityGroupRule } from "@aws-sdk/client-ec2";
import ipaddr from "ipaddr.js";
import type { Json, JsonObject } from "../../json/json.ts";
import { protocolName } from "./protocols.ts";
import { texts } from "./recorded.ts";

export type Direction = "ingress" | "egress";

/** The attributes of a rule block that hold its sources, as the provider names them. */
type SourceKind = "cidr_blocks" | "ipv6_cidr_blocks" | "prefix_list_ids" | "security_groups";

/**
 * One rule as EC2 keeps it: one direction, protocol, port range and source. A rule's own group is a source like any
 * other group; `account` is the source group's, null where EC2 does not say.
 */
export interface Ec2Rule {
  readonly direction: Direction;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly kind: SourceKind;
  readonly source: string;
  readonly account: string | null;
  readonly description: string;
}

type Shape = Pick<Ec2Rule, "direction" | "protocol" | "fromPort" | "toPort">;

/** All rules of a group, in EC2's order. */
export function rulesOfGroup(group: SecurityGroup): readonly Ec2Rule[] {
  return [
    ...(group.IpPermissions ?? []).flatMap((each) => rulesOfPermission("ingress", each)),
    ...(group.IpPermissionsEgress ?? []).flatMap((each) => rulesOfPermission("egress", each)),
  ];
}

function rulesOfPermission(direction: Direction, permission: IpPermission): readonly Ec2Rule[] {
  const shape = shapeOf(direction, permission.IpProtocol ?? "-1", permission.FromPort, permission.ToPort);
  const rule = (
    kind: SourceKind,
    source: string | undefined,
    description: string | undefined,
    account: string | null = null,
  ): Ec2Rule => ({ ...shape, kind, source: source ?? "", account, description: description ?? "" });
  return [
    ...(permission.IpRanges ?? []).map((each) => rule("cidr_blocks", each.CidrIp, each.Description)),
    ...(permission.Ipv6Ranges ?? []).map((each) => rule("ipv6_cidr_blocks", each.CidrIpv6, each.Description)),
    ...(permission.PrefixListIds ?? []).map((each) =>
      rule("prefix_list_ids", each.PrefixListId, each.Description),
    ),
    ...(permission.UserIdGroupPairs ?? []).map((each) =>
      rule("security_groups", each.GroupId ?? each.GroupName, each.Description, each.UserId ?? null),
    ),
  ];
}

/** One answer of `DescribeSecurityGroupRules`; null where it names no source that is known. */
export function ruleOfAnswer(answer: SecurityGroupRule): Ec2Rule | null {
  const direction = answer.IsEgress === true ? "egress" : "ingress";
  const sources: readonly (readonly [SourceKind, string | undefined])[] = [
    ["cidr_blocks", answer.CidrIpv4],
    ["ipv6_cidr_blocks", answer.CidrIpv6],
    ["prefix_list_ids", answer.PrefixListId],
    ["security_groups", answer.ReferencedGroupInfo?.GroupId],
  ];
  for (const [kind, source] of sources) {
    if (source === undefined) continue;
    return {
      ...shapeOf(direction, answer.IpProtocol ?? "-1", answer.FromPort, answer.ToPort),
      kind,
      source,
      account: answer.ReferencedGroupInfo?.UserId ?? null,
      description: answer.Description ?? "",
    };
  }
  return null;
}

/** The EC2 rules that one recorded `aws_security_group_rule` stands for: one for each of its sources. */
export function rulesOfRecordedRule(recorded: JsonObject): readonly Ec2Rule[] {
  const shape = shapeOf(
    recorded["type"] === "egress" ? "egress" : "ingress",
    String(recorded["protocol"] ?? "-1"),
    port(recorded["from_port"]),
    port(recorded["to_port"]),
  );
  const description = typeof recorded["description"] === "string" ? recorded["description"] : "";
  const own = recorded["self"] === true ? texts([recorded["security_group_id"] ?? null]) : [];
  const sources: readonly (readonly [SourceKind, readonly string[]])[] = [
    ["cidr_blocks", texts(recorded["cidr_blocks"])],
    ["ipv6_cidr_blocks", texts(recorded["ipv6_cidr_blocks"])],
    ["prefix_list_ids", texts(recorded["prefix_list_ids"])],
    // With `self`, older versions of the provider record the group a second time as the source.
    ["security_groups", [...new Set([...own, ...texts([recorded["source_security_group_id"] ?? null])])]],
  ];
  return sources.flatMap(([kind, values]) =>
    values.map((source) => ({ ...shape, kind, source, account: null, description })),
  );
}

/** The one EC2 rule that a recorded `aws_vpc_security_group_ingress_rule` or `_egress_rule` stood for; null if none. */
export function ruleOfRecordedSingle(direction: Direction, recorded: JsonObject): Ec2Rule | null {
  const [rule] = rulesOfRecordedRule({
    type: direction,
    protocol: recorded["ip_protocol"] ?? null,
    from_port: recorded["from_port"] ?? null,
    to_port: recorded["to_port"] ?? null,
    cidr_blocks: [recorded["cidr_ipv4"] ?? null],
    ipv6_cidr_blocks: [recorded["cidr_ipv6"] ?? null],
    prefix_list_ids: [recorded["prefix_list_id"] ?? null],
    source_security_group_id: recorded["referenced_security_group_id"] ?? null,
  });
  return rule ?? null;
}

/** The same text for the same rule, whoever wrote it down: description and account do not count. */
export function ruleKey(rule: Ec2Rule): string {
  return JSON.stringify([
    rule.direction,
    rule.protocol,
    rule.fromPort,
    rule.toPort,
    rule.kind,
    canonicalSource(rule.kind, rule.source),
  ]);
}

/** Under "all protocols" there are no ports; the provider records them as 0. */
function shapeOf(
  direction: Direction,
  protocol: string,
  fromPort: number | undefined,
  toPort: number | undefined,
): Shape {
  const name = protocolName(protocol);
  if (name === "-1") return { direction, protocol: name, fromPort: 0, toPort: 0 };
  return { direction, protocol: name, fromPort: fromPort ?? 0, toPort: toPort ?? 0 };
}

function canonicalSource(kind: SourceKind, source: string): string {
  if (kind === "security_groups") return source.split("/").at(-1) ?? source;
  if (kind === "prefix_list_ids" || !ipaddr.isValidCIDR(source)) return source;
  const [address, bits] = ipaddr.parseCIDR(source);
  return `${address.toString()}/${bits}`;
}

function port(value: Json | undefined): number | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const number = Number(value);
  return Number.isInteger(number) ? number : undefined;
}
