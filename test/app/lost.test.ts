import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startProcess } from "../e2e/service/process.ts";

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftwright-lost-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("the process ends, with a reason, when another one has taken its database over", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const service = await startProcess({
    folder,
    environment: {
      APP_ID: "1",
      PRIVATE_KEY: String(privateKey.export({ type: "pkcs8", format: "pem" })),
      WEBHOOK_SECRET: "a secret of the webhooks",
      GITHUB_API_URL: "http://127.0.0.1:1",
      DATA_DIR: join(folder, "data"),
      PORT: "0",
    },
  });
  const lock = join(folder, "data", "lock");
  const holder = JSON.parse(await readFile(lock, "utf8")) as object;
  await writeFile(lock, JSON.stringify({ ...holder, token: "of another process" }));
  expect(await service.ended).toBe(1);
  expect(service.output.join("\n")).toContain("another process has taken over the embedded database");
  // The other one's.
  expect(await readFile(lock, "utf8")).toContain("of another process");
});
