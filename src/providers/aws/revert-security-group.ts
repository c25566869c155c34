import type { Change, Command, Reading } from "../../drift/model.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../json/json.ts";
import { type Direction, type Ec2Rule, ruleKey, rulesOfRecordedRule } from "./ec2-rule.ts";
import { ipPermissions, ruleText } from "./revert-ip-permissions.ts";
import { type CliStep, ec2, json, type RevertSubject, valueAt, word } from "./revert-subject.ts";

const MOST_NAMED = 3;

/** The AWS CLI's way to set the inline rules of a security group back. */
export function securityGroupSteps(subject: RevertSubject): readonly CliStep[] {
  const group = word(subject.resource.id);
  if (group === null) return [];
  return (["ingress", "egress"] as const).flatMap((direction) => {
    const changes = subject.changes.filter((change) => change.path[0] === direction);
    const blocks = [...Map.groupBy(changes, (change) => change.path[1]).values()].map((alike) =>
      blocksBeforeAndAfter(alike, direction, subject),
    );
    if (!blocks.every((both) => both !== null)) return [];
    const desired = rulesOfBlocks(
      blocks.flatMap((both) => both.desired),
      direction,
      group,
    );
    const observed = rulesOfBlocks(
      blocks.flatMap((both) => both.observed),
      direction,
      group,
    );
    if (desired === null || observed === null) return [];
    const live = withoutWantedElsewhere(observed, desired, subject, direction, group);
    return ruleSteps(subject, direction, group, desired, live);
  });
}

/** A rule that the changed block does not want may stand in another block of the code: it stays. */
function withoutWantedElsewhere(
  observed: readonly Ec2Rule[],
  desired: readonly Ec2Rule[],
  subject: RevertSubject,
  direction: Direction,
  group: string,
): readonly Ec2Rule[] {
  const blocks = subject.desired?.[direction];
  const all = new Set(
    (isJsonArray(blocks) ? (rulesOfBlocks(blocks, direction, group) ?? []) : []).map(ruleKey),
  );
  const here = new Set(desired.map(ruleKey));
  return observed.filter((rule) => here.has(ruleKey(rule)) || !all.has(ruleKey(rule)));
}

interface Blocks {
  readonly desired: readonly Json[];
  readonly observed: readonly Json[];
}

/**
 * The rule blocks that changes of the same element say: whole ones (`ingress[2]`), or the code's block with some of its
 * attributes as observed (`ingress[0].cidr_blocks`; positions are those of the code). Null where anything is not known.
 */
function blocksBeforeAndAfter(
  changes: readonly Change[],
  direction: Direction,
  subject: RevertSubject,
): Blocks | null {
  const [first] = changes;
  if (first !== undefined && first.path.length <= 2) {
    const desired = known(first.desired, []);
    const observed = known(first.observed, []);
    return desired === undefined || observed === undefined
      ? null
      : { desired: [desired].flat(), observed: [observed].flat() };
  }
  const block = valueAt(subject.desired, [direction, first?.path[1] ?? ""]);
  if (!isJsonObject(block)) return null;
  const sides = changes.map((change) => {
    const desired = known(change.desired, null);
    const observed = known(change.observed, null);
    const name = change.path.length === 3 ? change.path[2] : undefined;
    return typeof name !== "string" || desired === undefined || observed === undefined
      ? null
      : { desired: [name, desired] as const, observed: [name, observed] as const };
  });
  if (!sides.every((side) => side !== null)) return null;
  return {
    desired: [{ ...block, ...Object.fromEntries(sides.map((side) => side.desired)) }],
    observed: [{ ...block, ...Object.fromEntries(sides.map((side) => side.observed)) }],
  };
}

/** The AWS CLI's way to set an `aws_security_group_rule` back: its sources and its text, the rest takes Terraform. */
export function securityGroupRuleSteps(subject: RevertSubject): readonly CliStep[] {
  const { observed } = subject;
  const group = word(observed?.["security_group_id"]);
  if (observed === null || group === null || typeof observed["protocol"] !== "string") return [];
  return subject.changes.flatMap((change) => {
    const name = change.path[0];
    const now = known(change.observed, []);
    const wanted = known(change.desired, []);
    const sources = name === "cidr_blocks" || name === "ipv6_cidr_blocks" || name === "prefix_list_ids";
    if (change.path.length > 1 || now === undefined || wanted === undefined) return [];
    if (!sources && name !== "description") return [];
    const others = sources ? NO_SOURCES : {};
    const before = rulesOfRecordedRule({ ...observed, ...others, [name]: now });
    const after = rulesOfRecordedRule({ ...observed, ...others, [name]: wanted });
    return ruleSteps(subject, observed["type"] === "egress" ? "egress" : "ingress", group, after, before);
  });
}

const NO_SOURCES = {
  cidr_blocks: [],
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  self: false,
  source_security_group_id: "",
} as const;

const SINGLE_SOURCES = [
  ["cidr_ipv4", "CidrIpv4"],
  ["cidr_ipv6", "CidrIpv6"],
  ["prefix_list_id", "PrefixListId"],
  ["referenced_security_group_id", "ReferencedGroupId"],
] as const;

/** The AWS CLI's way to set one rule with an id of its own back. */
export function singleRuleSteps(subject: RevertSubject): readonly CliStep[] {
  const { observed, desired, resource } = subject;
  const id = word(resource.id);
  const group = word(observed?.["security_group_id"]);
  const readings = subject.changes.filter((change) => change.path.length === 1 && change.path[0] !== "tags");
  if (observed === null || id === null || group === null || readings.length === 0) return [];
  const wanted = readings.flatMap((change) => {
    const value = known(change.desired, null);
    return value === undefined ? [] : [[String(change.path[0]), value] as const];
  });
  if (wanted.length < readings.length) return [];
  const rule = singleRule({ ...observed, ...Object.fromEntries(wanted) }) ?? singleRule(desired ?? {});
  if (rule === null) return [];
  return [
    {
      title: `Set the rule ${id} back to what the code says`,
      commands: [
        ec2(
          resource,
          "modify-security-group-rules",
          "--group-id",
          group,
          "--security-group-rules",
          json([{ SecurityGroupRuleId: id, SecurityGroupRule: rule }]),
        ),
      ],
      impact: "in-place",
      verify: ec2(resource, "describe-security-group-rules", "--security-group-rule-ids", id),
    },
  ];
}

/** Null where it would not be exactly one source. (EC2 API Reference, SecurityGroupRuleRequest.) */
function singleRule(attributes: JsonObject): JsonObject | null {
  const { ip_protocol: protocol, from_port: from, to_port: to, description } = attributes;
  const sources = SINGLE_SOURCES.flatMap(([name, field]) => {
    const value = attributes[name];
    return typeof value === "string" && value !== "" ? [[field, value] as const] : [];
  });
  if (sources.length !== 1 || typeof protocol !== "string") return null;
  return {
    IpProtocol: protocol,
    ...(protocol === "-1" || from === undefined || from === null ? {} : { FromPort: from }),
    ...(protocol === "-1" || to === undefined || to === null ? {} : { ToPort: to }),
    ...Object.fromEntries(sources),
    ...(typeof description === "string" && description !== "" ? { Description: description } : {}),
  };
}

/** Opens what is missing first, so that nobody is locked out between the two commands. */
function ruleSteps(
  subject: RevertSubject,
  direction: Direction,
  group: string,
  desired: readonly Ec2Rule[],
  observed: readonly Ec2Rule[],
): readonly CliStep[] {
  const wanted = new Map(desired.map((rule) => [ruleKey(rule), rule]));
  const live = new Map(observed.map((rule) => [ruleKey(rule), rule]));
  const missing = [...wanted].flatMap(([key, rule]) => (live.has(key) ? [] : [rule]));
  const extra = [...live].flatMap(([key, rule]) => (wanted.has(key) ? [] : [rule]));
  const renamed = [...wanted].flatMap(([key, rule]) => {
    const now = live.get(key);
    return now !== undefined && now.description !== rule.description ? [rule] : [];
  });
  const command = (operation: string, rules: readonly Ec2Rule[], descriptions: boolean): Command =>
    ec2(
      subject.resource,
      operation,
      "--group-id",
      group,
      "--ip-permissions",
      json(ipPermissions(rules, descriptions)),
    );
  const step = (title: string, rules: readonly Ec2Rule[], set: Command): CliStep => ({
    title: `${title} ${named(rules)}`,
    commands: [set],
    impact: "in-place",
    verify: ec2(
      subject.resource,
      "describe-security-group-rules",
      "--filters",
      json([{ Name: "group-id", Values: [group] }]),
    ),
  });
  return [
    ...(missing.length === 0
      ? []
      : [step("Allow again:", missing, command(`authorize-security-group-${direction}`, missing, true))]),
    ...(extra.length === 0
      ? []
      : [
          step(
            "Close what the code does not allow:",
            extra,
            command(`revoke-security-group-${direction}`, extra, false),
          ),
        ]),
    ...(renamed.length === 0
      ? []
      : [
          step(
            "Set the description back of",
            renamed,
            command(`update-security-group-rule-descriptions-${direction}`, renamed, true),
          ),
        ]),
  ];
}

function named(rules: readonly Ec2Rule[]): string {
  const more = rules.length > MOST_NAMED ? ` and ${rules.length - MOST_NAMED} more` : "";
  return `${rules.slice(0, MOST_NAMED).map(ruleText).join(", ")}${more}`;
}

/** Null where a block does not say its protocol and a source: then it is not known what it lets in. */
function rulesOfBlocks(
  blocks: readonly Json[],
  direction: Direction,
  group: string,
): readonly Ec2Rule[] | null {
  const rules = blocks.map((block) => {
    if (!isJsonObject(block) || typeof block["protocol"] !== "string") return null;
    const groups = isJsonArray(block["security_groups"]) ? block["security_groups"] : [];
    const base = { ...block, type: direction, security_group_id: group };
    const found = [
      ...rulesOfRecordedRule({ ...base, source_security_group_id: null }),
      ...groups.flatMap((source) =>
        rulesOfRecordedRule({ ...base, ...NO_SOURCES, source_security_group_id: source }),
      ),
    ];
    return found.length === 0 ? null : found;
  });
  return rules.every((some) => some !== null) ? rules.flat() : null;
}

/** The value, `absent` for what is not set; undefined where it is not known or may not be printed. */
function known(reading: Reading, absent: Json): Json | undefined {
  if (reading === "absent") return absent;
  return typeof reading === "object" && "known" in reading ? reading.known : undefined;
}
