import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isJsonObject } from "../../src/json/json.ts";
import { parseMarker } from "../../src/reports/marker.ts";
import { authorize, resizeInstance, retag, revoke } from "../e2e/aws/changes.ts";
import { type Place, scanAndDie, workAndDie } from "../e2e/service/death.ts";
import { FULL_NAME, ServiceStage } from "../e2e/service/stage.ts";
import { withStage } from "../e2e/service/with-stage.ts";
import { groupIdOf, instanceIdOf, shopWithoutDashboard, temporaryFolder } from "../e2e/shop.ts";
import { unconfiguredShop } from "../e2e/unconfigured-shop.ts";
import { diskFiles } from "../jobs/checks.ts";
import { newPlace, type TestPlace } from "../store/test-place.ts";

type Case = readonly [place: string, where: Place];

const OPENING: readonly Case[] = [
  ["while the code is fetched", { when: "before", method: "GET", path: /\/tarball\// }],
  ["while the cloud is read", { log: "shop-prod: comparing code, state and cloud" }],
  ["when the findings are stored, and nothing is written", { log: "repository scanned" }],
  ["after the tree of the edit", { when: "after", method: "POST", path: "/git/trees" }],
  ["before the branch", { when: "before", method: "POST", path: "/git/refs" }],
  ["after the branch", { when: "after", method: "POST", path: "/git/refs" }],
  ["before the pull request", { when: "before", method: "POST", path: "/pulls" }],
  ["after the pull request", { when: "after", method: "POST", path: "/pulls" }],
  ["before the issue", { when: "before", method: "POST", path: "/issues" }],
  ["after the issue", { when: "after", method: "POST", path: "/issues" }],
  ["after the check run began", { when: "after", method: "POST", path: "/check-runs" }],
];

const ONBOARDING: readonly Case[] = [
  ["before the branch", { when: "before", method: "POST", path: "/git/refs" }],
  ["after the branch", { when: "after", method: "POST", path: "/git/refs" }],
  ["before the pull request", { when: "before", method: "POST", path: "/pulls" }],
  ["after the pull request", { when: "after", method: "POST", path: "/pulls" }],
];

const CLOSING: readonly Case[] = [
  ["after the comment", { when: "after", method: "POST", path: "/comments" }],
  ["after the pull request was closed", { when: "after", method: "PATCH", path: /\/pulls\/\d+$/ }],
  [
    "before the branch is deleted",
    { when: "before", method: "POST", path: "/graphql", body: /"to":"0{40}"/ },
  ],
  ["after the branch was deleted", { when: "after", method: "POST", path: "/graphql", body: /"to":"0{40}"/ }],
  ["before the issue is closed", { when: "before", method: "PATCH", path: /\/issues\/\d+$/ }],
];

const ADOPTING: readonly Case[] = [
  ["after the receipt", { when: "after", method: "POST", path: /\/reactions$/ }],
  // The first comment is that of the person.
  ["before the answer", { when: "before", method: "POST", path: /\/issues\/\d+\/comments$/, skip: 1 }],
  ["after the pull request", { when: "after", method: "POST", path: "/pulls" }],
  ["after the issue was closed", { when: "after", method: "PATCH", path: /\/issues\/\d+$/ }],
  ["after the answer was edited", { when: "after", method: "PATCH", path: /\/issues\/comments\/\d+$/ }],
];

const PRESSING: readonly Case[] = [
  ["before the commit is on the branch", { when: "before", method: "PATCH", path: /\/git\/refs\/heads\// }],
  ["after the commit is on the branch", { when: "after", method: "PATCH", path: /\/git\/refs\/heads\// }],
];

// What all stories begin with is done once, and the data are copied.
const template = {} as { place: TestPlace };

beforeAll(async () => {
  template.place = await newPlace();
  const folder = await temporaryFolder();
  const stage = await ServiceStage.open(folder, await shopWithoutDashboard(), template.place);
  await stage.start();
  await stage.install();
  await stage.quiet();
  expect(stage.writes).toEqual([]);
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

afterAll(() => template.place.remove());

/** Runs a story that begins after the first scan: the App is installed, and nothing has drifted. */
async function installed(story: (stage: ServiceStage) => Promise<void>): Promise<void> {
  const begin = async (stage: ServiceStage) => {
    stage.github.changeInstallation("active");
    await story(stage);
  };
  // What the data would know of a dashboard, this GitHub does not.
  await withStage(template.place, begin, await shopWithoutDashboard());
}

function drift({ model }: ServiceStage): void {
  resizeInstance(model, instanceIdOf(model, "shop-prod-api"), "m6i.large");
  const source = { cidr: "0.0.0.0/0" };
  authorize(model, groupIdOf(model, "shop-prod-api"), { protocol: "tcp", from: 22, source });
}

function undo({ model }: ServiceStage): void {
  resizeInstance(model, instanceIdOf(model, "shop-prod-api"), "t3.medium");
  revoke(model, groupIdOf(model, "shop-prod-api"), ({ from }) => from === 22);
}

/** What is on GitHub of the App's: what it is of, and whether it is open. */
async function made({ seen }: ServiceStage): Promise<string[]> {
  return (await seen.issues())
    .map(({ isPull, body, state }) => `${isPull ? "pull" : parseMarker(body)?.kind} ${state}`)
    .toSorted();
}

/** Nothing is left to do, and nothing stands half done. */
async function expectSettled(stage: ServiceStage): Promise<void> {
  const before = stage.writes.length;
  await stage.dailyScan();
  expect(stage.writes.slice(before)).toEqual([]);
}

/** The branches that were asked for, each once. */
function branches({ github }: ServiceStage): readonly unknown[] {
  const made = github.requests.filter(
    ({ method, path, by }) => by.kind === "installation" && method === "POST" && path.endsWith("/git/refs"),
  );
  return [...new Set(made.map(({ body }) => (isJsonObject(body) ? body["ref"] : null)))];
}

/** Alice presses "Adopt into this PR" on the check run of a commit. */
async function pressAdopt({ github, repository }: ServiceStage, sha: string, number: number): Promise<void> {
  const path = `/repos/${FULL_NAME}/commits/${sha}/check-runs`;
  const { check_runs: runs } = await github.person("alice").send("GET", path);
  const [run] = runs as readonly { readonly id: number }[];
  await github.send("check_run", {
    action: "requested_action",
    check_run: { id: run?.id ?? 0, name: "Driftwright", head_sha: sha, pull_requests: [{ number }] },
    requested_action: { identifier: "adopt" },
    sender: { login: "alice", type: "User" },
    repository: { id: repository.id, name: repository.name, full_name: FULL_NAME },
    installation: { id: github.installationId },
  });
}

const FIRST: readonly Case[] = [
  ["before the dashboard", { when: "before", method: "POST", path: "/issues" }],
  ["after the dashboard", { when: "after", method: "POST", path: "/issues" }],
];

describe("killed in the first scan", () => {
  it.concurrent.each(FIRST)("%s: there is one", async (_place, where) => {
    await withStage(null, async (stage) => {
      await workAndDie(stage, where, () => stage.install());
      expect(await made(stage)).toEqual(["dashboard open"]);
      await expectSettled(stage);
    });
  });

  it.concurrent("and while the dashboard is changed: it says what is new", async () => {
    await withStage(null, async (stage) => {
      await stage.install();
      await stage.quiet();
      drift(stage);
      await scanAndDie(stage, { when: "before", method: "PATCH", path: "/issues/1" });
      expect(await made(stage)).toEqual(["dashboard open", "issue open", "pull open"]);
      const { body } = (await stage.seen.issues()).find(({ number }) => number === 1) ?? { body: "" };
      expect(body.match(/\| #\d \|$/gm)?.toSorted()).toEqual(["| #2 |", "| #3 |"]);
      await expectSettled(stage);
    });
  });
});

describe("killed while it opens", () => {
  it.concurrent.each(OPENING)("%s: each is there once", async (_place, where) => {
    await installed(async (stage) => {
      drift(stage);
      await scanAndDie(stage, where);
      expect(await made(stage)).toEqual(["issue open", "pull open"]);
      expect(branches(stage)).toEqual([expect.stringMatching(/^refs\/heads\/driftwright\/shop-prod\//)]);
      const pull = (await stage.seen.issues()).find(({ isPull }) => isPull);
      const { headSha } = await stage.seen.pull(pull?.number ?? 0);
      const checks = await stage.seen.checks(headSha);
      expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual(["Driftwright completed"]);
      await expectSettled(stage);
    });
  });
});

describe("killed while it does what a comment says", () => {
  it.concurrent.each(ADOPTING)(
    "%s: one pull request, and one answer that names it",
    async (_place, where) => {
      await installed(async (stage) => {
        retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "Schedule", "nights");
        await stage.dailyScan();
        const [issue] = await stage.seen.issues();
        expect(await made(stage)).toEqual(["issue open"]);
        const alice = stage.github.person("alice");
        const comment = () => alice.comment(FULL_NAME, issue?.number ?? 0, "/drift adopt");
        await workAndDie(stage, where, comment);
        await stage.dailyScan();
        expect(await made(stage)).toEqual(["issue closed", "pull open"]);
        const answers = (await stage.seen.comments(issue?.number ?? 0)).filter((text) =>
          text.includes("comment:v1 command:"),
        );
        expect(answers).toEqual([expect.stringContaining("#2 adopts it.")]);
        await expectSettled(stage);
      });
    },
  );
});

describe("killed while it adopts into a pull request", () => {
  it.concurrent.each(PRESSING)("%s: one commit, and a check that says so", async (_place, where) => {
    await installed(async (stage) => {
      resizeInstance(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "m6i.large");
      await stage.dailyScan();
      const alice = stage.github.person("alice");
      const pushed = await alice.commit(FULL_NAME, { branch: "disk", files: await diskFiles() });
      const number = await alice.openPullRequest(FULL_NAME, "disk");
      await stage.quiet();
      await workAndDie(stage, where, () => pressAdopt(stage, pushed, number));
      const { headSha } = await stage.seen.pull(number);
      const commit = await alice.send("GET", `/repos/${FULL_NAME}/commits/${headSha}`);
      expect(commit).toMatchObject({ author: { login: "driftwright[bot]" }, parents: [{ sha: pushed }] });
      expect(await stage.seen.checks(headSha)).toMatchObject([
        { name: "Driftwright", status: "completed", title: expect.stringMatching(/^Adopts 1 drift/) },
      ]);
      expect((await stage.seen.checks(pushed)).map(({ status }) => status)).toEqual(["completed"]);
      await expectSettled(stage);
    });
  });
});

describe("killed while it closes", () => {
  it.concurrent.each(CLOSING)("%s: each is closed, and says why once", async (_place, where) => {
    await installed(async (stage) => {
      drift(stage);
      await stage.dailyScan();
      expect(await made(stage)).toEqual(["issue open", "pull open"]);
      const pull = (await stage.seen.issues()).find(({ isPull }) => isPull);
      const { branch } = await stage.seen.pull(pull?.number ?? 0);
      undo(stage);
      await scanAndDie(stage, where);
      expect(await made(stage)).toEqual(["issue closed", "pull closed"]);
      for (const { number } of await stage.seen.issues()) {
        expect(await stage.seen.comments(number)).toHaveLength(1);
      }
      expect(await stage.seen.hasBranch(branch)).toBe(false);
      await expectSettled(stage);
    });
  });
});

describe("killed while it proposes a configuration", () => {
  it.concurrent.each(ONBOARDING)("%s: there is one pull request, and nothing else", async (_place, where) => {
    const story = async (stage: ServiceStage) => {
      await workAndDie(stage, where, () => stage.install());
      expect(await made(stage)).toEqual(["pull open"]);
      expect(branches(stage)).toEqual(["refs/heads/driftwright/onboarding"]);
      await expectSettled(stage);
    };
    await withStage(null, story, await unconfiguredShop());
  });
});
