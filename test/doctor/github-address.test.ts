import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { reviewEnvironment } from "../../src/config/environment.ts";
import { checkAddress } from "../../src/doctor/github-address.ts";
import { checkWebhook } from "../../src/doctor/webhook.ts";

const NOW = new Date("2030-01-01T00:00:00Z");
const LIMITS = { answer: 1_000, reading: 1_000, watching: 100 };
const GITHUB = { "x-github-request-id": "1:2:3", date: NOW.toUTCString() };
const SERVER = { ...GITHUB, "x-github-enterprise-version": "enterprise-server@3.15.2" };

function environmentOf(variables: Record<string, string>) {
  return reviewEnvironment(variables, [], () => "").environment;
}

function addressChecks(variables: Record<string, string>, answer: () => Promise<Response>, now = NOW) {
  const asked: string[] = [];
  const fetch = async (input: unknown) => {
    asked.push(String(input));
    return answer();
  };
  const ports = {
    environment: environmentOf(variables),
    github: null,
    clouds: { inventories: async () => [], stateOf: () => null },
    fetch,
    now: () => now,
    limits: LIMITS,
    progress: () => {},
  };
  return { asked, checking: checkAddress(ports) };
}

function failing(code: string): () => Promise<Response> {
  return async () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code }) });
  };
}

test.each<[string, Record<string, string>, string]>([
  ["github.com", {}, "https://api.github.com/meta"],
  ["a server", { GHE_HOST: "github.example.com" }, "https://github.example.com/api/v3/meta"],
  ["data residency", { GHE_HOST: "example.ghe.com" }, "https://api.example.ghe.com/meta"],
])("%s is asked at its address", async (_what, variables, address) => {
  const { asked, checking } = addressChecks(variables, async () => new Response("{}", { headers: GITHUB }));
  expect((await checking).answers).toBe(true);
  expect(asked).toEqual([address]);
});

test("a server in private mode refuses, and is one all the same", async () => {
  const refuses = async () => new Response("{}", { status: 401, headers: SERVER });
  const { checks, answers } = await addressChecks({ GHE_HOST: "github.example.com" }, refuses).checking;
  expect(answers).toBe(true);
  expect(checks).toMatchObject([
    {
      status: "ok",
      message:
        "GitHub Enterprise Server (enterprise-server@3.15.2) answers at https://github.example.com/api/v3",
    },
  ]);
});

test.each<[string, () => Promise<Response>, RegExp, RegExp]>([
  ["a page", async () => new Response("<html>"), /is not GitHub's API \(200\)/, /GHE_HOST/],
  ["a redirect", async () => Response.redirect("https://x.example/", 302), /\(302\)/, /GHE_HOST/],
  [
    "no such name",
    failing("ENOTFOUND"),
    /no answer .*\(ENOTFOUND\)/,
    /github\.example\.com \(DNS\).*GHE_HOST/,
  ],
  ["nobody", failing("ECONNREFUSED"), /\(ECONNREFUSED\)/, /firewall.*proxy.*GHE_HOST/],
  ["a certificate of its own", failing("DEPTH_ZERO_SELF_SIGNED_CERT"), /SELF_SIGNED/, /NODE_EXTRA_CA_CERTS/],
])("where there is %s, it says what to do", async (_what, answer, message, next) => {
  const { checks, answers } = await addressChecks({ GHE_HOST: "github.example.com" }, answer).checking;
  expect(answers).toBe(false);
  expect(checks).toMatchObject([
    { status: "failed", message: expect.stringMatching(message), next: expect.stringMatching(next) },
  ]);
});

test("where api.github.com cannot be reached, it names DNS, proxy and egress, and the place in the docs", async () => {
  const docs = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  for (const code of ["ENOTFOUND", "ETIMEDOUT", "ECONNRESET"]) {
    const { checks } = await addressChecks({}, failing(code)).checking;
    const next = checks[0]?.next ?? "";
    expect(next).toMatch(/api\.github\.com.*HTTPS_PROXY.*GHE_HOST/);
    const [, section] = /docs\/operations\.md, (.+)$/.exec(next) ?? [];
    expect(docs).toContain(`\n### ${section}\n`);
  }
});

test("an error whose code says nothing is told by its message", async () => {
  const refuses = async () => {
    throw new TypeError("fetch failed", {
      cause: Object.assign(new Error("Request was cancelled."), { code: 0 }),
    });
  };
  const { checks } = await addressChecks({}, refuses).checking;
  expect(checks[0]?.message).toBe("there is no answer from https://api.github.com (Request was cancelled.)");
});

test.each([
  [30_000, []],
  [-90_000, ["warning"]],
  [300_000, ["failed"]],
])("a clock that is %i milliseconds ahead", async (ahead, statuses) => {
  const answers = async () => new Response("{}", { headers: GITHUB });
  const { checks } = await addressChecks({}, answers, new Date(NOW.getTime() + ahead)).checking;
  expect(checks.filter(({ id }) => id === "clock").map(({ status }) => status)).toEqual(statuses);
});

test.each<[string, Record<string, string>, string, string[]]>([
  ["inside", {}, "https://127.0.0.1/api/github/webhooks", ["failed"]],
  ["inside, and not encrypted", {}, "http://10.1.2.3:3000/api/github/webhooks", ["failed", "failed"]],
  ["of a name inside", {}, "https://driftwright.internal/api/github/webhooks", ["failed"]],
  ["outside", {}, "https://driftwright.example.com/api/github/webhooks", ["ok"]],
  ["inside, of a server", { GHE_HOST: "github.example.com" }, "http://10.1.2.3/api/github/webhooks", ["ok"]],
])("a webhook address %s", async (_what, variables, url, statuses) => {
  const app = {
    rest: {
      apps: { getWebhookConfigForApp: async () => ({ data: { url, content_type: "json", secret: "*" } }) },
    },
    request: async () => {
      throw new Error("not asked here");
    },
  };
  const environment = environmentOf(variables);
  const fetch = async () => new Response("", { status: 401 });
  const checks = await checkWebhook({ app } as never, { environment, fetch, limits: LIMITS });
  expect(checks.filter(({ id }) => id === "webhook-address").map(({ status }) => status)).toEqual(statuses);
});
