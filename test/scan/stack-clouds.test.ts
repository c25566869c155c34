import { describe, expect, it } from "vitest";
import type { StackSettings } from "../../src/config/model.ts";
import {
  entry,
  FakeCloud,
  FakeState,
  messagesOf,
  networksCode,
  only,
  scanWorld,
  stateText,
} from "./networks.ts";

async function scanned(clouds: NonNullable<StackSettings["clouds"]>) {
  const cloud = new FakeCloud();
  const result = await scanWorld({
    files: { "net/main.tf": networksCode(2) },
    states: { net: new FakeState([{ text: stateText({ count: 2 }) }]) },
    cloud,
    config: { stacks: [entry("net", { clouds })] },
  });
  return { stack: only(result), reads: cloud.reads.length };
}

describe("a stack that names its clouds", () => {
  it("is compared with those", async () => {
    const { stack, reads } = await scanned(["aws", "google"]);
    expect(stack).toMatchObject({ status: "complete", diagnostics: [], coverage: { instancesRead: 2 } });
    expect(reads).toBe(1);
  });

  it("is compared with no other, and says where nothing is left", async () => {
    const { stack, reads } = await scanned(["google", "azure"]);
    expect(stack).toMatchObject({ status: "incomplete", findings: [], coverage: { instancesRead: 0 } });
    expect(messagesOf(stack)).toEqual([
      expect.stringMatching(/^none of its clouds \(google,azure\) was read/),
    ]);
    expect(reads).toBe(0);
  });
});
