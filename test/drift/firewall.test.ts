import { describe, expect, test } from "vitest";
import { accessChange, type FirewallRule, firewallRules, overlap } from "../../src/drift/firewall.ts";
import { securityGroupRules } from "../../src/providers/aws/security-group-rules.ts";

const attributes = securityGroupRules.attributes["ingress"]?.attributes ?? {};

/** One rule from everywhere. Of ICMP: type and code, -1 for all. */
function rule(protocol: string, from: number, to: number): FirewallRule {
  const [only] = firewallRules(
    { protocol, from_port: from, to_port: to, cidr_blocks: ["0.0.0.0/0"] },
    attributes,
  );
  if (only === undefined) throw new Error("one source gives one rule");
  return only;
}

type Written = readonly [protocol: string, from: number, to: number];

describe("one rule and another from the same source", () => {
  test.each<readonly [string, Written, Written, boolean, boolean]>([
    // what is wanted, what is observed, whether the first holds the second, whether they overlap
    ["the same port", ["tcp", 22, 22], ["tcp", 22, 22], true, true],
    ["a port of a range", ["tcp", 20, 30], ["tcp", 22, 22], true, true],
    ["a range around a port", ["tcp", 22, 22], ["tcp", 20, 30], false, true],
    ["a range that begins within", ["tcp", 20, 30], ["tcp", 25, 40], false, true],
    ["another port", ["udp", 53, 53], ["udp", 123, 123], false, false],
    ["another protocol", ["tcp", 53, 53], ["udp", 53, 53], false, false],
    ["another ICMP type, of a lower code", ["icmp", 3, 4], ["icmp", 8, 0], false, false],
    ["another ICMP type within type and code", ["icmp", 3, 13], ["icmp", 8, 9], false, false],
    ["the same ICMP type and code", ["icmp", 8, 0], ["icmp", 8, 0], true, true],
    ["the same, by number and by name", ["1", 8, 0], ["icmp", 8, 0], true, true],
    ["another code of the ICMP type", ["icmp", 3, 4], ["icmp", 3, 1], false, false],
    ["a code where all are let in", ["icmp", 3, -1], ["icmp", 3, 4], true, true],
    ["all codes where one is let in", ["icmp", 3, 4], ["icmp", 3, -1], false, true],
    ["all codes of another type", ["icmp", 3, -1], ["icmp", 8, -1], false, false],
    ["a type where all are let in", ["icmp", -1, -1], ["icmp", 8, 0], true, true],
    ["all types where one is let in", ["icmp", 8, -1], ["icmp", -1, -1], false, true],
    ["all types on both sides", ["icmp", -1, -1], ["1", -1, -1], true, true],
    ["another ICMPv6 type", ["icmpv6", 3, 4], ["icmpv6", 128, 0], false, false],
    ["an ICMPv6 code where all are let in", ["58", 128, -1], ["icmpv6", 128, 0], true, true],
    ["ICMPv6 is not ICMP", ["icmp", -1, -1], ["icmpv6", 128, 0], false, false],
    ["ICMP within all traffic", ["-1", 0, 0], ["icmp", 8, 0], true, true],
    ["all traffic where ICMP is let in", ["icmp", -1, -1], ["all", 0, 0], false, true],
  ])("%s", (_what, wanted, observed, holds, overlaps) => {
    const [outer, inner] = [rule(...wanted), rule(...observed)];
    expect(accessChange([outer], [inner]).opened).toEqual(holds ? [] : [inner]);
    expect([overlap(outer, inner), overlap(inner, outer)]).toEqual([overlaps, overlaps]);
  });
});
