import { expect, it, vi } from "vitest";
import { letEverybodyIn, resize, states } from "./drift.ts";
import { FULL_NAME, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest({}, { seed: { base: "/api/v3" } });

it("on GitHub Enterprise Server, whose API is below a path, all goes as elsewhere", async () => {
  const { stage } = set;
  const alice = stage.github.person("alice");
  expect(stage.github.url).toMatch(/\/api\/v3$/);
  await stage.run("sweep", {});
  // The sweep enqueues a tick, and that the scan; the tick asks for commits with a query, which is beside the path.
  await stage.drain();
  const queries = stage.github.requests.filter(({ path }) => path.endsWith("/graphql"));
  expect(queries.map(({ path, status }) => [path, status])).toEqual([["/api/graphql", 200]]);
  resize(stage);
  letEverybodyIn(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  const headSha = await alice.commit(FULL_NAME, { branch: "change", files: { "NOTES.md": "x" } });
  const pullRequest = await alice.openPullRequest(FULL_NAME, "change");
  await stage.run("annotate", { ...stage.job, headSha, pullRequest });
  const { check_runs: runs } = await alice.send("GET", `/repos/${FULL_NAME}/commits/${headSha}/check-runs`);
  expect(runs).toMatchObject([{ status: "completed" }]);
  await stage.comment(2, "/drift explain");
  await stage.drain();
  expect((await stage.comments(2)).length).toBe(2);
  expect(stage.github.requests.filter(({ path }) => path.startsWith("/outside-of-the-api"))).toEqual([]);
});
