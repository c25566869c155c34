import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CloudUnreachable } from "../../../src/drift/inventory.ts";
import { createAwsInventory } from "../../../src/inventory/aws/inventory.ts";
import { addVpc, emptyModel } from "../../e2e/aws/model.ts";
import { type EmbeddedAws, startAws } from "../../e2e/aws/server.ts";
import { ACCOUNT, REGION, readOne, wanted } from "./wanted.ts";

const ROLE = `arn:aws:iam::${ACCOUNT}:role/driftwright-read`;
const VPC = "vpc-0a";

let aws: EmbeddedAws;

beforeEach(async () => {
  const model = emptyModel();
  addVpc(model, { id: VPC, cidr: "10.0.0.0/16" });
  aws = await startAws({ account: ACCOUNT, region: REGION, model });
  aws.roles.set(ROLE, "driftwright-7");
});

afterEach(async () => {
  await aws.close();
  expect(aws.unexpected).toEqual([]);
});

function inventory(role: { arn?: string; externalId?: string } = {}) {
  return createAwsInventory({
    region: REGION,
    endpoint: aws.url,
    credentials: { accessKeyId: "OWN", secretAccessKey: "own-secret" },
    role: { arn: ROLE, externalId: "driftwright-7", sessionName: "driftwright-scan-7", ...role },
    maxAttempts: 1,
  });
}

describe("an inventory that is read through a role", () => {
  test("assumes it with the external id, and makes every call with it", async () => {
    const reader = inventory();
    expect(await reader.identity()).toMatchObject({ account: ACCOUNT });
    expect((await readOne(reader, wanted("aws_vpc", VPC))).id).toBe(VPC);
    const assumed = aws.requests.filter(({ action }) => action === "AssumeRole");
    for (const { accessKey, parameters } of assumed) {
      expect(accessKey).toBe("OWN");
      expect(Object.fromEntries(parameters)).toMatchObject({
        RoleArn: ROLE,
        ExternalId: "driftwright-7",
        RoleSessionName: "driftwright-scan-7",
      });
    }
    const others = aws.requests.filter(({ action }) => action !== "AssumeRole");
    expect(new Set(others.map(({ accessKey }) => accessKey))).toEqual(new Set([`ASIA${ACCOUNT}`]));
  });

  test("speaks for the account of the role", async () => {
    const other = "arn:aws:iam::210987654321:role/read";
    aws.roles.set(other, "driftwright-7");
    expect((await inventory({ arn: other }).identity()).account).toBe("210987654321");
  });

  test.each([
    [
      "another external id",
      { externalId: "driftwright-8" },
      `${ROLE} was refused; .* the external id driftwright-8`,
    ],
    ["an unknown role", { arn: `${ROLE}-2` }, `${ROLE}-2 was refused`],
  ])("is unreachable with %s, and asks for nothing else", async (_what, role, says) => {
    const reader = inventory(role);
    await expect(reader.identity()).rejects.toThrow(new RegExp(says));
    await expect(reader.read([wanted("aws_vpc", VPC)])).rejects.toThrow(CloudUnreachable);
    expect(new Set(aws.requests.map(({ action }) => action))).toEqual(new Set(["AssumeRole"]));
  });

  test("is unreachable where its own credentials are dead, or nobody answers", async () => {
    aws.misbehave("AssumeRole", { error: "ExpiredToken", status: 403 });
    await expect(inventory().identity()).rejects.toThrow(/have expired/);
    aws.misbehave("AssumeRole", "broken");
    await expect(inventory().identity()).rejects.toThrow(/AWS failed on sts:AssumeRole/);
  });
});
