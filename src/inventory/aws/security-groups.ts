import {
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  type SecurityGroup,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import type { Wanted } from "../../drift/inventory.ts";
import type { Observation } from "../../drift/model.ts";
import {
  type Ec2Rule,
  ruleKey,
  ruleOfAnswer,
  ruleOfRecordedSingle,
  rulesOfRecordedRule,
} from "../../providers/aws/ec2-rule.ts";
import {
  securityGroupAttributes,
  securityGroupRuleAttributes,
  singleRuleAttributes,
} from "../../providers/aws/security-group.ts";
import { allUnreadable, found, merge, NOT_FOUND, type Reading, unreadable } from "./reading.ts";
import { describeAll, type Outcome, type RegionApi } from "./region.ts";

export const GROUP_TYPES: ReadonlySet<string> = new Set(["aws_security_group", "aws_default_security_group"]);
export const SHARED_RULE_TYPE = "aws_security_group_rule";
export const SINGLE_RULE_TYPES: ReadonlySet<string> = new Set([
  "aws_vpc_security_group_ingress_rule",
  "aws_vpc_security_group_egress_rule",
]);

export async function describeGroups(
  api: RegionApi,
  filter: "group-id" | "vpc-id",
  values: Iterable<string>,
): Promise<Outcome<readonly SecurityGroup[]>> {
  return await describeAll(
    api,
    "ec2:DescribeSecurityGroups",
    filter,
    values,
    paginateDescribeSecurityGroups,
    (page) => page.SecurityGroups,
  );
}

/**
 * Reads security groups and the rules that are resources of their own, together: a group does not speak for the rules
 * that others own.
 */
export async function readSecurityGroups(api: RegionApi, wanted: readonly Wanted[]): Promise<Reading> {
  const groups = wanted.filter((each) => GROUP_TYPES.has(each.type));
  const shared = wanted.filter((each) => each.type === SHARED_RULE_TYPE);
  const single = wanted.filter((each) => SINGLE_RULE_TYPES.has(each.type));
  const singles = await readSingleRules(api, single);
  const described = await describeGroups(api, "group-id", [
    ...groups.map((each) => each.id),
    ...shared.map(groupIdOf),
  ]);
  if (!described.ok)
    return merge([singles.reading, allUnreadable([...groups, ...shared], described.failure)]);
  const live = new Map(described.value.map((group) => [group.GroupId ?? "", group]));
  const owned = ownedKeys(shared, single, singles.live);
  const observations = [
    ...groups.map((each) => [each.address, observeGroup(api, each, live, owned.get(each.id))] as const),
    ...shared.map((each) => [each.address, observeSharedRule(api, each, live)] as const),
  ];
  return merge([singles.reading, { observations: new Map(observations), problems: [] }]);
}

function observeGroup(
  api: RegionApi,
  wanted: Wanted,
  live: ReadonlyMap<string, SecurityGroup>,
  owned: ReadonlySet<string> = new Set(),
): Observation {
  const group = live.get(wanted.id);
  if (group === undefined) return NOT_FOUND;
  const attributes = securityGroupAttributes(group, owned);
  return found(wanted, wanted.id, group.OwnerId ?? null, api.region, { attributes, unread: [] });
}

function observeSharedRule(
  api: RegionApi,
  wanted: Wanted,
  live: ReadonlyMap<string, SecurityGroup>,
): Observation {
  if (rulesOfRecordedRule(wanted.recorded).length === 0) {
    return unreadable(
      "the state records no source for this rule; run `terraform apply -refresh-only`, then scan again",
    );
  }
  const group = live.get(groupIdOf(wanted));
  const attributes = group === undefined ? null : securityGroupRuleAttributes(group, wanted.recorded);
  if (group === undefined || attributes === null) return NOT_FOUND;
  return found(wanted, wanted.id, group.OwnerId ?? null, api.region, { attributes, unread: [] });
}

interface SingleRules {
  readonly reading: Reading;
  /** By rule id; null where the rules could not be read. */
  readonly live: ReadonlyMap<string, SecurityGroupRule> | null;
}

async function readSingleRules(api: RegionApi, wanted: readonly Wanted[]): Promise<SingleRules> {
  const described = await describeAll(
    api,
    "ec2:DescribeSecurityGroupRules",
    "security-group-rule-id",
    wanted.map((each) => each.id),
    paginateDescribeSecurityGroupRules,
    (page) => page.SecurityGroupRules,
  );
  if (!described.ok) return { reading: allUnreadable(wanted, described.failure), live: null };
  const live = new Map(described.value.map((rule) => [rule.SecurityGroupRuleId ?? "", rule]));
  const observations = wanted.map((each) => {
    const rule = live.get(each.id);
    if (rule === undefined) return [each.address, NOT_FOUND] as const;
    const attributes = singleRuleAttributes(rule, each.recorded);
    const mapped = { attributes, unread: [] };
    return [each.address, found(each, each.id, rule.GroupOwnerId ?? null, api.region, mapped)] as const;
  });
  return { reading: { observations: new Map(observations), problems: [] }, live };
}

/** Which rules of which group are resources of their own: as they are now, or as recorded where that is not known. */
function ownedKeys(
  shared: readonly Wanted[],
  single: readonly Wanted[],
  live: SingleRules["live"],
): ReadonlyMap<string, ReadonlySet<string>> {
  const owned = new Map<string, Set<string>>();
  const claim = (group: string, rules: readonly Ec2Rule[]): void => {
    const keys = owned.get(group) ?? new Set();
    for (const rule of rules) keys.add(ruleKey(rule));
    owned.set(group, keys);
  };
  for (const each of shared) claim(groupIdOf(each), rulesOfRecordedRule(each.recorded));
  for (const each of single) claim(groupIdOf(each), rulesOfSingle(each, live));
  return owned;
}

function rulesOfSingle(wanted: Wanted, live: SingleRules["live"]): readonly Ec2Rule[] {
  const answer = live?.get(wanted.id);
  if (answer !== undefined) return [ruleOfAnswer(answer)].filter((rule) => rule !== null);
  if (live !== null) return [];
  const direction = wanted.type === "aws_vpc_security_group_egress_rule" ? "egress" : "ingress";
  return [ruleOfRecordedSingle(direction, wanted.recorded)].filter((rule) => rule !== null);
}

function groupIdOf(wanted: Wanted): string {
  const id = wanted.recorded["security_group_id"];
  return typeof id === "string" ? id : "";
}
