import { describe, expect, it, vi } from "vitest";
import { openFindings, type StoredFinding } from "../../src/store/findings.ts";
import { everyPage } from "../../src/store/page.ts";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { broken } from "../e2e/github/faults.ts";
import { instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const TARBALL = /\/tarball\//;

/** Somebody merges a change of one file. */
async function merge(stage: Stage, path: string, change: (text: string) => string): Promise<void> {
  const before = (await shopFiles())[path] ?? "";
  expect(change(before)).not.toBe(before);
  const files = { [path]: change(before) };
  await stage.github.person("alice").commit(FULL_NAME, { branch: "main", files });
}

/** Somebody resizes the api, and a refresh takes that into the state. */
async function absorb(stage: Stage): Promise<void> {
  resizeInstance(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "m6i.large");
  await merge(stage, "prod.tfstate", (text) =>
    text.replace('"instance_type": "t3.medium"', '"instance_type": "m6i.large"'),
  );
}

async function found(stage: Stage): Promise<string[]> {
  const all: StoredFinding[] = [];
  const pages = everyPage<StoredFinding, string>(
    (page) => openFindings(stage.database.kysely, stage.repositoryId, page),
    ({ finding }) => finding.fingerprint,
  );
  for await (const rows of pages) all.push(...rows);
  return all.map(
    ({ finding }) => `${finding.kind} ${String(finding.changes[0]?.path[0])}: ${finding.notes.at(-1)}`,
  );
}

const downloads = (stage: Stage) => stage.github.requests.filter(({ path }) => TARBALL.test(path)).length;

describe("what the state and the cloud have, and the code has not", () => {
  it("is drift where the code is as it was when all agreed", async () => {
    const { stage } = set;
    await stage.scan();
    await absorb(stage);
    await stage.scan();
    expect(await found(stage)).toEqual([
      "absorbed instance_type: The code is older than the state: a refresh or an apply took the outside change in.",
    ]);
    expect(await stage.issues()).toMatchObject([{ isPull: true, state: "open" }]);
  });

  it("stays drift, whatever is merged elsewhere", async () => {
    const { stage } = set;
    await stage.scan();
    await absorb(stage);
    await stage.scan();
    await merge(stage, "README.md", (text) => `${text}\nMore.\n`);
    await stage.scan();
    expect((await found(stage)).map((line) => line.split(" ")[0])).toEqual(["absorbed"]);
    expect((await stage.issues()).map(({ state }) => state)).toEqual(["open"]);
  });

  it("waits for its apply where the code changed since", async () => {
    const { stage } = set;
    await stage.scan();
    await merge(stage, "environments/prod.tfvars", (text) => text.replace('"medium"', '"large"'));
    await stage.scan();
    expect(await found(stage)).toEqual([
      "unapplied instance_type: The code changed after the last scan in which all agreed: merged, not yet applied.",
    ]);
    expect(await stage.issues()).toEqual([]);
  });

  it("waits for its apply too where only a line was taken away", async () => {
    const { stage } = set;
    await stage.scan();
    await merge(stage, "environments/prod.tfvars", (text) => text.replace(/ *disk_size += 50\n/, ""));
    await stage.scan();
    expect(await found(stage)).toEqual([
      expect.stringMatching(/^unapplied root_block_device: .*not yet applied\.$/),
    ]);
  });

  it("is uncertain where no scan saw an agreement", async () => {
    const { stage } = set;
    await absorb(stage);
    await stage.scan();
    expect(await found(stage)).toEqual([expect.stringMatching(/^unapplied instance_type: Uncertain/)]);
  });

  it("is scanned again where GitHub could not say what the code was", async () => {
    const { stage } = set;
    await stage.scan();
    await absorb(stage);
    const before = downloads(stage);
    stage.github.misbehave({ method: "GET", path: TARBALL, after: 1, times: 9, fault: broken(502) });
    await expect(stage.scan()).rejects.toThrow(/502/);
    expect(downloads(stage)).toBeGreaterThan(before + 1);
    expect(await found(stage)).toEqual([]);
    stage.github.behave();
    await stage.scan();
    expect((await found(stage)).map((line) => line.split(" ")[0])).toEqual(["absorbed"]);
  });

  it("costs nothing more where there is none of it", async () => {
    const { stage } = set;
    await stage.scan();
    const before = downloads(stage);
    resizeInstance(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "m6i.large");
    await stage.scan();
    expect(downloads(stage)).toBe(before + 1);
  });
});
