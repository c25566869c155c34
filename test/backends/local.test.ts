import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localState, snapshotState } from "../../src/backends/local.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { StateError } from "../../src/terraform/state/state-error.ts";

const STATE = '{"version": 4, "serial": 1}\n';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "driftwright-"));
  file = join(folder, "terraform.tfstate");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a state on disk", () => {
  test("is read with the time it was written at", async () => {
    writeFileSync(file, STATE);
    utimesSync(file, new Date("2026-01-02T03:04:05Z"), new Date("2026-01-02T03:04:05Z"));
    expect(localState(file).describe).toBe(file);
    expect(await localState(file).read()).toEqual({
      text: STATE,
      writtenAt: "2026-01-02T03:04:05.000Z",
      locked: false,
    });
  });

  test("is read again at every call", async () => {
    const source = localState(file);
    writeFileSync(file, STATE);
    await source.read();
    writeFileSync(file, "other");
    expect((await source.read()).text).toBe("other");
  });

  test("says when Terraform holds its lock", async () => {
    writeFileSync(file, STATE);
    writeFileSync(join(folder, ".terraform.tfstate.lock.info"), "{}");
    expect((await localState(file).read()).locked).toBe(true);
  });

  test("may be anywhere, behind a link too", async () => {
    writeFileSync(file, STATE);
    symlinkSync(file, join(folder, "link"));
    expect((await localState(join(folder, "link")).read()).text).toBe(STATE);
  });

  test("may be in UTF-16, as PowerShell writes it, or have a byte order mark", async () => {
    writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(STATE, "utf16le")]));
    expect((await localState(file).read()).text).toBe(STATE);
    writeFileSync(file, `\ufeff${STATE}`);
    expect((await localState(file).read()).text).toBe(STATE);
  });
});

describe("refused, with the file, the reason and what to do", () => {
  test.each<[string, () => void, RegExp]>([
    ["no such file", () => {}, /there is no such file.*terraform state pull/],
    [
      "a folder on the way is a file",
      () => {
        writeFileSync(join(folder, "x"), "");
        file = join(folder, "x", "terraform.tfstate");
      },
      /there is no such file/,
    ],
    [
      "a directory",
      () => mkdirSync(file),
      /this is a directory.*Give the file itself, such as .*terraform\.tfstate/,
    ],
    ["a link that leads nowhere", () => symlinkSync("nowhere", file), /there is no such file/],
    [
      "links in a circle",
      () => symlinkSync("terraform.tfstate", file),
      /cannot be read: it is a link that leads back to itself/,
    ],
    ["a pipe", () => execFileSync("mkfifo", [file]), /this is no regular file/],
    ["bytes that are no text", () => writeFileSync(file, Buffer.from([0x80, 0x81])), /not text in UTF-8/],
    [
      "a saved plan",
      () => writeFileSync(file, Buffer.from([0x50, 0x4b, 0x03, 0x04, 0xff])),
      /this is a saved plan.*terraform show -json/,
    ],
    [
      "too large",
      () => writeFileSync(file, "x".repeat(101)),
      /has 101 bytes, more than the 100 that are read/,
    ],
  ])("%s", async (_name, prepare, message) => {
    prepare();
    const error = await refusal(() => localState(file, 100).read());
    expect(error.file).toBe(file);
    expect(error.message).toMatch(message);
  });

  test.skipIf(process.getuid?.() === 0)("no permission", async () => {
    writeFileSync(file, STATE);
    chmodSync(file, 0);
    const error = await refusal(() => localState(file).read());
    expect(error.message).toMatch(/there is no permission to read the file.*change its permissions/);
  });
});

describe("a state in the repository", () => {
  const snapshot = memorySnapshot({
    "a/terraform.tfstate": STATE,
    "b/terraform.tfstate": STATE,
    "b/.terraform.tfstate.lock.info": "{}",
    "c/terraform.tfstate": new Uint8Array([0x80]),
  });

  test("is read through the snapshot", async () => {
    expect(await snapshotState(snapshot, "a/terraform.tfstate").read()).toEqual({
      text: STATE,
      writtenAt: null,
      locked: false,
    });
    expect((await snapshotState(snapshot, "b/terraform.tfstate").read()).locked).toBe(true);
  });

  test.each([
    ["d/terraform.tfstate", /the repository has no such file.*--state/],
    ["../terraform.tfstate", /the repository has no such file/],
    ["c/terraform.tfstate", /not text in UTF-8/],
  ])("%s is refused", async (path, message) => {
    const error = await refusal(() => snapshotState(snapshot, path).read());
    expect(error.file).toBe(path);
    expect(error.message).toMatch(message);
  });
});

async function refusal(read: () => Promise<unknown>): Promise<StateError> {
  const error = await read().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StateError)) throw new Error("a StateError was expected");
  return error;
}
