import { expect, test } from "vitest";
import {
  commandsOf,
  everyUnfinishedCommand,
  noteCommand,
  receiveCommands,
  unfinishedCommands,
} from "../../src/store/commands.ts";
import { claimObject, fillObject, NO_BRANCH } from "../../src/store/objects.ts";
import { databasePerTest } from "./database-per-test.ts";
import { at } from "./repository-rows.ts";

/** 1 is told of in 2, too. */
const database = databasePerTest(1, 2);
const HELP = { line: "/drift help", command: { name: "help" } } as const;

/** Commands on an issue, one in each comment; gives their ids. */
async function received(repositoryId: number, comments: readonly number[], number = 5): Promise<number[]> {
  const { kysely: db } = database;
  const ids: number[] = [];
  for (const commentId of comments) {
    const comment = { repositoryId, commentId, number, author: "alice" };
    await receiveCommands(db, comment, [HELP], at(0));
    ids.push(...(await commandsOf(db, comment)).map(({ id }) => id));
  }
  return ids;
}

/** Issue 5 in repository 2 tells of repository 1. */
async function toldElsewhere(): Promise<void> {
  const { kysely: db } = database;
  const place = { repositoryId: 2, of: 1, key: "issue:a" };
  const { object } = await claimObject(db, place, "issue", at(0));
  await fillObject(db, object, { number: 5, ...NO_BRANCH, contentHash: null }, at(0));
}

test("those in another repository come with the own ones, page by page, in the order in which they came", async () => {
  const { kysely: db } = database;
  await toldElsewhere();
  const all = [
    ...(await received(1, [11])),
    ...(await received(2, [21, 22])),
    ...(await received(1, [12, 13])),
    ...(await received(2, [23])),
  ];
  await received(2, [24], 6);
  const found: number[][] = [];
  for (let after: number | null = null; ; ) {
    const page = await unfinishedCommands(db, 1, "all", { after, limit: 2 });
    if (page.length === 0) break;
    found.push(page.map(({ id }) => id));
    after = page.at(-1)?.id ?? null;
  }
  expect(found).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4, 6)]);
});

test("what waits takes no place from what can be done", async () => {
  const { kysely: db } = database;
  const [waiting = 0, answered = 0, done = 0, late = 0] = await received(1, [11, 12, 13, 14]);
  await noteCommand(db, waiting, { state: "decided", decidedAt: at(1), outcome: null });
  await noteCommand(db, answered, { state: "decided", decidedAt: at(1), outcome: "said" });
  await noteCommand(db, done, { state: "done", decidedAt: at(1), outcome: "said" });
  const page = { after: null, limit: 2 };
  const idsOf = async (which: "all" | "due" | "decided") =>
    (await unfinishedCommands(db, 1, which, page)).map(({ id }) => id);
  expect(await idsOf("due")).toEqual([answered, late]);
  expect(await idsOf("decided")).toEqual([waiting, answered]);
  expect(await idsOf("all")).toEqual([waiting, answered]);
});

test("all are gone through, whatever becomes of them meanwhile", async () => {
  const { kysely: db } = database;
  // More than one question answers.
  const rows = Array.from({ length: 510 }, (_, index) => ({
    repository_id: 1,
    comment_id: index,
    key: "a",
    number: 5,
    author: "alice",
    command: JSON.stringify(HELP.command),
    received_at: at(0),
    state: "received" as const,
  }));
  await db.insertInto("commands").values(rows).execute();
  const seen: number[] = [];
  for await (const page of everyUnfinishedCommand(db, 1)) {
    seen.push(...page.map(({ commentId }) => commentId));
    await db.updateTable("commands").set({ state: "done" }).where("comment_id", "in", seen).execute();
  }
  expect(seen).toEqual(rows.map((row) => row.comment_id));
  expect(await unfinishedCommands(db, 1)).toEqual([]);
});
