import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Workplace } from "../commands/command.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import { type EmulatedGitHub, startGitHub } from "../e2e/github/server.ts";
import { SHOP_SCOPE, shopFiles, shopModel } from "../e2e/shop.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const set = {} as { github: EmulatedGitHub; aws: EmbeddedAws; place: Workplace };

beforeAll(async () => {
  [set.github, set.aws] = await Promise.all([
    startGitHub({ repositories: [{ name: "shop", files: await shopFiles() }] }),
    startAws({ ...SHOP_SCOPE, model: await shopModel() }),
  ]);
});

afterAll(async () => {
  await Promise.all([set.github?.close(), set.aws?.close()]);
});

beforeEach(() => {
  set.place = new Workplace();
});

afterEach(() => set.place.remove());

const ACCESS = `version: 1
allow:
  - repositories: [acme/*]
    aws:
      - account: "${SHOP_SCOPE.account}"
`;

function environment(): Record<string, string> {
  const { app, url } = set.github;
  set.place.put("access.yml", ACCESS);
  return {
    APP_ID: String(app.id),
    WEBHOOK_SECRET: app.webhookSecret,
    GITHUB_API_URL: url,
    ACCESS_FILE: "access.yml",
    AWS_ENDPOINT_URL: set.aws.url,
    AWS_REGION: SHOP_SCOPE.region,
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "a secret of the operator",
  };
}

/** As the set-up page writes it. */
function dotEnv(): string {
  return `PRIVATE_KEY="${set.github.app.privateKey.replaceAll("\n", "\\n")}"\n`;
}

describe("driftwright doctor", () => {
  test("without settings says what is missing, each with its meaning, and leaves nothing behind", async () => {
    const run = await set.place.run(["doctor"], { GITHUB_API_URL: set.github.url });
    expect(run.code).toBe(1);
    for (const name of ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET", "ACCESS_FILE"]) {
      expect(run.stdout).toMatch(new RegExp(`^. settings: ${name}.* is not set`, "m"));
    }
    expect(run.stdout).toContain("3 failed, 2 warnings,");
    const again = await set.place.run(["doctor"], { GITHUB_API_URL: set.github.url });
    expect(again.stdout).toBe(run.stdout);
  });

  test("reads .env as the server does, and prints a line for each check", async () => {
    set.place.put(".env", dotEnv());
    const run = await set.place.run(["doctor"], environment());
    expect(run.stdout).toMatch(/^✓ App: the private key is one of the App driftwright \(4711\)$/m);
    expect(run.stdout).toMatch(/^✓ cloud of acme\/shop shop-prod: aws account 123456789012 is read as /m);
    expect(run.stdout).toMatch(/^! webhook address: .*\n {2}→ /m);
    expect(run.stderr).toContain("acme/shop: reading the code");
    // A warning is no failure.
    expect(run.code).toBe(0);
  });

  test("prints one JSON document, and no secret anywhere", async () => {
    const { app } = set.github;
    const given = { ...environment(), PRIVATE_KEY: app.privateKey, DRIFTWRIGHT_KEY: "k".repeat(32) };
    const DATABASE_URL = "postgresql://driftwright:s3cr3t-word@127.0.0.1:1/driftwright";
    const run = await set.place.run(["doctor", "--json"], { ...given, DATABASE_URL });
    expect(run.code).toBe(1);
    const { schema, checks } = JSON.parse(run.stdout) as {
      schema: number;
      checks: Record<string, unknown>[];
    };
    expect(schema).toBe(1);
    for (const check of checks) {
      expect(Object.keys(check)).toEqual(["id", "subject", "status", "message", "next"]);
    }
    expect(checks.find(({ id }) => id === "database")).toMatchObject({ status: "failed" });
    const said = run.stdout + run.stderr;
    for (const secret of [app.webhookSecret, "s3cr3t-word", "a secret of the operator", "k".repeat(32)]) {
      expect(said).not.toContain(secret);
    }
    expect(said).not.toMatch(/PRIVATE KEY-----|ghs_|eyJ/);
  });

  test.each([
    [["--repository", "shop"], "Write it as owner/name."],
    [["--role", "boss"], "Allowed choices are all, web, worker."],
  ])("%j is refused", async (args, says) => {
    const run = await set.place.run(["doctor", ...args], {});
    expect([run.code, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toContain(says);
  });
});
