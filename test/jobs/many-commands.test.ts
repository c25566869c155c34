import { expect, it, vi } from "vitest";
import { unfinishedCommands } from "../../src/store/commands.ts";
import type { CommandState } from "../../src/store/tables.ts";
import { refused } from "../e2e/github/faults.ts";
import { answerTo } from "./answers.ts";
import { retagged } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });

const set = stagePerTest();

/** More than are looked at at once. */
const MANY = 210;

interface Given {
  readonly name: "adopt" | "help";
  readonly number: number;
  readonly state?: CommandState;
  readonly outcome?: string;
  /** Of the first of the comments that they stand in, one in each. */
  readonly commentId: number;
}

/** Commands as they are written down, one after the other. */
async function written(stage: Stage, count: number, given: Given): Promise<void> {
  const { name, number, state = "received", outcome = null, commentId } = given;
  const at = stage.now();
  const rows = Array.from({ length: count }, (_, index) => ({
    repository_id: stage.repositoryId,
    comment_id: commentId + index,
    key: "a",
    number,
    author: "alice",
    command: JSON.stringify(name === "adopt" ? { name, because: null } : { name }),
    received_at: at,
    state,
    decided_at: state === "received" ? null : at,
    outcome,
  }));
  await stage.database.kysely.insertInto("commands").values(rows).execute();
}

it("a command is taken, however many wait for something", async () => {
  const stage = await retagged(set.stage);
  await written(stage, MANY, { name: "adopt", number: 1, state: "decided", commentId: 9001 });
  const comment = await stage.comment(1, "/drift help");
  await stage.run("command", stage.job);
  expect(await answerTo(stage, 1, comment)).toContain("/drift ignore");
});

it("one that waits is answered, however many others there are before it", async () => {
  const stage = await retagged(set.stage);
  await written(stage, MANY, { name: "help", number: 404, commentId: 9001 });
  const comment = await stage.comment(1, "/drift rescan");
  const { kysely: db } = stage.database;
  await db
    .updateTable("commands")
    .set({ state: "decided", decided_at: stage.now() })
    .where("comment_id", "=", comment)
    .execute();
  await stage.run("scan", { ...stage.job, trigger: "person" });
  await stage.run("reconcile", stage.job);
  expect(await answerTo(stage, 1, comment)).toContain("scanned at");
});

it("what is more than is taken at once is taken by the next jobs", async () => {
  const stage = await retagged(set.stage);
  await written(stage, MANY, { name: "help", number: 404, commentId: 9001 });
  const comment = await stage.comment(1, "/drift help");
  stage.waiting.splice(0);
  await stage.run("command", stage.job);
  expect(await answerTo(stage, 1, comment)).toBeNull();
  expect(stage.waiting).toEqual([{ name: "command", data: stage.job }]);
  await stage.drain();
  expect(await answerTo(stage, 1, comment)).toContain("/drift ignore");
  expect(await unfinishedCommands(stage.database.kysely, stage.repositoryId)).toEqual([]);
});

it("what GitHub refuses to have answered holds up nothing that comes after it, and ends", async () => {
  const stage = await retagged(set.stage);
  // Nobody can comment on what is not there.
  const answered = { state: "decided", outcome: "said", commentId: 9001 } as const;
  await written(stage, MANY, { name: "help", number: 404, ...answered });
  const comment = await stage.comment(1, "/drift help");
  stage.github.misbehave({
    method: "GET",
    path: /\/issues\/404\/comments$/,
    times: 9999,
    fault: refused("no"),
  });
  await stage.drain();
  expect(await answerTo(stage, 1, comment)).toContain("/drift ignore");
  expect(stage.waiting).toEqual([]);
  expect(await unfinishedCommands(stage.database.kysely, stage.repositoryId)).not.toEqual([]);
});
