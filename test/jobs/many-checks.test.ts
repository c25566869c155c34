import { expect, it, vi } from "vitest";
import type { JobPorts } from "../../src/jobs/ports.ts";
import { findRepository } from "../../src/store/repositories.ts";
import { letEverybodyIn } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const MANY = 60;

/** Alice has many pull requests open, of one commit. */
async function openMany(stage: Stage): Promise<void> {
  const alice = stage.github.person("alice");
  const sha = await alice.commit(FULL_NAME, { branch: "change", files: { "NOTES.md": "x" } });
  for (let index = 0; index < MANY; index += 1) {
    const branch = `change-${index}`;
    await alice.send("POST", `/repos/${FULL_NAME}/git/refs`, { ref: `refs/heads/${branch}`, sha });
    await alice.openPullRequest(FULL_NAME, branch);
  }
}

/** Counts the checks that are enqueued in each transaction; one with more than `most` in all ends the process. */
function counting(stage: Stage, most = Number.POSITIVE_INFINITY) {
  const perTransaction = new Map<unknown, number>();
  const { queues } = stage.ports;
  let all = 0;
  const ports: JobPorts = {
    ...stage.ports,
    queues: {
      enqueue: async (db, name, data) => {
        if (name === "annotate") {
          if (all === most) throw new Error("the process ended");
          all += 1;
          perTransaction.set(db, (perTransaction.get(db) ?? 0) + 1);
        }
        return queues.enqueue(db, name, data);
      },
    },
  };
  return { ports, perTransaction };
}

const numbers = (stage: Stage) =>
  stage.waiting.flatMap(({ data }) => ("pullRequest" in data ? [data.pullRequest] : []));

it("the checks of many pull requests are enqueued in parts, so that nobody else waits long for the database", async () => {
  const { stage } = set;
  await openMany(stage);
  letEverybodyIn(stage);
  const { ports, perTransaction } = counting(stage);
  await stage.run("scan", { ...stage.job, trigger: "person" }, { ports });
  expect([...perTransaction.values()]).toEqual([50, 10]);
  expect(new Set(numbers(stage)).size).toBe(MANY);
});

it("an interruption between two parts loses none of them", async () => {
  const { stage } = set;
  await openMany(stage);
  letEverybodyIn(stage);
  const ending = counting(stage, 55);
  const scan = stage.run("scan", { ...stage.job, trigger: "person" }, { ports: ending.ports });
  await expect(scan).rejects.toThrow("the process ended");
  expect(await findRepository(stage.database.kysely, stage.repositoryId)).toMatchObject({ checksDue: true });
  await stage.run("reconcile", stage.job);
  expect(new Set(numbers(stage)).size).toBe(MANY);
  expect(await findRepository(stage.database.kysely, stage.repositoryId)).toMatchObject({ checksDue: false });
});
