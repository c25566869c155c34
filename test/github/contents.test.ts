import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { describe, expect, test } from "vitest";
import { downloadTarball, readFileAt } from "../../src/github/contents.ts";
import { NotFound, TooLarge, Unavailable } from "../../src/github/errors.ts";
import { broken } from "../e2e/github/faults.ts";
import { MAIN_FILES, withGitHub } from "./fixture.ts";

const stage = withGitHub({}, 17);

interface Entry {
  readonly mode: number;
  readonly type: string;
  readonly linksTo: string | null;
  readonly bytes: Buffer;
}

async function unpack(tarball: AsyncIterable<Uint8Array>): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const tar = gunzipSync(await buffer(Readable.from(tarball)));
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    const bytes = await buffer(entry);
    const { name, mode = 0, type, linkname } = entry.header;
    if (type === "directory") continue;
    entries.set(name.replace(/^[^/]+\//, ""), { mode, type: type ?? "", linksTo: linkname ?? null, bytes });
  }
  return entries;
}

describe("a file at a commit", () => {
  test("is its text", async () => {
    const { github, repository } = stage;
    expect(await readFileAt(github, repository, await stage.head(), "modules/web/main.tf")).toBe(
      "variable x {}\n",
    );
  });

  test("of an older commit is as it was", async () => {
    const { github, repository, alice, fullName } = stage;
    const before = await stage.head();
    await alice.commit(fullName, { branch: "main", files: { "main.tf": "# new\n" } });
    expect(await readFileAt(github, repository, before, "main.tf")).toBe(MAIN_FILES["main.tf"]);
    expect(await readFileAt(github, repository, await stage.head(), "main.tf")).toBe("# new\n");
  });

  test.each(["missing.tf", "modules", "modules/none/main.tf"])("%s is none", async (path) => {
    expect(await readFileAt(stage.github, stage.repository, await stage.head(), path)).toBeNull();
  });

  test.each([
    ["with a byte order mark", "bom.tf", "\ufeffvariable x {}\r\n"],
    ["of JSON", "a.json", '{"a": 1}\n'],
    ["of nothing", "empty.tf", ""],
  ])("%s is as it is", async (_what, path, text) => {
    const { github, repository, alice, fullName } = stage;
    const files = { [path]: new TextEncoder().encode(text) };
    const sha = await alice.commit(fullName, { branch: "main", files });
    expect(await readFileAt(github, repository, sha, path)).toBe(text);
  });

  test("may not be too long", async () => {
    const reading = readFileAt(stage.github, stage.repository, await stage.head(), "main.tf", 10);
    await expect(reading).rejects.toThrow(TooLarge);
  });
});

describe("the tarball of a commit", () => {
  test("has every file with its mode, in one request", async () => {
    const { github, repository, hub } = stage;
    const head = await stage.head();
    const before = hub.requests.length;
    const files = await unpack(await downloadTarball(github, repository, head));
    const requests = hub.requests
      .slice(before)
      .map(({ method, path }) => `${method} ${path.split("/").at(-2)}`);
    expect(requests).toEqual(["POST 1001", "GET tarball"]);
    expect(Object.fromEntries([...files].map(([path, { bytes }]) => [path, bytes.toString()]))).toEqual(
      MAIN_FILES,
    );
    expect(files.get("bin/apply.sh")?.mode).toBe(0o775);
    expect(files.get("main.tf")?.mode).toBe(0o664);
  });

  test("has bytes of any kind, and symbolic links", async () => {
    const { github, repository, alice, fullName } = stage;
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const sha = await alice.commit(fullName, {
      branch: "main",
      files: { "plan.bin": bytes, link: "main.tf" },
      modes: { link: "120000" },
    });
    const files = await unpack(await downloadTarball(github, repository, sha));
    expect(files.get("plan.bin")?.bytes).toEqual(Buffer.from(bytes));
    expect(files.get("link")).toMatchObject({ type: "symlink", linksTo: "main.tf" });
  });

  test("stops at the limit", async () => {
    const tarball = await downloadTarball(stage.github, stage.repository, await stage.head(), {
      mostBytes: 100,
    });
    await expect(unpack(tarball)).rejects.toThrow(TooLarge);
  });

  test("of a commit that is not there is an error", async () => {
    await expect(downloadTarball(stage.github, stage.repository, "f".repeat(40))).rejects.toThrow(NotFound);
  });

  test("is not waited for by a caller that gave up", async () => {
    const { github, repository, clock } = stage;
    const signal = AbortSignal.abort();
    const asking = downloadTarball(github, repository, await stage.head(), { signal });
    await expect(asking).rejects.toMatchObject({ name: "AbortError" });
    expect(clock.waits).toEqual([]);
  });

  test("is asked for again when GitHub fails, and given up in the end", async () => {
    const { github, repository, hub, clock } = stage;
    const head = await stage.head();
    hub.misbehave({ method: "GET", path: /tarball/, times: 2, fault: broken() });
    expect((await unpack(await downloadTarball(github, repository, head))).size).toBe(3);
    hub.misbehave({ method: "GET", path: /tarball/, times: 3, fault: broken(503) });
    await expect(downloadTarball(github, repository, head)).rejects.toThrow(Unavailable);
    expect(clock.waits).toEqual([1000, 3000, 1000, 3000]);
  });
});
