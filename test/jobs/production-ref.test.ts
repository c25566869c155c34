import { describe, expect, it, vi } from "vitest";
import { lastKnownScan } from "../../src/store/scans.ts";
import { shopFiles } from "../e2e/shop.ts";
import { changeConfig, commit, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const PROD = "environments/prod.tfvars";

/** Alice puts something on the branch that production runs from, which begins where main is. */
function release(stage: Stage, files: Readonly<Record<string, string>>): Promise<string> {
  return stage.github.person("alice").commit(FULL_NAME, { branch: "release", files });
}

/** The shop after its first scan; production runs from the branch `release`, which is as main was. */
async function released(ref = "release"): Promise<Stage> {
  const { stage } = set;
  await release(stage, { RELEASE: "1\n" });
  await changeConfig(stage, (text) =>
    text.replace("environment: production", `environment: production\n    ref: ${ref}`),
  );
  await stage.scan();
  return stage;
}

async function stacks(stage: Stage) {
  const scan = await lastKnownScan(stage.database.kysely, stage.repositoryId);
  return (scan?.stacks ?? [])
    .map(({ name, ref, status }) => `${name} ${ref} ${status}`)
    .toSorted((a, b) => a.localeCompare(b));
}

async function withProd(change: (text: string) => string): Promise<Record<string, string>> {
  return { [PROD]: change((await shopFiles())[PROD] ?? "") };
}

describe("a stack that runs from another branch", () => {
  it("is compared with the code there, the others with that of the default branch", async () => {
    const stage = await released();
    // Merged, and not released: production is as its own code says.
    await commit(stage, await withProd((text) => text.replace('"medium"', '"large"')));
    await stage.scan();
    expect(await stacks(stage)).toEqual(["shop-prod release complete", "shop-staging main complete"]);
    expect(await states(stage)).toEqual([]);
  });

  it("is adopted on the default branch, where the file is the same", async () => {
    const stage = await released();
    await commit(stage, { "README.md": "Something else.\n" });
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    const [pull] = await stage.issues();
    expect(pull?.body).toContain("Its stack runs from release, so it is compared with the code there.");
    const { base } = await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/pulls/1`);
    expect(base).toMatchObject({ ref: "main" });
  });

  it("has an issue that says so, where the file is another one there", async () => {
    const stage = await released();
    await commit(stage, await withProd((text) => text.replace("Orders", "Orders, bills")));
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    const [issue] = await stage.issues();
    expect(issue?.body).toContain(`Production runs from release, where ${PROD} is not as on main`);
  });

  it("waits, once the edit is merged, until it is released", async () => {
    const stage = await released();
    resize(stage);
    await stage.scan();
    await stage.github.person("alice").merge(FULL_NAME, 1, stage.now());
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    expect(await stage.comments(1)).toEqual([]);
    const { content } = await stage.github
      .person("alice")
      .send("GET", `/repos/${FULL_NAME}/contents/${encodeURIComponent(PROD)}?ref=main`);
    await release(stage, { [PROD]: Buffer.from(String(content), "base64").toString() });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    expect(await stage.comments(1)).toHaveLength(1);
  });

  it("costs no archive of its own where nothing runs from elsewhere", async () => {
    const { stage } = set;
    await stage.scan();
    const archives = stage.github.requests.filter(({ path }) => /\/tarball\//.test(path));
    expect(archives).toHaveLength(1);
  });

  it("is failed where there is no such branch, and hides no other", async () => {
    const stage = await released("relaese");
    resize(stage);
    await stage.scan();
    expect(await stacks(stage)).toEqual(["shop-prod relaese failed", "shop-staging main complete"]);
    expect(stage.logged).toContainEqual(
      expect.objectContaining({
        stack: "shop-prod",
        reasons: [
          "the repository has no branch, tag or commit relaese; correct ref under stacks in .github/driftwright.yml",
        ],
      }),
    );
  });
});
