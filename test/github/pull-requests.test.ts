import { describe, expect, test } from "vitest";
import { branchHead, deleteBranch, pushBranch } from "../../src/github/branches.ts";
import { Conflict, Unavailable } from "../../src/github/errors.ts";
import { whoClosed } from "../../src/github/issues.ts";
import { listMarked } from "../../src/github/markers.ts";
import {
  findPullRequest,
  findPullRequestOfBranch,
  listOpenPullRequests,
  openPullRequest,
  openPullRequestsAt,
  type PullRequest,
  reopenPullRequest,
} from "../../src/github/pull-requests.ts";
import { closeThread, updateThread } from "../../src/github/threads.ts";
import { contentHash } from "../../src/github/written.ts";
import { type Marker, printMarker } from "../../src/reports/marker.ts";
import { broken, brokenAfterWork, cutAfterWork } from "../e2e/github/faults.ts";
import { sent, withGitHub } from "./fixture.ts";

const stage = withGitHub({}, 30);
const BRANCH = "driftwright/shop-prod/0123abcd";
const MARKER: Marker = { kind: "pull-request", stack: "shop-prod", fingerprints: ["f1"], revisions: ["r1"] };
const WANTED = {
  title: "Adopt t3.large",
  body: `It runs.\n\n${printMarker(MARKER)}`,
  continuations: [],
  branch: BRANCH,
  base: "main",
};
const CLOSING = { key: "gone:1", body: "The drift is gone." };

async function push(content = "# t3.large\n"): Promise<string> {
  const { github, repository, identity } = stage;
  const base = await stage.head();
  const files = [{ path: "main.tf", content }];
  const wanted = { branch: BRANCH, base, message: "Adopt", files, left: null, belongs: true };
  return (await pushBranch(github, repository, identity, wanted)).sha;
}

async function open(): Promise<PullRequest> {
  await push();
  return (await openPullRequest(stage.github, stage.repository, stage.identity, WANTED)).pullRequest;
}

const again = () => openPullRequest(stage.github, stage.repository, stage.identity, WANTED);
const find = (number: number) => findPullRequest(stage.github, stage.repository, stage.identity, number);
async function close(number: number): Promise<void> {
  const pullRequest = await find(number);
  if (pullRequest === null) throw new Error("not there");
  await closeThread(stage.github, stage.repository, stage.identity, pullRequest, CLOSING);
}
const created = () => sent(stage, "POST", /pulls$/);

describe("opening a pull request", () => {
  test("gives what is on GitHub then", async () => {
    const pullRequest = await open();
    expect(pullRequest).toMatchObject({
      state: "open",
      merged: false,
      title: WANTED.title,
      branch: BRANCH,
      headSha: await stage.head(BRANCH),
      fromFork: false,
      base: "main",
      byApp: true,
      marker: MARKER,
    });
    expect(await find(pullRequest.number)).toEqual(pullRequest);
    expect(await find(999)).toBeNull();
  });

  test("a second time finds the first", async () => {
    const { number } = await open();
    expect(await again()).toMatchObject({ pullRequest: { number }, created: false });
    expect(created()).toBe(1);
  });

  test.each([
    ["502", brokenAfterWork()],
    ["no answer", cutAfterWork()],
  ])("makes one although GitHub did it and gave %s", async (_, fault) => {
    await push();
    stage.hub.misbehave({ method: "POST", path: "/pulls", fault });
    const { pullRequest, created: isNew } = await again();
    expect(isNew).toBe(true);
    expect((await again()).pullRequest.number).toBe(pullRequest.number);
    expect(created()).toBe(1);
  });

  test("is an error when GitHub failed before the work", async () => {
    await push();
    stage.hub.misbehave({ method: "POST", path: "/pulls", fault: broken() });
    await expect(again()).rejects.toThrow(Unavailable);
    expect(await again()).toMatchObject({ created: true });
  });

  test("of a branch that someone else has one of is left to them", async () => {
    await push();
    await stage.alice.openPullRequest(stage.fullName, BRANCH, "Mine", WANTED.body);
    await expect(again()).rejects.toThrow(Conflict);
    expect(await findPullRequestOfBranch(stage.github, stage.repository, stage.identity, BRANCH)).toBeNull();
  });

  test("of a branch that changes nothing says so", async () => {
    await stage.alice.send("POST", `/repos/${stage.fullName}/git/refs`, {
      ref: `refs/heads/${BRANCH}`,
      sha: await stage.head(),
    });
    await expect(again()).rejects.toThrow("No commits between");
  });

  test("while the base moves changes nothing about it", async () => {
    await push();
    await stage.alice.commit(stage.fullName, { branch: "main", files: { "new.tf": "" } });
    const { pullRequest } = await again();
    const basehead = `main...${encodeURIComponent(pullRequest.branch)}`;
    const { files } = await stage.alice.send("GET", `/repos/${stage.fullName}/compare/${basehead}`);
    expect((files as { filename: string }[]).map(({ filename }) => filename)).toEqual(["main.tf"]);
  });

  test("works where issues are disabled", async () => {
    stage.hub.change(stage.repository.name, { issues: false });
    const { number } = await open();
    await close(number);
    expect((await find(number))?.state).toBe("closed");
  });
});

describe("a pull request", () => {
  test("follows its branch", async () => {
    const { number, headSha } = await open();
    const moved = await push("# t3.xlarge\n");
    expect(moved).not.toBe(headSha);
    expect((await find(number))?.headSha).toBe(moved);
  });

  test("is listed among the open ones, with those of people", async () => {
    const { github, repository, identity, alice, fullName } = stage;
    const { number } = await open();
    await alice.commit(fullName, { branch: "feature", files: { "x.tf": "", "modules/web/main.tf": null } });
    const theirs = await alice.openPullRequest(fullName, "feature", "A change", WANTED.body);
    const list = await listOpenPullRequests(github, repository, identity);
    expect(list.map((each) => [each.number, each.byApp, each.marker])).toEqual([
      [theirs, false, null],
      [number, true, MARKER],
    ]);
    expect(await listMarked(github, repository, identity)).toMatchObject([{ kind: "pull-request", number }]);
  });

  test("is found by its newest commit, also beyond the list of the newest ones", async () => {
    const { github, repository, identity, alice, fullName, hub } = stage;
    const shas: string[] = [];
    const numbers: number[] = [];
    for (const branch of ["open", "shut", "moved", "newest"]) {
      shas.push(await alice.commit(fullName, { branch, files: { [`${branch}.tf`]: "" } }));
      numbers.push(await alice.openPullRequest(fullName, branch, "A change", ""));
    }
    await alice.closePullRequest(fullName, numbers[1] ?? 0);
    await alice.commit(fullName, { branch: "moved", files: { "moved.tf": "# again\n" } });
    const commits = shas.map((headSha, index) => ({ headSha, pullRequest: numbers[index] ?? null }));
    const found = async () => {
      const all = await openPullRequestsAt(github, repository, identity, commits);
      return all.map(({ number }) => number).toSorted((a, b) => a - b);
    };
    const expected = [numbers[0], numbers[3]];
    expect(await found()).toEqual(expected);
    const { body } = await alice.try("GET", `/repos/${fullName}/pulls/${numbers[3]}`);
    const page = Array.from({ length: 100 }, () => body);
    const answer = { status: 200, headers: {}, body: page } as never;
    const fault = { when: "before", answer, first: async () => {} } as const;
    hub.misbehave({ method: "GET", path: /\/pulls$/, fault });
    const before = hub.requests.length;
    expect([...new Set(await found())]).toEqual(expected);
    expect(hub.requests.slice(before).map(({ path }) => path.replace(/.*\/pulls/, ""))).toEqual([
      "",
      ...numbers.slice(0, 3).map((number) => `/${number}`),
    ]);
  });

  test("is updated when there is something new to say", async () => {
    const pullRequest = await open();
    const wanted = { title: "Adopt t3.xlarge", body: WANTED.body, continuations: [] };
    const update = (hash: string | null) =>
      updateThread(stage.github, stage.repository, stage.identity, pullRequest, wanted, hash);
    expect(await update(contentHash(wanted))).toMatchObject({ changed: false });
    expect(await update(null)).toMatchObject({ changed: true, hash: contentHash(wanted) });
    expect((await find(pullRequest.number))?.title).toBe("Adopt t3.xlarge");
  });
});

describe("closing a pull request", () => {
  async function comments(number: number): Promise<string[]> {
    const { body } = await stage.alice.try("GET", `/repos/${stage.fullName}/issues/${number}/comments`);
    return (body as { body: string }[]).map((comment) => comment.body.split("\n")[0] ?? "");
  }

  test("says why, once, and leaves the branch", async () => {
    const { number } = await open();
    await close(number);
    await close(number);
    expect(await find(number)).toMatchObject({ state: "closed", merged: false });
    expect(await comments(number)).toEqual([CLOSING.body]);
    expect(await branchHead(stage.github, stage.repository, BRANCH)).not.toBeNull();
    expect(await whoClosed(stage.github, stage.repository, stage.identity, number)).toEqual({
      login: "driftwright[bot]",
      isApp: true,
    });
  });

  test("by a person is told apart, also when they delete the branch", async () => {
    const { number } = await open();
    await stage.alice.deleteBranch(stage.fullName, BRANCH);
    expect((await find(number))?.state).toBe("closed");
    expect(await whoClosed(stage.github, stage.repository, stage.identity, number)).toEqual({
      login: "alice",
      isApp: false,
    });
  });

  test("and opening it again puts the branch back first", async () => {
    const { github, repository, identity } = stage;
    const pullRequest = await open();
    const { number, headSha } = pullRequest;
    await close(number);
    const place = { branch: BRANCH, base: await stage.head(), left: headSha };
    expect(await deleteBranch(github, repository, identity, place)).toBe("deleted");
    const back = { key: "back:1", body: "It is back." };
    await reopenPullRequest(github, repository, identity, pullRequest, back);
    expect(await find(number)).toMatchObject({ state: "open", headSha });
    expect(await comments(number)).toEqual([CLOSING.body, back.body]);
    expect(await again()).toMatchObject({ pullRequest: { number }, created: false });
  });

  test("cannot be undone where the branch is elsewhere now", async () => {
    const { github, repository, identity } = stage;
    const pullRequest = await open();
    await close(pullRequest.number);
    await push("# another\n");
    const opening = reopenPullRequest(github, repository, identity, pullRequest, { key: "k", body: "b" });
    await expect(opening).rejects.toThrow(Conflict);
    expect(await comments(pullRequest.number)).toEqual([CLOSING.body]);
  });
});
