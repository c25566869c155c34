import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { s3State } from "../../src/backends/s3.ts";
import { type StateStore, startStateStore } from "../e2e/aws/s3.ts";

const STATE = '{"version": 4}';
const MD5 = createHash("md5").update(STATE).digest("hex");
const ROLE = "arn:aws:iam::123456789012:role/read-state";

let store: StateStore;

beforeEach(async () => {
  store = await startStateStore();
  store.buckets.set("states", "eu-west-1");
  store.objects.set("states/shop", { body: STATE });
  vi.stubEnv("AWS_ENDPOINT_URL", store.url);
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_SESSION_TOKEN", undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent/config");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAOWN");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "own-secret");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await store.close();
});

function read(settings: Readonly<Record<string, string>> = {}) {
  const backend = {
    bucket: "states",
    key: "shop",
    region: "eu-west-1",
    dynamodb_table: "locks",
    ...settings,
  };
  const source = s3State({ settings: backend, unresolved: [] }, "default", { wait: () => Promise.resolve() });
  return source.read();
}

describe("a state whose lock and digest are in DynamoDB", () => {
  test.each<[string, Readonly<Record<string, Readonly<Record<string, string>>>>, boolean]>([
    ["nothing", {}, false],
    ["the state's digest", { "states/shop-md5": { Digest: MD5 } }, false],
    ["a lock", { "states/shop": { Info: "{}" }, "states/shop-md5": { Digest: "0" } }, true],
    ["the lock of another state", { "states/other": { Info: "{}" } }, false],
  ])("the table holds %s", async (_name, items, locked) => {
    store.tables.set("locks", new Map(Object.entries(items)));
    expect(await read()).toMatchObject({ text: STATE, locked });
    const asked = store.requests.filter(({ action }) => action === "GetItem");
    expect(asked.map(({ on }) => on)).toEqual(["locks states/shop", "locks states/shop-md5"]);
    for (const request of asked) {
      expect(request.parameters.get("ConsistentRead")).toBe("true");
      expect(request).toMatchObject({ region: "eu-west-1", accessKey: "AKIAOWN" });
    }
  });

  test("is read with the role that reads the state, which is assumed once", async () => {
    store.tables.set("locks", new Map());
    store.roles.set(ROLE, null);
    await read({ role_arn: ROLE });
    expect(store.requests.map(({ action, accessKey }) => `${action} ${accessKey}`)).toEqual([
      "AssumeRole AKIAOWN",
      "GetItem ASIAROLE",
      "GetItem ASIAROLE",
      "GetObject ASIAROLE",
    ]);
  });

  test("is refused where the digest is that of another state", async () => {
    store.tables.set("locks", new Map([["states/shop-md5", { Digest: "0" }]]));
    await expect(read()).rejects.toThrow(/not the one whose digest the table locks keeps/);
  });

  test("is refused where there is no table, or no permission", async () => {
    await expect(read()).rejects.toThrow(/there is no DynamoDB table locks in eu-west-1\. Check/);
    store.fail("GetItem", { status: 400, code: "AccessDeniedException" });
    await expect(read()).rejects.toThrow(
      /lock table was refused .*Allow dynamodb:GetItem on the table locks/,
    );
    store.fail("AssumeRole", { status: 403, code: "AccessDenied" });
    await expect(read({ role_arn: ROLE })).rejects.toThrow(/sts:AssumeRole/);
  });
});
