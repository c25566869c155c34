import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type StateStore, startStateStore } from "./aws/s3.ts";
import { driftwright, pointedAt } from "./cli.ts";

const STATE = JSON.stringify({
  version: 4,
  terraform_version: "1.11.0",
  serial: 7,
  lineage: "0d2f1d9c-0000-4000-8000-000000000000",
  outputs: {},
  resources: [],
});

let root: string;
let store: StateStore;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "driftwright-"));
  store = await startStateStore();
  store.buckets.set("states", "eu-west-1");
  store.objects.set("states/env:/blue/shop", { body: STATE });
  put("main.tf", 'terraform {\n  backend "s3" {\n    key = "shop"\n  }\n}\n');
  put(
    ".github/driftwright.yml",
    "version: 1\nstacks:\n  - path: .\n    workspace: blue\n    backend_config: { bucket: states, use_lockfile: true }\n",
  );
});

afterEach(async () => {
  rmSync(root, { recursive: true, force: true });
  await store.close();
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function scanned() {
  const { stdout } = await driftwright(["scan", "--dir", root, "--json"], pointedAt(store.url, "eu-west-1"));
  const { stacks } = JSON.parse(stdout) as {
    stacks: { status: string; state: unknown; diagnostics: { severity: string; message: string }[] }[];
  };
  expect(stacks).toHaveLength(1);
  const [stack] = stacks;
  if (stack === undefined) expect.fail("no stack");
  return { ...stack, messages: stack.diagnostics.map(({ message }) => message).join("\n") };
}

describe("a scan of a stack whose state is in S3", () => {
  test("reads the workspace's state, as code and configuration say together", async () => {
    expect(await scanned()).toMatchObject({
      status: "complete",
      state: { serial: 7, lineage: "0d2f1d9c-0000-4000-8000-000000000000" },
    });
  });

  test("looks again when the cloud was read", async () => {
    await scanned();
    const reads = store.requests.filter(({ action }) => action === "GetObject");
    expect(reads.map(({ on }) => on)).toEqual(Array(2).fill("/states/env:/blue/shop"));
  });

  test("waits for whoever holds the lock", async () => {
    store.objects.set("states/env:/blue/shop.tflock", { body: "{}" });
    const { status, messages } = await scanned();
    expect(status).not.toBe("complete");
    expect(messages).toMatch(/s3:\/\/states\/env:\/blue\/shop\) is locked/);
  });

  test("fails alone, with what to do", async () => {
    store.objects.clear();
    const { status, state, messages } = await scanned();
    expect([status, state]).toEqual(["failed", null]);
    expect(messages).toMatch(
      /there is no object env:\/blue\/shop in the bucket\. Either nothing was ever applied/,
    );
  });

  test("says so where a state is in a place that is not read", async () => {
    put("main.tf", 'terraform {\n  backend "gcs" {}\n}\n');
    const { status, messages } = await scanned();
    expect(status).toBe("failed");
    expect(messages).toMatch(/kept in gcs, which is not read yet/);
  });
});
