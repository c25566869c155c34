import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tryAddress } from "../../src/web/listening.ts";

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
