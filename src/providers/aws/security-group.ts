import type { SecurityGroup, SecurityGroupRule } from "@aws-sdk/client-ec2";
import { isJsonArray, type Json, type JsonObject } from "../../json/json.ts";
import { type Direction, type Ec2Rule, ruleKey, rulesOfGroup, rulesOfRecordedRule } from "./ec2-rule.ts";
import { tagsOf } from "./tags.ts";

/**
 * A security group as the provider records it, with its rules inline. `owned`: keys (`ruleKey`) of the rules that are
 * resources of their own; the group does not speak for them.
 */
export function securityGroupAttributes(group: SecurityGroup, owned: ReadonlySet<string>): JsonObject {
  const rules = rulesOfGroup(group).filter((rule) => !owned.has(ruleKey(rule)));
  const tags = tagsOf(group.Tags);
  return {
    id: group.GroupId ?? "",
    arn: group.SecurityGroupArn ?? "",
    description: group.Description ?? "",
    egress: inlineBlocks(rules, "egress", group),
    ingress: inlineBlocks(rules, "ingress", group),
    name: group.GroupName ?? "",
    owner_id: group.OwnerId ?? "",
    tags,
    tags_all: tags,
    vpc_id: group.VpcId ?? "",
  };
}

interface Sources {
  readonly cidr_blocks: string[];
  readonly ipv6_cidr_blocks: string[];
  readonly prefix_list_ids: string[];
  readonly security_groups: string[];
  self: boolean;
}

/** As the provider groups them: rules alike in protocol, ports and description are one block. */
function inlineBlocks(
  rules: readonly Ec2Rule[],
  direction: Direction,
  group: SecurityGroup,
): readonly Json[] {
  const blocks = new Map<string, { readonly first: Ec2Rule; readonly sources: Sources }>();
  for (const rule of rules.filter((each) => each.direction === direction)) {
    const key = JSON.stringify([rule.protocol, rule.fromPort, rule.toPort, rule.description]);
    const block = blocks.get(key) ?? { first: rule, sources: noSources() };
    blocks.set(key, block);
    if (rule.kind === "security_groups" && rule.source === group.GroupId) block.sources.self = true;
    else block.sources[rule.kind].push(sourceText(rule, group.OwnerId));
  }
  return [...blocks.values()].map(({ first, sources }) => ({
    ...sources,
    description: first.description,
    from_port: first.fromPort,
    protocol: first.protocol,
    to_port: first.toPort,
  }));
}

function noSources(): Sources {
  return { cidr_blocks: [], ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false };
}

/** A group of another account is written with its account. */
function sourceText(rule: Ec2Rule, owner: string | undefined): string {
  const foreign = rule.kind === "security_groups" && rule.account !== null && rule.account !== owner;
  return foreign ? `${rule.account}/${rule.source}` : rule.source;
}

/**
 * An `aws_security_group_rule` as far as its group still has the EC2 rules that it stands for; null where none is left.
 */
export function securityGroupRuleAttributes(group: SecurityGroup, recorded: JsonObject): JsonObject | null {
  const live = new Map(rulesOfGroup(group).map((rule) => [ruleKey(rule), rule]));
  const wanted = rulesOfRecordedRule(recorded).map((rule) => ({ rule, found: live.get(ruleKey(rule)) }));
  const present = wanted.filter(({ found }) => found !== undefined);
  const [first] = present;
  if (first === undefined) return null;
  const recordedText = first.rule.description;
  const description =
    present.map(({ found }) => found?.description ?? "").find((text) => text !== recordedText) ??
    recordedText;
  const left = (name: Ec2Rule["kind"]): readonly string[] =>
    present.filter(({ rule }) => rule.kind === name).map(({ rule }) => rule.source);
  const groups = left("security_groups");
  const source = recorded["source_security_group_id"];
  return {
    type: first.rule.direction,
    description,
    from_port: recorded["from_port"] ?? null,
    protocol: first.rule.protocol,
    security_group_id: group.GroupId ?? "",
    self: recorded["self"] === true && groups.includes(group.GroupId ?? ""),
    to_port: recorded["to_port"] ?? null,
    ...(typeof source === "string" && source !== ""
      ? { source_security_group_id: groups.includes(source) ? source : "" }
      : {}),
    ...Object.fromEntries(
      (["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"] as const)
        .filter((name) => isJsonArray(recorded[name]))
        .map((name) => [name, left(name)]),
    ),
  };
}

/** A rule with an id of its own (`aws_vpc_security_group_ingress_rule`, `_egress_rule`) as the provider records it. */
export function singleRuleAttributes(rule: SecurityGroupRule, recorded: JsonObject): JsonObject {
  const tags = tagsOf(rule.Tags);
  const referenced = rule.ReferencedGroupInfo;
  const foreign = referenced?.UserId !== undefined && referenced.UserId !== rule.GroupOwnerId;
  return {
    id: rule.SecurityGroupRuleId ?? "",
    arn: rule.SecurityGroupRuleArn ?? "",
    cidr_ipv4: rule.CidrIpv4 ?? null,
    cidr_ipv6: rule.CidrIpv6 ?? null,
    description: rule.Description ?? null,
    from_port: portOf(rule.FromPort, recorded["from_port"]),
    ip_protocol: rule.IpProtocol ?? "",
    prefix_list_id: rule.PrefixListId ?? null,
    referenced_security_group_id:
      referenced?.GroupId === undefined
        ? null
        : foreign
          ? `${referenced.UserId}/${referenced.GroupId}`
          : referenced.GroupId,
    security_group_id: rule.GroupId ?? "",
    security_group_rule_id: rule.SecurityGroupRuleId ?? "",
    tags,
    tags_all: tags,
    to_port: portOf(rule.ToPort, recorded["to_port"]),
  };
}

/** EC2 says -1 where no port was given; the provider then keeps it unset. */
function portOf(live: number | undefined, recorded: Json | undefined): Json {
  if (live === undefined) return null;
  return live === -1 && (recorded === null || recorded === undefined) ? null : live;
}
