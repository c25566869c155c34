import { DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { authorize, groupOf, retag } from "./changes.ts";
import { addGroup, addInstance, addSubnet, addVpc, emptyModel } from "./model.ts";
import { type EmbeddedAws, startAws } from "./server.ts";

let aws: EmbeddedAws;
let ec2: EC2Client;

beforeEach(async () => {
  const model = emptyModel();
  addVpc(model, { id: "vpc-1", cidr: "10.0.0.0/16" });
  addSubnet(model, { id: "subnet-1", vpcId: "vpc-1", cidr: "10.0.1.0/24", zone: "eu-west-1a" });
  addGroup(model, { id: "sg-1", vpcId: "vpc-1", name: "web" });
  for (const id of ["i-1", "i-2", "i-3"]) addInstance(model, { id, type: "t3.micro", subnetId: "subnet-1" });
  aws = await startAws({ account: "123456789012", region: "eu-west-1", model });
  ec2 = new EC2Client({
    region: "eu-west-1",
    endpoint: aws.url,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  ec2.destroy();
  await aws.close();
});

describe("the embedded AWS", () => {
  test("hands out pages", async () => {
    const first = await ec2.send(new DescribeInstancesCommand({ MaxResults: 2 }));
    const { NextToken } = first;
    const second = await ec2.send(new DescribeInstancesCommand({ MaxResults: 2, NextToken }));
    const ids = [first, second].map(({ Reservations }) =>
      Reservations?.flatMap((each) => each.Instances ?? []).map((each) => each.InstanceId),
    );
    expect(ids).toEqual([["i-1", "i-2"], ["i-3"]]);
    expect(second.NextToken).toBeUndefined();
  });

  test("changes nothing for anyone: an unknown action fails and is remembered", async () => {
    const terminate = new TerminateInstancesCommand({ InstanceIds: ["i-1"] });
    await expect(ec2.send(terminate)).rejects.toMatchObject({ name: "InvalidAction" });
    expect(aws.unexpected).toEqual(["TerminateInstances"]);
  });

  test("does not guess at filters that it does not know", async () => {
    const strange = new DescribeInstancesCommand({ Filters: [{ Name: "colour", Values: ["red"] }] });
    await expect(ec2.send(strange)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  test("text of any kind comes through", async () => {
    const value = `<&>"' é 🦫 \t ${"x".repeat(40)}`;
    retag(aws.model, "i-1", "Name", value);
    const filter = { Name: "instance-id", Values: ["i-1"] };
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: [filter] }));
    expect(Reservations?.[0]?.Instances?.[0]?.Tags).toEqual([{ Key: "Name", Value: value }]);
  });

  test("gives each new rule an id of its own, the same in each run", () => {
    const source = { cidr: "0.0.0.0/0" };
    const ids = [22, 23].map((from) => authorize(aws.model, "sg-1", { protocol: "tcp", from, source }));
    expect(ids).toEqual(["sgr-00000000000000001", "sgr-00000000000000002"]);
    expect(groupOf(aws.model, "sg-1").rules.map((rule) => rule.id)).toEqual(ids);
  });
});
