import { describe, expect, it, test } from "vitest";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { compareAll, compareOne, desired, found, instance, recorded } from "./example.ts";

const rule = (from: number, to: number, more: JsonObject, protocol = "tcp"): JsonObject => ({
  protocol,
  from_port: from,
  to_port: to,
  ...more,
});
const net = (...cidr_blocks: string[]): JsonObject => ({ cidr_blocks });

function judge(attribute: string, code: Json, live: Json, type = "net_group") {
  const { findings } = compareOne(attribute, { desired: code, recorded: code, observed: live }, { type });
  expect(findings).toHaveLength(1);
  return findings[0];
}

describe("rules of a firewall", () => {
  const lan = rule(443, 443, net("10.1.0.0/16"));

  test.each<readonly [string, JsonObject, string]>([
    ["SSH", rule(22, 22, net("0.0.0.0/0")), "TCP port 22 from 0.0.0.0/0"],
    ["RDP, IPv6", rule(3389, 3389, { ipv6_cidr_blocks: ["::/0"] }), "TCP port 3389 from ::/0"],
    ["everything", rule(0, 0, net("0.0.0.0/0"), "-1"), "all traffic from 0.0.0.0/0"],
    ["HTTPS too", rule(443, 443, net("0.0.0.0/0")), "TCP port 443 from 0.0.0.0/0"],
    ["one half of the internet", rule(22, 22, net("128.0.0.0/1")), "TCP port 22 from 128.0.0.0/1"],
    ["a range of ports", rule(0, 65535, net("0.0.0.0/0"), "udp"), "UDP ports 0 to 65535 from 0.0.0.0/0"],
  ])("critical: everybody is let in: %s", (_why, added, text) => {
    const finding = judge("ingress", [lan], [lan, added]);
    expect(finding).toMatchObject({ severity: "critical", category: "policy", widensAccess: true });
    expect(finding?.notes.join(" ")).toContain(`Lets everybody in: ${text}.`);
  });

  test.each<readonly [string, JsonObject]>([
    ["a larger range", rule(443, 443, net("10.0.0.0/8"))],
    ["more ports", rule(443, 444, net("10.1.0.0/16"))],
    ["all protocols", rule(0, 0, net("10.1.0.0/16"), "-1")],
    ["another group", rule(443, 443, { security_groups: ["g-2"], ...net("10.1.0.0/16") })],
    ["itself", rule(443, 443, { self: true, ...net("10.1.0.0/16") })],
    ["an owner's block on the internet", rule(443, 443, net("10.1.0.0/16", "3.0.0.0/8"))],
    ["a private IPv6 range", rule(443, 443, { ipv6_cidr_blocks: ["fc00::/7"], ...net("10.1.0.0/16") })],
  ])("high: lets more in: %s", (_why, live) => {
    expect(judge("ingress", [lan], [live])).toMatchObject({ severity: "high", widensAccess: true });
  });

  test.each<readonly [string, readonly JsonObject[]]>([
    ["a smaller range", [rule(443, 443, net("10.1.2.0/24"))]],
    ["nothing", []],
  ])("medium: lets less in: %s", (_why, live) => {
    expect(judge("ingress", [lan], live)).toMatchObject({ severity: "medium", widensAccess: false });
  });

  it("critical: everybody may ping where another ICMP type was let in", () => {
    const unreachable = rule(3, 4, net("0.0.0.0/0"), "icmp");
    const echo = rule(8, 0, net("0.0.0.0/0"), "icmp");
    const finding = judge("ingress", [unreachable], [unreachable, echo]);
    expect(finding).toMatchObject({ severity: "critical", widensAccess: true });
  });

  it("high: lets more out, and nobody in", () => {
    const finding = judge("egress", [], [rule(0, 0, net("0.0.0.0/0"), "-1")]);
    expect(finding).toMatchObject({ severity: "high", widensAccess: true });
    expect(finding?.notes.join(" ")).toContain("Lets out more than the code does: all traffic to 0.0.0.0/0.");
  });

  it("low: lets the same in", () => {
    const finding = judge("ingress", [{ ...lan, description: "a" }], [{ ...lan, description: "b" }]);
    expect(finding).toMatchObject({ severity: "low", widensAccess: false });
  });

  it("is not new what the code lets in already", () => {
    const all = rule(0, 65535, net("0.0.0.0/0"));
    const finding = judge("ingress", [all, lan], [all]);
    expect(finding).toMatchObject({ severity: "low", widensAccess: false });
  });

  it("lists three rules, and how many more", () => {
    const many = ["1", "2", "3", "4", "5"].map((n) => rule(22, 22, net(`10.${n}.0.0/16`)));
    expect(judge("ingress", [], many)?.notes.join(" ")).toContain("10.3.0.0/16, 2 more.");
  });
});

describe("a resource that is itself a rule", () => {
  const code = { group_id: "g-1", ip_protocol: "tcp", from_port: 22, to_port: 22, cidr_ipv4: "10.0.0.0/8" };

  function change(live: JsonObject) {
    const truths = instance({
      type: "net_rule",
      desired: desired(code),
      recorded: recorded(code),
      observation: found({ ...code, ...live }),
    });
    return compareAll([truths]).findings;
  }

  test.each<readonly [JsonObject, string, boolean]>([
    [{ cidr_ipv4: "0.0.0.0/0" }, "critical", true],
    [{ cidr_ipv4: "10.0.0.0/7" }, "critical", true],
    [{ cidr_ipv4: "11.0.0.0/8" }, "high", true],
    [{ to_port: 23 }, "high", true],
    [{ cidr_ipv4: "10.0.0.0/9" }, "medium", false],
    [{ description: "x" }, "medium", false],
  ])("%o: %s", (live, severity, widensAccess) => {
    const withText = "description" in live ? { ...live } : live;
    const findings = change(withText);
    for (const finding of findings) expect(finding).toMatchObject({ severity, widensAccess });
  });

  it("takes the direction from its attribute", () => {
    const both = (type: string) => {
      const before = { type, protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: ["10.0.0.0/8"] };
      const truths = instance({
        type: "net_typed_rule",
        desired: desired(before),
        recorded: recorded(before),
        observation: found({ ...before, cidr_blocks: ["0.0.0.0/0"] }),
      });
      return compareAll([truths]).findings[0]?.severity;
    };
    expect([both("ingress"), both("egress")]).toEqual(["critical", "high"]);
  });
});

describe("other attributes", () => {
  test.each<readonly [string, string, Json, Json, string, string, boolean]>([
    ["a parameter", "name", "a", "b", "medium", "configuration", false],
    ["a protection turned off", "checked", true, false, "high", "configuration", false],
    ["a protection turned on", "checked", false, true, "medium", "configuration", false],
    ["one more group", "groups", ["a"], ["a", "b"], "high", "policy", true],
    ["one group less", "groups", ["a", "b"], ["a"], "medium", "policy", false],
    ["another profile", "profile", "a", "b", "high", "policy", true],
    ["no profile any more", "profile", "a", "", "medium", "policy", false],
  ])("%s", (_why, attribute, code, live, severity, category, widensAccess) => {
    expect(judge(attribute, code, live, "thing")).toMatchObject({ severity, category, widensAccess });
  });

  it("judges a value inside of a block", () => {
    expect(judge("disk", [{ encrypted: true }], [{ encrypted: false }], "thing")?.severity).toBe("high");
  });

  it("is info where the code and the cloud agree", () => {
    const { findings } = compareOne("checked", { desired: true, recorded: false, observed: true });
    expect(findings).toMatchObject([{ kind: "stale-state", severity: "info", widensAccess: false }]);
  });
});

describe("policies", () => {
  const policy = (...statements: JsonObject[]) =>
    JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Principal: { AWS: "123456789012" } };
  const deny = { Effect: "Deny", Action: "s3:*", Resource: "*", Principal: "*" };

  test.each<readonly [string, string, string, string, boolean]>([
    ["everybody", policy(read), policy(read, { ...read, Principal: "*" }), "critical", true],
    ["another action", policy(read), policy({ ...read, Action: "s3:*" }), "high", true],
    ["a denial gone", policy(read, deny), policy(read), "high", true],
    ["a denial more", policy(read), policy(read, deny), "medium", false],
    ["a permission gone", policy(read, deny), policy(deny), "medium", false],
    ["not a policy", policy(read), "?", "high", true],
  ])("%s", (_why, code, live, severity, widensAccess) => {
    expect(judge("policy", code, live, "thing")).toMatchObject({
      severity,
      widensAccess,
      category: "policy",
    });
  });
});

describe("unmanaged resources", () => {
  const unmanaged = (type: string, attributes: JsonObject) =>
    compareAll([], [{ type, id: "x-1", account: null, region: null, attributes, unread: [] }]).findings[0];

  it("is high where it would let everybody in, for who uses it is not known", () => {
    const open = unmanaged("net_group", { ingress: [rule(22, 22, net("0.0.0.0/0"))] });
    expect(open).toMatchObject({ severity: "high", widensAccess: true, category: "resource" });
    expect(unmanaged("net_group", { ingress: [rule(22, 22, net("10.0.0.0/8"))] })).toMatchObject({
      severity: "medium",
      widensAccess: false,
    });
  });

  it("is high for a rule that lets anyone else in", () => {
    const attributes = { ip_protocol: "tcp", from_port: 22, to_port: 22, cidr_ipv4: "10.0.0.0/8" };
    expect(unmanaged("net_rule", attributes)).toMatchObject({ severity: "high", widensAccess: true });
  });
});
