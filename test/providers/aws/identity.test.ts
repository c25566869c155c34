import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import { identityOf } from "../../../src/providers/aws/identity.ts";

describe("identityOf", () => {
  test.each<[string, string, JsonObject, ReturnType<typeof identityOf>]>([
    [
      "an ARN says account and region",
      "aws_instance",
      { id: "i-1", arn: "arn:aws:ec2:us-east-1:123456789012:instance/i-1", owner_id: "999999999999" },
      { id: "i-1", account: "123456789012", region: "us-east-1" },
    ],
    [
      "another partition",
      "aws_vpc",
      { id: "vpc-1", arn: "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:vpc/vpc-1" },
      { id: "vpc-1", account: "123456789012", region: "us-gov-west-1" },
    ],
    [
      "without an ARN: owner and zone",
      "aws_subnet",
      { id: "subnet-1", owner_id: "123456789012", availability_zone: "eu-central-1b" },
      { id: "subnet-1", account: "123456789012", region: "eu-central-1" },
    ],
    [
      "a local zone",
      "aws_subnet",
      { id: "subnet-1", availability_zone: "us-west-2-lax-1a" },
      { id: "subnet-1", account: null, region: "us-west-2" },
    ],
    [
      "a government zone",
      "aws_subnet",
      { id: "subnet-1", availability_zone: "us-gov-east-1c" },
      { id: "subnet-1", account: null, region: "us-gov-east-1" },
    ],
    [
      "the region attribute of provider version 6",
      "aws_security_group_rule",
      { id: "sgrule-1", region: "eu-west-3" },
      { id: "sgrule-1", account: null, region: "eu-west-3" },
    ],
    [
      "a rule with an id of its own",
      "aws_vpc_security_group_ingress_rule",
      { id: "sgr-1", security_group_rule_id: "sgr-1" },
      { id: "sgr-1", account: null, region: null },
    ],
    [
      "a global resource",
      "aws_iam_role",
      { id: "deploy", arn: "arn:aws:iam::123456789012:role/deploy" },
      { id: "deploy", account: "123456789012", region: null },
    ],
    ["nothing recorded", "aws_instance", {}, { id: null, account: null, region: null }],
    [
      "values of another kind",
      "aws_instance",
      { id: 5, arn: ["x"], availability_zone: null },
      { id: null, account: null, region: null },
    ],
    ["another cloud", "google_compute_instance", { id: "x" }, { id: null, account: null, region: null }],
  ])("%s", (_, type, attributes, expected) => {
    expect(identityOf(type, attributes)).toEqual(expected);
  });
});
