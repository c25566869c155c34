import examples from "@octokit/webhooks-examples" with { type: "json" };
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onCheckRun } from "../../src/jobs/webhooks/check-runs.ts";
import { onMergeGroup, onPullRequest, onPush, onWorkflowRun } from "../../src/jobs/webhooks/code.ts";
import type { WebhookPorts } from "../../src/jobs/webhooks/deliveries.ts";
import {
  onInstallation,
  onInstallationRepositories,
  onRepository,
} from "../../src/jobs/webhooks/installations.ts";
import { onIssue, onIssueComment } from "../../src/jobs/webhooks/talk.ts";
import { findCheckRun, saveCheckRun } from "../../src/store/check-runs.ts";
import type { Database } from "../../src/store/database.ts";
import { findInstallation, saveInstallation } from "../../src/store/installations.ts";
import { claimObject, fillObject, NO_BRANCH } from "../../src/store/objects.ts";
import { findRepository, saveRepositoryNames } from "../../src/store/repositories.ts";
import { finishScan, startScan } from "../../src/store/scans.ts";
import { stackResult } from "../store/findings-of.ts";
import { openTestDatabase } from "../store/test-database.ts";

const NOW = new Date("2026-03-01T12:00:00Z");
const IDS = { repositoryId: 7, installationId: 3 };

let database: Database;
let jobs: [string, unknown][] = [];
let failing = false;

const ports: WebhookPorts = {
  get database() {
    return database;
  },
  queues: {
    enqueue: async (_db, name, data) => {
      if (failing) throw new Error("no queue");
      jobs.push([name, data]);
      return true;
    },
  },
  now: () => NOW,
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
};

function delivery<Payload>(payload: Payload, id: string = crypto.randomUUID()) {
  return { id, name: "event", payload };
}

const inShop = { repository: { id: 7, default_branch: "main" }, installation: { id: 3 } };

beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(() => database.close());

beforeEach(async () => {
  jobs = [];
  failing = false;
  const { kysely: db } = database;
  for (const table of ["deliveries", "repositories", "installations"] as const)
    await db.deleteFrom(table).execute();
  const account = { accountId: 1, accountLogin: "acme", accountType: "Organization" };
  await saveInstallation(db, { id: 3, ...account, suspended: false, deleted: false, permissions: {} }, NOW);
  await saveRepositoryNames(
    db,
    [{ id: 7, installationId: 3, owner: "acme", name: "shop", private: true }],
    NOW,
  );
});

const annotate = (headSha: string, pullRequest: number | null) => [
  "annotate",
  { ...IDS, headSha, pullRequest },
];
const group = (branch: string) => ({ head_sha: "def", base_ref: `refs/heads/${branch}` });
const queued = (base: string) => ["annotate", { ...IDS, headSha: "def", pullRequest: null, base }];
const scan = ["scan", { ...IDS, trigger: "push" }];
const reconcile = ["reconcile", IDS];
const pull = { number: 5, head: { sha: "abc" } };

describe("a webhook becomes a job", () => {
  it.each<[string, () => Promise<void>, unknown[]]>([
    [
      "a push to the default branch",
      () => onPush(ports, delivery({ ref: "refs/heads/main", ...inShop })),
      [scan],
    ],
    ["a push elsewhere: none", () => onPush(ports, delivery({ ref: "refs/heads/other", ...inShop })), []],
    ["a tag of the same name: none", () => onPush(ports, delivery({ ref: "refs/tags/main", ...inShop })), []],
    ...["opened", "synchronize", "reopened", "edited"].map(
      (action): [string, () => Promise<void>, unknown[]] => [
        `a pull request ${action}`,
        () => onPullRequest(ports, delivery({ action, pull_request: pull, ...inShop })),
        [annotate("abc", 5)],
      ],
    ),
    [
      "a pull request labelled: none",
      () => onPullRequest(ports, delivery({ action: "labeled", pull_request: pull, ...inShop })),
      [],
    ],
    [
      "a pull request of somebody else closed: none",
      () => onPullRequest(ports, delivery({ action: "closed", pull_request: pull, ...inShop })),
      [],
    ],
    [
      "a merge group",
      () =>
        onMergeGroup(ports, delivery({ action: "checks_requested", merge_group: group("main"), ...inShop })),
      [queued("main")],
    ],
    [
      "a merge group of another branch",
      () =>
        onMergeGroup(
          ports,
          delivery({ action: "checks_requested", merge_group: group("release/1.x"), ...inShop }),
        ),
      [queued("release/1.x")],
    ],
    [
      "a merge group whose pull request GitHub tells",
      () => {
        const named = { ...group("main"), head_ref: "refs/heads/gh-readonly-queue/main/pr-104-0123abcd" };
        return onMergeGroup(ports, delivery({ action: "checks_requested", merge_group: named, ...inShop }));
      },
      [["annotate", { ...IDS, headSha: "def", pullRequest: null, base: "main", queued: 104 }]],
    ],
    [
      "a merge group that is over: none",
      () => onMergeGroup(ports, delivery({ action: "destroyed", merge_group: group("main"), ...inShop })),
      [],
    ],
    ["a repository renamed", () => onRepository(ports, delivery({ action: "renamed", ...inShop })), [scan]],
    [
      "a repository made public",
      () => onRepository(ports, delivery({ action: "publicized", ...inShop })),
      [scan, reconcile],
    ],
    ["a workflow's run: none", () => onWorkflowRun(ports, delivery({})), []],
  ])("%s", async (_what, receive, expected) => {
    await receive();
    expect(jobs).toEqual(expected);
  });

  it.each(["closed", "reopened"])("a pull request or issue of ours %s", async (action) => {
    const { kysely: db } = database;
    for (const [key, number] of [
      ["adoption:a", 5],
      ["issue:b", 6],
    ] as const) {
      const { object } = await claimObject(db, { repositoryId: 7, key }, "issue", NOW);
      await fillObject(db, object, { number, ...NO_BRANCH, contentHash: null }, NOW);
    }
    await onPullRequest(ports, delivery({ action, pull_request: pull, ...inShop }));
    await onIssue(ports, delivery({ action, issue: { number: 6 }, ...inShop }));
    expect(jobs.filter(([name]) => name === "reconcile")).toEqual([
      ["reconcile", IDS],
      ["reconcile", IDS],
    ]);
  });

  it("a check that is asked for again is made although it would say the same", async () => {
    const { kysely: db } = database;
    const key = { repositoryId: 7, headSha: "abc", name: "Driftwright" };
    const done = { conclusion: "success", contentHash: "h", updatedAt: NOW };
    await saveCheckRun(db, { ...key, checkRunId: 1, ...done });
    const run = { name: "Driftwright", head_sha: "abc", pull_requests: [{ number: 5 }] };
    await onCheckRun(ports, delivery({ action: "rerequested", check_run: run, ...inShop }));
    await onCheckRun(
      ports,
      delivery({ action: "rerequested", check_run: { ...run, name: "other" }, ...inShop }),
    );
    expect(jobs).toEqual([annotate("abc", 5)]);
    expect(await findCheckRun(db, key)).toMatchObject({ conclusion: null });
  });
});

describe("a check that is asked for again", () => {
  it.each<[string, object, unknown[]]>([
    ["of a pull request", { pull_requests: [{ number: 5 }] }, annotate("def", 5)],
    ["of a fork, whose pull request GitHub does not name", {}, annotate("def", null)],
    [
      "of a merge queue",
      { check_suite: { head_branch: "gh-readonly-queue/release/1.x/pr-104-0123abcd" } },
      ["annotate", { ...IDS, headSha: "def", pullRequest: null, base: "release/1.x", queued: 104 }],
    ],
    [
      "of a branch that looks like one of a queue",
      { check_suite: { head_branch: "mine/gh-readonly-queue/main/pr-1-abc" } },
      annotate("def", null),
    ],
  ])("%s", async (_what, parts, expected) => {
    const run = { name: "Driftwright", head_sha: "def", pull_requests: [], ...parts };
    await onCheckRun(ports, delivery({ action: "rerequested", check_run: run, ...inShop }));
    expect(jobs).toEqual([expected]);
  });
});

describe("a button of a check", () => {
  const key = { repositoryId: 7, headSha: "abc", name: "Driftwright" };
  const told = [{ fingerprint: "f", revision: "r" }];
  const run = { id: 11, name: "Driftwright", head_sha: "abc", pull_requests: [] as { number: number }[] };
  const pressed = (identifier: string, parts: object = {}, id = "one") =>
    delivery(
      {
        action: "requested_action",
        check_run: { ...run, ...parts },
        requested_action: { identifier },
        sender: { login: "alice" },
        ...inShop,
      },
      id,
    );
  const actions = () => database.kysely.selectFrom("check_actions").selectAll().execute();

  beforeEach(async () => {
    const done = { conclusion: "neutral", contentHash: "h", updatedAt: NOW };
    await saveCheckRun(database.kysely, {
      ...key,
      checkRunId: 11,
      ...done,
      told,
      pullRequest: 5,
      base: "main",
    });
  });

  it("is written down once with what the check told of, and handed to the job of the commit", async () => {
    await onCheckRun(ports, pressed("acknowledge"));
    await onCheckRun(ports, pressed("acknowledge"));
    expect(jobs).toEqual([annotate("abc", 5)]);
    expect(await actions()).toMatchObject([
      { action: "acknowledge", author: "alice", pull_request: 5, about: told, state: "received" },
    ]);
  });

  it("of a check that another one has replaced is about nothing that is known", async () => {
    await onCheckRun(ports, pressed("adopt", { id: 10, pull_requests: [{ number: 6 }] }));
    expect(await actions()).toMatchObject([{ action: "adopt", about: null, pull_request: 6 }]);
  });

  it.each([
    ["that is not ours", "format", {}],
    ["of another check", "adopt", { name: "Driftwright configuration" }],
  ])("%s: none", async (_what, identifier, parts) => {
    await onCheckRun(ports, pressed(identifier, parts));
    expect([jobs, await actions()]).toEqual([[], []]);
  });
});

describe("a push to what a stack runs from", () => {
  beforeEach(async () => {
    const { kysely: db } = database;
    const id = await startScan(db, 7, NOW);
    const stacks = ["main", "release", "tags/v1"].map((ref) => stackResult(ref, "complete", [], { ref }));
    await finishScan(db, id, { at: NOW, outcome: "complete", reason: null, commit: "abc", stacks });
  });

  it.each<[string, unknown[]]>([
    ["refs/heads/release", [scan]],
    ["refs/tags/release", [scan]],
    ["refs/tags/v1", [scan]],
    ["refs/heads/main", [scan]],
    ["refs/tags/main", []],
    ["refs/heads/v1", []],
    ["refs/heads/released", []],
  ])("%s", async (ref, expected) => {
    await onPush(ports, delivery({ ref, ...inShop }));
    expect(jobs).toEqual(expected);
  });
});

describe("a delivery", () => {
  const push = { ref: "refs/heads/main", ...inShop };

  it("that comes twice is one job", async () => {
    await onPush(ports, delivery(push, "same"));
    await onPush(ports, delivery(push, "same"));
    expect(jobs).toEqual([scan]);
  });

  it("that cannot be handed over is not written down, so that it works the next time", async () => {
    failing = true;
    await expect(onPush(ports, delivery(push, "same"))).rejects.toThrow("no queue");
    failing = false;
    await onPush(ports, delivery(push, "same"));
    expect(jobs).toEqual([scan]);
  });

  it.each([
    ["an unknown repository", { ...push, repository: { id: 99, default_branch: "main" } }],
    ["another installation", { ...push, installation: { id: 99 } }],
  ])("of %s is ignored", async (_what, payload) => {
    await onPush(ports, delivery(payload));
    expect(jobs).toEqual([]);
  });
});

describe("installations", () => {
  const account = { id: 2, login: "other", type: "User" };
  const shop = { id: 8, full_name: "other/infra", private: false };

  it("that come bring their repositories, which are due at once", async () => {
    const installation = { id: 4, account, permissions: { contents: "write" } };
    await onInstallation(ports, delivery({ action: "created", installation, repositories: [shop] }));
    expect(await findInstallation(database.kysely, 4)).toMatchObject({
      accountLogin: "other",
      permissions: { contents: "write" },
    });
    expect(await findRepository(database.kysely, 8)).toMatchObject({
      owner: "other",
      name: "infra",
      nextScanAt: NOW,
    });
    expect(jobs).toEqual([["tick", {}]]);
  });

  it.each([
    ["suspend", { suspended: true }],
    ["unsuspend", { suspended: false }],
    ["deleted", { deleted: true }],
  ])("%s", async (action, expected) => {
    await onInstallation(ports, delivery({ action, installation: { id: 3, account } }));
    expect(await findInstallation(database.kysely, 3)).toMatchObject(expected);
  });

  it("that are deleted stay so, though the webhook of their beginning comes later", async () => {
    await onInstallation(ports, delivery({ action: "deleted", installation: { id: 4, account } }));
    await onInstallation(ports, delivery({ action: "created", installation: { id: 4, account } }));
    expect(await findInstallation(database.kysely, 4)).toMatchObject({ deleted: true });
  });

  it("get and give up repositories", async () => {
    await onInstallationRepositories(
      ports,
      delivery({
        installation: { id: 3, account },
        repositories_added: [shop],
        repositories_removed: [{ id: 7 }],
      }),
    );
    expect(await findRepository(database.kysely, 8)).toMatchObject({ removed: false });
    expect(await findRepository(database.kysely, 7)).toMatchObject({ removed: true });
    await onPush(ports, delivery({ ref: "refs/heads/main", ...inShop }));
    expect(jobs).toEqual([["tick", {}]]);
  });
});

describe("GitHub's own examples", () => {
  const receivers = new Map<string, (given: never) => Promise<void>>([
    ["installation", (given) => onInstallation(ports, given)],
    ["installation_repositories", (given) => onInstallationRepositories(ports, given)],
    ["repository", (given) => onRepository(ports, given)],
    ["push", (given) => onPush(ports, given)],
    ["pull_request", (given) => onPullRequest(ports, given)],
    ["issues", (given) => onIssue(ports, given)],
    ["issue_comment", (given) => onIssueComment(ports, given)],
    ["merge_group", (given) => onMergeGroup(ports, given)],
    ["check_run", (given) => onCheckRun(ports, given)],
    ["workflow_run", (given) => onWorkflowRun(ports, given)],
  ]);
  const all = (examples as unknown as readonly { name: string; examples: readonly object[] }[]).flatMap(
    ({ name, examples: payloads }) => payloads.map((payload, index) => [name, index, payload] as const),
  );

  it.each(all.filter(([name]) => receivers.has(name)))(
    "of %s (%i) are received",
    async (name, _index, payload) => {
      await receivers.get(name)?.(delivery(payload) as never);
      const { count } = await database.kysely
        .selectFrom("deliveries")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      expect(count).toBe(1);
    },
  );
});
