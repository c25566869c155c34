import { describe, expect, it, test } from "vitest";
import type { Change } from "../../src/drift/model.ts";
import type { AttributeRule, RuleBook } from "../../src/drift/rules.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";
import { ruleBook } from "../../src/providers/index.ts";
import { affected } from "../../src/scan/affected.ts";
import type { DeclaredInstance } from "../../src/scan/declared-code.ts";
import { type Lifecycle, NO_LIFECYCLE } from "../../src/terraform/evaluation/lifecycle.ts";
import { change, finding } from "../intent/findings.ts";
import { declaredInstance } from "./declared-instance.ts";

const WEB = "aws_instance.web";

function declared(desired: JsonObject | null, parts: Partial<DeclaredInstance> = {}): DeclaredInstance {
  return declaredInstance(WEB, desired, parts);
}

const base: JsonObject = {
  instance_type: "t3.small",
  disk: 20,
  tags: { Team: "shop", Tier: "web" },
  ingress: [
    { from_port: 443, cidr_blocks: ["10.0.0.0/8"] },
    { from_port: 80, cidr_blocks: ["10.0.0.0/8"] },
  ],
  groups: ["sg-1", "sg-2"],
};

const known = <T>(value: T) => ({ known: value });
const ssh = { from_port: 22, cidr_blocks: ["0.0.0.0/0"], description: "", self: false };

/** Each drift with what the code says before. */
const DRIFTS = {
  resized: change("instance_type", { desired: known("t3.small"), observed: known("t3.large") }),
  retagged: change("tags.Team", { desired: known("shop"), observed: known("ops") }),
  tagAdded: change("tags.Owner", { desired: "absent", observed: known("bob") }),
  tagRemoved: change("tags.Team", { desired: known("shop"), observed: "absent" }),
  opened: change("ingress[2]", { desired: "absent", observed: known(ssh) }),
  closed: change("ingress[1]", {
    desired: known({ from_port: 80, cidr_blocks: ["10.0.0.0/8"] }),
    observed: "absent",
  }),
  widened: change("ingress[1].cidr_blocks", {
    desired: known(["10.0.0.0/8"]),
    observed: known(["10.0.0.0/8", "0.0.0.0/0"]),
  }),
  groupAdded: change("groups[2]", { desired: "absent", observed: known("sg-3") }),
  secret: change("password", { desired: { hidden: "1" }, observed: { hidden: "2" } }),
  grown: change("disk", { desired: known(20), observed: known(40) }),
  profiled: change("iam_instance_profile", {
    desired: "absent",
    recorded: "absent",
    observed: known("admin"),
  }),
  forwarding: change("source_dest_check", {
    desired: "absent",
    recorded: known(true),
    observed: known(false),
  }),
} satisfies Record<string, Change>;

function effectOf(
  drift: Change | readonly Change[],
  head: JsonObject | null,
  before: JsonObject | null = base,
) {
  const found = affected(
    [declared(before)],
    [declared(head)],
    [finding({ address: WEB, changes: [drift].flat() })],
    ruleBook,
  );
  return found.map(({ effect }) => effect)[0] ?? "not affected";
}

const blocks = (...ingress: JsonObject[]): JsonObject => ({ ...base, ingress });
const [https, http] = [
  { from_port: 443, cidr_blocks: ["10.0.0.0/8"] },
  { from_port: 80, cidr_blocks: ["10.0.0.0/8"] },
];

describe("what a change of the code does to a drift", () => {
  test.each<readonly [string, Change | readonly Change[], JsonObject | null, string]>([
    ["the instance is not touched", DRIFTS.resized, base, "not affected"],
    ["something else of the instance is touched", DRIFTS.resized, { ...base, disk: 30 }, "reverts"],
    ["the value follows the cloud", DRIFTS.resized, { ...base, instance_type: "t3.large" }, "contains"],
    ["a third value", DRIFTS.resized, { ...base, instance_type: "m6i.large" }, "conflicts"],
    [
      "the argument goes, and the provider keeps what runs",
      DRIFTS.resized,
      { ...base, instance_type: null },
      "leaves",
    ],
    ["an argument goes that nobody knows", DRIFTS.grown, { ...base, disk: null }, "unset"],
    ["the instance goes", DRIFTS.resized, null, "destroys"],
    ["a value that the code never set", DRIFTS.profiled, { ...base, disk: 30 }, "leaves"],
    [
      "a value that the code begins to set otherwise",
      DRIFTS.profiled,
      { ...base, iam_instance_profile: "web" },
      "conflicts",
    ],
    [
      "a value that the code begins to set as it is",
      DRIFTS.profiled,
      { ...base, iam_instance_profile: "admin" },
      "contains",
    ],
    ["a default that the provider sets back", DRIFTS.forwarding, { ...base, disk: 30 }, "reverts"],
    ["a tag follows", DRIFTS.retagged, { ...base, tags: { Team: "ops" } }, "contains"],
    ["another tag changes", DRIFTS.retagged, { ...base, tags: { Team: "shop", Tier: "db" } }, "reverts"],
    ["an added tag follows", DRIFTS.tagAdded, { ...base, tags: { Owner: "bob" } }, "contains"],
    ["an added tag stays out", DRIFTS.tagAdded, { ...base, tags: {} }, "reverts"],
    ["an added tag gets another value", DRIFTS.tagAdded, { ...base, tags: { Owner: "eve" } }, "conflicts"],
    ["a removed tag goes", DRIFTS.tagRemoved, { ...base, tags: { Tier: "web" } }, "contains"],
    ["a removed tag stays", DRIFTS.tagRemoved, { ...base, tags: { Team: "shop" } }, "reverts"],
    ["a rule of the cloud follows", DRIFTS.opened, blocks({ ...ssh, description: null }, https), "contains"],
    ["another rule takes its place", DRIFTS.opened, blocks(https, http, { from_port: 53 }), "reverts"],
    ["a rule that is gone goes", DRIFTS.closed, blocks(https), "contains"],
    ["a rule that is gone stays, elsewhere", DRIFTS.closed, blocks(http, https, ssh), "reverts"],
    [
      "a list of sources follows in another order, and the rule moves",
      DRIFTS.widened,
      blocks({ from_port: 80, cidr_blocks: ["0.0.0.0/0", "10.0.0.0/8"] }, https),
      "contains",
    ],
    ["the rule only moves", DRIFTS.widened, blocks(http, https), "reverts"],
    [
      "other sources",
      DRIFTS.widened,
      blocks(https, { from_port: 80, cidr_blocks: ["192.168.0.0/16"] }),
      "conflicts",
    ],
    ["an element follows", DRIFTS.groupAdded, { ...base, groups: ["sg-3", "sg-2", "sg-1"] }, "contains"],
    ["an element stays out", DRIFTS.groupAdded, { ...base, groups: ["sg-1"] }, "reverts"],
    ["a secret is not looked at", DRIFTS.secret, { ...base, password: "(sensitive)", disk: 1 }, "reverts"],
    [
      "the code comes to say what the state has",
      change("instance_type", { ...DRIFTS.resized, recorded: known("t3.nano") }),
      { ...base, instance_type: "t3.nano" },
      "reverts",
    ],
    [
      "the base follows the cloud already",
      change("instance_type", { desired: known("t3.nano"), observed: known("t3.small") }),
      { ...base, disk: 30 },
      "contains",
    ],
    [
      "two values, one follows",
      [DRIFTS.resized, DRIFTS.retagged],
      { ...base, tags: { Team: "ops" } },
      "reverts",
    ],
    [
      "two values, one becomes a third",
      [DRIFTS.resized, DRIFTS.retagged],
      { ...base, instance_type: "m6i.large", tags: { Team: "ops" } },
      "conflicts",
    ],
  ])("%s", (_what, drift, head, expected) => {
    expect(effectOf(drift, head)).toBe(expected);
  });

  it("goes by the address: a change that declares it counts, also where the base does not", () => {
    expect(effectOf(DRIFTS.resized, { ...base, instance_type: "t3.large" }, null)).toBe("contains");
    const other = declared(base, { address: "aws_instance.other" });
    expect(affected([], [other], [finding()], ruleBook)).toEqual([]);
  });

  test.each([
    ["deleted", base, { ...base, disk: 1 }, "recreates"],
    ["deleted", base, null, "contains"],
  ] as const)("%s: what happens to the instance as a whole", (kind, before, head, expected) => {
    const whole = finding({ kind, changes: [] });
    const [found] = affected([declared(before)], [declared(head)], [whole], ruleBook);
    expect(found?.effect).toBe(expected);
  });

  it("contains what is unmanaged once the change imports it", () => {
    const unmanaged = finding({
      kind: "unmanaged",
      address: "aws_instance/i-0123456789abcdef0",
      changes: [],
    });
    const importing = declared(base, { importId: "i-0123456789abcdef0" });
    const effects = (head: DeclaredInstance) =>
      affected([], [head], [unmanaged], ruleBook).map(({ effect }) => effect);
    expect(effects(importing)).toEqual(["contains"]);
    expect(effects(declared(base))).toEqual([]);
  });

  it("is not known where the code may or may not declare the instance", () => {
    const open = declared(null, { undecided: true });
    for (const sides of [
      [declared(base), open],
      [open, declared(base)],
    ] as const) {
      expect(affected([sides[0]], [sides[1]], [finding()], ruleBook)).toMatchObject([{ effect: "unknown" }]);
    }
  });

  test.each<readonly [string, Partial<DeclaredInstance>, Partial<DeclaredInstance>, string]>([
    [
      "of which the value is not known",
      { unknown: [["instance_type"]] },
      { unknown: [["instance_type"]] },
      "unknown",
    ],
    [
      "that ignore_changes names",
      { ignored: [["instance_type"]] },
      { ignored: [["instance_type"]] },
      "leaves",
    ],
    ["that all of ignore_changes names", { ignored: "all" }, { ignored: "all" }, "not affected"],
  ])("a drift %s", (_what, before, head, expected) => {
    const found = affected(
      [declared(base, before)],
      [declared({ ...base, disk: 30 }, head)],
      [finding({ changes: [DRIFTS.resized] })],
      ruleBook,
    );
    expect(found[0]?.effect ?? "not affected").toBe(expected);
  });

  it("counts a change of ignore_changes alone", () => {
    const head = declared(base, { ignored: [["instance_type"]] });
    const found = affected(
      [declared(base)],
      [head],
      [finding({ changes: [DRIFTS.resized, DRIFTS.retagged] })],
      ruleBook,
    );
    expect(found).toMatchObject([{ effect: "reverts", touched: [] }]);
  });

  it("counts a value that becomes unknown, which prints like none", () => {
    const before = declared({ ...base, key_name: null });
    const head = declared({ ...base, key_name: null }, { unknown: [["key_name"]] });
    const found = affected([before], [head], [finding({ changes: [DRIFTS.resized] })], ruleBook);
    expect(found).toMatchObject([{ effect: "reverts", touched: [["key_name"]] }]);
  });

  test.each<readonly [string, Change, JsonObject, JsonObject, string]>([
    [
      "a value that only a new resource can have",
      DRIFTS.resized,
      base,
      { ...base, ami: "ami-2" },
      "replaces",
    ],
    ["a value that was there all along", DRIFTS.resized, base, { ...base, ami: "ami-1" }, "reverts"],
    [
      "what the code does not set is lost with it",
      DRIFTS.profiled,
      base,
      { ...base, ami: "ami-2" },
      "replaces",
    ],
    [
      "a drift that only a new resource undoes",
      change("ami", { desired: known("ami-1"), observed: known("ami-3") }),
      { ...base, ami: "ami-1" },
      { ...base, ami: "ami-1", disk: 30 },
      "replaces",
    ],
    [
      "a value that follows the cloud",
      change("ami", { desired: known("ami-1"), observed: known("ami-3") }),
      { ...base, ami: "ami-1" },
      { ...base, ami: "ami-3" },
      "contains",
    ],
  ])("replaced or not: %s", (_what, drift, before, head, expected) => {
    const recorded = { ...base, ami: "ami-1" };
    const found = affected(
      [declared(before, { recorded })],
      [declared(head, { recorded })],
      [finding({ changes: [drift] })],
      ruleBook,
    );
    expect(found.map(({ effect }) => effect)).toEqual([expected]);
  });

  test("what is not drift is not affected", () => {
    const head = [declared({ ...base, disk: 1 })];
    const kinds = ["unapplied", "stale-state", "pending-create", "unreadable"] as const;
    const found = kinds.flatMap((kind) => affected([declared(base)], head, [finding({ kind })], ruleBook));
    expect(found).toEqual([]);
  });
});

describe("a firewall rule", () => {
  const GROUP = "aws_security_group.web";
  const rule = (ports: number, ...cidrs: string[]): JsonObject => ({
    from_port: ports,
    to_port: ports,
    protocol: "tcp",
    cidr_blocks: cidrs,
  });
  const group = (attributes: JsonObject) =>
    declared(attributes, {
      address: GROUP,
      type: "aws_security_group",
      recorded: { description: "of web" },
    });
  const effectOn = (drift: Change, before: JsonObject, head: JsonObject) => {
    const resource = { ...finding().resource, type: "aws_security_group" };
    const found = affected(
      [group(before)],
      [group(head)],
      [finding({ address: GROUP, resource, changes: [drift] })],
      ruleBook,
    );
    return found[0]?.effect;
  };
  const opened = change("ingress[0]", {
    desired: "absent",
    recorded: "absent",
    observed: known({ ...rule(22, "0.0.0.0/0"), protocol: "6", description: "", self: false }),
  });
  const closed = change("ingress[0]", {
    desired: known(rule(443, "10.0.0.0/8")),
    recorded: known(rule(443, "10.0.0.0/8")),
    observed: "absent",
  });
  const openedToTwo = change("ingress[0]", {
    desired: "absent",
    recorded: "absent",
    observed: known(rule(22, "0.0.0.0/0", "192.168.0.0/16")),
  });
  const widened = change("ingress[0].cidr_blocks", {
    desired: known(["10.0.0.0/8"]),
    recorded: known(["10.0.0.0/8"]),
    observed: known(["10.0.0.0/8", "0.0.0.0/0"]),
  });
  const tags = { Name: "web" };

  it("is neither closed nor left where the change opens one of two that were opened", () => {
    const other = change("ingress[1]", {
      ...opened,
      observed: known(rule(3389, "0.0.0.0/0")),
    });
    const resource = { ...finding().resource, type: "aws_security_group" };
    const both = finding({ address: GROUP, resource, changes: [opened, other] });
    const head = { ingress: [rule(22, "0.0.0.0/0")] };
    const found = affected([group({ ingress: [] })], [group(head)], [both], ruleBook);
    expect(found).toMatchObject([{ effect: "partly" }]);
  });

  test.each<readonly [string, Change, JsonObject, JsonObject, string]>([
    ["left alone where the code has no inline rules", opened, {}, { tags }, "leaves"],
    [
      "closed where it has others",
      opened,
      { ingress: [rule(443, "10.0.0.0/8")] },
      { ingress: [rule(443, "10.0.0.0/8")], tags },
      "reverts",
    ],
    ["closed where it says that there are none", opened, { ingress: [] }, { ingress: [], tags }, "reverts"],
    ["closed once it has others", opened, {}, { ingress: [rule(443, "10.0.0.0/8")] }, "reverts"],
    [
      "followed by a rule that holds it, in other words",
      opened,
      {},
      { ingress: [rule(22, "10.0.0.0/8", "0.0.0.0/0")] },
      "contains",
    ],
    [
      "opened again by a rule that holds it among others",
      closed,
      { ingress: [rule(443, "10.0.0.0/8", "192.168.0.0/16")] },
      { ingress: [rule(443, "192.168.0.0/16", "10.0.0.0/8")], tags },
      "reverts",
    ],
    [
      "opened again in part",
      change("ingress[0]", {
        desired: known(rule(443, "10.0.0.0/8", "192.168.0.0/16")),
        recorded: known(rule(443, "10.0.0.0/8", "192.168.0.0/16")),
        observed: "absent",
      }),
      { ingress: [rule(443, "10.0.0.0/8", "192.168.0.0/16")] },
      { ingress: [rule(443, "10.0.0.0/8")] },
      "partly",
    ],
    ["given up with the rule", closed, { ingress: [rule(443, "10.0.0.0/8")] }, { ingress: [] }, "contains"],
    [
      "neither closed nor left where the change itself opens the same, with another description",
      opened,
      { ingress: [] },
      { ingress: [{ ...rule(22, "0.0.0.0/0"), description: "managed" }] },
      "partly",
    ],
    [
      "neither closed nor left where the change opens more than that",
      opened,
      { ingress: [] },
      { ingress: [{ ...rule(0, "0.0.0.0/0"), protocol: "-1" }] },
      "partly",
    ],
    [
      "neither closed nor left where the change opens a part of it",
      opened,
      { ingress: [] },
      { ingress: [rule(22, "10.0.0.0/8")] },
      "partly",
    ],
    [
      "closed where the change opens something else to the same network",
      opened,
      { ingress: [] },
      { ingress: [rule(443, "0.0.0.0/0")] },
      "reverts",
    ],
    [
      "closed where what the code said all along opens a part of it",
      opened,
      { ingress: [rule(22, "10.0.0.0/8")] },
      { ingress: [rule(22, "10.0.0.0/8")], tags },
      "reverts",
    ],
    [
      "closed where the change describes a part of it that was open all along",
      opened,
      { ingress: [rule(22, "10.0.0.0/8")] },
      { ingress: [{ ...rule(22, "10.0.0.0/8"), description: "managed" }] },
      "reverts",
    ],
    [
      "neither closed nor left where the change opens one of its sources",
      openedToTwo,
      { ingress: [] },
      { ingress: [rule(22, "0.0.0.0/0")] },
      "partly",
    ],
    [
      "followed in other words by two rules",
      openedToTwo,
      { ingress: [] },
      { ingress: [rule(22, "192.168.0.0/16"), rule(22, "0.0.0.0/0")] },
      "contains",
    ],
    [
      "opened again by a rule with another description",
      closed,
      { ingress: [rule(443, "10.0.0.0/8")] },
      { ingress: [{ ...rule(443, "10.0.0.0/8"), description: "managed" }] },
      "partly",
    ],
    [
      "followed by a rule of its own beside the one that was widened",
      widened,
      { ingress: [rule(443, "10.0.0.0/8")] },
      { ingress: [rule(443, "10.0.0.0/8"), rule(443, "0.0.0.0/0")] },
      "contains",
    ],
    [
      "neither closed nor left where a new rule opens what was widened, with another description",
      widened,
      { ingress: [rule(443, "10.0.0.0/8")] },
      { ingress: [rule(443, "10.0.0.0/8"), { ...rule(443, "0.0.0.0/0"), description: "managed" }] },
      "partly",
    ],
    [
      "closed where the widened rule moves, and is described otherwise",
      widened,
      { ingress: [rule(443, "10.0.0.0/8")] },
      {
        ingress: [
          rule(80, "10.0.0.0/8", "0.0.0.0/0"),
          { ...rule(443, "10.0.0.0/8"), description: "managed" },
        ],
      },
      "reverts",
    ],
    [
      "lost with a group that has to be made anew",
      opened,
      { description: "of web" },
      { description: "for web" },
      "replaces",
    ],
  ])("is %s", (_what, drift, before, head, expected) => {
    expect(effectOn(drift, before, head)).toBe(expected);
  });

  describe("of which not all is known", () => {
    const before = { ingress: [rule(443, "10.0.0.0/8")] };
    const opens = { ingress: [rule(443, "10.0.0.0/8"), { ...rule(22, "0.0.0.0/0"), description: "new" }] };
    const effectOfChanges = (
      changes: readonly Change[],
      head: JsonObject,
      unknown: readonly Path[] = [],
      base: Partial<DeclaredInstance> = {},
    ) => {
      const resource = { ...finding().resource, type: "aws_security_group" };
      const found = affected(
        [{ ...group(before), ...base }],
        [{ ...group(head), unknown }],
        [finding({ address: GROUP, resource, changes })],
        ruleBook,
      );
      return found[0]?.effect;
    };
    const retold = (name: string, parts: Partial<Change>) =>
      change(`ingress[0].${name}`, {
        desired: known("x"),
        recorded: known("x"),
        observed: "absent",
        ...parts,
      });

    test.each<readonly [string, Change]>([
      ["protocol is unread", retold("protocol", { desired: known("tcp"), observed: "unread" })],
      ["protocol is unknown", retold("protocol", { desired: "unknown", observed: known("udp") })],
      ["protocol is secret", retold("protocol", { desired: { hidden: "1" }, observed: { hidden: "2" } })],
      ["first port is unread", retold("from_port", { desired: known(443), observed: "unread" })],
      ["last port is unknown", retold("to_port", { desired: "unknown", observed: known(8443) })],
    ])("is not said to stay open in part: its %s", (_what, other) => {
      expect(effectOfChanges([widened, other], opens)).toBe("reverts");
    });

    it("is not said to stay open in part: its wanted sources are unknown", () => {
      const unsure: Change = { ...widened, desired: "unknown" };
      const again = {
        ingress: [rule(443, "10.0.0.0/8"), { ...rule(443, "10.1.0.0/16"), description: "new" }],
      };
      expect(effectOfChanges([unsure], again)).toBe("reverts");
    });

    it("is said to where what is not known decides nothing", () => {
      const again = { ingress: [rule(443, "10.0.0.0/8"), { ...rule(443, "0.0.0.0/0"), description: "new" }] };
      const other = retold("description", { desired: { hidden: "1" }, observed: { hidden: "2" } });
      expect(effectOfChanges([widened, other], again)).toBe("partly");
      expect(effectOfChanges([widened], again)).toBe("partly");
    });

    test.each(["protocol", "from_port", "to_port"])("a new rule of which the %s is not known", (name) => {
      const open = { ...rule(22, "0.0.0.0/0"), [name]: null };
      const head = { ingress: [rule(443, "10.0.0.0/8"), open] };
      expect(effectOfChanges([widened], head, [["ingress", 1, name]])).toBe("reverts");
    });

    it("its own protocol is not known to the code before", () => {
      const desired = { ingress: [{ ...rule(443, "10.0.0.0/8"), protocol: null }] };
      const base = { desired, unknown: [["ingress", 0, "protocol"]] };
      expect(effectOfChanges([widened], opens, [], base)).toBe("reverts");
    });

    it("a rule that certainly opens it counts beside one of which nothing is known", () => {
      const open = { ...rule(443, "0.0.0.0/0"), description: "new" };
      const head = { ingress: [rule(443, "10.0.0.0/8"), open, { ...open, protocol: null }] };
      expect(effectOfChanges([widened], head, [["ingress", 2, "protocol"]])).toBe("partly");
    });
  });
});

describe("a nested block", () => {
  const effectOn = (drift: Change, before: JsonObject, head: JsonObject) =>
    affected([declared(before)], [declared(head)], [finding({ address: WEB, changes: [drift] })], ruleBook)[0]
      ?.effect;
  const imds = (tokens: string): JsonObject => ({ http_tokens: tokens, http_endpoint: "enabled" });
  const set = change("metadata_options[0]", {
    desired: "absent",
    recorded: "absent",
    observed: known(imds("optional")),
  });
  const disk = (size: number | null, parts: JsonObject = {}): JsonObject => ({
    device_name: "/dev/sdf",
    volume_size: size,
    ...parts,
  });
  const grown = change("ebs_block_device[0].volume_size", {
    desired: known(20),
    recorded: known(20),
    observed: known(40),
  });
  const attached = change("ebs_block_device[0]", {
    desired: "absent",
    recorded: "absent",
    observed: known(disk(40)),
  });

  test.each<readonly [string, Change, JsonObject, JsonObject, string]>([
    [
      "that the change begins to say otherwise",
      set,
      {},
      { metadata_options: [imds("required")] },
      "conflicts",
    ],
    ["that the change begins to say", set, {}, { metadata_options: [imds("optional")] }, "contains"],
    [
      "of a set, told by what names it, that the change begins to say otherwise",
      attached,
      { ebs_block_device: [] },
      { ebs_block_device: [disk(60)] },
      "conflicts",
    ],
    [
      "of a set, beside which another comes",
      attached,
      { ebs_block_device: [] },
      { ebs_block_device: [{ ...disk(60), device_name: "/dev/sdg" }] },
      "reverts",
    ],
    [
      "of a set, of which another value changes, and which moves",
      grown,
      { ebs_block_device: [disk(20)] },
      { ebs_block_device: [{ ...disk(40), device_name: "/dev/sdg" }, disk(20, { iops: 300 })] },
      "reverts",
    ],
    [
      "of a set, that the change says otherwise",
      grown,
      { ebs_block_device: [disk(20)] },
      { ebs_block_device: [disk(60, { iops: 300 })] },
      "conflicts",
    ],
  ])("%s", (_what, drift, before, head, expected) => {
    expect(effectOn(drift, before, head)).toBe(expected);
  });
});

describe("a nested block inside of a block that moves", () => {
  const attributes: Readonly<Record<string, AttributeRule>> = {
    protocol: { kind: "string", sameAs: "protocol", access: "protocol" },
    from_port: { kind: "number", access: "from-port" },
    to_port: { kind: "number", access: "to-port" },
    cidr_blocks: { kind: "set", access: "networks" },
  };
  const book: RuleBook = {
    aws_instance: {
      type: "aws_instance",
      category: "configuration",
      attributes: {
        outer: {
          kind: "block",
          attributes: {
            name: { kind: "string" },
            rule: { kind: "block-set", access: "ingress", attributes },
            volume: {
              kind: "block-set",
              identity: ["device"],
              attributes: { device: { kind: "string" }, size: { kind: "number" } },
            },
          },
        },
        pair: {
          kind: "block-set",
          identity: ["name"],
          attributes: { name: { kind: "string" }, step: { kind: "list" } },
        },
      },
    },
  };
  const open = (port: number, cidr: string): JsonObject => ({
    protocol: "tcp",
    from_port: port,
    to_port: port,
    cidr_blocks: [cidr],
  });
  const effectOn = (drift: Change, before: JsonObject, head: JsonObject) =>
    affected([declared(before)], [declared(head)], [finding({ changes: [drift] })], book)[0]?.effect;
  const added = (path: string, value: Json) =>
    change(path, { desired: "absent", recorded: "absent", observed: known(value) });
  const [inner, lan] = [open(22, "10.0.0.0/8"), open(443, "10.0.0.0/8")];
  const [data, logs] = [
    { device: "/dev/sdf", size: 20 },
    { device: "/dev/sdg", size: 20 },
  ];

  test.each<readonly [string, Change, JsonObject, JsonObject, string]>([
    [
      "opens nothing that its own list let in all along",
      added("outer[1].rule[1]", open(22, "0.0.0.0/0")),
      {
        outer: [
          { name: "a", rule: [] },
          { name: "b", rule: [inner] },
        ],
      },
      {
        outer: [
          { name: "b", rule: [inner, lan] },
          { name: "a", rule: [] },
        ],
      },
      "reverts",
    ],
    [
      "opens what only the other block let in before",
      added("outer[1].rule[1]", open(22, "0.0.0.0/0")),
      {
        outer: [
          { name: "a", rule: [inner] },
          { name: "b", rule: [lan] },
        ],
      },
      {
        outer: [
          { name: "b", rule: [lan, inner] },
          { name: "a", rule: [inner] },
        ],
      },
      "partly",
    ],
    [
      "writes nothing that its own list said all along",
      added("outer[1].volume[1]", { ...data, size: 40 }),
      {
        outer: [
          { name: "a", volume: [] },
          { name: "b", volume: [data] },
        ],
      },
      {
        outer: [
          { name: "b", volume: [data, logs] },
          { name: "a", volume: [] },
        ],
      },
      "reverts",
    ],
    [
      "is followed in the block of a set that it stands in",
      added("pair[1].step[1]", "y"),
      {
        pair: [
          { name: "a", step: [] },
          { name: "b", step: ["x"] },
        ],
      },
      {
        pair: [
          { name: "b", step: ["x", "y"] },
          { name: "a", step: [] },
        ],
      },
      "contains",
    ],
  ])("%s", (_what, drift, before, head, expected) => {
    expect(effectOn(drift, before, head)).toBe(expected);
  });

  it("is judged by its own list, also where another comes to stand at the same place", () => {
    const place = (name: string, ...rule: JsonObject[]): JsonObject => ({ name, rule });
    const ssh = open(22, "0.0.0.0/0");
    const drifts = [added("outer[0].rule[1]", ssh), added("outer[1].rule[1]", ssh)];
    const effects = (order: readonly Change[]) =>
      affected(
        [declared({ outer: [place("a", inner), place("a", lan)] })],
        [declared({ outer: [place("a", inner, open(80, "10.0.0.0/8"))] })],
        order.map((one) => finding({ changes: [one] })),
        book,
      ).map(({ effect }) => effect);
    expect(effects(drifts)).toEqual(["reverts", "partly"]);
    expect(effects(drifts.toReversed())).toEqual(["partly", "reverts"]);
  });
});

describe("where a change touches a drifted instance", () => {
  const touched = (head: JsonObject | null) =>
    affected([declared(base)], [declared(head)], [finding()], ruleBook)[0]?.touched.map(printPath);

  test.each<readonly [string, JsonObject | null, readonly string[]]>([
    ["a value", { ...base, disk: 30 }, ["disk"]],
    ["a value of another shape", { ...base, disk: [1] }, ["disk"]],
    ["a new argument", { ...base, monitoring: true }, ["monitoring"]],
    ["an entry of a map", { ...base, tags: { Team: "shop", Tier: "db" } }, ["tags.Tier"]],
    ["a further block", blocks(https, http, ssh), ["ingress[2]"]],
    ["an argument of a block", blocks(https, { ...http, cidr_blocks: [] }), ["ingress[1].cidr_blocks[0]"]],
    ["the instance goes", null, []],
  ])("%s", (_what, head, expected) => {
    expect(touched(head)).toEqual(expected);
  });

  it("lists no more places than a reader can use", () => {
    const tags = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, "v"]));
    expect(touched({ ...base, tags })).toHaveLength(50);
  });
});

describe("a replacement", () => {
  const OTHER = "aws_instance.other";
  const lifecycle = (parts: Partial<Lifecycle>) => ({ lifecycle: { ...NO_LIFECYCLE, ...parts } });
  const triggeredBy = (...paths: Path[]) =>
    lifecycle({ replaceTriggeredBy: paths.map((path) => ({ address: OTHER, path })) });

  function effectOf(
    head: JsonObject | null,
    parts: Partial<DeclaredInstance>,
    other: readonly [before: JsonObject, after: JsonObject] = [{}, {}],
    drift: Change = DRIFTS.resized,
  ) {
    const others = other.map((desired) => declared(desired, { address: OTHER }));
    const [before, after] = others;
    if (before === undefined || after === undefined) throw new Error("both sides are given");
    const found = affected(
      [declared(base, parts), before],
      [declared(head, parts), after],
      [finding({ address: WEB, changes: [drift] })],
      ruleBook,
    );
    return found[0]?.effect ?? "not affected";
  }

  const forbidden = lifecycle({ preventDestroy: true });
  test.each<readonly [string, JsonObject | null, string]>([
    ["is refused", { ...base, ami: "ami-2" }, "refuses"],
    ["is not needed", { ...base, disk: 30 }, "reverts"],
    ["is none, the instance is given up", null, "refuses"],
  ])("that prevent_destroy forbids %s", (_, head, expected) => {
    const recorded = { ami: "ami-1" };
    expect(effectOf(head, { ...forbidden, recorded })).toBe(expected);
    if (head !== null)
      expect(effectOf(head, { recorded })).toBe(expected === "refuses" ? "replaces" : expected);
  });

  const [small, large] = [
    { instance_type: "t3.small", tags: { a: "1" } },
    { instance_type: "t3.large", tags: { a: "1" } },
  ];
  test.each<readonly [string, Partial<DeclaredInstance>, readonly [JsonObject, JsonObject], string]>([
    ["what it names changes", triggeredBy([]), [small, large], "replaces"],
    ["what it names stays", triggeredBy([]), [small, small], "not affected"],
    ["the attribute changes", triggeredBy(["instance_type"]), [small, large], "replaces"],
    ["another attribute changes", triggeredBy(["tags", "a"]), [small, large], "not affected"],
    ["one of several changes", triggeredBy(["tags"], ["instance_type"]), [small, large], "replaces"],
    ["its id stays with a change in place", triggeredBy(["id"]), [small, large], "not affected"],
    [
      "its id is another with a new resource",
      triggeredBy(["id"]),
      [
        { ...small, ami: "ami-1" },
        { ...small, ami: "ami-2" },
      ],
      "replaces",
    ],
  ])("by replace_triggered_by: %s", (_, parts, other, expected) => {
    expect(effectOf(base, parts, other)).toBe(expected);
  });

  it("by replace_triggered_by is handed on, and ends where they trigger each other", () => {
    const by = (address: string, ...triggers: string[]) => ({
      address,
      ...lifecycle({ replaceTriggeredBy: triggers.map((one) => ({ address: one, path: [] })) }),
    });
    const chain = (desired: JsonObject) => [
      declared(base, by(WEB, OTHER)),
      declared({}, by(OTHER, WEB, "aws_instance.last")),
      declared(desired, by("aws_instance.last")),
    ];
    const effects = (before: JsonObject, after: JsonObject) =>
      affected(chain(before), chain(after), [finding({ address: WEB })], ruleBook).map(
        ({ effect }) => effect,
      );
    expect(effects(small, large)).toEqual(["replaces"]);
    expect(effects(small, small)).toEqual([]);
  });
});
