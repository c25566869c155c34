import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/json/json.ts";
import { authorize } from "../e2e/aws/changes.ts";
import { addGroup, emptyModel } from "../e2e/aws/model.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import { ACCOUNT, inventoryOf, REGION } from "../inventory/aws/wanted.ts";
import { entry, FakeState, kindsOf, scanWorld } from "./networks.ts";

const GROUP = "sg-0a";

let aws: EmbeddedAws;

beforeEach(async () => {
  const model = emptyModel();
  addGroup(model, { id: GROUP, vpcId: "vpc-0a", name: "web", description: "web" });
  authorize(model, GROUP, { protocol: "tcp", from: 443, source: { cidr: "10.0.0.0/8" } });
  aws = await startAws({ account: ACCOUNT, region: REGION, model });
});

afterEach(async () => {
  await aws.close();
  expect(aws.unexpected).toEqual([]);
});

function state(type: string, attributes: JsonObject): FakeState {
  const instances = [{ schema_version: 1, attributes, sensitive_attributes: [] }];
  const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
  const resources = [{ mode: "managed", type, name: "web", provider, instances }];
  const head = { version: 4, terraform_version: "1.11.4", serial: 1, lineage: `lineage of ${type}` };
  return new FakeState([{ text: JSON.stringify({ ...head, outputs: {}, resources }) }]);
}

const group = {
  id: GROUP,
  arn: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${GROUP}`,
  name: "web",
  description: "web",
  vpc_id: "vpc-0a",
  ingress: [],
  egress: [],
  tags: {},
  tags_all: {},
};
const rule = {
  id: "sgrule-1",
  type: "ingress",
  security_group_id: GROUP,
  protocol: "tcp",
  from_port: 443,
  to_port: 443,
  cidr_blocks: ["10.0.0.0/8"],
  self: false,
};

const RULE = `resource "aws_security_group_rule" "web" {
  type              = "ingress"
  security_group_id = "${GROUP}"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.0.0.0/8"]
}
`;

async function findingsWith(files: Readonly<Record<string, string>>): Promise<string[]> {
  const code = { "net/main.tf": 'resource "aws_security_group" "web" {\n  name = "web"\n}\n', ...files };
  const { stacks } = await scanWorld({
    files: code,
    cloud: inventoryOf(aws),
    states: { net: state("aws_security_group", group), app: state("aws_security_group_rule", rule) },
    config: {
      stacks: Object.keys(code).map((file) => entry(file.split("/")[0] ?? "")),
      unmanaged: "ignore",
    },
  });
  return stacks.flatMap((stack) => kindsOf(stack).map((kind) => `${stack.name} ${kind}`));
}

describe("a rule of a security group that belongs to another stack of the repository", () => {
  test("is that stack's, and no drift of the group", async () => {
    expect(await findingsWith({ "app/main.tf": RULE })).toEqual([]);
  });

  test("is drift where no stack has it", async () => {
    expect(await findingsWith({})).toEqual(["net drift"]);
  });
});
