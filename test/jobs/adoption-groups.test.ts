import { describe, expect, it, vi } from "vitest";
import { parseMarker } from "../../src/reports/marker.ts";
import { objectsOf } from "../../src/store/objects.ts";
import { instanceOf, retag } from "../e2e/aws/changes.ts";
import { instanceIdOf } from "../e2e/shop.ts";
import { changeConfig, loseDatabase, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const RULES = `rules:
  - name: on purpose
    match: { attribute: [tags.Schedule, "metadata_options*", "root_block_device*"] }
    verdict: adopt
`;

async function begun(): Promise<Stage> {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("rules:\n", RULES));
  await stage.scan();
  return stage;
}

/** Somebody allows one more hop to the metadata of an instance. */
function allowHops({ model }: Stage, name: string, hops: number): void {
  instanceOf(model, instanceIdOf(model, name)).hopLimit = hops;
}

const SERVICES = ["shop-prod-api", "shop-prod-worker", "shop-staging-api", "shop-staging-worker"];

function growDisk({ model }: Stage, size: number): void {
  const [disk] = instanceOf(model, instanceIdOf(model, "shop-prod-api")).volumes;
  if (disk === undefined) throw new Error("the api has no disk");
  disk.size = size;
}

function schedule({ model }: Stage, value: string): void {
  retag(model, instanceIdOf(model, "shop-prod-api"), "Schedule", value);
}

/** What a pull request changes, by file: the lines that go and come. */
async function changesOf(stage: Stage, number: number): Promise<Record<string, string[]>> {
  const alice = stage.github.person("alice");
  const { head } = await alice.send("GET", `/repos/${FULL_NAME}/pulls/${number}`);
  const branch = encodeURIComponent(String((head as { ref?: string }).ref));
  const { files } = (await alice.send("GET", `/repos/${FULL_NAME}/compare/main...${branch}`)) as unknown as {
    files: { filename: string; patch: string }[];
  };
  return Object.fromEntries(
    files.map(({ filename, patch }) => [filename, patch.split("\n").filter((line) => /^[-+]/.test(line))]),
  );
}

async function rowsOf(stage: Stage, number: number): Promise<string[]> {
  const found = (await stage.issues()).find((one) => one.number === number);
  const rows = found?.body.split("\n").filter((line) => /^\|.*`/.test(line)) ?? [];
  return rows.map((row) => row.split(" | ").slice(0, 2).join(" "));
}

describe("drift of several stacks with one cause", () => {
  it("is one pull request with one line and a row for each, and another scan changes nothing", async () => {
    const stage = await begun();
    for (const name of SERVICES) allowHops(stage, name, 2);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect(await changesOf(stage, 1)).toEqual({
      "modules/service/main.tf": [
        "-    http_put_response_hop_limit = 1",
        "+    http_put_response_hop_limit = 2",
      ],
    });
    expect((await rowsOf(stage, 1)).map((row) => row.replace(/`/g, "")).sort()).toEqual(
      ["prod", "staging"].flatMap((name) =>
        ["api", "worker"].map((service) => `| shop-${name} module.service["${service}"].aws_instance.this`),
      ),
    );
    const before = stage.writes.length;
    await stage.scan();
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("is found again after the database was lost", async () => {
    const stage = await begun();
    for (const name of SERVICES) allowHops(stage, name, 2);
    await stage.scan();
    await loseDatabase(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
  });

  it("that a person refuses is not proposed for any of them again", async () => {
    const stage = await begun();
    for (const name of SERVICES) allowHops(stage, name, 2);
    await stage.scan();
    await stage.github.person("alice").closePullRequest(FULL_NAME, 1);
    await stage.scan();
    await stage.scan();
    expect(await states(stage)).toEqual([
      "pull 1 closed",
      ...[2, 3, 4, 5].map((number) => `issue ${number} open`),
    ]);
  });
});

describe("a pull request whose findings become more or fewer", () => {
  it("is updated, and keeps its number and branch, whichever finding it was opened for", async () => {
    const stage = await begun();
    growDisk(stage, 30);
    await stage.scan();
    schedule(stage, "nights");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect(await rowsOf(stage, 1)).toHaveLength(2);
    const both = await changesOf(stage, 1);
    expect(Object.values(both).flat()).toEqual(
      expect.arrayContaining([expect.stringMatching(/disk_size *= 30/), expect.stringContaining('"nights"')]),
    );

    growDisk(stage, 20);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect(Object.values(await changesOf(stage, 1)).flat()).toEqual([
      expect.stringMatching(/^\+ *schedule *= "nights"$/),
    ]);
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);

    const [pull] = await stage.issues();
    const marker = parseMarker(pull?.body ?? "");
    expect(marker?.fingerprints).toHaveLength(1);
    expect(marker?.name).not.toBe(marker?.fingerprints[0]);
    const objects = await objectsOf(stage.database.kysely, stage.job, { after: null, limit: 10 });
    expect(objects.map(({ key, number }) => [key, number])).toEqual([[`adoption:${marker?.name}`, 1]]);
    await loseDatabase(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    schedule(stage, "always");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
  });
});
