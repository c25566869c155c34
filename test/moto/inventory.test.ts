import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Inventory } from "../../src/drift/inventory.ts";
import { createAwsInventory } from "../../src/inventory/aws/inventory.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { REGION, readOne, wanted } from "../inventory/aws/wanted.ts";

const isInstalled = spawnSync("moto_server", ["--help"], { stdio: "ignore" }).status === 0;
if (!isInstalled) console.log("moto_server was not found: this comparison with another EC2 was skipped.");

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

let moto: ChildProcess;
let inventory: Inventory;
let ids: Readonly<Record<"vpc" | "subnet" | "group" | "rule" | "instance" | "gone", string>>;

beforeAll(async () => {
  if (!isInstalled) return;
  const port = await freePort();
  moto = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint);
  ids = await createEverything(new EC2Client({ region: REGION, endpoint, credentials }));
  inventory = createAwsInventory({ region: REGION, endpoint, credentials });
});

afterAll(() => {
  if (isInstalled) moto.kill();
});

describe.runIf(isInstalled)("another implementation of EC2, read through the inventory", () => {
  test("whose credentials", async () => {
    expect((await inventory.identity()).account).toMatch(/^\d{12}$/);
  });

  test.each<["vpc" | "subnet" | "group" | "rule" | "instance", string, JsonObject, JsonObject]>([
    [
      "vpc",
      "aws_vpc",
      { enable_dns_hostnames: true },
      { cidr_block: "10.7.0.0/16", enable_dns_hostnames: true },
    ],
    ["subnet", "aws_subnet", {}, { cidr_block: "10.7.1.0/24", availability_zone: "eu-west-1a" }],
    [
      "group",
      "aws_security_group",
      {},
      {
        name: "web",
        description: "web servers",
        ingress: [
          {
            cidr_blocks: ["10.0.0.0/8"],
            description: "",
            from_port: 443,
            ipv6_cidr_blocks: [],
            prefix_list_ids: [],
            protocol: "tcp",
            security_groups: [],
            self: true,
            to_port: 443,
          },
          {
            cidr_blocks: ["0.0.0.0/0"],
            description: "everyone",
            from_port: 443,
            ipv6_cidr_blocks: [],
            prefix_list_ids: [],
            protocol: "tcp",
            security_groups: [],
            self: false,
            to_port: 443,
          },
        ],
      },
    ],
    [
      "rule",
      "aws_vpc_security_group_ingress_rule",
      {},
      { cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443, ip_protocol: "tcp", description: "everyone" },
    ],
    [
      "instance",
      "aws_instance",
      { user_data: "#!/bin/sh\n", disable_api_termination: true },
      {
        instance_type: "t3.small",
        user_data: "#!/bin/sh\n",
        disable_api_termination: false,
        tags: { Name: "web" },
        root_block_device: [{ volume_size: 8, encrypted: false, delete_on_termination: true }],
      },
    ],
  ])("%s", async (name, type, recorded, expected) => {
    const resource = await readOne(
      inventory,
      wanted(type, ids[name], { security_group_id: ids.group, ...recorded }),
    );
    expect(resource.attributes).toMatchObject(expected);
  });

  test("a terminated instance and an unknown id are gone", async () => {
    const { observations } = await inventory.read([
      wanted("aws_instance", ids.gone),
      wanted("aws_instance", "i-0123456789abcdef0"),
    ]);
    expect([...observations.values()]).toEqual([{ status: "not-found" }, { status: "not-found" }]);
  });

  test("unmanaged: all but what is known, and the default group", async () => {
    const found = await inventory.unmanaged([wanted("aws_vpc", ids.vpc)], new Set([ids.subnet]));
    expect(found.map((each) => each.id)).toEqual([ids.instance, ids.group]);
  });
});

async function createEverything(ec2: EC2Client): Promise<typeof ids> {
  const vpc = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.7.0.0/16" }))).Vpc?.VpcId ?? "";
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));
  const subnets = await ec2.send(
    new CreateSubnetCommand({ VpcId: vpc, CidrBlock: "10.7.1.0/24", AvailabilityZone: "eu-west-1a" }),
  );
  const subnet = subnets.Subnet?.SubnetId ?? "";
  const groups = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "web", Description: "web servers", VpcId: vpc }),
  );
  const group = groups.GroupId ?? "";
  const rules = await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          IpRanges: [{ CidrIp: "10.0.0.0/8" }, { CidrIp: "0.0.0.0/0", Description: "everyone" }],
          UserIdGroupPairs: [{ GroupId: group }],
        },
      ],
    }),
  );
  const open = rules.SecurityGroupRules?.find((rule) => rule.CidrIpv4 === "0.0.0.0/0");
  const launched = await ec2.send(
    new RunInstancesCommand({
      ImageId: "ami-12c6146b",
      MinCount: 2,
      MaxCount: 2,
      InstanceType: "t3.small",
      SubnetId: subnet,
      SecurityGroupIds: [group],
      UserData: Buffer.from("#!/bin/sh\n").toString("base64"),
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "web" }] }],
    }),
  );
  const [instance = "", gone = ""] = (launched.Instances ?? []).map((each) => each.InstanceId ?? "");
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
  return { vpc, subnet, group, rule: open?.SecurityGroupRuleId ?? "", instance, gone };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answers(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isUp = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(200);
  }
  throw new Error(`moto_server did not answer at ${endpoint}`);
}
