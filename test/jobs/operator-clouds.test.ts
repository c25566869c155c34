import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Access } from "../../src/config/access.ts";
import type { Inventory } from "../../src/drift/inventory.ts";
import { operatorClouds } from "../../src/jobs/operator-clouds.ts";
import type { JsonObject } from "../../src/json/json.ts";
import type { PlannedStack } from "../../src/scan/plan.ts";
import { latestScan } from "../../src/store/scans.ts";
import { addVpc, emptyModel } from "../e2e/aws/model.ts";
import { type StateStore, startStateStore } from "../e2e/aws/s3.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import { wanted } from "../inventory/aws/wanted.ts";
import { stagePerTest } from "./stage.ts";

const [ACCOUNT, OTHER, REGION] = ["123456789012", "210987654321", "eu-west-1"];
const READER = `arn:aws:iam::${ACCOUNT}:role/driftwright-read`;
const [STATE_ROLE, ADMIN] = [
  `arn:aws:iam::${ACCOUNT}:role/read-states`,
  `arn:aws:iam::${ACCOUNT}:role/admin`,
];
const SHOP = { id: 42, owner: "acme", name: "shop" };
const STRANGER = { id: 66, owner: "mallory", name: "shop" };
const SNAPSHOT = { read: () => undefined, list: () => [] };

const ACME = {
  aws: [{ account: ACCOUNT, role: READER }],
  states: [
    { bucket: "acme-states", keys: ["shop/*"], roles: [], lockTable: "locks" },
    { bucket: "acme-vault", keys: null, roles: [STATE_ROLE], lockTable: null },
  ],
};
const MALLORY = {
  aws: [],
  states: [{ bucket: "mallory-states", keys: null, roles: [], lockTable: null }],
};
/** What the operator allows: acme uses an account and two buckets, mallory's repositories a bucket of their own. */
const ACCESS: Access = {
  grants: [
    { repositories: ["acme/*"], ...ACME },
    { repositories: ["mallory/*"], ...MALLORY },
  ],
};

/** As in a process whose environment has credentials, and services at an address. */
function pointTheSdkAt(url: string): void {
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN"]) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_ENDPOINT_URL", url);
  vi.stubEnv("AWS_REGION", REGION);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent/config");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAOPERATOR");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
}

afterEach(() => void vi.unstubAllEnvs());

describe("a state in S3", () => {
  const set = {} as { store: StateStore };

  beforeEach(async () => {
    set.store = await startStateStore();
    for (const bucket of ["acme-states", "acme-vault", "mallory-states"]) {
      set.store.buckets.set(bucket, REGION);
      set.store.objects.set(`${bucket}/shop/prod.tfstate`, { body: `the state in ${bucket}` });
    }
    set.store.tables.set("locks", new Map());
    set.store.roles.set(STATE_ROLE, "driftwright-42");
    set.store.roles.set(ADMIN, null);
    pointTheSdkAt(set.store.url);
  });

  afterEach(() => set.store.close());

  async function read(
    repository: typeof SHOP,
    settings: JsonObject,
    access: Access | null = ACCESS,
  ): Promise<string> {
    const given = { key: "shop/prod.tfstate", region: REGION, ...settings };
    const stack = { state: { kind: "s3", settings: given, unresolved: [] }, workspace: "default" };
    const source = operatorClouds(access).stateOf(stack as unknown as PlannedStack, SNAPSHOT, repository);
    return source === null ? expect.fail("there is no source") : (await source.read()).text;
  }

  test("in a bucket that is allowed is read, with its lock table", async () => {
    const settings = { bucket: "acme-states", dynamodb_table: "locks" };
    expect(await read(SHOP, settings)).toBe("the state in acme-states");
    expect(new Set(set.store.requests.map(({ accessKey }) => accessKey))).toEqual(new Set(["AKIAOPERATOR"]));
  });

  test.each<[string, typeof SHOP, JsonObject, string]>([
    [
      "of another owner",
      STRANGER,
      { bucket: "acme-states" },
      "the bucket acme-states is not allowed to mallory/shop",
    ],
    [
      "of the other owner, the other way round",
      SHOP,
      { bucket: "mallory-states" },
      "the bucket mallory-states",
    ],
    ["in a bucket of nobody", SHOP, { bucket: "payroll" }, "the bucket payroll is not allowed to acme/shop"],
    ["elsewhere in the bucket", SHOP, { bucket: "acme-states", key: "billing/x" }, "the key billing/x"],
    [
      "with another lock table",
      SHOP,
      { bucket: "acme-states", dynamodb_table: "users" },
      "the lock table users",
    ],
    ["with a role", SHOP, { bucket: "acme-states", role_arn: ADMIN }, `the role ${ADMIN} is not allowed`],
    [
      "with another role",
      SHOP,
      { bucket: "acme-vault", assume_role: { role_arn: ADMIN } },
      `the role ${ADMIN}`,
    ],
    [
      "at an endpoint",
      SHOP,
      { bucket: "acme-states", endpoint: "https://evil.example" },
      "an endpoint of its own",
    ],
  ])("%s is refused before anything is asked for", async (_what, repository, settings, says) => {
    await expect(read(repository, settings)).rejects.toThrow(says);
    await expect(read(repository, settings, null)).rejects.toThrow(/ACCESS_FILE|endpoint/);
    expect(set.store.requests).toEqual([]);
  });

  test.each<[string, JsonObject]>([
    ["that the code names", { assume_role: { role_arn: STATE_ROLE, external_id: "driftwright-66" } }],
    ["that the operator gives", {}],
  ])("is read with the role %s, which is told the repository", async (_what, settings) => {
    expect(await read(SHOP, { bucket: "acme-vault", ...settings })).toBe("the state in acme-vault");
    const [assume, get] = set.store.requests;
    expect(Object.fromEntries(assume?.parameters ?? [])).toMatchObject({
      RoleArn: STATE_ROLE,
      ExternalId: "driftwright-42",
      RoleSessionName: "driftwright-state-42",
    });
    expect([get?.action, get?.accessKey]).toEqual(["GetObject", "ASIAROLE"]);
  });

  test("is refused by a role that asks for the external id of another repository", async () => {
    const sister = { ...SHOP, id: 43, name: "sister" };
    await expect(read(sister, { bucket: "acme-vault" })).rejects.toThrow(
      /the role .* was refused.*external id/,
    );
  });
});

describe("the cloud that a repository is compared with", () => {
  const set = {} as { aws: EmbeddedAws };
  const VPC = wanted("aws_vpc", "vpc-0a");

  beforeEach(async () => {
    const model = emptyModel();
    addVpc(model, { id: "vpc-0a", cidr: "10.0.0.0/16" });
    set.aws = await startAws({ account: ACCOUNT, region: REGION, model });
    set.aws.roles.set(READER, "driftwright-42");
    pointTheSdkAt(set.aws.url);
  });

  afterEach(() => set.aws.close());

  async function inventory(repository: typeof SHOP, accounts: string[], access: Access | null = ACCESS) {
    const [inventory] = await operatorClouds(access).inventories(repository);
    return inventory?.within?.(accounts) ?? expect.fail("there is no inventory");
  }

  async function refusal(reader: Inventory): Promise<string> {
    const why = await reader.identity().then(
      () => expect.fail("it was not refused"),
      (error: unknown) => String(error),
    );
    await expect(reader.read([VPC])).rejects.toThrow();
    await expect(reader.unmanaged([VPC], new Set())).rejects.toThrow();
    return why;
  }

  test("is read with the operator's role, which is told the repository", async () => {
    const reader = await inventory(SHOP, [ACCOUNT]);
    expect((await reader.identity()).account).toBe(ACCOUNT);
    expect((await reader.read([VPC])).observations.get(VPC.address)?.status).toBe("found");
    const assumed = set.aws.requests.find(({ action }) => action === "AssumeRole");
    expect(Object.fromEntries(assumed?.parameters ?? [])).toMatchObject({
      RoleArn: READER,
      ExternalId: "driftwright-42",
      RoleSessionName: "driftwright-scan-42",
    });
    const readers = set.aws.requests.filter(({ action }) => action !== "AssumeRole");
    expect(new Set(readers.map(({ accessKey }) => accessKey))).toEqual(new Set([`ASIA${ACCOUNT}`]));
  });

  test.each<[string, typeof SHOP, string[], Access | null, RegExp]>([
    [
      "a stranger's state names it",
      STRANGER,
      [ACCOUNT],
      ACCESS,
      /AWS account 123456789012, which mallory\/shop may not/,
    ],
    [
      "a stranger's state names none",
      STRANGER,
      [],
      ACCESS,
      /mallory\/shop may not be compared with any AWS account/,
    ],
    [
      "the state names another account",
      SHOP,
      [OTHER],
      ACCESS,
      /AWS account 210987654321, which acme\/shop may not/,
    ],
    [
      "there is no access file",
      SHOP,
      [ACCOUNT],
      null,
      /account under aws in the file that ACCESS_FILE names/,
    ],
  ])("is not asked for anything where %s", async (_what, repository, accounts, access, says) => {
    expect(await refusal(await inventory(repository, accounts, access))).toMatch(says);
    expect(set.aws.requests).toEqual([]);
  });

  test("is not asked by a scan that does not say where the stack is", async () => {
    const [reader] = await operatorClouds(ACCESS).inventories(SHOP);
    expect(await refusal(reader ?? expect.fail("there is no inventory"))).toMatch(/may not be compared/);
    expect(set.aws.requests).toEqual([]);
  });

  describe("with several accounts", () => {
    const second = `arn:aws:iam::${OTHER}:role/driftwright-read`;
    const aws = [
      { account: ACCOUNT, role: null },
      { account: OTHER, role: second },
    ];
    const several: Access = { grants: [{ repositories: ["acme/shop"], aws, states: [] }] };

    test.each([
      ["the one that the state names", [OTHER], OTHER],
      ["the first that is allowed of those that it names", ["999999999999", ACCOUNT, OTHER], ACCOUNT],
    ])("is %s", async (_what, named, account) => {
      set.aws.roles.set(second, "driftwright-42");
      expect((await (await inventory(SHOP, named, several)).identity()).account).toBe(account);
    });

    test("is none where the state names none", async () => {
      expect(await refusal(await inventory(SHOP, [], several))).toMatch(/may be compared with several/);
      expect(set.aws.requests).toEqual([]);
    });

    test("is not taken for another one that the credentials reach", async () => {
      set.aws.becomeAccount("999999999999");
      const why = await (await inventory(SHOP, [ACCOUNT], several)).identity().catch(String);
      expect(why).toMatch(
        /with the AWS account 123456789012, but the credentials of Driftwright reach another one/,
      );
    });
  });
});

describe("a scan", () => {
  const on = stagePerTest();

  async function scanned(access: Access | null) {
    const { stage } = on;
    pointTheSdkAt(stage.aws.url);
    const data = { ...stage.job, trigger: "person" as const };
    await stage.run("scan", data, { ports: { ...stage.ports, clouds: operatorClouds(access) } });
    return (await latestScan(stage.database.kysely, stage.repositoryId))?.stacks ?? [];
  }

  test("fails stack by stack where the repository is allowed nothing, and says which setting allows it", async () => {
    const stacks = await scanned({ grants: [{ ...ACME, repositories: ["mallory/*"] }] });
    expect(stacks.length).toBeGreaterThan(0);
    for (const { status, diagnostics } of stacks) {
      expect(status).toBe("failed");
      expect(diagnostics.map(({ message }) => message).join("\n")).toContain(
        `the stack is in the AWS account ${ACCOUNT}, which acme/shop may not be compared with. Whoever runs Driftwright can allow it: account under aws in the file that ACCESS_FILE names`,
      );
    }
    expect(on.stage.aws.requests).toEqual([]);
  });

  test("reads the account that the repository is allowed", async () => {
    on.stage.aws.roles.set(READER, `driftwright-${on.stage.repositoryId}`);
    const stacks = await scanned({ grants: [{ ...ACME, repositories: ["acme/shop"] }] });
    expect(new Set(stacks.map(({ status }) => status))).toEqual(new Set(["complete"]));
  });
});
