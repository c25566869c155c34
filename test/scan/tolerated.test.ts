import { describe, expect, it } from "vitest";
import type { Tolerance } from "../../src/config/model.ts";
import {
  entry,
  FakeCloud,
  FakeState,
  foundAs,
  networksCode,
  only,
  scanWorld,
  stateText,
} from "./networks.ts";

const AT = "2026-05-04T10:00:00Z";
const LATER = "2026-05-04T10:04:00Z";
const FIVE_MINUTES = { unit: "milliseconds", amount: 300_000 } as const;

/** Two networks with a time in a tag, which the cloud has later. */
function scanned(match: Tolerance["match"], code = networksCode(2, AT)) {
  const cloud = new FakeCloud(({ recorded }) => {
    const tags = { Team: LATER };
    return foundAs({ ...recorded, tags });
  });
  const world = scanWorld({
    files: { "net/main.tf": code },
    states: { net: new FakeState([{ text: stateText({ count: 2, team: AT }) }]) },
    cloud,
    config: {
      stacks: [entry("net", { environment: "test" })],
      tolerances: [{ match, within: FIVE_MINUTES }],
    },
  });
  return { world, cloud };
}

describe("what a tolerance lets be", () => {
  it("is no finding, is counted, and is not read a second time", async () => {
    const { world, cloud } = scanned({ attribute: ["tags.*"], type: ["aws_vpc"], environment: ["test"] });
    const stack = only(await world);
    expect(stack).toMatchObject({ status: "complete", findings: [] });
    expect(stack.coverage).toMatchObject({ tolerated: 2 });
    expect(cloud.reads).toHaveLength(1);
  });

  it.each<[string, Tolerance["match"]]>([
    ["another attribute", { attribute: ["cidr_block"] }],
    ["another type", { attribute: ["tags"], type: ["aws_instance"] }],
    ["another environment", { attribute: ["tags"], environment: ["production"] }],
    ["another stack", { attribute: ["tags"], stack: ["shop"] }],
  ])("is not what is of %s", async (_what, match) => {
    const stack = only(await scanned(match).world);
    expect(stack.findings).toHaveLength(2);
    expect(stack.coverage.tolerated).toBeUndefined();
  });

  it("is never a secret of the code", async () => {
    const secret = `variable "secret" {\n  default   = "${AT}"\n  sensitive = true\n}\n`;
    const stack = only(await scanned({ attribute: ["tags"] }, `${secret}${networksCode(2, AT)}`).world);
    expect(stack.findings.map(({ sensitive }) => sensitive)).toEqual([true, true]);
  });
});
