import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { EnvironmentError } from "../../src/config/environment-error.ts";
import { tryAddress } from "../../src/web/listening.ts";
import { startWeb, type Web } from "../../src/web/server.ts";
import { WEBHOOK_PATH } from "../../src/web/webhooks.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const sign = (body: string) => `sha256=${createHmac("sha256", "secret").update(body).digest("hex")}`;

let web: Web | null = null;
afterEach(async () => {
  await web?.stop(0);
  web = null;
});

async function serve(options: Partial<Parameters<typeof startWeb>[0]> = {}): Promise<string> {
  web = await startWeb({
    host: "127.0.0.1",
    port: 0,
    webhooks: null,
    checkDatabase: async () => {},
    requestCounts: () => [],
    isWell: () => true,
    log,
    ...options,
  });
  return web.url;
}

function receiver(received: unknown[], wait: Promise<void> = Promise.resolve()) {
  return {
    problem: (event: string, body: string) => (body === "null" ? `${event} has no body` : null),
    verify: async (body: string, signature: string) => {
      if (!signature.startsWith("sha256=")) throw new Error("no signature");
      return signature === sign(body);
    },
    receive: async (
      request: { body?: unknown },
      response: { writeHead(status: number): { end(): unknown } },
    ) => {
      received.push(request.body);
      await wait;
      response.writeHead(200).end();
    },
  };
}

async function post(url: string, body: string, signature?: string): Promise<number> {
  const headers = signature === undefined ? {} : { "x-hub-signature-256": signature };
  return (await fetch(`${url}${WEBHOOK_PATH}`, { method: "POST", body, headers })).status;
}

describe("webhooks", () => {
  it.each([
    ["the right signature", sign("{}"), 200, ["{}"]],
    ["another body's signature", sign("{ }"), 401, []],
    ["no signature", undefined, 401, []],
    ["the right signature and a body that is none", sign("null"), 400, []],
    ["no signature at all in its place", "sha1=0", 401, []],
  ] as const)("with %s", async (_what, signature, status, expected) => {
    const received: unknown[] = [];
    const url = await serve({ webhooks: receiver(received) });
    const body = status === 400 ? "null" : "{}";
    expect(await post(url, body, signature)).toBe(status);
    expect(received).toEqual(expected);
  });

  it("larger than GitHub's are not read to the end", async () => {
    const received: unknown[] = [];
    const url = await serve({ webhooks: receiver(received) });
    const status = await post(url, "x".repeat(26 * 1024 * 1024), "sha256=0").catch(() => 413);
    expect(status).toBe(413);
    expect(received).toEqual([]);
  });

  it("are not served by a worker", async () => {
    expect(await post(await serve(), "{}", sign("{}"))).toBe(404);
  });

  it("whose handling fails are answered without a word of why", async () => {
    const broken = {
      ...receiver([]),
      receive: async () => {
        throw new Error("secret");
      },
    };
    const url = await serve({ webhooks: broken });
    const headers = { "x-hub-signature-256": sign("{}") };
    const answer = await fetch(`${url}${WEBHOOK_PATH}`, { method: "POST", body: "{}", headers });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe("");
  });
});

describe("health and readiness", () => {
  it.each([
    ["alive", "/healthz", async () => {}, 200],
    ["ready", "/readyz", async () => {}, 200],
    ["alive without a database", "/healthz", () => Promise.reject(new Error("gone")), 200],
    ["not ready without a database", "/readyz", () => Promise.reject(new Error("gone")), 503],
    ["not ready while the database does not answer", "/readyz", () => new Promise(() => {}), 503],
  ] as [string, string, () => Promise<unknown>, number][])(
    "%s",
    async (_what, path, checkDatabase, status) => {
      const url = await serve({ checkDatabase });
      expect((await fetch(`${url}${path}?probe=1`)).status).toBe(status);
    },
  );
});

it("is not healthy when the database has been away for long", async () => {
  const url = await serve({ isWell: () => false });
  expect((await fetch(`${url}/healthz`)).status).toBe(503);
});

describe("stopping", () => {
  it("lets what runs end, and takes nothing new on a connection that is open", async () => {
    const received: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const url = await serve({ webhooks: receiver(received, promise) });
    const running = post(url, "{}", sign("{}"));
    while (received.length === 0) await new Promise((turn) => setTimeout(turn, 5));
    const stopped = web?.stop(5);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    resolve();
    expect(await running).toBe(200);
    await stopped;
  });

  it("ends what takes longer than it may", async () => {
    const received: unknown[] = [];
    const url = await serve({ webhooks: receiver(received, new Promise(() => {})) });
    const running = post(url, "{}", sign("{}")).catch(() => "cut");
    while (received.length === 0) await new Promise((turn) => setTimeout(turn, 5));
    await web?.stop(0.05);
    expect(await running).toBe("cut");
  });

  it("does not wait for connections on which nothing is asked", async () => {
    const url = new URL(await serve());
    const idle = connect(Number(url.port), url.hostname);
    await new Promise((done) => idle.once("connect", done));
    await web?.stop(0.05);
    idle.destroy();
  });
});

describe("metrics", () => {
  it("tell how many requests to GitHub a scan sent", async () => {
    const atMost = new Map([
      [0, 1],
      [1, 3],
    ]);
    const url = await serve({ requestCounts: () => [{ queue: "scan", jobs: 4, requests: 9, atMost }] });
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get("content-type")).toContain("version=0.0.4");
    expect((await answer.text()).split("\n")).toEqual([
      expect.stringMatching(/^# HELP driftwright_job_github_requests ./),
      "# TYPE driftwright_job_github_requests histogram",
      'driftwright_job_github_requests_bucket{queue="scan",le="0"} 1',
      'driftwright_job_github_requests_bucket{queue="scan",le="1"} 3',
      'driftwright_job_github_requests_bucket{queue="scan",le="+Inf"} 4',
      'driftwright_job_github_requests_sum{queue="scan"} 9',
      'driftwright_job_github_requests_count{queue="scan"} 4',
      "",
    ]);
  });
});

describe("an address that cannot be listened on", () => {
  it("names PORT where it is in use, and what to do", async () => {
    const port = Number(new URL(await serve()).port);
    await expect(tryAddress("127.0.0.1", port)).rejects.toThrow(
      `PORT: 127.0.0.1:${port} is in use; set another one`,
    );
    const second = startWeb({
      host: "127.0.0.1",
      port,
      webhooks: null,
      checkDatabase: async () => {},
      requestCounts: () => [],
      isWell: () => true,
      log,
    });
    await expect(second).rejects.toThrow(EnvironmentError);
  });

  it.each(["192.0.2.1", "driftwright.invalid", "[::1]"])(
    "names HOST where it is none of this machine: %s",
    async (host) => {
      const failed = tryAddress(host, 0);
      await expect(failed).rejects.toThrow(EnvironmentError);
      await expect(failed).rejects.toThrow(`HOST: ${host} is no address of this machine; set one that is`);
    },
  );

  it("is free again after it was tried", async () => {
    const port = await tryAddress("127.0.0.1", 0);
    expect(await tryAddress("127.0.0.1", port)).toBe(port);
  });
});
