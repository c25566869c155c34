import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createAwsInventory } from "../../../src/inventory/aws/inventory.ts";
import { REGION, wanted } from "./wanted.ts";

const EC2 = `https://ec2.${REGION}.amazonaws.com`;
const unexpected: string[] = [];

function noteUnexpected({ url }: Request): void {
  unexpected.push(url);
}

beforeAll(() => {
  nock.disableNetConnect();
  nock.emitter.on("no match", noteUnexpected);
});

afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  expect(unexpected).toEqual([]);
  nock.cleanAll();
});

afterAll(() => {
  nock.emitter.removeListener("no match", noteUnexpected);
  nock.enableNetConnect();
  nock.restore();
});

/** The observation of one VPC when EC2's real endpoint gives this answer. */
async function observed(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<unknown> {
  nock(EC2)
    .post("/", (form: Record<string, string>) => form["Action"] === "DescribeVpcs")
    .reply(status, body, headers);
  const inventory = createAwsInventory({
    region: REGION,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const one = wanted("aws_vpc", "vpc-0a");
  const { observations } = await inventory.read([one]);
  return observations.get(one.address);
}

describe("answers of AWS's own endpoint", () => {
  it("asks EC2 of the resource's region, and believes an empty list", async () => {
    const empty =
      '<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><vpcSet/></DescribeVpcsResponse>';
    expect(await observed(200, empty)).toEqual({ status: "not-found" });
  });

  it.each([
    ["a gateway's page", 502, "<html><body>Bad Gateway</body></html>"],
    ["an answer that breaks off", 200, "<DescribeVpcsResponse><vpcSet><item>"],
    ["nothing at all with an error status", 500, ""],
    ["nothing at all", 200, ""],
    ["an answer without its list", 200, "<DescribeVpcsResponse></DescribeVpcsResponse>"],
  ])("%s proves nothing", async (_, status, body) => {
    expect(await observed(status, body)).toMatchObject({ status: "unreadable" });
  });
});
