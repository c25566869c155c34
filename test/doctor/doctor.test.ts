import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Access } from "../../src/config/access.ts";
import { reviewEnvironment } from "../../src/config/environment.ts";
import type { Check } from "../../src/doctor/check.ts";
import { examine } from "../../src/doctor/doctor.ts";
import type { DoctorPorts } from "../../src/doctor/ports.ts";
import type { AskedRepository } from "../../src/doctor/repositories.ts";
import { GitHubApp } from "../../src/github/client.ts";
import { WANTED_EVENTS, WANTED_PERMISSIONS } from "../../src/github/permissions.ts";
import { operatorClouds } from "../../src/jobs/operator-clouds.ts";
import { startWeb, type Web } from "../../src/web/server.ts";
import { type StateStore, startStateStore } from "../e2e/aws/s3.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import { type EmulatedGitHub, type Seed, startGitHub } from "../e2e/github/server.ts";
import { SHOP_SCOPE, shopFiles, shopModel } from "../e2e/shop.ts";
import { newPlace } from "../store/test-place.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const READER = `arn:aws:iam::${SHOP_SCOPE.account}:role/driftwright-read`;
const BUCKET = "acme-states";
const HOOK = "/api/github/webhooks";
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const VAULT = {
  ".github/driftwright.yml": "version: 1\n",
  "main.tf": `terraform {
  backend "s3" {
    bucket = "${BUCKET}"
    key    = "vault.tfstate"
    region = "${SHOP_SCOPE.region}"
  }
}
`,
};
const VAULT_STATE = JSON.stringify({
  version: 4,
  terraform_version: "1.11.4",
  serial: 42,
  lineage: "l",
  outputs: {},
  resources: [],
});

const set = {} as {
  github: EmulatedGitHub;
  aws: EmbeddedAws;
  store: StateStore;
  web: Web;
  dataDir: string;
};

async function seeded(seed: Partial<Seed> = {}): Promise<EmulatedGitHub> {
  const repositories = [
    { name: "shop", files: await shopFiles() },
    { name: "vault", files: VAULT },
    { name: "old", files: VAULT, flags: { archived: true } },
  ];
  return startGitHub({ repositories, ...seed });
}

beforeAll(async () => {
  const [github, aws, store] = await Promise.all([
    seeded(),
    startAws({ ...SHOP_SCOPE, model: await shopModel() }),
    startStateStore(),
  ]);
  const webhooks = { verify: async () => false, problem: () => null, receive: () => undefined };
  const web = await startWeb({
    host: "127.0.0.1",
    port: 0,
    webhooks,
    checkDatabase: async () => undefined,
    requestCounts: () => [],
    isWell: () => true,
    log,
  });
  const dataDir = await mkdtemp(join(tmpdir(), "driftwright-doctor-"));
  Object.assign(set, { github, aws, store, web, dataDir });
});

afterAll(async () => {
  await Promise.all([set.github?.close(), set.aws?.close(), set.store?.close(), set.web?.stop(0)]);
  await rm(set.dataDir, { recursive: true, force: true });
});

beforeEach(() => {
  const { github, aws, store, web } = set;
  github.deliverTo(`${web.url}${HOOK}`);
  github.forgetDeliveries();
  aws.roles.clear();
  aws.roles.set(READER, `driftwright-${github.repository("shop").id}`);
  aws.becomeAccount(SHOP_SCOPE.account);
  store.buckets.set(BUCKET, SHOP_SCOPE.region);
  store.objects.set(`${BUCKET}/vault.tfstate`, { body: VAULT_STATE });
  store.fail("GetObject", null);
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN"]) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_ENDPOINT_URL", aws.url);
  vi.stubEnv("AWS_ENDPOINT_URL_S3", store.url);
  vi.stubEnv("AWS_REGION", SHOP_SCOPE.region);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent/config");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAOPERATOR");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "a secret of the operator");
});

afterEach(() => {
  vi.unstubAllEnvs();
  expect(set.github.unexpected).toEqual([]);
  expect(set.aws.unexpected).toEqual([]);
});

const ACCESS: Access = {
  grants: [
    {
      repositories: ["acme/*"],
      aws: [{ account: SHOP_SCOPE.account, role: READER }],
      states: [{ bucket: BUCKET, keys: null, roles: [], lockTable: null }],
    },
  ],
};

interface Given {
  readonly github?: EmulatedGitHub;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly access?: Access | null;
  readonly repository?: AskedRepository | null;
  readonly now?: () => Date;
}

/** What the doctor says of an environment that has all, but for what a test changes. */
async function examined(given: Given = {}): Promise<readonly Check[]> {
  const { github = set.github, access = ACCESS, repository = null, now = () => new Date() } = given;
  const variables = {
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    WEBHOOK_SECRET: github.app.webhookSecret,
    GITHUB_API_URL: github.url,
    DATA_DIR: set.dataDir,
    ACCESS_FILE: "access.yml",
    ...given.variables,
  };
  const review = reviewEnvironment(variables, ["--role=all"], () => "version: 1\nallow: []\n");
  const { environment } = review;
  const { app } = environment;
  const clock = { now, wait: async () => {} };
  const ports: DoctorPorts = {
    environment,
    github: app === null ? null : new GitHubApp({ ...app, baseUrl: environment.github.api, clock }),
    clouds: operatorClouds(access),
    fetch,
    now,
    limits: { answer: 5_000, reading: 20_000, watching: 100 },
    progress: () => {},
  };
  const told: Check[] = [];
  const checks = await examine({ review, variables, repository }, ports, (check) => told.push(check));
  expect(told).toEqual(checks);
  return checks;
}

const SHOP = { owner: "acme", name: "shop" };
const VAULT_ONLY = { owner: "acme", name: "vault" };

/** What is not well, as `id subject status`. */
function troubles(checks: readonly Check[]): string[] {
  return checks
    .filter(({ status }) => status !== "ok")
    .map(({ id, subject, status }) => [id, subject, status].filter((part) => part !== null).join(" "));
}

function found(checks: readonly Check[], id: Check["id"], subject: string | null = null): Check {
  return (
    checks.find((check) => check.id === id && check.subject === subject) ??
    expect.fail(`there is no check ${id} of ${subject}`)
  );
}

describe("where all is well", () => {
  test("every check says so, stack by stack, and what a scan leaves out is skipped", async () => {
    const checks = await examined();
    expect(troubles(checks)).toEqual(["cloud acme/vault vault skipped", "repository acme/old skipped"]);
    expect(found(checks, "cloud", "acme/shop shop-prod").message).toContain(
      `aws account ${SHOP_SCOPE.account} is read as arn:aws:sts::${SHOP_SCOPE.account}:assumed-role/`,
    );
    expect(found(checks, "state", "acme/vault vault").message).toContain(
      `s3://${BUCKET}/vault.tfstate can be read: serial 42`,
    );
    expect(found(checks, "webhook-reachable").message).toContain(`${set.web.url}${HOOK}`);
    for (const { next, status } of checks) if (status === "ok") expect(next).toBeNull();
  });

  test("nothing is written: not on GitHub, not in AWS, not to the disk", async () => {
    const [asked, read] = [set.github.requests.length, set.aws.requests.length];
    await examined();
    const requests = set.github.requests.slice(asked);
    expect(requests.length).toBeGreaterThan(10);
    expect(
      requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/access_tokens")),
    ).toEqual([]);
    const actions = new Set(set.aws.requests.slice(read).map(({ action }) => action));
    expect([...actions].filter((action) => !/^(Describe|GetCallerIdentity|AssumeRole)/.test(action))).toEqual(
      [],
    );
    expect(await readdir(set.dataDir)).toEqual([]);
  });

  test("one repository can be looked at alone", async () => {
    const checks = await examined({ repository: VAULT_ONLY });
    const about = checks.flatMap(({ subject }) => (subject?.startsWith("acme/") ? [subject] : []));
    expect(new Set(about)).toEqual(new Set(["acme/vault vault"]));
  });

  test("one in which the App is not installed fails", async () => {
    const checks = await examined({ repository: { owner: "acme", name: "nowhere" } });
    expect(found(checks, "repository", "acme/nowhere").status).toBe("failed");
    const foreign = await examined({ repository: { owner: "mallory", name: "shop" } });
    expect(found(foreign, "installation").message).toBe("the App is not installed by mallory");
  });
});

describe("the settings", () => {
  test("nothing at all: every variable that is missing, with its meaning", async () => {
    const nothing = { APP_ID: "", PRIVATE_KEY: "", WEBHOOK_SECRET: "", ACCESS_FILE: "" };
    const checks = await examined({ variables: nothing });
    const messages = checks.filter(({ id }) => id === "settings").map(({ message }) => message);
    expect(messages).toEqual([
      "APP_ID is not set: the number on the App's settings page",
      expect.stringMatching(/^PRIVATE_KEY or PRIVATE_KEY_PATH is not set: the App's private key/),
      expect.stringMatching(/^WEBHOOK_SECRET is not set: the secret/),
      "there is no App yet",
      expect.stringMatching(/^ACCESS_FILE is not set/),
    ]);
    expect(troubles(checks).filter((each) => !each.startsWith("settings"))).toEqual([
      "app skipped",
      "webhook-address skipped",
      "installation skipped",
      "repository skipped",
    ]);
  });

  test("all that is wrong at once, and what can be looked at is looked at", async () => {
    const wrong = { PORT: "none", WEBHOOK_SECRET: "development", SCAN_INTERVAL: "1s", HOST: "0.0.0.0" };
    const checks = await examined({ variables: wrong, repository: SHOP });
    const settings = checks.filter(({ id }) => id === "settings");
    expect(settings.map(({ status }) => status)).toEqual(["failed", "failed", "failed"]);
    expect(settings.map(({ message }) => message.split(" ")[0])).toEqual([
      "WEBHOOK_SECRET",
      "PORT",
      "SCAN_INTERVAL",
    ]);
    for (const { next } of settings) expect(next).toMatch(/^[A-Z]/);
    expect(found(checks, "app").status).toBe("ok");
  });
});

describe("GitHub and the App", () => {
  test("no answer: what would be asked is skipped", async () => {
    const checks = await examined({ variables: { GITHUB_API_URL: "http://127.0.0.1:1" } });
    expect(troubles(checks)).toEqual([
      "github failed",
      "app skipped",
      "webhook-address skipped",
      "installation skipped",
      "repository skipped",
    ]);
    expect(found(checks, "github").message).toMatch(/no answer from http:\/\/127\.0\.0\.1:1 \(/);
  });

  test("something else answers at the address", async () => {
    const checks = await examined({ variables: { GITHUB_API_URL: set.web.url } });
    expect(found(checks, "github")).toMatchObject({
      status: "failed",
      message: `what answers at ${set.web.url} is not GitHub's API (404)`,
      next: expect.stringContaining("GITHUB_API_URL"),
    });
  });

  test("the key of another App", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const PRIVATE_KEY = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    const checks = await examined({ variables: { PRIVATE_KEY } });
    expect(troubles(checks)).toEqual([
      "app failed",
      "webhook-address skipped",
      "installation skipped",
      "repository skipped",
    ]);
    expect(found(checks, "app")).toMatchObject({
      message: expect.stringContaining(`the private key for one of the App ${set.github.app.id}`),
      next: expect.stringMatching(/APP_ID.*new private key/),
    });
  });

  test("a clock that is wrong", async () => {
    const late = () => new Date(Date.now() + 120_000);
    expect(found(await examined({ now: late, repository: SHOP }), "clock")).toMatchObject({
      status: "warning",
      message: expect.stringMatching(/^this machine's clock is wrong by 1[12]\d seconds$/),
    });
  });

  test("a permission and an event that are not there", async () => {
    const { checks: _checks, ...permissions } = WANTED_PERMISSIONS;
    const events = WANTED_EVENTS.filter((event) => event !== "merge_group");
    const github = await seeded({ permissions: { ...permissions, issues: "read" }, events });
    github.deliverTo(`${set.web.url}${HOOK}`);
    try {
      const checks = await examined({ github, repository: VAULT_ONLY });
      expect(troubles(checks)).toEqual([
        "app-permissions failed",
        "app-events failed",
        "permissions acme failed",
        "events acme failed",
        "cloud acme/vault vault skipped",
      ]);
      expect(found(checks, "permissions", "acme")).toMatchObject({
        message: "not granted: checks: write, issues: write",
        next: expect.stringMatching(/^An owner of acme accepts it/),
      });
      expect(found(checks, "events", "acme").message).toBe("no subscription to: merge_group");
    } finally {
      await github.close();
    }
  });

  test("an installation that is suspended", async () => {
    set.github.changeInstallation("suspended");
    try {
      expect(troubles(await examined())).toEqual(["installation acme warning", "repository skipped"]);
    } finally {
      set.github.changeInstallation("active");
    }
  });
});

describe("webhooks", () => {
  test("an address at which nothing answers", async () => {
    set.github.deliverTo(`http://127.0.0.1:1${HOOK}`);
    const check = found(await examined({ repository: SHOP }), "webhook-reachable");
    expect(check).toMatchObject({
      status: "failed",
      message: expect.stringContaining(`there is no answer from http://127.0.0.1:1${HOOK} (`),
      next: expect.stringMatching(/^Start Driftwright/),
    });
  });

  test("an address with another path", async () => {
    set.github.deliverTo(`${set.web.url}/webhooks?token=s3cr3t-word`);
    const checks = await examined({ repository: SHOP });
    const check = found(checks, "webhook-reachable");
    expect(check).toMatchObject({ status: "failed", next: expect.stringContaining(HOOK) });
    expect(check.message).toContain("/webhooks answers 404");
    expect(JSON.stringify(checks)).not.toContain("s3cr3t");
  });

  test("no address: a warning, since scans work without", async () => {
    set.github.deliverTo(null);
    const checks = await examined({ repository: VAULT_ONLY });
    expect(troubles(checks)).toEqual([
      "webhook-address warning",
      "webhook-reachable skipped",
      "cloud acme/vault vault skipped",
    ]);
  });

  test("settings with which Driftwright cannot read them, or anyone could send them", async () => {
    const { webhooks } = set.github;
    const before = { ...webhooks };
    Object.assign(webhooks, { contentType: "form", insecureSsl: "1", hasSecret: false });
    try {
      const checks = await examined({ repository: VAULT_ONLY });
      const said = checks.filter(({ id }) => id === "webhook-address");
      expect(said.map(({ status }) => status)).toEqual(["failed", "failed", "warning"]);
    } finally {
      Object.assign(webhooks, before);
    }
  });

  test("deliveries that failed, with what they were answered", async () => {
    const ping = { zen: "Keep it logically awesome." };
    for (let times = 0; times < 2; times += 1) await set.github.send("ping", ping);
    const check = found(await examined({ repository: VAULT_ONLY }), "webhook-deliveries");
    // Here every signature is refused, as with another secret.
    expect(check).toMatchObject({
      status: "failed",
      message: "2 of the last 2 webhooks did not arrive (401: 2)",
      next: expect.stringContaining("WEBHOOK_SECRET"),
    });
  });
});

describe("the database", () => {
  test("a server that is down", async () => {
    const DATABASE_URL = "postgresql://driftwright:s3cr3t-word@127.0.0.1:1/driftwright";
    const checks = await examined({ variables: { DATABASE_URL }, repository: VAULT_ONLY });
    expect(found(checks, "database")).toMatchObject({
      status: "failed",
      message: "DATABASE_URL: nothing listens on 127.0.0.1:1",
      next: "Start PostgreSQL there, or correct the address",
    });
    expect(JSON.stringify(checks)).not.toContain("s3cr3t");
  });

  test("a folder that is none", async () => {
    const check = found(
      await examined({ variables: { DATA_DIR: import.meta.filename }, repository: VAULT_ONLY }),
      "database",
    );
    expect(check).toMatchObject({ status: "failed", message: expect.stringContaining("is no folder") });
  });

  test("a folder that is not there yet", async () => {
    const DATA_DIR = join(set.dataDir, "not", "yet");
    const checks = await examined({ variables: { DATA_DIR }, repository: VAULT_ONLY });
    expect(found(checks, "database").message).toBe(
      `the embedded database is made in ${DATA_DIR} at the first start`,
    );
    expect(await readdir(set.dataDir)).toEqual([]);
  });
});

describe("a repository that nobody has configured", () => {
  const { ".github/driftwright.yml": _, ...files } = VAULT;
  const warned = { id: "configuration", subject: "acme/vault", status: "warning" };

  test("is told of, since nothing is written there", async () => {
    const github = await seeded({ repositories: [{ name: "vault", files }] });
    github.deliverTo(`${set.web.url}${HOOK}`);
    try {
      const checks = await examined({ github });
      expect(troubles(checks)).toEqual([
        "configuration acme/vault warning",
        "cloud acme/vault vault skipped",
      ]);
      expect(found(checks, "configuration", "acme/vault")).toMatchObject({
        ...warned,
        message: expect.stringMatching(/^nobody has configured the repository/),
        next: expect.stringContaining("Set up Driftwright"),
      });
    } finally {
      await github.close();
    }
  });

  test("is not where its owner has a file for all", async () => {
    const speaker = { name: ".github", files: { "driftwright.yml": "version: 1\n" } };
    const github = await seeded({ repositories: [{ name: "vault", files }, speaker] });
    github.deliverTo(`${set.web.url}${HOOK}`);
    try {
      expect((await examined({ github })).filter(({ id }) => id === "configuration")).toEqual([]);
    } finally {
      await github.close();
    }
  });
});

describe("a stack", () => {
  test("a state that may not be read, and what depends on it", async () => {
    set.store.fail("GetObject", { status: 403, code: "AccessDenied" });
    const checks = await examined({ repository: VAULT_ONLY });
    expect(troubles(checks)).toEqual(["state acme/vault vault failed", "cloud acme/vault vault skipped"]);
    expect(found(checks, "state", "acme/vault vault")).toMatchObject({
      message: expect.stringContaining(`s3://${BUCKET}/vault.tfstate`),
      next: expect.stringContaining("s3:GetObject"),
    });
  });

  test("a state that the access file does not give", async () => {
    const checks = await examined({ repository: VAULT_ONLY, access: null });
    expect(found(checks, "state", "acme/vault vault")).toMatchObject({
      status: "failed",
      message: expect.stringContaining(`the bucket ${BUCKET} is not allowed to acme/vault`),
      next: expect.stringContaining("bucket under states"),
    });
  });

  test("that runs from a branch is looked at as it is there", async () => {
    const config = (ref: string) => `version: 1\nstacks:\n  - path: .\n    ref: ${ref}\n`;
    const files = (ref: string) => ({ ...VAULT, ".github/driftwright.yml": config(ref) });
    const repositories = [
      { name: "vault", files: files("main") },
      { name: "lost", files: files("nowhere") },
    ];
    const github = await seeded({ repositories });
    github.deliverTo(`${set.web.url}${HOOK}`);
    try {
      const checks = await examined({ github });
      expect(troubles(checks)).toEqual(["cloud acme/vault vault skipped", "repository acme/lost failed"]);
      expect(found(checks, "repository", "acme/lost")).toMatchObject({
        message: expect.stringMatching(/^nowhere: /),
        next: expect.stringContaining("Correct ref"),
      });
      expect(github.unexpected).toEqual([]);
    } finally {
      await github.close();
    }
  });

  test("a role that is refused", async () => {
    set.aws.roles.clear();
    const checks = await examined({ repository: SHOP });
    expect(troubles(checks)).toEqual([
      "cloud acme/shop shop-prod failed",
      "cloud acme/shop shop-staging failed",
    ]);
    expect(found(checks, "cloud", "acme/shop shop-prod")).toMatchObject({
      message: `the role ${READER} was refused`,
      next: expect.stringContaining(`driftwright-${set.github.repository("shop").id}`),
    });
  });

  test("an account that the access file does not give", async () => {
    const checks = await examined({ repository: SHOP, access: null });
    expect(found(checks, "cloud", "acme/shop shop-prod")).toMatchObject({
      status: "failed",
      next: expect.stringContaining("account under aws"),
    });
  });

  test("no credentials: the ways in which a service gets them, of the cloud and of the state", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    const checks = await examined();
    const docs = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
    for (const check of [
      found(checks, "cloud", "acme/shop shop-prod"),
      found(checks, "state", "acme/vault vault"),
    ]) {
      expect(check).toMatchObject({
        status: "failed",
        message: expect.stringContaining("no AWS credentials were found"),
        next: expect.stringMatching(/role of the instance.*AWS_WEB_IDENTITY_TOKEN_FILE.*AWS_ACCESS_KEY_ID/),
      });
      const [, section] = /docs\/operations\.md, (.+)$/.exec(check.next ?? "") ?? [];
      expect(docs).toContain(`\n### ${section}\n`);
    }
  });

  test("credentials that are not valid any more: a service has no `aws sso login`", async () => {
    set.aws.misbehave("DescribeVpcs", { status: 400, error: "RequestExpired" });
    try {
      expect(found(await examined({ repository: SHOP }), "cloud", "acme/shop shop-prod")).toMatchObject({
        status: "failed",
        next: expect.stringMatching(/^Give the service others, and restart it/),
      });
    } finally {
      set.aws.misbehave("DescribeVpcs", null);
    }
  });

  test("credentials that may not make one of the calls", async () => {
    set.aws.misbehave("DescribeVpcs", "refused");
    try {
      expect(found(await examined({ repository: SHOP }), "cloud", "acme/shop shop-prod")).toMatchObject({
        status: "failed",
        message: expect.stringContaining("ec2:DescribeVpcs"),
      });
    } finally {
      set.aws.misbehave("DescribeVpcs", null);
    }
  });
});

describe("the folder of an embedded database", () => {
  test("in use: a warning, since it may be the one that runs", async () => {
    const place = await newPlace();
    if (place.url !== null) return;
    const { openDatabase } = await import("../../src/store/database.ts");
    const database = await openDatabase(place);
    try {
      const checks = await examined({ variables: { DATA_DIR: place.dataDir }, repository: VAULT_ONLY });
      expect(found(checks, "database")).toMatchObject({
        status: "warning",
        message: expect.stringContaining(`is in use by process ${process.pid}`),
      });
    } finally {
      await database.close();
      await place.remove();
    }
  });
});
