import { describe, expect, test } from "vitest";
import {
  type BranchContent,
  branchHead,
  deleteBranch,
  pushBranch,
  restoreBranch,
} from "../../src/github/branches.ts";
import { commitTree, createTree, type FileContent } from "../../src/github/commits.ts";
import { readFileAt } from "../../src/github/contents.ts";
import { Conflict, Forbidden, Queued, RateLimited, Unavailable } from "../../src/github/errors.ts";
import type { Json } from "../../src/json/json.ts";
import { broken, brokenAfterWork, cutAfterWork, meanwhile, refused } from "../e2e/github/faults.ts";
import { MAIN_FILES, sent, withGitHub } from "./fixture.ts";

const stage = withGitHub({}, 60);
const BRANCH = "driftwright/shop-prod/0123abcd";
const EDIT: readonly FileContent[] = [{ path: "main.tf", content: "# t3.large\n" }];

async function push(
  files = EDIT,
  more: { left?: string | null; base?: string; belongs?: boolean; anew?: BranchContent["anew"] } = {},
) {
  const { github, repository, identity } = stage;
  const { left = null, base = await stage.head(), belongs = true, anew = null } = more;
  return pushBranch(github, repository, identity, {
    branch: BRANCH,
    base,
    message: "Adopt",
    files,
    left,
    belongs,
    anew,
  });
}

/** A person commits to the branch right before a request. `theirs`: their commit, once it is there. */
function overtaking() {
  let theirs = "";
  const fault = meanwhile(async () => {
    const files = { "main.tf": "# mine\n" };
    theirs = await stage.alice.commit(stage.fullName, { branch: BRANCH, files });
  });
  return { fault, theirs: () => theirs };
}

async function tree(sha: string): Promise<Record<string, string>> {
  const { tree: entries } = await stage.alice.send(
    "GET",
    `/repos/${stage.fullName}/git/trees/${sha}?recursive=1`,
  );
  return Object.fromEntries(
    (entries as { path: string; mode: string; type: string }[])
      .filter(({ type }) => type !== "tree")
      .map(({ path, mode }) => [path, mode]),
  );
}

async function commitOf(
  sha: string,
): Promise<{ author: { name: string }; parents: string[]; message: string }> {
  const commit = await stage.alice.send("GET", `/repos/${stage.fullName}/git/commits/${sha}`);
  const parents = (commit["parents"] as { sha: string }[]).map((parent) => parent.sha);
  return { author: commit["author"] as { name: string }, parents, message: String(commit["message"]) };
}

describe("a commit", () => {
  async function commit(files: readonly FileContent[], onto?: string) {
    const { github, repository } = stage;
    const base = onto ?? (await stage.head());
    const tree = await createTree(github, repository, base, files);
    return { tree, sha: await commitTree(github, repository, { message: "m", parents: [base] }, tree) };
  }

  test("changes, adds and deletes files, and keeps modes and everything else", async () => {
    const { sha } = await commit([
      { path: "bin/apply.sh", content: "#!/bin/sh\n" },
      { path: "docs/new.md", content: "größer 🦫\n" },
      { path: "main.tf", content: null },
    ]);
    expect(await tree(sha)).toEqual({
      "bin/apply.sh": "100755",
      "docs/new.md": "100644",
      "modules/web/main.tf": "100644",
    });
    expect(await readFileAt(stage.github, stage.repository, sha, "docs/new.md")).toBe("größer 🦫\n");
    expect(await readFileAt(stage.github, stage.repository, sha, "bin/apply.sh")).toBe("#!/bin/sh\n");
  });

  test("is by the App, and leaves it to GitHub to say so", async () => {
    const { sha } = await commit(EDIT);
    expect((await commitOf(sha)).author.name).toBe("Driftwright");
    const bodies = stage.hub.requests.filter(
      (r) => r.by.kind === "installation" && /git\/commits$/.test(r.path),
    );
    for (const { body } of bodies) expect(Object.keys(Object(body))).toEqual(["message", "tree", "parents"]);
  });

  test("takes bytes of any kind", async () => {
    const content = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { sha } = await commit([{ path: "plan.bin", content }]);
    const { sha: blob } = await stage.alice.send(
      "GET",
      `/repos/${stage.fullName}/contents/plan.bin?ref=${sha}`,
    );
    expect(typeof blob).toBe("string");
    expect(sent(stage, "POST", /git\/blobs$/)).toBe(1);
  });

  test("without a change has the same tree", async () => {
    const before = await commit([]);
    const same = await commit([{ path: "main.tf", content: String(MAIN_FILES["main.tf"]) }]);
    const nothing = await commit([{ path: "none.tf", content: null }]);
    expect([same.tree, nothing.tree]).toEqual([before.tree, before.tree]);
  });

  test.each([
    ["link", "a symbolic link"],
    ["modules", "a folder"],
    ["link/main.tf", "a symbolic link"],
    ["main.tf/inside.tf", "a file"],
  ])("does not write over %s: it is %s", async (path, what) => {
    const files = { link: "main.tf" };
    const onto = await stage.alice.commit(stage.fullName, {
      branch: "main",
      files,
      modes: { link: "120000" },
    });
    const writing = commit([{ path, content: "x" }], onto);
    await expect(writing).rejects.toThrow(Conflict);
    await expect(writing).rejects.toThrow(what);
  });
});

describe("a branch of ours", () => {
  test("is made, with one commit on the base", async () => {
    const base = await stage.head();
    const pushed = await push();
    expect(pushed).toEqual({ outcome: "pushed", sha: await stage.head(BRANCH) });
    expect(await commitOf(pushed.sha)).toMatchObject({ parents: [base], message: "Adopt" });
  });

  test("stays as it is when nothing is new, whether or not it is known where we left it", async () => {
    const { sha } = await push();
    for (const left of [sha, null]) expect(await push(EDIT, { left })).toEqual({ outcome: "unchanged", sha });
    expect(sent(stage, "POST", /git\/commits$/)).toBe(1);
  });

  test("moves on with another edit, which replaces the last one", async () => {
    const first = await push();
    const second = await push([{ path: "docs/x.md", content: "x" }], { left: first.sha });
    expect((await commitOf(second.sha)).parents).toEqual([first.sha]);
    expect(await readFileAt(stage.github, stage.repository, second.sha, "main.tf")).toBe(
      MAIN_FILES["main.tf"],
    );
    expect(await readFileAt(stage.github, stage.repository, second.sha, "docs/x.md")).toBe("x");
  });

  test("follows a base that moved, without force: the base becomes a second parent", async () => {
    const { alice, fullName } = stage;
    const first = await push();
    const base = await alice.commit(fullName, { branch: "main", files: { "new.tf": "# new\n" } });
    const second = await push(EDIT, { left: first.sha });
    expect((await commitOf(second.sha)).parents).toEqual([first.sha, base]);
    expect(Object.keys(await tree(second.sha))).toContain("new.tf");
    const compared = await alice.send("GET", `/repos/${fullName}/compare/${base}...${second.sha}`);
    expect((compared["files"] as { filename: string }[]).map(({ filename }) => filename)).toEqual([
      "main.tf",
    ]);
    expect(await push(EDIT, { left: second.sha })).toMatchObject({ outcome: "unchanged" });
    const updates = stage.hub.requests.filter((r) => r.method === "PATCH" && r.by.kind === "installation");
    for (const { body } of updates) expect(body).toMatchObject({ force: false });
  });

  describe("anew on a base that moved", () => {
    /** A branch of ours, and a base that has another commit. */
    async function behind() {
      const { sha: left } = await push();
      const files = { "new.tf": "# new\n" };
      const base = await stage.alice.commit(stage.fullName, { branch: "main", files });
      return { left, base };
    }

    test("is one commit on it", async () => {
      const { left, base } = await behind();
      const pushed = await push(EDIT, { left, anew: "or-merge" });
      expect(pushed).toEqual({ outcome: "pushed", sha: await stage.head(BRANCH) });
      expect((await commitOf(pushed.sha)).parents).toEqual([base]);
      expect(Object.keys(await tree(pushed.sha))).toContain("new.tf");
      expect(await push(EDIT, { left: pushed.sha, anew: "or-merge" })).toMatchObject({
        outcome: "unchanged",
      });
    });

    test("moves on where the base has not moved", async () => {
      const { sha: left } = await push();
      const second = await push([{ path: "docs/x.md", content: "x" }], { left, anew: "or-merge" });
      expect((await commitOf(second.sha)).parents).toEqual([left]);
    });

    test("is left alone where a person commits to it at that moment", async () => {
      const { left } = await behind();
      const { fault, theirs } = overtaking();
      stage.hub.misbehave({ method: "POST", path: "/graphql", after: 1, fault });
      expect(await push(EDIT, { left, anew: "or-merge" })).toMatchObject({ outcome: "taken", sha: theirs() });
      expect(await stage.head(BRANCH)).toBe(theirs());
    });

    test("takes the base in as a second parent where a rule forbids it", async () => {
      const { left, base } = await behind();
      const answer = {
        data: { updateRefs: null },
        errors: [{ message: "Cannot force-push to this branch" }],
      };
      const fault = {
        when: "before",
        answer: { status: 200, headers: {}, body: answer },
        first: async () => {},
      };
      stage.hub.misbehave({ method: "POST", path: "/graphql", after: 1, fault: fault as never });
      const pushed = await push(EDIT, { left, anew: "or-merge" });
      expect((await commitOf(pushed.sha)).parents).toEqual([left, base]);
    });

    test("waits, and nothing else is tried, where GitHub wants to be asked less", async () => {
      const { left } = await behind();
      const message =
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
      const answer = { status: 200, headers: {}, body: { data: null, errors: [{ message }] } };
      stage.hub.misbehave({ method: "POST", path: "/graphql", after: 1, fault: { ...broken(), answer } });
      await expect(push(EDIT, { left, anew: "or-merge" })).rejects.toThrow(RateLimited);
      expect(await stage.head(BRANCH)).toBe(left);
    });

    test("stays where it is, and says so, where nothing else is to be told", async () => {
      const { left } = await behind();
      stage.hub.misbehave({
        method: "POST",
        path: "/graphql",
        after: 1,
        fault: refused("Resource not accessible"),
      });
      await expect(push(EDIT, { left, anew: "or-stay" })).rejects.toThrow(Forbidden);
      expect(await stage.head(BRANCH)).toBe(left);
    });

    test.each([
      ["an answer 502 after the work", brokenAfterWork()],
      ["a broken connection after the work", cutAfterWork()],
    ])("is made once despite %s", async (_, fault) => {
      const { left, base } = await behind();
      stage.hub.misbehave({ method: "POST", path: "/graphql", after: 1, fault });
      const pushed = await push(EDIT, { left, anew: "or-merge" });
      expect(pushed).toEqual({ outcome: "pushed", sha: await stage.head(BRANCH) });
      expect((await commitOf(pushed.sha)).parents).toEqual([base]);
    });
  });

  test.each([
    ["known to have grown from elsewhere", false],
    ["of which nothing is known but that commits of others are in it", true],
  ])("is left alone when the base lost commits that it grew from: %s", async (_, belongs) => {
    const { alice, fullName } = stage;
    const older = await stage.head();
    await alice.commit(fullName, { branch: "main", files: { "purged.md": "gone" } });
    const { sha } = await push();
    const ref = `/repos/${fullName}/git/refs/heads%2Fmain`;
    await alice.send("PATCH", ref, { sha: older, force: true });
    const other = [{ path: "main.tf", content: "# t3.xlarge\n" }];
    expect(await push(other, { left: sha, belongs })).toEqual({ outcome: "astray", sha });
    expect(await stage.head(BRANCH)).toBe(sha);
  });

  test("cannot be made below another branch, which is named", async () => {
    const { alice, fullName } = stage;
    await alice.commit(fullName, { branch: "driftwright", files: { x: "y" } });
    await expect(push()).rejects.toThrow("while there is a branch driftwright; rename or delete that one");
  });

  test("that a person committed to is left alone", async () => {
    const { alice, fullName } = stage;
    const { sha } = await push();
    const theirs = await alice.commit(fullName, { branch: BRANCH, files: { "main.tf": "# mine\n" } });
    expect(await push([{ path: "main.tf", content: "# ours again\n" }], { left: sha })).toEqual({
      outcome: "taken",
      sha: theirs,
      by: "alice",
    });
    expect(await stage.head(BRANCH)).toBe(theirs);
  });

  test.each([
    ["moved", "PATCH", new RegExp(BRANCH)],
    ["made", "POST", "/git/refs"],
  ])(
    "that a person commits to while it is %s is left alone: GitHub refuses to go back",
    async (_, method, path) => {
      if (method === "PATCH") await push();
      const { fault, theirs } = overtaking();
      stage.hub.misbehave({ method, path, fault });
      const outcome = await push([{ path: "main.tf", content: "# ours\n" }]);
      expect(outcome).toMatchObject({ outcome: "taken", sha: theirs() });
      expect(await stage.head(BRANCH)).toBe(theirs());
    },
  );

  test("with the name of ours that a person made is theirs", async () => {
    const { alice, fullName } = stage;
    const theirs = await alice.commit(fullName, { branch: BRANCH, files: { "main.tf": "# mine\n" } });
    expect(await push()).toMatchObject({ outcome: "taken", sha: theirs });
  });

  test.each([
    ["an answer 502 after the work", brokenAfterWork()],
    ["a broken connection after the work", cutAfterWork()],
  ])("is made once despite %s", async (_, fault) => {
    stage.hub.misbehave({ method: "POST", path: "/git/refs", fault });
    expect(await push()).toMatchObject({ outcome: "pushed", sha: await stage.head(BRANCH) });
    stage.hub.misbehave({ method: "PATCH", path: new RegExp(BRANCH), fault });
    const moved = await push([{ path: "main.tf", content: "# other\n" }]);
    expect(moved).toEqual({ outcome: "pushed", sha: await stage.head(BRANCH) });
    expect(sent(stage, "POST", /git\/refs$/)).toBe(1);
  });

  test("is not made when GitHub fails before the work; the next push makes it", async () => {
    stage.hub.misbehave({ method: "POST", path: "/git/refs", fault: broken() });
    await expect(push()).rejects.toThrow(Unavailable);
    expect(await push()).toMatchObject({ outcome: "pushed" });
  });

  test("that a rule of the repository forbids is an error that says so", async () => {
    const fault = refused(
      "Repository rule violations found\n\nCannot create ref due to creations being restricted.",
      422,
    );
    stage.hub.misbehave({ method: "POST", path: "/git/refs", fault });
    await expect(push()).rejects.toThrow(Forbidden);
  });

  test("in an archived repository is refused", async () => {
    const base = await stage.head();
    stage.hub.change(stage.repository.name, { archived: true });
    await expect(push(EDIT, { base })).rejects.toThrow("archived");
  });
});

describe("deleting a branch", () => {
  const remove = async (left: string | null, base?: string) =>
    deleteBranch(stage.github, stage.repository, stage.identity, {
      branch: BRANCH,
      base: base ?? (await stage.head()),
      left,
    });

  test("that is as we left it, or has our commits alone", async () => {
    const { sha } = await push();
    expect(await remove(sha)).toBe("deleted");
    await push();
    expect(await remove(null)).toBe("deleted");
    expect(await branchHead(stage.github, stage.repository, BRANCH)).toBeNull();
  });

  test("that is not there changes nothing", async () => {
    expect(await remove(null)).toBe("absent");
  });

  test("that a person committed to is not done", async () => {
    const { sha } = await push();
    await stage.alice.commit(stage.fullName, { branch: BRANCH, files: { x: "y" } });
    expect(await remove(sha)).toBe("taken");
  });

  /** That the branch is to be deleted, however that is said. */
  const DELETIONS = [
    { method: "POST", path: "/graphql", body: /"to":"0{40}"/ },
    { method: "DELETE", path: new RegExp(BRANCH) },
  ];

  test("that a person commits to at that moment is not done", async () => {
    const { sha } = await push();
    const { fault, theirs } = overtaking();
    for (const deletion of DELETIONS) stage.hub.misbehave({ ...deletion, fault });
    expect(await remove(sha)).toBe("taken");
    expect(await stage.head(BRANCH)).toBe(theirs());
  });

  test("that somebody deletes at that moment is done", async () => {
    const { sha } = await push();
    const fault = meanwhile(() => stage.alice.deleteBranch(stage.fullName, BRANCH));
    stage.hub.misbehave({ method: "POST", path: "/graphql", body: /updateRefs/, fault });
    expect(await remove(sha)).toBe("deleted");
    expect(await branchHead(stage.github, stage.repository, BRANCH)).toBeNull();
  });

  test.each([
    ["an answer 502 after the work", brokenAfterWork()],
    ["a broken connection after the work", cutAfterWork()],
  ])("with %s is done once", async (_, fault) => {
    const { sha } = await push();
    for (const deletion of DELETIONS) stage.hub.misbehave({ ...deletion, fault });
    expect(await remove(sha)).toBe("deleted");
  });

  test.each<[what: string, answer: object]>([
    [
      "does not know the question",
      { errors: [{ message: "Field 'updateRefs' doesn't exist on type 'Mutation'" }] },
    ],
    [
      "refuses",
      { data: { updateRefs: null }, errors: [{ message: "Resource not accessible by integration" }] },
    ],
  ])("is asked for in the other way where GitHub %s", async (_, body) => {
    const { sha } = await push();
    const fault = { ...broken(), answer: { status: 200, headers: {}, body: body as Json } };
    stage.hub.misbehave({ method: "POST", path: "/graphql", body: /updateRefs/, fault });
    expect(await remove(sha)).toBe("deleted");
    expect(await branchHead(stage.github, stage.repository, BRANCH)).toBeNull();
  });

  test.each<[what: string, message: string, kind: new (...args: never[]) => Error]>([
    ["wants to be asked less", "You have exceeded a secondary rate limit.", RateLimited],
    ["has it in a merge queue", "Branch is queued for merging and cannot be deleted", Queued],
  ])("waits where GitHub %s", async (_, message, kind) => {
    const { sha } = await push();
    const answer = { status: 200, headers: {}, body: { data: null, errors: [{ message }] } };
    stage.hub.misbehave({
      method: "POST",
      path: "/graphql",
      body: /updateRefs/,
      fault: { ...broken(), answer },
    });
    await expect(remove(sha)).rejects.toThrow(kind);
    expect(await stage.head(BRANCH)).toBe(sha);
  });

  test("that a rule forbids says so", async () => {
    const { sha } = await push();
    const message = "Repository rule violations found\n\nCannot delete this branch";
    const answer = { status: 200, headers: {}, body: { data: null, errors: [{ message }] } };
    stage.hub.misbehave({
      method: "POST",
      path: "/graphql",
      body: /updateRefs/,
      fault: { ...broken(), answer },
    });
    stage.hub.misbehave({ method: "DELETE", path: new RegExp(BRANCH), fault: refused(message, 422) });
    await expect(remove(sha)).rejects.toThrow("Cannot delete this branch");
    expect(await stage.head(BRANCH)).toBe(sha);
  });

  test("can be undone", async () => {
    const { sha } = await push();
    await remove(sha);
    await restoreBranch(stage.github, stage.repository, BRANCH, sha);
    await restoreBranch(stage.github, stage.repository, BRANCH, sha);
    expect(await stage.head(BRANCH)).toBe(sha);
  });
});
