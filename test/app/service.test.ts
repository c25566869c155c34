import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { snapshotState } from "../../src/backends/local.ts";
import type { Environment } from "../../src/config/environment.ts";
import { createAwsInventory } from "../../src/inventory/aws/inventory.ts";
import { createLog } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import { Redaction } from "../../src/reports/redaction.ts";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import { type EmulatedGitHub, startGitHub } from "../e2e/github/server.ts";
import { instanceIdOf, SHOP_SCOPE, shopFiles, shopModel } from "../e2e/shop.ts";
import { FULL_NAME } from "../jobs/stage.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const WEBHOOKS = "/api/github/webhooks";

/** The service as `npm start` runs it, with an emulated GitHub and AWS around it. */
const set = {} as {
  github: EmulatedGitHub;
  aws: EmbeddedAws;
  dataDir: string;
  service: Service;
  lines: string[];
};

function environment(): Environment & { app: NonNullable<Environment["app"]> } {
  const { app, url } = set.github;
  return {
    role: "all",
    app: { appId: app.id, privateKey: app.privateKey, webhookSecret: app.webhookSecret },
    port: 0,
    host: "127.0.0.1",
    logLevel: "debug",
    database: { kind: "embedded" },
    dataDir: set.dataDir,
    github: { api: url, web: url },
    key: null,
    scanInterval: 24 * 60 * 60 * 1000,
  };
}

async function start(): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const { region } = SHOP_SCOPE;
  set.service = await startService(environment(), {
    log: createLog("debug", new Redaction([set.github.app.privateKey]), (line) => void set.lines.push(line)),
    clouds: {
      inventories: async () => [createAwsInventory({ region, endpoint: set.aws.url, credentials })],
      stateOf: ({ state }, snapshot) =>
        state.kind === "snapshot" ? snapshotState(snapshot, state.file) : null,
    },
  });
  set.github.deliverTo(`${set.service.url}${WEBHOOKS}`);
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error(`${what}: did not happen\n${set.lines.slice(-20).join("")}`);
}

const said = (message: string) => set.lines.filter((line) => line.includes(JSON.stringify(message))).length;

async function states(): Promise<string[]> {
  const { body } = await set.github
    .person("alice")
    .try("GET", `/repos/${FULL_NAME}/issues?state=all&per_page=100`);
  return (body as unknown as { number: number; state: string }[])
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, state }) => `${number} ${state}`);
}

beforeEach(async () => {
  set.lines = [];
  set.dataDir = await mkdtemp(join(tmpdir(), "driftwright-service-"));
  [set.github, set.aws] = await Promise.all([
    startGitHub({ repositories: [{ name: "shop", files: await shopFiles() }] }),
    startAws({ ...SHOP_SCOPE, model: await shopModel() }),
  ]);
  await start();
});

afterEach(async () => {
  await set.service.stop();
  await Promise.all([set.github.close(), set.aws.close()]);
  await rm(set.dataDir, { recursive: true, force: true });
  expect(set.github.unexpected).toEqual([]);
});

describe("the service", () => {
  it("finds its installations, scans, opens, closes, and goes on after a restart in the middle", async () => {
    const id = instanceIdOf(set.aws.model, "shop-prod-api");
    const push = (text: string) =>
      set.github.person("alice").commit(FULL_NAME, { branch: "main", files: { "NOTES.md": text } });
    await until("the first scan", () => said("repository scanned") === 1);
    resizeInstance(set.aws.model, id, "m6i.large");
    await push("one");
    await until("the push's scan has begun", () => said("looking for stacks") > 1);
    await set.service.stop();
    await start();
    await until("the pull request", async () => (await states()).join() === "1 open");
    resizeInstance(set.aws.model, id, "t3.medium");
    await push("two");
    await until("it closes", async () => (await states()).join() === "1 closed");
    for (const line of set.lines) expect(line).not.toMatch(/ghs_|PRIVATE KEY|eyJ/);
  });

  it("is alive and ready, and knows no other pages", async () => {
    const statusOf = async (path: string) => (await fetch(`${set.service.url}${path}`)).status;
    expect(await statusOf("/healthz")).toBe(200);
    expect(await statusOf("/readyz")).toBe(200);
    expect(await statusOf("/")).toBe(404);
    expect(await statusOf(WEBHOOKS)).toBe(405);
  });

  it.each([
    ["a wrong signature", { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }],
    ["no signature", {}],
    ["something else for a signature", { "x-hub-signature-256": "0" }],
  ])("answers 401 to a webhook with %s, and keeps nothing of it", async (_what, signature) => {
    await until("the first scan", () => said("repository scanned") === 1);
    const before = set.lines.length;
    const { status } = await fetch(`${set.service.url}${WEBHOOKS}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "11111111-2222-3333-4444-555555555555",
        ...signature,
      },
      body: JSON.stringify({ ref: "refs/heads/main", repository: { id: 1 }, installation: { id: 1001 } }),
    });
    expect(status).toBe(401);
    expect(set.lines.slice(before).join("")).not.toContain("11111111-2222");
    const guid = "11111111-2222-3333-4444-555555555555";
    const signed = { ref: "refs/heads/main", repository: { id: 4242 }, installation: { id: 1001 } };
    await set.github.send("push", signed, guid);
    expect(said("webhook was received before")).toBe(0);
  });

  it("does the work of a webhook once, however often it comes", async () => {
    await until("the first scan", () => said("repository scanned") === 1);
    const { id } = set.github.repository("shop");
    const payload = {
      ref: "refs/heads/main",
      repository: { id, default_branch: "main" },
      installation: { id: 1001 },
    };
    const guid = crypto.randomUUID();
    const statuses = [];
    for (let time = 0; time < 3; time += 1)
      statuses.push((await set.github.send("push", payload, guid)).status);
    expect(statuses).toEqual([200, 200, 200]);
    expect(said("webhook was received before")).toBe(2);
    await until("the scan", () => said("repository scanned") === 2);
  });

  it("ignores webhooks of an installation that it does not know", async () => {
    const payload = { ref: "refs/heads/main", repository: { id: 999_999 }, installation: { id: 888 } };
    expect((await set.github.send("push", payload)).status).toBe(200);
    expect(said("webhook of an unknown repository")).toBe(1);
  });
});
