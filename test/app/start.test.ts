import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listen, tryAddress } from "../../src/web/listening.ts";
import { startGitHub } from "../e2e/github/server.ts";

vi.setConfig({ testTimeout: 120_000 });

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BIN = join(ROOT, "bin/driftwright-server.js");
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const APP = {
  APP_ID: "1",
  PRIVATE_KEY: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  WEBHOOK_SECRET: "a secret of the webhooks",
  GITHUB_API_URL: "http://127.0.0.1:1",
  PORT: "0",
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftwright-start-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  const { PATH, HOME } = process.env;
  return spawn(command, args, { cwd: folder, env: { PATH, HOME, ...environment }, stdio: "pipe" });
}

/** Runs the service until it ends. */
async function outcome(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const child = start(process.execPath, [BIN, ...args], environment);
  const code = new Promise((resolve) => child.once("close", resolve));
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("there is no output");
  const [out, error] = await Promise.all([text(stdout), text(stderr)]);
  return { code: await code, out, error };
}

describe("what keeps it from starting is one sentence", () => {
  it.each<[string, NodeJS.ProcessEnv, string]>([
    [
      "nobody at DATABASE_URL",
      { DATABASE_URL: "postgresql://drift:s3cr3t-word@127.0.0.1:1/drift" },
      "DATABASE_URL: nothing listens on 127.0.0.1:1: start PostgreSQL there, or correct the address",
    ],
    [
      "a file for DATA_DIR",
      { DATA_DIR: "taken" },
      "DATA_DIR: taken is no folder: name another one, or move away what is there",
    ],
    [
      "a HOST that is another machine's",
      { HOST: "192.0.2.1" },
      "HOST: 192.0.2.1 is no address of this machine; set one that is, or 0.0.0.0 for all",
    ],
    [
      "a PORT that is none",
      { PORT: "http" },
      "PORT cannot be used: set a number from 0 (any free port) to 65535",
    ],
  ])("%s", async (_what, environment, sentence) => {
    await writeFile(join(folder, "taken"), "");
    const { code, out, error } = await outcome([], { ...APP, ...environment });
    expect({ code, out, error }).toEqual({ code: 1, out: "", error: `driftwright: ${sentence}\n` });
  });

  it("a PORT that is taken, for the page that sets up an App too", async () => {
    const port = String(await tryAddress("127.0.0.1", 0));
    const first = start(process.execPath, [BIN], { PORT: port });
    await said(first, "no App is set up yet");
    const { code, out, error } = await outcome([], { PORT: port });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error).toBe(
      `driftwright: PORT: 127.0.0.1:${port} is in use; set another one, or stop what listens there\n`,
    );
    first.kill();
  });
});

describe("GitHub is asked at the start whether it knows the App by its key", () => {
  const KEY_NEXT =
    "correct APP_ID, or generate a new private key on that App's settings page and set PRIVATE_KEY or PRIVATE_KEY_PATH; see that this machine's clock is right";

  it("the key of another App: it ends, says what to do, and does no work", async () => {
    const github = await startGitHub({ repositories: [{ name: "shop", files: {} }] });
    const { id } = github.app;
    const { code, out, error } = await outcome([], {
      ...APP,
      APP_ID: String(id),
      GITHUB_API_URL: github.url,
    }).finally(() => github.close());
    const what = `PRIVATE_KEY: GitHub does not take the private key for one of the App ${id} (401)`;
    expect({ code, error }).toEqual({ code: 1, error: `driftwright: ${what}: ${KEY_NEXT}\n` });
    expect(out).not.toContain("is running");
  });

  it("a number that no App has", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"message":"Integration not found","documentation_url":"https://docs.github.com/rest"}');
    });
    const port = await listen(server, "127.0.0.1", 0);
    const { code, out, error } = await outcome([], {
      ...APP,
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
    }).finally(() => server.close());
    expect(code).toBe(1);
    expect(error).toBe(
      "driftwright: APP_ID: this GitHub has no App 1: correct APP_ID: the number is at the top of the App's settings page, and belongs to the GitHub that GHE_HOST names\n",
    );
    expect(out).not.toContain("is running");
  });

  it("a page of something else: it starts, and says which variable to look at", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(404, { "content-type": "text/html", "x-github-request-id": "1:2" });
      response.end("<html><title>Page not found</title></html>");
    });
    const port = await listen(server, "127.0.0.1", 0);
    const child = start(process.execPath, [BIN], { ...APP, GITHUB_API_URL: `http://127.0.0.1:${port}` });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const [warning] = await Promise.all([
      said(child, "GitHub did not say whether it knows the App by this key"),
      said(child, "Driftwright is running"),
    ]);
    server.close();
    const { level, reason } = JSON.parse(warning) as { level: number; reason: string };
    expect(level).toBe(40);
    expect(reason).toMatch(/^what answers 404 to GET \/app is not GitHub's API; .*GITHUB_API_URL/);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("no answer: it starts, and says so", async () => {
    const child = start(process.execPath, [BIN], APP);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const [warning, running] = await Promise.all([
      said(child, "GitHub did not say whether it knows the App by this key"),
      said(child, "Driftwright is running"),
    ]);
    expect(JSON.parse(warning)).toMatchObject({ level: 40, reason: expect.stringContaining("GET /app") });
    const { url } = JSON.parse(running) as { url: string };
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});

it("--help says all, and nothing is started", async () => {
  const { code, out, error } = await outcome(["--help"], {});
  expect({ code, error }).toEqual({ code: 0, error: "" });
  expect(out).toMatch(/^Usage: npm start -- \[options\]\n/);
});

it("npm hands on the signal to stop, and without an App the process is alive and not ready", async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  const own = { private: true, scripts: { start: scripts.start.replace("bin/", join(ROOT, "bin/")) } };
  await writeFile(join(folder, "package.json"), JSON.stringify(own));
  const npm = start("npm", ["start"], { PORT: "0" });
  const ended = new Promise((resolve) => npm.once("exit", resolve));
  const line = await said(npm, "no App is set up yet");
  const { origin } = new URL(String((JSON.parse(line) as { url: string }).url));
  const statusOf = async (path: string) => (await fetch(`${origin}${path}`)).status;
  expect([await statusOf("/healthz"), await statusOf("/readyz"), await statusOf("/")]).toEqual([
    200, 503, 403,
  ]);
  npm.kill("SIGTERM");
  expect(await ended).toBe(0);
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
});

/** Waits for the line of the log that has a text. */
function said(child: ChildProcess, part: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (data) => {
      output += String(data);
      const line = output.split("\n").find((each) => each.includes(part) && each.endsWith("}"));
      if (line !== undefined) resolve(line);
    });
    child.once("exit", () => reject(new Error(`it ended:\n${output}`)));
  });
}
