import { describe, expect, it, vi } from "vitest";
import { WANTED_PERMISSIONS } from "../../src/github/permissions.ts";
import type { QueueName } from "../../src/jobs/queue-settings.ts";
import {
  onInstallation,
  onInstallationRepositories,
  onRepository,
} from "../../src/jobs/webhooks/installations.ts";
import { findRepository } from "../../src/store/repositories.ts";
import { latestScan } from "../../src/store/scans.ts";
import { meanwhile } from "../e2e/github/faults.ts";
import { check, propose } from "./checks.ts";
import { commit, drifted, letEverybodyIn, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const ELSEWHERE = { id: 2002, account: "globex" };
const AGAIN = { id: 1002, account: "acme" };
const set = stagePerTest({}, { seed: { installations: [ELSEWHERE, AGAIN] } });
const DAY = 24 * 60 * 60_000;

const alice = ({ github }: Stage) => github.person("alice");
const stored = ({ database, repositoryId }: Stage) => findRepository(database.kysely, repositoryId);
const delivery = <Payload>(payload: Payload) => ({ id: crypto.randomUUID(), name: "event", payload });

/** A webhook about an installation; what follows from it is not done yet. */
async function installation(
  stage: Stage,
  action: string,
  { id, account }: { id: number; account: string },
  more: {
    permissions?: object;
    repositories?: readonly { id: number; full_name: string; private: boolean }[];
  } = {},
): Promise<void> {
  const { permissions = WANTED_PERMISSIONS, ...rest } = more;
  const login = { id, login: account, type: "Organization" };
  const suspended_at = action === "suspend" ? stage.now().toISOString() : null;
  const payload = { action, installation: { id, account: login, permissions, suspended_at }, ...rest };
  await onInstallation(stage.ports, delivery(payload));
}

const first = (stage: Stage) => ({ id: stage.github.installationId, account: "acme" });

/** Webhooks of repositories that an installation got and gave up. */
function selection(
  stage: Stage,
  { id, account }: { id: number; account: string },
  { added = [], removed = [] }: { added?: readonly string[]; removed?: readonly number[] },
): Promise<void> {
  const payload = {
    installation: {
      id,
      account: { id, login: account, type: "Organization" },
      permissions: WANTED_PERMISSIONS,
    },
    repositories_added: added.map((name) => ({ id: idOf(stage), full_name: name, private: true })),
    repositories_removed: removed.map((each) => ({ id: each })),
  };
  return onInstallationRepositories(stage.ports, delivery(payload));
}

const ids = new WeakMap<Stage, number>();

/** Stays when the repository moves. */
function idOf(stage: Stage): number {
  const known = ids.get(stage) ?? stage.repositoryId;
  ids.set(stage, known);
  return known;
}

/** The webhook of a repository that is another one now. */
function changed(stage: Stage, installationId = stage.github.installationId): Promise<void> {
  const repository = { id: idOf(stage), default_branch: "main" };
  return onRepository(
    stage.ports,
    delivery({ action: "edited", repository, installation: { id: installationId } }),
  );
}

/** Every kind of job that may have been waiting; nothing fails. Gives what was written because of them. */
async function whateverWaits(stage: Stage, installationId = stage.github.installationId): Promise<string[]> {
  const before = stage.writes.length;
  const job = { repositoryId: idOf(stage), installationId };
  const jobs: readonly (readonly [QueueName, object])[] = [
    ["scan", { ...job, trigger: "schedule" }],
    ["reconcile", job],
    ["annotate", { ...job, headSha: "0".repeat(40), pullRequest: 1 }],
    ["command", job],
    ["tick", {}],
  ];
  for (const [name, data] of jobs) await stage.run(name, data as never);
  await stage.drain();
  return stage.writes.slice(before);
}

describe("an installation that is suspended", () => {
  it("is left alone, which is said; nothing fails, and unsuspended it goes on at once", async () => {
    const stage = await drifted(set.stage);
    stage.github.changeInstallation("suspended");
    await installation(stage, "suspend", first(stage));
    resize(stage, "m6i.xlarge");
    stage.ahead = DAY;
    expect(await whateverWaits(stage)).toEqual([]);
    expect((await stored(stage))?.skipReason).toContain("suspended");
    expect(stage.github.requests.filter(({ status }) => status === 403)).toEqual([]);

    stage.github.changeInstallation("active");
    await installation(stage, "unsuspend", first(stage));
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
    expect(await stored(stage)).toMatchObject({ skipReason: null });
  });

  it("goes on after the sweep too, where no webhook told of it", async () => {
    const stage = await drifted(set.stage);
    stage.github.changeInstallation("suspended");
    await stage.run("sweep", {});
    await stage.drain();
    resize(stage, "m6i.xlarge");
    stage.github.changeInstallation("active");
    await stage.run("sweep", {});
    await stage.drain();
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
  });
});

describe("an installation that is deleted", () => {
  it("does nothing more; installed again, under another id, it goes on with what is there", async () => {
    const stage = await drifted(set.stage);
    stage.github.changeInstallation("deleted");
    await installation(stage, "deleted", first(stage));
    resize(stage, "m6i.xlarge");
    stage.ahead = DAY;
    expect(await whateverWaits(stage)).toEqual([]);
    expect(await stored(stage)).toMatchObject({ removed: true });

    stage.github.changeInstallation("active", AGAIN.id);
    const repositories = [{ id: idOf(stage), full_name: FULL_NAME, private: true }];
    await installation(stage, "created", AGAIN, { repositories });
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
    expect(await stored(stage)).toMatchObject({ removed: false, installationId: AGAIN.id });
    // The webhook of the end comes twice, or late.
    await installation(stage, "deleted", first(stage));
    expect(await stored(stage)).toMatchObject({ removed: false });
  });
});

describe("a repository that the App is taken out of", () => {
  it("is left alone, and goes on where it is given back", async () => {
    const stage = await drifted(set.stage);
    await selection(stage, first(stage), { removed: [stage.repositoryId] });
    resize(stage, "m6i.xlarge");
    stage.ahead = DAY;
    expect(await whateverWaits(stage)).toEqual([]);
    await selection(stage, first(stage), { added: [FULL_NAME] });
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
  });

  it.each([
    ["the tick", "/graphql", (stage: Stage) => stage.run("tick", {})],
    ["a scan", `/repos/${FULL_NAME}`, (stage: Stage) => stage.run("scan", { ...stage.job, trigger: "push" })],
    ["the sweep", "/installation/repositories", (stage: Stage) => stage.run("sweep", {})],
  ] as const)("is not brought back by what %s had asked for before", async (_what, path, work) => {
    const { stage } = set;
    await stage.scan();
    stage.ahead = DAY;
    const first = async () => {
      stage.ahead += 1;
      await selection(
        stage,
        { id: stage.github.installationId, account: "acme" },
        { removed: [idOf(stage)] },
      );
      stage.ahead += 1;
    };
    const method = path === "/graphql" ? "POST" : "GET";
    stage.github.misbehave({ method, path, fault: meanwhile(first) });
    await work(stage);
    expect(await stored(stage)).toMatchObject({ removed: true });
  });

  it("is not lost again where the sweep had asked before it was given", async () => {
    const { stage } = set;
    const { kysely: db } = stage.database;
    const added = async () => {
      stage.ahead += 1;
      const payload = {
        installation: { id: stage.github.installationId },
        repositories_added: [{ id: 987_654, full_name: "acme/new", private: true }],
        repositories_removed: [],
      };
      await onInstallationRepositories(stage.ports, delivery(payload));
    };
    stage.github.misbehave({
      method: "GET",
      path: "/installation/repositories",
      fault: meanwhile(added),
    });
    await stage.run("sweep", {});
    expect(await findRepository(db, 987_654)).toMatchObject({ removed: false });
    stage.ahead += 60_000;
    await stage.run("sweep", {});
    expect(await findRepository(db, 987_654)).toMatchObject({ removed: true });
  });
});

describe("what people do while nobody tells the App of it", () => {
  it.each([
    [
      "the installation was suspended, and a webhook says that it is no more",
      async (stage: Stage, meanwhile: () => Promise<unknown>) => {
        stage.github.changeInstallation("suspended");
        await installation(stage, "suspend", first(stage));
        await stage.drain();
        await meanwhile();
        stage.github.changeInstallation("active");
        await installation(stage, "unsuspend", first(stage));
      },
    ],
    [
      "it was suspended, and only the sweep finds out",
      async (stage: Stage, meanwhile: () => Promise<unknown>) => {
        stage.github.changeInstallation("suspended");
        await stage.run("sweep", {});
        await stage.drain();
        await meanwhile();
        stage.github.changeInstallation("active");
        await stage.run("sweep", {});
      },
    ],
    [
      "the App was taken out of the repository",
      async (stage: Stage, meanwhile: () => Promise<unknown>) => {
        await selection(stage, first(stage), { removed: [stage.repositoryId] });
        await stage.drain();
        await meanwhile();
        await selection(stage, first(stage), { added: [FULL_NAME] });
      },
    ],
  ] as const)("is found out at once although nothing else is new: %s", async (_what, leave) => {
    const stage = await drifted(set.stage);
    for (let times = 0; times < 2; times += 1) await stage.run("reconcile", stage.job);
    await leave(stage, () => alice(stage).closeIssue(FULL_NAME, 2, "not_planned"));
    await stage.drain();
    expect(await stage.comments(2)).toEqual([expect.stringContaining("Driftwright ignores this drift")]);
  });
});

describe("a repository that is renamed", () => {
  it("keeps its issues and pull requests, and is written to by its new name", async () => {
    const stage = await drifted(set.stage);
    const id = idOf(stage);
    await alice(stage).send("PATCH", `/repos/${FULL_NAME}`, { name: "store" });
    await changed(stage);
    resize(stage, "m6i.xlarge");
    stage.ahead = DAY;
    const before = stage.writes.length;
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
    const written = stage.writes.slice(before);
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((each) => !each.includes(" /repos/acme/store/"))).toEqual([]);
    expect(await findRepository(stage.database.kysely, id)).toMatchObject({ owner: "acme", name: "store" });
  });
});

describe("a repository that is transferred", () => {
  const move = (stage: Stage) =>
    alice(stage).send("POST", `/repos/${FULL_NAME}/transfer`, { new_owner: ELSEWHERE.account });

  it.each([
    ["the webhook of the one that gives it comes first", ["removed", "added", "transferred"]],
    ["that of the one that gets it", ["added", "transferred", "removed"]],
    ["that of the repository", ["transferred", "added", "removed"]],
  ])("to where the App is installed goes on there: %s", async (_what, order) => {
    const stage = await drifted(set.stage);
    const id = idOf(stage);
    stage.github.changeInstallation("active", ELSEWHERE.id);
    await move(stage);
    await installation(stage, "created", ELSEWHERE);
    const webhooks: Record<string, () => Promise<void>> = {
      removed: () => selection(stage, first(stage), { removed: [id] }),
      added: () => selection(stage, ELSEWHERE, { added: ["globex/shop"] }),
      transferred: () => changed(stage, ELSEWHERE.id),
    };
    for (const each of order) await webhooks[each]?.();
    resize(stage, "m6i.xlarge");
    stage.ahead = DAY;
    const before = stage.writes.length;
    await stage.run("tick", {});
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
    expect(stage.writes.slice(before).filter((each) => !each.includes(" /repos/globex/shop/"))).toEqual([]);
    expect(await findRepository(stage.database.kysely, id)).toMatchObject({
      owner: "globex",
      installationId: ELSEWHERE.id,
      removed: false,
    });
    // A job of before the transfer.
    const job = { repositoryId: id, installationId: stage.github.installationId };
    const settled = stage.writes.length;
    await stage.run("reconcile", job);
    expect(stage.writes.slice(settled)).toEqual([]);
  });

  it("to where it is not is left alone, before the webhook of it too", async () => {
    const stage = await drifted(set.stage);
    const id = idOf(stage);
    await move(stage);
    resize(stage, "m6i.xlarge");
    stage.ahead = DAY;
    expect(await whateverWaits(stage)).toEqual([]);
    const row = await findRepository(stage.database.kysely, id);
    expect(row?.skipReason).toContain("does not show the repository to the installation");
    await stage.run("sweep", {});
    expect(await findRepository(stage.database.kysely, id)).toMatchObject({ removed: true });
    stage.waiting.splice(0);
    expect(await whateverWaits(stage)).toEqual([]);
  });
});

it("a repository that is transferred between the tick and its scan is left alone at the second attempt", async () => {
  const stage = await drifted(set.stage);
  const id = idOf(stage);
  stage.ahead = DAY;
  await stage.run("tick", {});
  await alice(stage).send("POST", `/repos/${FULL_NAME}/transfer`, { new_owner: ELSEWHERE.account });
  const [{ data } = expect.fail("no scan is due")] = stage.waiting.splice(0);
  await expect(stage.run("scan", data as never)).rejects.toThrow("422");
  await stage.run("scan", data as never);
  expect((await findRepository(stage.database.kysely, id))?.skipReason).toContain("does not show");
});

describe("a repository that is archived", () => {
  it("is left as it is, which is said, its checks too; unarchived it goes on", async () => {
    const stage = await drifted(set.stage);
    const change = await propose(stage, "change", { "NOTES.md": "x" });
    stage.github.change("shop", { archived: true });
    await changed(stage);
    resize(stage, "m6i.xlarge");
    stage.ahead = DAY;
    expect(await whateverWaits(stage)).toEqual([]);
    await check(stage, change);
    expect((await stored(stage))?.skipReason).toContain("archived");
    expect(await latestScan(stage.database.kysely, stage.repositoryId)).toMatchObject({ outcome: "skipped" });
    expect((await states(stage)).slice(0, 2)).toEqual(["pull 1 open", "issue 2 open"]);

    stage.github.change("shop", { archived: false });
    await changed(stage);
    await stage.drain();
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
    expect(await stored(stage)).toMatchObject({ skipReason: null, archived: false });
  });
});

describe("the default branch", () => {
  it("is renamed: GitHub takes the pull request along, and nothing is made anew", async () => {
    const stage = await drifted(set.stage);
    const repo = `/repos/${FULL_NAME}`;
    const { object } = await alice(stage).send("GET", `${repo}/git/ref/heads%2Fmain`);
    const { sha } = object as { sha: string };
    await alice(stage).send("POST", `${repo}/git/refs`, { ref: "refs/heads/trunk", sha });
    await alice(stage).send("PATCH", repo, { default_branch: "trunk" });
    await alice(stage).send("PATCH", `${repo}/pulls/1`, { base: "trunk" });
    await alice(stage).deleteBranch(FULL_NAME, "main");
    await changed(stage);
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(await stage.comments(1)).toEqual([]);
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(await stored(stage)).toMatchObject({ defaultBranch: "trunk" });
  });
});

describe("permissions", () => {
  it("that an owner has yet to accept are named, and once they are accepted it goes on at once", async () => {
    const { stage } = set;
    const { pull_requests: _, ...granted } = WANTED_PERMISSIONS;
    await stage.install(granted);
    await stage.scan();
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await whateverWaits(stage)).toEqual([]);
    expect((await stored(stage))?.skipReason).toBe(
      "the installation lacks pull_requests: write; an owner accepts it in the installation's settings",
    );

    await installation(stage, "new_permissions_accepted", first(stage));
    await stage.drain();
    expect(await stored(stage)).toMatchObject({ skipReason: null });
    expect((await states(stage)).length).toBeGreaterThan(0);
  });

  it("that are taken back are noticed by the sweep, and those that are accepted too", async () => {
    const stage = await drifted(set.stage);
    const { contents: _, ...granted } = WANTED_PERMISSIONS;
    await stage.install(granted);
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect((await stored(stage))?.skipReason).toContain("contents: read");
    // GitHub says that all is granted by now.
    await stage.run("sweep", {});
    await stage.drain();
    expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
  });

  it("that are optional hinder nothing", async () => {
    const { stage } = set;
    const { members: _, merge_queues: __, actions: ___, ...granted } = WANTED_PERMISSIONS;
    await stage.install(granted);
    await stage.scan();
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    await commit(stage, { "NOTES.md": "x" });
    expect(await stored(stage)).toMatchObject({ skipReason: null });
  });
});
