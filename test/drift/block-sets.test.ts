import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { JsonObject } from "../../src/json/json.ts";
import { printPath } from "../../src/json/path.ts";
import { compareAll, compareOne, paths, summary } from "./example.ts";

type Blocks = readonly JsonObject[];

const group = { type: "net_group" };
const tcp = (port: number, ...cidrs: string[]): JsonObject => ({
  protocol: "tcp",
  from_port: port,
  to_port: port,
  cidr_blocks: cidrs,
});
/** As a provider records a rule: with everything the code leaves out. */
const full = (rule: JsonObject): JsonObject => ({
  description: "",
  ipv6_cidr_blocks: [],
  security_groups: [],
  self: false,
  cidr_blocks: [],
  ...rule,
});

function compareIngress(code: Blocks, live: Blocks, state: Blocks = code.map(full)) {
  return compareOne("ingress", { desired: code, recorded: state, observed: live }, group);
}

describe("sets of nested blocks", () => {
  const web = tcp(443, "10.0.0.0/8");
  const ssh = tcp(22, "10.0.0.0/8", "192.168.0.0/16");

  test.each<readonly [string, Blocks, Blocks, readonly string[]]>([
    ["in another order", [web, ssh], [full(ssh), full(web)], []],
    ["sources in another order", [ssh], [full(tcp(22, "192.168.0.0/16", "10.0.0.0/8"))], []],
    ["one rule for each source", [ssh], [full(tcp(22, "10.0.0.0/8")), full(tcp(22, "192.168.0.0/16"))], []],
    [
      "split in the code, grouped in the cloud",
      [tcp(22, "10.0.0.0/8"), tcp(22, "11.0.0.0/8")],
      [full(tcp(22, "11.0.0.0/8", "10.0.0.0/8"))],
      [],
    ],
    ["the same rule twice in the code", [web, web], [full(web)], []],
    ["overlapping rules in the code", [ssh, tcp(22, "10.0.0.0/8")], [full(ssh)], []],
    ["protocol by number", [{ ...web, protocol: "TCP" }], [full({ ...web, protocol: "6" })], []],
    [
      "ports of all protocols",
      [{ protocol: "-1", from_port: 0, to_port: 0, self: true }],
      [full({ protocol: "all", self: true })],
      [],
    ],
    [
      "its own group is itself",
      [{ protocol: "tcp", from_port: 1, to_port: 1, self: true }],
      [full({ protocol: "tcp", from_port: 1, to_port: 1, security_groups: ["123456789012/t-1"] })],
      [],
    ],
    ["ports as text", [{ ...web, from_port: "443", to_port: "443" }], [full(web)], []],
    ["empty values said", [{ ...web, description: "", self: false }], [web], []],
    [
      "a source added",
      [web, ssh],
      [full(web), full(tcp(22, "10.0.0.0/8", "192.168.0.0/16", "0.0.0.0/0"))],
      ["drift ingress[1].cidr_blocks"],
    ],
    [
      "a source added as a rule of its own",
      [web, ssh],
      [full(web), full(ssh), full(tcp(22, "0.0.0.0/0"))],
      ["drift ingress[1].cidr_blocks"],
    ],
    [
      "another kind of source",
      [ssh],
      [full({ ...ssh, ipv6_cidr_blocks: ["::/0"] })],
      ["drift ingress[0].ipv6_cidr_blocks"],
    ],
    ["a source removed", [ssh], [full(tcp(22, "10.0.0.0/8"))], ["drift ingress[0].cidr_blocks"]],
    [
      "a source replaced",
      [tcp(22, "10.0.0.0/8"), tcp(22, "11.0.0.0/8")],
      [full(tcp(22, "10.0.0.0/8")), full(tcp(22, "12.0.0.0/8"))],
      ["drift ingress[1].cidr_blocks"],
    ],
    [
      "a description changed",
      [{ ...web, description: "a" }],
      [full({ ...web, description: "b" })],
      ["drift ingress[0].description"],
    ],
    [
      "another port for the same source",
      [web, ssh],
      [full({ ...web, from_port: 80 }), full(ssh)],
      ["drift ingress[0].from_port"],
    ],
    ["a rule added", [web], [full(tcp(22, "0.0.0.0/0")), full(web)], ["drift ingress[1]"]],
    ["a rule removed", [web, ssh], [full(ssh)], ["drift ingress[0]"]],
    ["all removed", [web, ssh], [], ["drift ingress[0] ingress[1]"]],
    [
      "one changed, one removed, one added",
      [web, ssh],
      [full(tcp(22, "10.0.0.0/8")), full({ protocol: "udp", from_port: 53, to_port: 53, self: true })],
      ["drift ingress[0] ingress[1].cidr_blocks ingress[2]"],
    ],
    ["none wanted, one there", [], [full(web)], ["drift ingress[0]"]],
  ])("%s", (_why, code, live, expected) => {
    expect(summary(compareIngress(code, live))).toEqual(expected);
    // However the cloud lists them.
    expect(summary(compareIngress(code, live.toReversed()))).toEqual(expected);
  });

  it("shows the values of what was added, removed and changed", () => {
    const added = full(tcp(8080, "0.0.0.0/0"));
    const { findings } = compareIngress([web, ssh], [full(tcp(22, "10.0.0.0/8")), added]);
    expect(findings[0]?.changes).toMatchObject([
      { path: ["ingress", 0], desired: { known: web }, observed: "absent" },
      {
        path: ["ingress", 1, "cidr_blocks"],
        desired: { known: ["10.0.0.0/8", "192.168.0.0/16"] },
        observed: { known: ["10.0.0.0/8"] },
      },
      { path: ["ingress", 2], desired: "absent", recorded: "absent", observed: { known: added } },
    ]);
  });

  test.each<readonly [string, Blocks, Blocks, Blocks, readonly string[]]>([
    ["absorbed", [web], [full(web), full(ssh)], [full(web), full(ssh)], ["absorbed ingress[1]"]],
    [
      "a conflict",
      [web],
      [full(tcp(443, "11.0.0.0/8"))],
      [full(tcp(443, "12.0.0.0/8"))],
      ["conflict ingress[0].cidr_blocks"],
    ],
    ["only the state is behind", [web, ssh], [full(web)], [full(web), full(ssh)], ["stale-state ingress[1]"]],
    ["drift beside a state that is behind", [web, ssh], [full(web)], [full(ssh)], ["drift ingress[0]"]],
    ["in the code only", [web, ssh], [full(web)], [full(web)], ["absorbed ingress[1]"]],
    ["in the state only", [web], [full(web), full(ssh)], [full(web)], ["stale-state ingress[1]"]],
  ])("%s", (_why, code, state, live, expected) => {
    expect(summary(compareIngress(code, live, state))).toEqual(expected);
  });

  it("compares with the state where something in the set is unknown", () => {
    const unknown = { ...group, desired: { unknown: paths("ingress[0].security_groups") } };
    const code = [{ protocol: "tcp", from_port: 1, to_port: 1, security_groups: null }];
    const state = [full({ protocol: "tcp", from_port: 1, to_port: 1, security_groups: ["g-1"] })];
    const compare = (live: Blocks) =>
      compareOne("ingress", { desired: code, recorded: state, observed: live }, unknown);
    expect(compare(state).findings).toEqual([]);
    const result = compare([...state, full(ssh)]);
    expect(summary(result)).toEqual(["drift ingress[1]"]);
    expect(result.findings[0]).toMatchObject({ severity: "high", changes: [{ desired: "unknown" }] });
  });

  it("does not look at attributes the cloud did not tell", () => {
    const code = [{ ...web, description: "a" }];
    const unread = { ...group, unread: paths("ingress[0].description") };
    const values = { desired: code, recorded: code, observed: [full(web)] };
    expect(summary(compareOne("ingress", values, unread))).toEqual(["unreadable ingress[0].description"]);
  });
});

describe("rules that the code does not declare", () => {
  const ssh = full(tcp(22, "0.0.0.0/0"));
  const web = full(tcp(443, "10.0.0.0/8"));

  it("finds what was added since the state was written", () => {
    const { findings } = compareOne("ingress", { recorded: [web], observed: [ssh, web] }, group);
    expect(findings).toMatchObject([
      {
        kind: "drift",
        severity: "critical",
        widensAccess: true,
        changes: [{ path: ["ingress", 0], desired: "absent", recorded: "absent", observed: { known: ssh } }],
      },
    ]);
    expect(findings[0]?.notes.join(" ")).toContain("TCP port 22 from 0.0.0.0/0");
  });

  it("finds a source added to a recorded rule", () => {
    const values = { recorded: [web], observed: [full(tcp(443, "10.0.0.0/8", "11.0.0.0/8"))] };
    const { findings } = compareOne("ingress", values, group);
    expect(findings[0]?.changes[0]?.observed).toEqual({ known: full(tcp(443, "11.0.0.0/8")) });
  });

  it("says nothing of what is gone, or grouped otherwise", () => {
    const state = [full(tcp(22, "10.0.0.0/8", "11.0.0.0/8")), web];
    expect(
      compareOne("ingress", { recorded: state, observed: [full(tcp(22, "11.0.0.0/8"))] }, group).findings,
    ).toEqual([]);
  });
});

describe("a rule that neither code nor state has", () => {
  it("is a finding of its own", () => {
    const attributes = {
      group_id: "g-1",
      ip_protocol: "tcp",
      from_port: 22,
      to_port: 22,
      cidr_ipv4: "0.0.0.0/0",
    };
    const rule = { type: "net_rule", id: "r-9", account: null, region: null, unread: [], attributes };
    expect(compareAll([], [rule]).findings).toMatchObject([
      {
        kind: "unmanaged",
        address: "net_rule/r-9",
        severity: "critical",
        widensAccess: true,
        category: "policy",
      },
    ]);
  });
});

describe("sets of blocks without entries", () => {
  const volume = (device: string, size: number, more: JsonObject = {}): JsonObject => ({
    device,
    size,
    ...more,
  });
  const compare = (code: Blocks, live: Blocks, state: Blocks = code) =>
    summary(compareOne("volume", { desired: code, recorded: state, observed: live }));

  test.each<readonly [string, Blocks, Blocks, Blocks, readonly string[]]>([
    [
      "in another order",
      [volume("a", 1), volume("b", 2)],
      [volume("b", 2), volume("a", 1)],
      [volume("b", 2), volume("a", 1)],
      [],
    ],
    [
      "a computed attribute",
      [volume("a", 1)],
      [volume("a", 1, { id: "x" })],
      [volume("a", 1, { id: "y" })],
      [],
    ],
    ["a default", [volume("a", 1)], [volume("a", 1)], [volume("a", 1, { keep: true })], []],
    [
      "decided by the cloud, as recorded",
      [volume("a", 1)],
      [volume("a", 1, { iops: 100 })],
      [volume("a", 1, { iops: 100 })],
      [],
    ],
    [
      "decided by the cloud, and changed",
      [volume("a", 1)],
      [volume("a", 1, { iops: 100 })],
      [volume("a", 1, { iops: 200 })],
      ["drift volume[0].iops"],
    ],
    [
      "changed",
      [volume("a", 1), volume("b", 2)],
      [volume("a", 1), volume("b", 2)],
      [volume("a", 1), volume("b", 3)],
      ["drift volume[1].size"],
    ],
    [
      "the same size on another device is another volume",
      [volume("a", 1)],
      [volume("a", 1)],
      [volume("b", 1)],
      ["drift volume[0] volume[1]"],
    ],
  ])("%s", (_why, code, state, live, expected) => {
    expect(compare(code, live, state)).toEqual(expected);
  });
});

describe("properties of sets", () => {
  const cidr = fc.constantFrom("10.0.0.0/8", "11.0.0.0/8", "0.0.0.0/0", "192.168.1.0/24");
  const ingress = fc.array(
    fc.record({
      protocol: fc.constantFrom("tcp", "udp", "-1"),
      from_port: fc.constantFrom(0, 22, 443),
      to_port: fc.constantFrom(443, 8080),
      cidr_blocks: fc.uniqueArray(cidr, { maxLength: 3 }),
      self: fc.boolean(),
      description: fc.constantFrom("", "a", "b"),
    }),
    { maxLength: 6 },
  );

  it("permuting the blocks and their entries is never a finding", () => {
    fc.assert(
      fc.property(
        ingress.chain((rules) =>
          fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
        ),
        ([rules, shuffled]) => {
          const live = shuffled.map((rule) => full({ ...rule, cidr_blocks: rule.cidr_blocks.toReversed() }));
          expect(summary(compareIngress(rules, live))).toEqual([]);
        },
      ),
    );
  });

  it("splitting every block into one for each source is never a finding", () => {
    fc.assert(
      fc.property(ingress, (rules) => {
        const live = rules.flatMap((rule) => {
          const sources = [
            ...rule.cidr_blocks.map((one) => ({ cidr_blocks: [one] })),
            ...(rule.self ? [{ self: true }] : []),
          ];
          const bare = { ...rule, cidr_blocks: [], self: false };
          return sources.length === 0 ? [full(bare)] : sources.map((source) => full({ ...bare, ...source }));
        });
        expect(summary(compareIngress(rules, live))).toEqual([]);
      }),
    );
  });

  it("a source that nobody wants is always found, in whatever order", () => {
    fc.assert(
      fc.property(ingress, fc.boolean(), (rules, first) => {
        const extra = full(tcp(2222, "172.16.0.0/12"));
        const live = rules.map(full);
        const { findings } = compareIngress(rules, first ? [extra, ...live] : [...live, extra]);
        expect(findings).toHaveLength(1);
        expect(findings[0]?.changes.map(({ path }) => printPath(path))).toHaveLength(1);
      }),
    );
  });

  it("the revision does not depend on the order in which the cloud lists a set", () => {
    fc.assert(
      fc.property(ingress, ingress, (code, live) => {
        const once = compareIngress(code, live.map(full)).findings;
        const again = compareIngress(code, live.map(full).toReversed()).findings;
        expect(again.map(({ revision }) => revision)).toEqual(once.map(({ revision }) => revision));
      }),
    );
  });
});
