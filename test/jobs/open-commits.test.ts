import { expect, it, vi } from "vitest";
import { annotateJob } from "../../src/jobs/annotate-job.ts";
import { ByteBudget } from "../../src/jobs/byte-budget.ts";
import { scanJob } from "../../src/jobs/scan-job.ts";
import { letEverybodyIn, scanOnly } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const downloads = (stage: Stage) =>
  stage.github.requests.filter(({ path }) => path.includes("/tarball/")).length;

const attempt = <Data>(data: Data) => {
  const { signal } = new AbortController();
  return { id: "1", data, signal, attempt: 1, isLastAttempt: false };
};

/** With a pull request of alice's that is to be checked. */
async function proposed(stage: Stage) {
  const alice = stage.github.person("alice");
  const headSha = await alice.commit(FULL_NAME, { branch: "change", files: { "NOTES.md": "x" } });
  const pullRequest = await alice.openPullRequest(FULL_NAME, "change");
  letEverybodyIn(stage);
  await scanOnly(stage);
  return { ...stage.job, headSha, pullRequest };
}

it("a scan and a check wait for room before they fetch anything, and give all of it back", async () => {
  const { stage } = set;
  const check = await proposed(stage);
  const before = downloads(stage);
  const budget = new ByteBudget(1_000);
  const held = await budget.take(1, new AbortController().signal);
  const scanning = scanJob(stage.ports, budget)(attempt({ ...stage.job, trigger: "person" as const }));
  const checking = annotateJob(stage.ports, budget)(attempt(check));
  await expect
    .poll(() =>
      stage.github.requests.some(({ method, path }) => method === "POST" && /check-runs$/.test(path)),
    )
    .toBe(true);
  expect(downloads(stage)).toBe(before);
  held.release();
  await Promise.all([scanning, checking]);
  // The default branch for the scan; it and the head of the pull request for the check.
  expect(downloads(stage)).toBe(before + 3);
  const all = await budget.take(1_000, AbortSignal.timeout(1_000));
  all.release();
});

it("a scan that fails gives its room back too", async () => {
  const { stage } = set;
  const budget = new ByteBudget(1_000);
  const { inventories } = stage.ports.clouds;
  const clouds = {
    ...stage.ports.clouds,
    inventories: async (...args: Parameters<typeof inventories>) => {
      await inventories(...args);
      throw new Error("no cloud");
    },
  };
  const scan = scanJob({ ...stage.ports, clouds }, budget);
  await expect(scan(attempt({ ...stage.job, trigger: "person" as const }))).rejects.toThrow("no cloud");
  (await budget.take(1_000, AbortSignal.timeout(1_000))).release();
});
