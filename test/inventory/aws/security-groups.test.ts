import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Wanted } from "../../../src/drift/inventory.ts";
import type { Json, JsonObject } from "../../../src/json/json.ts";
import { authorize, groupOf, revoke } from "../../e2e/aws/changes.ts";
import { addGroup, emptyModel } from "../../e2e/aws/model.ts";
import { type EmbeddedAws, startAws } from "../../e2e/aws/server.ts";
import { ACCOUNT, inventoryOf, REGION, readOne, wanted } from "./wanted.ts";

const GROUP = "sg-0a";

let aws: EmbeddedAws;

beforeEach(async () => {
  const model = emptyModel();
  addGroup(model, { id: GROUP, vpcId: "vpc-0a", name: "web" });
  aws = await startAws({ account: ACCOUNT, region: REGION, model });
});

afterEach(async () => {
  await aws.close();
  expect(aws.unexpected).toEqual([]);
});

function block(changes: JsonObject): JsonObject {
  return {
    cidr_blocks: [],
    description: "",
    from_port: 0,
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    protocol: "tcp",
    security_groups: [],
    self: false,
    to_port: 0,
    ...changes,
  };
}

async function readGroup(others: readonly Wanted[] = []): Promise<JsonObject> {
  const { observations } = await inventoryOf(aws).read([wanted("aws_security_group", GROUP), ...others]);
  const observation = observations.get(`aws_security_group.${GROUP}`);
  if (observation?.status !== "found") throw new Error(JSON.stringify(observation));
  return observation.resource.attributes;
}

describe("inline rules", () => {
  test("are grouped as the provider groups them: by protocol, ports and description", async () => {
    authorize(aws.model, GROUP, { protocol: "tcp", from: 443, source: { cidr: "10.0.0.0/8" } });
    authorize(aws.model, GROUP, { protocol: "tcp", from: 443, source: { cidr: "192.168.0.0/16" } });
    authorize(aws.model, GROUP, { protocol: "tcp", from: 443, source: { ipv6: "fd00::/8" } });
    authorize(aws.model, GROUP, {
      protocol: "tcp",
      from: 443,
      source: { cidr: "172.16.0.0/12" },
      description: "office",
    });
    authorize(aws.model, GROUP, { protocol: "udp", from: 53, source: { prefixList: "pl-1" } });
    authorize(aws.model, GROUP, { direction: "egress", protocol: "-1", source: { cidr: "0.0.0.0/0" } });
    const attributes = await readGroup();
    expect(attributes["ingress"]).toEqual([
      block({
        cidr_blocks: ["10.0.0.0/8", "192.168.0.0/16"],
        ipv6_cidr_blocks: ["fd00::/8"],
        from_port: 443,
        to_port: 443,
      }),
      block({ cidr_blocks: ["172.16.0.0/12"], description: "office", from_port: 443, to_port: 443 }),
      block({ prefix_list_ids: ["pl-1"], protocol: "udp", from_port: 53, to_port: 53 }),
    ]);
    expect(attributes["egress"]).toEqual([block({ cidr_blocks: ["0.0.0.0/0"], protocol: "-1" })]);
  });

  test("the group itself is `self`, a group of another account carries its account", async () => {
    authorize(aws.model, GROUP, { protocol: "tcp", from: 22, source: { group: GROUP } });
    authorize(aws.model, GROUP, { protocol: "tcp", from: 22, source: { group: "sg-0b" } });
    authorize(aws.model, GROUP, {
      protocol: "tcp",
      from: 22,
      source: { group: "sg-0c", account: "999999999999" },
    });
    expect((await readGroup())["ingress"]).toEqual([
      block({ from_port: 22, to_port: 22, self: true, security_groups: ["sg-0b", "999999999999/sg-0c"] }),
    ]);
  });
});

describe("rules that are resources of their own are not the group's", () => {
  test("a rule known by its id, also after someone changed it", async () => {
    const id = authorize(aws.model, GROUP, { protocol: "tcp", from: 443, source: { cidr: "10.0.0.0/8" } });
    authorize(aws.model, GROUP, { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } });
    const rule = wanted("aws_vpc_security_group_ingress_rule", id, {
      security_group_id: GROUP,
      ip_protocol: "tcp",
      from_port: 80,
      to_port: 80,
      cidr_ipv4: "10.0.0.0/8",
    });
    expect((await readGroup([rule]))["ingress"]).toEqual([
      block({ cidr_blocks: ["0.0.0.0/0"], from_port: 22, to_port: 22 }),
    ]);
  });

  test("a rule that may not be read, as the state recorded it", async () => {
    const id = authorize(aws.model, GROUP, { protocol: "-1", source: { ipv6: "::/0" } });
    aws.misbehave("DescribeSecurityGroupRules", "refused");
    const rule = wanted("aws_vpc_security_group_ingress_rule", id, {
      security_group_id: GROUP,
      ip_protocol: "-1",
      from_port: null,
      to_port: null,
      cidr_ipv6: "0:0:0:0:0:0:0:0/0",
    });
    expect((await readGroup([rule]))["ingress"]).toEqual([]);
  });

  test("a rule known by its shape: one resource, several EC2 rules", async () => {
    for (const cidr of ["10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12"]) {
      authorize(aws.model, GROUP, { protocol: "tcp", from: 443, source: { cidr } });
    }
    const rule = wanted("aws_security_group_rule", "sgrule-1", {
      type: "ingress",
      security_group_id: GROUP,
      protocol: "6",
      from_port: 443,
      to_port: 443,
      cidr_blocks: ["192.168.0.0/16", "10.0.0.0/8"],
      self: false,
    });
    expect((await readGroup([rule]))["ingress"]).toEqual([
      block({ cidr_blocks: ["172.16.0.0/12"], from_port: 443, to_port: 443 }),
    ]);
  });
});

describe("aws_security_group_rule", () => {
  const recorded: JsonObject = {
    type: "ingress",
    security_group_id: GROUP,
    protocol: "tcp",
    from_port: 443,
    to_port: 443,
    cidr_blocks: ["192.168.0.0/16", "10.0.0.0/8"],
    ipv6_cidr_blocks: null,
    prefix_list_ids: [],
    self: false,
    source_security_group_id: null,
    description: "",
  };
  const rule = wanted("aws_security_group_rule", "sgrule-1", recorded);

  beforeEach(() => {
    for (const cidr of ["10.0.0.0/8", "192.168.0.0/16"]) {
      authorize(aws.model, GROUP, { protocol: "tcp", from: 443, source: { cidr } });
    }
  });

  test("all there: as recorded, in the recorded order", async () => {
    const { attributes } = await readOne(inventoryOf(aws), rule);
    const { ipv6_cidr_blocks: _, source_security_group_id: __, ...compared } = recorded;
    expect(attributes).toEqual(compared);
  });

  test("partly there: what is left", async () => {
    revoke(aws.model, GROUP, ({ source }) => "cidr" in source && source.cidr === "10.0.0.0/8");
    const { attributes } = await readOne(inventoryOf(aws), rule);
    expect(attributes["cidr_blocks"]).toEqual(["192.168.0.0/16"]);
  });

  test("a changed description", async () => {
    const [first] = groupOf(aws.model, GROUP).rules;
    if (first !== undefined) first.description = "by hand";
    expect((await readOne(inventoryOf(aws), rule)).attributes["description"]).toBe("by hand");
  });

  test.each<[string, JsonObject]>([
    ["another port", { from_port: 80, to_port: 80 }],
    ["another direction", { type: "egress" }],
    ["another protocol", { protocol: "udp" }],
    ["another source", { cidr_blocks: ["1.2.3.4/32"] }],
    ["a group that is gone", { security_group_id: "sg-gone" }],
  ])("none of it there: not found (%s)", async (_, changes) => {
    const one = wanted("aws_security_group_rule", "sgrule-2", { ...recorded, ...changes });
    const { observations } = await inventoryOf(aws).read([one]);
    expect(observations.get(one.address)).toEqual({ status: "not-found" });
  });

  test.each<[string, JsonObject, JsonObject]>([
    ["self", { self: true, cidr_blocks: [] }, { self: true }],
    [
      "self, recorded twice by old versions of the provider",
      { self: true, cidr_blocks: [], source_security_group_id: GROUP },
      { self: true, source_security_group_id: GROUP },
    ],
    [
      "a group of another account",
      { cidr_blocks: null, source_security_group_id: "999999999999/sg-0b" },
      { source_security_group_id: "999999999999/sg-0b" },
    ],
  ])("sources: %s", async (_, changes, expected) => {
    authorize(aws.model, GROUP, { protocol: "tcp", from: 443, source: { group: GROUP } });
    authorize(aws.model, GROUP, {
      protocol: "tcp",
      from: 443,
      source: { group: "sg-0b", account: "999999999999" },
    });
    const one = wanted("aws_security_group_rule", "sgrule-3", { ...recorded, ...changes });
    expect((await readOne(inventoryOf(aws), one)).attributes).toMatchObject(expected);
  });

  test("all protocols: ports written in the code do not matter", async () => {
    authorize(aws.model, GROUP, { direction: "egress", protocol: "-1", source: { cidr: "0.0.0.0/0" } });
    const one = wanted("aws_security_group_rule", "sgrule-4", {
      ...recorded,
      type: "egress",
      protocol: "all",
      from_port: 0,
      to_port: 65535,
      cidr_blocks: ["0.0.0.0/0"],
    });
    const { attributes } = await readOne(inventoryOf(aws), one);
    expect(attributes).toMatchObject({ protocol: "-1", cidr_blocks: ["0.0.0.0/0"] });
  });

  test("a rule without any source in the state cannot be matched, which is said", async () => {
    const one = wanted("aws_security_group_rule", "sgrule-5", { ...recorded, cidr_blocks: [] });
    const { observations } = await inventoryOf(aws).read([one]);
    expect(observations.get(one.address)).toMatchObject({ status: "unreadable" });
  });

  test("where the groups may not be read, their rules are unreadable too", async () => {
    aws.misbehave("DescribeSecurityGroups", "refused");
    const { observations } = await inventoryOf(aws).read([rule]);
    expect(observations.get(rule.address)).toMatchObject({
      status: "unreadable",
      reason: expect.stringContaining("ec2:DescribeSecurityGroups"),
    });
  });
});

describe("aws_vpc_security_group_ingress_rule and _egress_rule", () => {
  test.each<[string, Parameters<typeof authorize>[2], Record<string, Json>]>([
    [
      "an address range",
      { protocol: "tcp", from: 443, to: 444, source: { cidr: "10.0.0.0/8" }, description: "web" },
      { cidr_ipv4: "10.0.0.0/8", from_port: 443, to_port: 444, ip_protocol: "tcp", description: "web" },
    ],
    [
      "all protocols to a group",
      { direction: "egress", protocol: "-1", source: { group: "sg-0b" } },
      {
        referenced_security_group_id: "sg-0b",
        from_port: null,
        to_port: null,
        ip_protocol: "-1",
        description: null,
      },
    ],
    [
      "a group of another account",
      { protocol: "tcp", from: 1, source: { group: "sg-0b", account: "999999999999" } },
      { referenced_security_group_id: "999999999999/sg-0b" },
    ],
    [
      "a prefix list",
      { protocol: "udp", from: 53, source: { prefixList: "pl-1" } },
      { prefix_list_id: "pl-1" },
    ],
    ["IPv6", { protocol: "tcp", from: 1, source: { ipv6: "::/0" } }, { cidr_ipv6: "::/0", cidr_ipv4: null }],
  ])("%s", async (_, rule, expected) => {
    const id = authorize(aws.model, GROUP, rule);
    const type = `aws_vpc_security_group_${rule.direction ?? "ingress"}_rule`;
    const resource = await readOne(inventoryOf(aws), wanted(type, id, { security_group_id: GROUP }));
    expect(resource.attributes).toMatchObject({ security_group_id: GROUP, ...expected });
    expect(resource).toMatchObject({ type, id, account: ACCOUNT, region: REGION });
  });

  test("a rule taken away by hand is not found", async () => {
    const id = authorize(aws.model, GROUP, { protocol: "tcp", from: 443, source: { cidr: "10.0.0.0/8" } });
    revoke(aws.model, GROUP, (rule) => rule.id === id);
    const one = wanted("aws_vpc_security_group_ingress_rule", id, { security_group_id: GROUP });
    expect((await inventoryOf(aws).read([one])).observations.get(one.address)).toEqual({
      status: "not-found",
    });
  });

  test("a rule is where its group is", async () => {
    const group = { ...wanted("aws_security_group", GROUP), region: "us-east-1" };
    const rule = {
      ...wanted("aws_security_group_rule", "sgrule-1", {
        security_group_id: GROUP,
        cidr_blocks: ["10.0.0.0/8"],
      }),
      region: null,
    };
    await inventoryOf(aws).read([group, rule]);
    expect(aws.requests.map((request) => request.region)).toEqual(["us-east-1"]);
  });
});
