import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { snapshotState } from "../../src/backends/local.ts";
import type { Environment } from "../../src/config/environment.ts";
import { createAwsInventory } from "../../src/inventory/aws/inventory.ts";
import { createLog } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import { Redaction } from "../../src/reports/redaction.ts";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import { type EmulatedGitHub, startGitHub } from "../e2e/github/server.ts";
import { FULL_NAME } from "../e2e/service/stage.ts";
import { instanceIdOf, SHOP_SCOPE, shopModel, shopWithoutDashboard } from "../e2e/shop.ts";
import { newPlace, type TestPlace } from "../store/test-place.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const WEBHOOKS = "/api/github/webhooks";

/** The service as `npm start` runs it, with an emulated GitHub and AWS around it. */
const set = {} as {
  github: EmulatedGitHub;
  aws: EmbeddedAws;
  place: TestPlace;
  service: Service;
  lines: string[];
};

function environment(): Environment & { app: NonNullable<Environment["app"]> } {
  const { app, url: api } = set.github;
  const { url, dataDir } = set.place;
  return {
    role: "all",
    app: { appId: app.id, privateKey: app.privateKey, webhookSecret: app.webhookSecret },
    port: 0,
    host: "127.0.0.1",
    logLevel: "debug",
    database: url === null ? { kind: "embedded" } : { kind: "postgresql", url },
    dataDir,
    github: { api, web: api },
    access: null,
    key: null,
    modules: { hosts: [], networks: [] },
    scanIntervals: { usual: 24 * 60 * 60 * 1000, shortest: 15 * 60 * 1000 },
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

function expectNoSecrets(): void {
  for (const line of set.lines) expect(line).not.toMatch(/ghs_|PRIVATE KEY|eyJ/);
}

// One service for all tests: each begins when the last one's work is done.
beforeAll(async () => {
  set.lines = [];
  set.place = await newPlace();
  [set.github, set.aws] = await Promise.all([
    startGitHub({ repositories: [{ name: "shop", files: await shopWithoutDashboard() }] }),
    startAws({ ...SHOP_SCOPE, model: await shopModel() }),
  ]);
  await start();
  await until("the first scan", () => said("repository scanned") === 1);
  expectNoSecrets();
});

beforeEach(() => {
  set.lines = [];
});

afterEach(() => {
  expectNoSecrets();
  expect(set.github.unexpected).toEqual([]);
});

afterAll(async () => {
  await set.service?.stop();
  await Promise.all([set.github?.close(), set.aws?.close()]);
  await set.place?.remove();
});

describe("the service", () => {
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
    const guid = crypto.randomUUID();
    const { status } = await fetch(`${set.service.url}${WEBHOOKS}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": guid,
        ...signature,
      },
      body: JSON.stringify({ ref: "refs/heads/main", repository: { id: 1 }, installation: { id: 1001 } }),
    });
    expect(status).toBe(401);
    expect(set.lines.join("")).not.toContain(guid);
    const signed = { ref: "refs/heads/main", repository: { id: 4242 }, installation: { id: 1001 } };
    await set.github.send("push", signed, guid);
    expect(said("webhook was received before")).toBe(0);
  });

  it("does the work of a webhook once, however often it comes", async () => {
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
    await until("the scan", () => said("repository scanned") === 1);
  });

  it.each([
    ["a text", "x"],
    ["a list", []],
    ["no object of its event", { action: "opened" }],
  ])("answers 400 to a signed webhook of %s", async (_what, payload) => {
    const { status } = await set.github.send("pull_request", payload as never);
    expect(status).toBe(400);
    expect(set.lines.filter((line) => /"level":(?:40|50)/.test(line))).toEqual([]);
  });

  it("says more where LOG_LEVEL is debug: webhooks, jobs, requests, each with what it is about", async () => {
    const { id } = set.github.repository("shop");
    const about = { repository: id, name: FULL_NAME };
    await set.github.send("push", {
      ref: "refs/heads/main",
      repository: { id, full_name: FULL_NAME, default_branch: "main" },
      installation: { id: 1001 },
    });
    await until("the scan", () => said("repository scanned") === 1);
    await until("its end", () => said("job done") > 0);
    const lines = set.lines.map((line) => JSON.parse(line) as object);
    const expected = [
      { level: 20, msg: "webhook received", event: "push", ...about },
      { level: 20, msg: "job begins", queue: "scan", attempt: 1, ...about },
      { level: 20, msg: "request to GitHub", method: "GET", path: `/repos/${FULL_NAME}`, status: 200 },
      { level: 20, msg: "job done", queue: "scan", ...about },
    ];
    for (const line of expected) expect(lines).toContainEqual(expect.objectContaining(line));
    expect(set.lines.join("")).not.toMatch(/refs\/heads\/main/);
  });

  it("ignores webhooks of an installation that it does not know", async () => {
    const payload = { ref: "refs/heads/main", repository: { id: 999_999 }, installation: { id: 888 } };
    expect((await set.github.send("push", payload)).status).toBe(200);
    expect(said("webhook of an unknown repository")).toBe(1);
  });

  it("finds its installations, scans, opens, closes, and goes on after a restart in the middle", async () => {
    const id = instanceIdOf(set.aws.model, "shop-prod-api");
    const push = (text: string) =>
      set.github.person("alice").commit(FULL_NAME, { branch: "main", files: { "NOTES.md": text } });
    resizeInstance(set.aws.model, id, "m6i.large");
    await push("one");
    await until("the push's scan has begun", () => said("looking for stacks") > 0);
    await set.service.stop();
    await start();
    await until("the pull request", async () => (await states()).join() === "1 open");
    resizeInstance(set.aws.model, id, "t3.medium");
    await push("two");
    await until("it closes", async () => (await states()).join() === "1 closed");
  });
});
