import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CloudUnreachable } from "../../../src/drift/inventory.ts";
import { authorize, instanceOf, terminateInstance } from "../../e2e/aws/changes.ts";
import { type AwsModel, addGroup, addInstance, addSubnet, addVpc, emptyModel } from "../../e2e/aws/model.ts";
import { type EmbeddedAws, startAws } from "../../e2e/aws/server.ts";
import { ACCOUNT, inventoryOf, REGION, readOne, wanted } from "./wanted.ts";

const VPC = "vpc-0a";
const SUBNET = "subnet-0a";
const GROUP = "sg-0a";
const INSTANCE = "i-0a";

let aws: EmbeddedAws;

beforeEach(async () => {
  aws = await startAws({ account: ACCOUNT, region: REGION, model: smallCompany(), pageSize: 2 });
});

afterEach(async () => {
  await aws.close();
  expect(aws.unexpected).toEqual([]);
});

function smallCompany(): AwsModel {
  const model = emptyModel();
  addVpc(model, { id: VPC, cidr: "10.0.0.0/16", dnsHostnames: true, tags: new Map([["Name", "main"]]) });
  addSubnet(model, { id: SUBNET, vpcId: VPC, cidr: "10.0.1.0/24", zone: "eu-west-1a" });
  addGroup(model, { id: GROUP, vpcId: VPC, name: "web" });
  addInstance(model, {
    id: INSTANCE,
    type: "t3.small",
    subnetId: SUBNET,
    groups: [GROUP],
    profile: "app/web",
    tags: new Map([
      ["Name", 'web <1> & "co"'],
      ["aws:autoscaling:groupName", "x"],
    ]),
  });
  return model;
}

function actionsAsked(): readonly string[] {
  return aws.requests.map((request) => request.action);
}

describe("reading what is there", () => {
  test("an instance, with the attributes Terraform would record", async () => {
    const resource = await readOne(inventoryOf(aws), wanted("aws_instance", INSTANCE));
    expect(resource).toMatchObject({ type: "aws_instance", id: INSTANCE, account: ACCOUNT, region: REGION });
    expect(resource.attributes).toMatchObject({
      instance_type: "t3.small",
      iam_instance_profile: "web",
      vpc_security_group_ids: [GROUP],
      subnet_id: SUBNET,
      availability_zone: "eu-west-1a",
      source_dest_check: true,
      monitoring: false,
      tags: { Name: 'web <1> & "co"' },
      root_block_device: [
        {
          device_name: "/dev/xvda",
          volume_size: 8,
          volume_type: "gp3",
          iops: 3000,
          throughput: 125,
          encrypted: false,
        },
      ],
      metadata_options: [
        { http_tokens: "required", http_put_response_hop_limit: 2, http_endpoint: "enabled" },
      ],
    });
  });

  test("a network and its settings, one request each, only for those the code sets", async () => {
    const resource = await readOne(
      inventoryOf(aws),
      wanted("aws_vpc", VPC, { enable_dns_hostnames: true }, ["cidr_block", "enable_dns_hostnames"]),
    );
    expect(resource.attributes).toMatchObject({
      cidr_block: "10.0.0.0/16",
      enable_dns_hostnames: true,
      instance_tenancy: "default",
      tags: { Name: "main" },
    });
    expect(resource.unread).toEqual([["enable_dns_support"], ["enable_network_address_usage_metrics"]]);
    expect(actionsAsked()).toEqual(["DescribeVpcs", "DescribeVpcAttribute"]);
  });

  test("a subnet", async () => {
    const resource = await readOne(inventoryOf(aws), wanted("aws_subnet", SUBNET));
    expect(resource.attributes).toMatchObject({
      cidr_block: "10.0.1.0/24",
      map_public_ip_on_launch: false,
      vpc_id: VPC,
      private_dns_hostname_type_on_launch: "ip-name",
    });
  });

  test("what an instance tells one attribute at a time is asked for where the code sets it", async () => {
    const instance = instanceOf(aws.model, INSTANCE);
    instance.apiTermination = "disabled";
    instance.userData = "#!/bin/sh\necho hello";
    const resource = await readOne(
      inventoryOf(aws),
      wanted("aws_instance", INSTANCE, { user_data: "" }, [
        "disable_api_termination",
        "user_data",
        "credit_specification",
      ]),
    );
    expect(resource.attributes).toMatchObject({
      disable_api_termination: true,
      user_data: "12fa244b5fce655cad7e956e74e3248840916307",
      credit_specification: [{ cpu_credits: "unlimited" }],
    });
    expect(resource.unread).toEqual([["disable_api_stop"], ["instance_initiated_shutdown_behavior"]]);
    expect(actionsAsked().filter((action) => action === "DescribeInstanceAttribute")).toHaveLength(2);
  });

  test("without the code's word, an attribute that costs a request is read where the state is off the default", async () => {
    await readOne(inventoryOf(aws), wanted("aws_instance", INSTANCE, { disable_api_termination: false }));
    expect(actionsAsked()).not.toContain("DescribeInstanceAttribute");
    await readOne(inventoryOf(aws), wanted("aws_instance", INSTANCE, { disable_api_termination: true }));
    expect(actionsAsked()).toContain("DescribeInstanceAttribute");
  });

  test("all pages, in batches of what a filter may hold", async () => {
    const ids = Array.from({ length: 401 }, (_, index) => `i-${index}`);
    for (const id of ids) addInstance(aws.model, { id, type: "m5.large", subnetId: SUBNET, volumes: [] });
    const big = await startAws({ account: ACCOUNT, region: REGION, model: aws.model, pageSize: 150 });
    try {
      const { observations } = await inventoryOf(big).read(ids.map((id) => wanted("aws_instance", id)));
      expect([...observations.values()].every((each) => each.status === "found")).toBe(true);
      // 200, 200 and 1 ids, at most 150 of them in one answer.
      expect(big.requests.map((request) => request.action)).toEqual(Array(5).fill("DescribeInstances"));
    } finally {
      await big.close();
    }
  });

  test("each resource in its own region; one whose region nobody knows is looked for in the default region", async () => {
    const elsewhere = { ...wanted("aws_subnet", SUBNET), address: "elsewhere", region: "us-east-1" };
    const nowhere = { ...wanted("aws_subnet", SUBNET), address: "nowhere", region: null };
    const byZone = { ...nowhere, address: "by zone", recorded: { availability_zone: "us-east-1d" } };
    const { observations } = await inventoryOf(aws).read([elsewhere, nowhere, byZone]);
    expect(observations.get("elsewhere")).toEqual({ status: "not-found" });
    expect(observations.get("nowhere")).toMatchObject({ status: "found", resource: { region: REGION } });
    expect(observations.get("by zone")).toEqual({ status: "not-found" });
    expect(aws.requests.map((request) => request.region)).toEqual(["us-east-1", REGION]);
  });

  test("types without a mapping are said to be unsupported", async () => {
    const { observations } = await inventoryOf(aws).read([wanted("aws_s3_bucket", "b")]);
    expect([...observations.values()]).toEqual([{ status: "unsupported" }]);
    expect(inventoryOf(aws).covers("aws_s3_bucket")).toBe(false);
    expect(inventoryOf(aws).covers("__proto__")).toBe(false);
  });
});

describe("what is gone", () => {
  test("an id that AWS does not know is not found, and does not spoil the others in the batch", async () => {
    const { observations, problems } = await inventoryOf(aws).read([
      wanted("aws_instance", INSTANCE),
      wanted("aws_instance", "i-gone"),
      wanted("aws_security_group", "sg-gone"),
      wanted("aws_subnet", "subnet-gone"),
      wanted("aws_vpc", "vpc-gone"),
      wanted("aws_vpc_security_group_ingress_rule", "sgr-gone", { security_group_id: GROUP }),
    ]);
    expect(observations.get("aws_instance.i-0a")?.status).toBe("found");
    const others = [...observations].filter(([address]) => address !== "aws_instance.i-0a");
    expect(others).toHaveLength(5);
    expect(others.map(([, observation]) => observation.status)).toEqual(Array(5).fill("not-found"));
    expect(problems).toEqual([]);
  });

  test("a terminated instance is gone, though EC2 still lists it", async () => {
    terminateInstance(aws.model, INSTANCE);
    const { observations } = await inventoryOf(aws).read([wanted("aws_instance", INSTANCE)]);
    expect([...observations.values()]).toEqual([{ status: "not-found" }]);
  });
});

describe("refusals and failures", () => {
  test("a refused call makes its resources unreadable, names the action to allow, and the others go on", async () => {
    aws.misbehave("DescribeInstances", "refused");
    const { observations, problems } = await inventoryOf(aws).read([
      wanted("aws_instance", INSTANCE),
      wanted("aws_subnet", SUBNET),
    ]);
    expect(observations.get("aws_instance.i-0a")).toEqual({
      status: "unreadable",
      reason: expect.stringContaining("allow the action ec2:DescribeInstances"),
    });
    expect(observations.get("aws_subnet.subnet-0a")?.status).toBe("found");
    expect(problems).toEqual([expect.stringContaining("1 resource not read")]);
  });

  test("refused volumes leave the instance readable, and their attributes unread", async () => {
    aws.misbehave("DescribeVolumes", "refused");
    const { observations, problems } = await inventoryOf(aws).read([wanted("aws_instance", INSTANCE)]);
    const observation = observations.get("aws_instance.i-0a");
    expect(observation).toMatchObject({
      status: "found",
      resource: { attributes: { root_block_device: [{ device_name: "/dev/xvda" }] } },
    });
    expect(observation?.status === "found" && observation.resource.unread).toContainEqual([
      "root_block_device",
      0,
      "volume_size",
    ]);
    expect(problems).toEqual([expect.stringContaining("ec2:DescribeVolumes")]);
  });

  test.each([
    ["DescribeVpcs", wanted("aws_vpc", VPC)],
    ["DescribeSubnets", wanted("aws_subnet", SUBNET)],
    ["DescribeSecurityGroups", wanted("aws_security_group", GROUP)],
    ["DescribeSecurityGroupRules", wanted("aws_vpc_security_group_egress_rule", "sgr-0")],
  ])("%s answering 503 leaves its resources unreadable", async (action, one) => {
    aws.misbehave(action, "broken");
    const { observations } = await inventoryOf(aws).read([one]);
    expect(observations.get(one.address)).toEqual({
      status: "unreadable",
      reason: expect.stringMatching(/HTTP 503.*scan again later/),
    });
  });

  test("a throttled call is tried again", async () => {
    aws.misbehave("DescribeSubnets", { throttled: 1 });
    const { observations, problems } = await inventoryOf(aws, 3).read([wanted("aws_subnet", SUBNET)]);
    expect(observations.get("aws_subnet.subnet-0a")?.status).toBe("found");
    expect(problems).toEqual([]);
    expect(actionsAsked()).toEqual(["DescribeSubnets", "DescribeSubnets"]);
  });

  test("a call that stays throttled is unreadable", async () => {
    aws.misbehave("DescribeSubnets", { throttled: 99 });
    const { observations } = await inventoryOf(aws, 2).read([wanted("aws_subnet", SUBNET)]);
    expect(observations.get("aws_subnet.subnet-0a")).toEqual({
      status: "unreadable",
      reason: expect.stringContaining("throttled"),
    });
  });

  test("AWS not answering at all is said once, with what to check", async () => {
    aws.misbehave("*", "hanging");
    const inventory = inventoryOf(aws, 1, { patience: 500 });
    await expect(inventory.identity()).rejects.toThrow(CloudUnreachable);
    await expect(inventory.read([wanted("aws_subnet", SUBNET)])).rejects.toThrow(
      /did not answer ec2:DescribeSubnets in eu-west-1 .*check the network/,
    );
  });

  test("one region that does not answer leaves the others readable", async () => {
    const nowhere = { ...wanted("aws_vpc", VPC), address: "far away", region: "us-east-1" };
    aws.misbehave("DescribeVpcs", "hanging");
    const { observations } = await inventoryOf(aws, 1, { patience: 3_000 }).read([
      nowhere,
      wanted("aws_subnet", SUBNET),
    ]);
    expect(observations.get("far away")?.status).toBe("unreadable");
    expect(observations.get("aws_subnet.subnet-0a")?.status).toBe("found");
  });

  test.each([
    ["ExpiredToken", 400, /have expired/],
    ["RequestExpired", 400, /have expired/],
    ["InvalidClientTokenId", 403, /does not accept the credentials/],
    ["SignatureDoesNotMatch", 403, /does not accept the credentials/],
  ])("%s ends the scan of the cloud", async (error, status, message) => {
    aws.misbehave("*", { error, status });
    await expect(inventoryOf(aws).identity()).rejects.toThrow(CloudUnreachable);
    await expect(inventoryOf(aws).read([wanted("aws_subnet", SUBNET)])).rejects.toThrow(message);
  });

  test("AuthFailure in a region means that the region may not be enabled", async () => {
    aws.misbehave("DescribeSubnets", { error: "AuthFailure", status: 401 });
    const { problems } = await inventoryOf(aws).read([wanted("aws_subnet", SUBNET)]);
    expect(problems).toEqual([expect.stringContaining("whether the region is enabled")]);
  });

  test("nothing answered at all is not found, never found", async () => {
    aws.misbehave("*", "empty");
    const { observations } = await inventoryOf(aws).read([
      wanted("aws_instance", INSTANCE),
      wanted("aws_security_group", GROUP),
    ]);
    expect([...observations.values()]).toEqual([{ status: "not-found" }, { status: "not-found" }]);
  });

  test("nothing listens at the endpoint", async () => {
    const inventory = inventoryOf({ url: "http://127.0.0.1:1" });
    await expect(inventory.identity()).rejects.toThrow(/did not answer.*ECONNREFUSED.*AWS_ENDPOINT_URL/);
  });
});

describe("whose credentials", () => {
  test("account and principal", async () => {
    expect(await inventoryOf(aws).identity()).toEqual({
      account: ACCOUNT,
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/driftwright-read/scan`,
    });
    aws.becomeAccount("999999999999");
    expect((await inventoryOf(aws).identity()).account).toBe("999999999999");
  });
});

describe("unmanaged resources", () => {
  test("are those inside a wanted network that nobody knows and no service owns", async () => {
    addInstance(aws.model, { id: "i-hand", type: "t3.nano", subnetId: SUBNET });
    addInstance(aws.model, {
      id: "i-template",
      type: "t3.nano",
      subnetId: SUBNET,
      tags: new Map([["aws:ec2launchtemplate:id", "lt-1"]]),
    });
    addInstance(aws.model, { id: "i-spot", type: "t3.nano", subnetId: SUBNET, spotRequest: "sir-known" });
    addInstance(aws.model, { id: "i-dead", type: "t3.nano", subnetId: SUBNET, state: "terminated" });
    for (const [id, key, value] of [
      ["i-asg", "aws:autoscaling:groupName", "web"],
      ["i-stack", "aws:cloudformation:stack-name", "s"],
      ["i-eks", "kubernetes.io/cluster/prod", "owned"],
      ["i-karpenter", "karpenter.sh/nodepool", "default"],
    ] as const) {
      addInstance(aws.model, { id, type: "t3.nano", subnetId: SUBNET, tags: new Map([[key, value]]) });
    }
    addInstance(aws.model, {
      id: "i-shared",
      type: "t3.nano",
      subnetId: SUBNET,
      tags: new Map([["kubernetes.io/cluster/prod", "shared"]]),
    });
    addGroup(aws.model, { id: "sg-default", vpcId: VPC, name: "default" });
    addGroup(aws.model, { id: "sg-eks", vpcId: VPC, name: "eks-cluster-sg-prod-123" });
    addGroup(aws.model, { id: "sg-wizard", vpcId: VPC, name: "launch-wizard-1" });
    authorize(aws.model, "sg-wizard", { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } });
    addSubnet(aws.model, { id: "subnet-hand", vpcId: VPC, cidr: "10.0.9.0/24", zone: "eu-west-1b" });
    addVpc(aws.model, { id: "vpc-other", cidr: "10.9.0.0/16" });
    addSubnet(aws.model, { id: "subnet-other", vpcId: "vpc-other", cidr: "10.9.0.0/24", zone: "eu-west-1b" });

    const found = await inventoryOf(aws).unmanaged(
      [wanted("aws_vpc", VPC), wanted("aws_instance", INSTANCE)],
      new Set([GROUP, SUBNET, "i-template", "sir-known"]),
    );
    expect(found.map((each) => each.id)).toEqual(["i-hand", "i-shared", "sg-wizard", "subnet-hand"]);
    expect(found.find((each) => each.id === "sg-wizard")?.attributes["ingress"]).toMatchObject([
      { cidr_blocks: ["0.0.0.0/0"], from_port: 22, to_port: 22, protocol: "tcp" },
    ]);
  });

  test("what may not be listed is reported", async () => {
    aws.misbehave("DescribeInstances", "refused");
    const problems: string[] = [];
    const found = await inventoryOf(aws).unmanaged([wanted("aws_vpc", VPC)], new Set([SUBNET]), (problem) =>
      problems.push(problem),
    );
    expect(found.map((each) => each.id)).toEqual([GROUP]);
    expect(problems).toEqual([expect.stringContaining("ec2:DescribeInstances")]);
  });

  test("nothing is asked where no network is wanted", async () => {
    expect(await inventoryOf(aws).unmanaged([wanted("aws_instance", INSTANCE)], new Set())).toEqual([]);
    expect(aws.requests).toEqual([]);
  });
});

describe("manners", () => {
  test("only Describe calls and GetCallerIdentity are made", async () => {
    const inventory = inventoryOf(aws);
    await inventory.identity();
    const all = [
      wanted("aws_instance", INSTANCE, { user_data: "x", credit_specification: [{}] }),
      wanted("aws_vpc", VPC, { enable_dns_hostnames: true }),
      wanted("aws_security_group", GROUP),
      wanted("aws_vpc_security_group_ingress_rule", "sgr-1", { security_group_id: GROUP }),
      wanted("aws_subnet", SUBNET),
    ];
    await inventory.read(all);
    await inventory.unmanaged(all, new Set());
    expect(actionsAsked().filter((action) => !/^Describe|^GetCallerIdentity$/.test(action))).toEqual([]);
  });

  test("progress names region and number", async () => {
    const said: string[] = [];
    await inventoryOf(aws).read([wanted("aws_subnet", SUBNET)], (message) => said.push(message));
    expect(said).toEqual(["AWS eu-west-1: reading 1 resource"]);
  });

  test("AWS_ENDPOINT_URL and AWS_REGION are honoured", async () => {
    const { createAwsInventory } = await import("../../../src/inventory/aws/inventory.ts");
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
    try {
      const inventory = createAwsInventory();
      expect((await inventory.identity()).account).toBe(ACCOUNT);
      const { observations } = await inventory.read([{ ...wanted("aws_subnet", SUBNET), region: null }]);
      expect(observations.get("aws_subnet.subnet-0a")?.status).toBe("found");
    } finally {
      process.env = before;
    }
  });
});
