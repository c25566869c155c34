import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/json/json.ts";
import { printPath } from "../../../src/json/path.ts";
import {
  authorize,
  groupOf,
  instanceOf,
  resizeInstance,
  retag,
  revoke,
  stopInstance,
  terminateInstance,
} from "../../e2e/aws/changes.ts";
import { modelOfState } from "../../e2e/aws/from-state.ts";
import type { AwsModel } from "../../e2e/aws/model.ts";
import { type EmbeddedAws, startAws } from "../../e2e/aws/server.ts";
import { compareLive, type StateResource, strictestCode, wantedOf } from "./truths.ts";
import { ACCOUNT, inventoryOf, REGION } from "./wanted.ts";

const VPC = "vpc-0a";
const WEB = "sg-0web";
const SHARED = "sg-0shared";
const INSTANCE = "i-0a";

function arn(what: string): string {
  return `arn:aws:ec2:${REGION}:${ACCOUNT}:${what}`;
}

function inline(changes: JsonObject): JsonObject {
  const empty = {
    cidr_blocks: [],
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    security_groups: [],
    self: false,
  };
  return { ...empty, description: "", from_port: 0, to_port: 0, protocol: "tcp", ...changes };
}

/** As version 5 of the provider writes it. */
const STATE: readonly StateResource[] = [
  {
    type: "aws_vpc",
    name: "main",
    attributes: {
      id: VPC,
      arn: arn(`vpc/${VPC}`),
      assign_generated_ipv6_cidr_block: false,
      cidr_block: "10.0.0.0/16",
      dhcp_options_id: "dopt-1",
      enable_dns_hostnames: true,
      enable_dns_support: true,
      enable_network_address_usage_metrics: false,
      instance_tenancy: "default",
      ipv6_cidr_block: "",
      ipv6_netmask_length: 0,
      owner_id: ACCOUNT,
      tags: { Name: "main" },
      tags_all: { Name: "main", Team: "core" },
    },
  },
  {
    type: "aws_subnet",
    name: "a",
    attributes: {
      id: "subnet-0a",
      arn: arn("subnet/subnet-0a"),
      assign_ipv6_address_on_creation: false,
      availability_zone: `${REGION}a`,
      cidr_block: "10.0.1.0/24",
      enable_dns64: false,
      enable_lni_at_device_index: 0,
      ipv6_native: false,
      map_public_ip_on_launch: false,
      private_dns_hostname_type_on_launch: "ip-name",
      tags: null,
      tags_all: { Team: "core" },
      vpc_id: VPC,
    },
  },
  {
    type: "aws_security_group",
    name: "web",
    attributes: {
      id: WEB,
      arn: arn(`security-group/${WEB}`),
      description: "web servers",
      egress: [inline({ cidr_blocks: ["0.0.0.0/0"], protocol: "-1" })],
      ingress: [
        inline({ cidr_blocks: ["10.0.0.0/8", "192.168.0.0/16"], from_port: 443, to_port: 443 }),
        inline({ self: true, from_port: 0, to_port: 65535, description: "each other" }),
      ],
      name: "web",
      name_prefix: "",
      revoke_rules_on_delete: false,
      tags: {},
      tags_all: { Team: "core" },
      timeouts: null,
      vpc_id: VPC,
    },
  },
  {
    type: "aws_security_group",
    name: "shared",
    attributes: {
      id: SHARED,
      arn: arn(`security-group/${SHARED}`),
      description: "Managed by Terraform",
      egress: [],
      ingress: [],
      name: "shared",
      tags: null,
      tags_all: { Team: "core" },
      vpc_id: VPC,
    },
  },
  {
    type: "aws_security_group_rule",
    name: "ssh",
    attributes: {
      id: "sgrule-1",
      type: "ingress",
      security_group_id: SHARED,
      protocol: "tcp",
      from_port: 22,
      to_port: 22,
      cidr_blocks: ["10.1.0.0/16", "10.2.0.0/16"],
      ipv6_cidr_blocks: null,
      prefix_list_ids: null,
      self: false,
      source_security_group_id: null,
      security_group_rule_id: "",
      description: null,
    },
  },
  {
    type: "aws_vpc_security_group_egress_rule",
    name: "all",
    attributes: {
      id: "sgr-0all",
      arn: arn("security-group-rule/sgr-0all"),
      cidr_ipv4: "0.0.0.0/0",
      cidr_ipv6: null,
      description: null,
      from_port: null,
      ip_protocol: "-1",
      prefix_list_id: null,
      referenced_security_group_id: null,
      security_group_id: SHARED,
      security_group_rule_id: "sgr-0all",
      tags: null,
      tags_all: { Team: "core" },
      to_port: null,
    },
  },
  {
    type: "aws_instance",
    name: "web",
    attributes: {
      id: INSTANCE,
      arn: arn(`instance/${INSTANCE}`),
      ami: "ami-1",
      associate_public_ip_address: true,
      availability_zone: `${REGION}a`,
      credit_specification: [{ cpu_credits: "unlimited" }],
      disable_api_termination: true,
      ebs_optimized: false,
      get_password_data: false,
      iam_instance_profile: "web",
      instance_initiated_shutdown_behavior: "stop",
      instance_state: "running",
      instance_type: "t3.small",
      metadata_options: [
        {
          http_endpoint: "enabled",
          http_protocol_ipv6: "disabled",
          http_put_response_hop_limit: 2,
          http_tokens: "required",
          instance_metadata_tags: "disabled",
        },
      ],
      monitoring: true,
      private_ip: "10.0.1.20",
      root_block_device: [
        {
          delete_on_termination: true,
          device_name: "/dev/xvda",
          encrypted: true,
          iops: 3000,
          kms_key_id: "arn:aws:kms:eu-west-1:123456789012:key/1",
          tags: {},
          throughput: 125,
          volume_id: "vol-1",
          volume_size: 20,
          volume_type: "gp3",
        },
      ],
      security_groups: [],
      source_dest_check: true,
      subnet_id: "subnet-0a",
      tags: { Name: "web" },
      tags_all: { Name: "web", Team: "core" },
      tenancy: "default",
      user_data: "#!/bin/sh\n",
      user_data_replace_on_change: false,
      vpc_security_group_ids: [WEB],
    },
  },
];

let aws: EmbeddedAws;

beforeEach(async () => {
  aws = await startAws({ account: ACCOUNT, region: REGION, model: modelOfState(STATE) });
});

afterEach(async () => {
  await aws.close();
  expect(aws.unexpected).toEqual([]);
});

async function findings(codeOf = strictestCode): Promise<readonly string[]> {
  const result = await compareLive(inventoryOf(aws), wantedOf(STATE), "all", codeOf);
  return result.findings.flatMap(({ address, kind, changes }) =>
    changes.length === 0
      ? [`${kind} ${address}`]
      : changes.map((change) => `${kind} ${address} ${printPath(change.path)}`),
  );
}

/** Code that leaves out the rules of the group whose rules are resources of their own, and security settings. */
function sparseCode(type: string, recorded: JsonObject): JsonObject {
  const kept: Readonly<Record<string, readonly string[]>> = {
    aws_instance: ["ami", "instance_type", "subnet_id", "tags"],
    aws_security_group: ["name", "vpc_id"],
    aws_subnet: ["vpc_id", "cidr_block"],
    aws_vpc: ["cidr_block", "tags"],
  };
  const names = kept[type];
  const code = strictestCode(type, recorded);
  return names === undefined
    ? code
    : Object.fromEntries(Object.entries(code).filter(([name]) => names.includes(name)));
}

describe("everything as recorded", () => {
  test("gives no finding, whether the code says everything or little", async () => {
    expect(await findings()).toEqual([]);
    expect(await findings(sparseCode)).toEqual([]);
  });

  test("nor does code that writes the same rules in other ways", async () => {
    const web: readonly Json[] = [
      inline({ cidr_blocks: ["192.168.0.0/16"], protocol: "6", from_port: 443, to_port: 443 }),
      inline({ cidr_blocks: ["10.0.0.0/8"], from_port: "443", to_port: "443" }),
      { self: true, from_port: 0, to_port: 65535, protocol: "TCP", description: "each other" },
    ];
    const code = (type: string, recorded: JsonObject): JsonObject => ({
      ...strictestCode(type, recorded),
      ...(recorded["id"] === WEB ? { ingress: web } : {}),
    });
    expect(await findings(code)).toEqual([]);
  });

  test("nor does code that names an instance's groups where the provider does not record them", async () => {
    const code = (type: string, recorded: JsonObject): JsonObject => ({
      ...strictestCode(type, recorded),
      ...(type === "aws_instance" ? { security_groups: [WEB] } : {}),
    });
    expect(await findings(code)).toEqual([]);
  });
});

describe("what someone changes in the console", () => {
  test.each<[string, (model: AwsModel) => void, readonly string[]]>([
    [
      "another size",
      (model) => resizeInstance(model, INSTANCE, "t3.large"),
      ["drift aws_instance.web instance_type"],
    ],
    ["termination", (model) => terminateInstance(model, INSTANCE), ["deleted aws_instance.web"]],
    ["a tag", (model) => retag(model, INSTANCE, "Name", "by hand"), ["drift aws_instance.web tags.Name"]],
    [
      "SSH for everyone",
      (model) => authorize(model, WEB, { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } }),
      ["drift aws_security_group.web ingress[2]"],
    ],
    [
      "termination protection off",
      (model) => {
        instanceOf(model, INSTANCE).apiTermination = "allowed";
      },
      ["drift aws_instance.web disable_api_termination"],
    ],
    [
      "another script",
      (model) => {
        instanceOf(model, INSTANCE).userData = "#!/bin/bash\n";
      },
      ["drift aws_instance.web user_data"],
    ],
    [
      "a rule of its own taken away",
      (model) => revoke(model, SHARED, (rule) => rule.direction === "egress"),
      ["deleted aws_vpc_security_group_egress_rule.all"],
    ],
    [
      "one source of a rule taken away",
      (model) => revoke(model, SHARED, (rule) => "cidr" in rule.source && rule.source.cidr === "10.2.0.0/16"),
      ["drift aws_security_group_rule.ssh cidr_blocks"],
    ],
  ])("%s", async (_, change, expected) => {
    change(aws.model);
    const found = await findings();
    expect(found.map((line) => line.replace(/^(.* cidr_blocks).*/, "$1"))).toEqual(expected);
  });

  test("an instance that is stopped has not drifted", async () => {
    stopInstance(aws.model, INSTANCE);
    expect(await findings()).toEqual([]);
  });

  test("what matters to security is seen also where the code is silent", async () => {
    instanceOf(aws.model, INSTANCE).httpTokens = "optional";
    instanceOf(aws.model, INSTANCE).groups.push(SHARED);
    authorize(aws.model, SHARED, { protocol: "tcp", from: 3389, source: { cidr: "0.0.0.0/0" } });
    expect(groupOf(aws.model, SHARED).rules).toHaveLength(4);
    const found = await findings(sparseCode);
    expect(found).toHaveLength(3);
    expect(found.join("\n")).toMatch(/aws_instance\.web metadata_options\[0\]\.http_tokens/);
    expect(found.join("\n")).toMatch(/aws_instance\.web vpc_security_group_ids/);
    expect(found.join("\n")).toMatch(/aws_security_group\.shared ingress/);
  });
});
