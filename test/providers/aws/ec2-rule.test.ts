import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import {
  type Ec2Rule,
  ruleKey,
  ruleOfAnswer,
  ruleOfRecordedSingle,
  rulesOfRecordedRule,
} from "../../../src/providers/aws/ec2-rule.ts";
import { protocolName } from "../../../src/providers/aws/protocols.ts";

describe("protocolName", () => {
  test.each([
    ["tcp", "tcp"],
    ["TCP", "tcp"],
    ["6", "tcp"],
    ["17", "udp"],
    ["1", "icmp"],
    ["58", "icmpv6"],
    ["all", "-1"],
    ["-1", "-1"],
    ["50", "50"],
  ])("%s is %s", (written, expected) => {
    expect(protocolName(written)).toBe(expected);
  });
});

function keyOf(rule: Ec2Rule | null): string {
  if (rule === null) throw new Error("no rule");
  return ruleKey(rule);
}

describe("one key for one rule, whoever wrote it down", () => {
  const answered = ruleOfAnswer({
    IsEgress: false,
    IpProtocol: "tcp",
    FromPort: 443,
    ToPort: 443,
    CidrIpv6: "2001:db8::/32",
    Description: "as EC2 has it",
  });

  test.each<[string, JsonObject]>([
    ["the same", { protocol: "tcp", from_port: 443, to_port: 443, ipv6_cidr_blocks: ["2001:db8::/32"] }],
    [
      "numbers as text",
      { protocol: "6", from_port: "443", to_port: "443", ipv6_cidr_blocks: ["2001:db8::/32"] },
    ],
    [
      "a longer address",
      { protocol: "TCP", from_port: 443, to_port: 443, ipv6_cidr_blocks: ["2001:0DB8:0::/32"] },
    ],
  ])("%s", (_, recorded) => {
    expect(rulesOfRecordedRule({ type: "ingress", ...recorded }).map(ruleKey)).toEqual([keyOf(answered)]);
  });

  test.each<[string, JsonObject]>([
    ["direction", { type: "egress" }],
    ["protocol", { protocol: "udp" }],
    ["port", { to_port: 444 }],
    ["source", { ipv6_cidr_blocks: ["2001:db8::/48"] }],
  ])("not with another %s", (_, changes) => {
    const recorded = {
      type: "ingress",
      protocol: "tcp",
      from_port: 443,
      to_port: 443,
      ipv6_cidr_blocks: ["2001:db8::/32"],
    };
    const [rule] = rulesOfRecordedRule({ ...recorded, ...changes });
    expect(keyOf(rule ?? null)).not.toBe(keyOf(answered));
  });

  test("a group is the same with and without its account", () => {
    const single = (referenced: string) =>
      ruleOfRecordedSingle("egress", { ip_protocol: "-1", referenced_security_group_id: referenced });
    expect(keyOf(single("sg-1"))).toBe(keyOf(single("999999999999/sg-1")));
  });

  test("an answer without a source is no rule", () => {
    expect(ruleOfAnswer({ IpProtocol: "tcp" })).toBeNull();
    expect(ruleOfRecordedSingle("ingress", { ip_protocol: "tcp" })).toBeNull();
  });
});
