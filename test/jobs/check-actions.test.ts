import { describe, expect, it, vi } from "vitest";
import { broken, cutAfterWork, refused } from "../e2e/github/faults.ts";
import { shopFiles } from "../e2e/shop.ts";
import { buttons, check, diskFiles, officeFiles, press, propose, runOf, runsOf, textAt } from "./checks.ts";
import { changeConfig, letEverybodyIn, resize } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 90_000 });

const ADOPTED = 'size        = "large"';

/** Somebody resized the api, a scan saw it, and a pull request touches the api. */
async function resized(stage: Stage) {
  await stage.scan();
  resize(stage);
  await stage.scan();
  return propose(stage, "disk", await diskFiles());
}

/** Somebody lets everybody in, a scan sees it, and a pull request touches the rules. */
async function opened(stage: Stage) {
  await stage.scan();
  letEverybodyIn(stage);
  await stage.scan();
  return propose(stage, "office", await officeFiles());
}

async function headOf(
  { github }: Stage,
  branch: string,
): Promise<{ sha: string; message: string; by: string }> {
  const { commit, sha, author } = (await github
    .person("alice")
    .send("GET", `/repos/${FULL_NAME}/commits/${encodeURIComponent(branch)}`)) as unknown as {
    sha: string;
    commit: { message: string };
    author: { login: string };
  };
  return { sha, message: commit.message, by: author.login };
}

async function reviews({ github }: Stage, number: number): Promise<string[]> {
  const { body } = await github.person("alice").try("GET", `/repos/${FULL_NAME}/pulls/${number}/reviews`);
  return (body as unknown as { body: string }[]).map((one) => one.body);
}

/** All pull requests come from a fork, until GitHub behaves again. */
async function inFork({ github }: Stage): Promise<void> {
  const { body } = await github.person("bob").try("GET", `/repos/${FULL_NAME}/pulls`);
  const pulls = (body as unknown as { head: { repo: object } }[]).map((pull) => ({
    ...pull,
    head: { ...pull.head, repo: { ...pull.head.repo, id: 4242 } },
  }));
  const listed = { status: 200, headers: {}, body: pulls as never };
  const fault = { when: "before", answer: listed, first: async () => {} } as const;
  github.misbehave({ method: "GET", path: "/pulls", times: 99, fault });
}

describe("Adopt into this PR", () => {
  const set = stagePerTest();

  it("is offered where a touched drift has an edit, and commits that edit to the branch, proven at its head", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    expect(buttons(stage)).toEqual(["Rescan", "Adopt into this PR", "Acknowledge"]);
    const { output } = await runOf(stage, proposal.sha);
    const own = (await stage.issues()).find(({ isPull, number }) => isPull && number !== proposal.number);
    expect(output.summary).toContain(`; #${own?.number} adopts it |`);
    const cloud = stage.aws.requests.length;
    await press(stage, proposal, "adopt");
    await stage.drain();
    const [asked] = await stage.database.kysely.selectFrom("check_actions").select("outcome").execute();
    expect(asked?.outcome).toContain(`adopts 1 drift. #${own?.number} adopts it too, and is closed`);
    const text = await textAt(stage, "disk");
    expect(text).toContain(ADOPTED);
    expect(text).toContain("disk_size   = 80");
    const head = await headOf(stage, "disk");
    expect(head).toMatchObject({ by: "driftwright[bot]" });
    expect(head.message).toMatch(/Asked for by alice/);
    expect(stage.aws.requests.length).toBe(cloud);
    await check(stage, { sha: head.sha, number: proposal.number });
    expect((await runOf(stage, head.sha)).output.title).toMatch(/^Adopts 1 drift/);
  });

  it("is one commit, however often the webhook comes", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    for (const _time of [1, 2]) await press(stage, proposal, "adopt", { delivery: "0-1-2-3" });
    await stage.drain();
    const { sha } = await headOf(stage, "disk");
    await press(stage, proposal, "adopt", { delivery: "0-1-2-3" });
    await stage.run("annotate", { ...stage.job, headSha: proposal.sha, pullRequest: proposal.number });
    expect((await headOf(stage, "disk")).sha).toBe(sha);
  });

  it("is one commit, where the process ended after the branch was moved", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    await press(stage, proposal, "adopt");
    stage.github.misbehave({ method: "PATCH", path: /\/git\/refs\//, fault: cutAfterWork() });
    stage.github.misbehave({
      method: "GET",
      path: /\/git\/ref\/heads\/disk/,
      after: 1,
      times: 9,
      fault: broken(500),
    });
    await expect(stage.drain()).rejects.toThrow();
    stage.github.behave();
    const { sha } = await headOf(stage, "disk");
    expect(sha).not.toBe(proposal.sha);
    await check(stage, proposal);
    expect((await headOf(stage, "disk")).sha).toBe(sha);
    expect(await stage.database.kysely.selectFrom("check_actions").select("state").execute()).toEqual([
      { state: "done" },
    ]);
  });

  it("is not done where the pull request has other commits by now, and that is said once", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    const alice = stage.github.person("alice");
    await press(stage, proposal, "adopt");
    const newer = await alice.commit(FULL_NAME, { branch: "disk", files: { "a.md": "a" } });
    await stage.drain();
    await check(stage, proposal);
    expect((await headOf(stage, "disk")).sha).toBe(newer);
    const comments = await stage.comments(proposal.number);
    expect(comments.filter((text) => text.includes("other commits by now"))).toHaveLength(1);
  });

  it("is a suggestion on the line of the diff where the branch is in a fork", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    await press(stage, proposal, "adopt");
    await inFork(stage);
    await stage.drain();
    await check(stage, proposal);
    stage.github.behave();
    expect((await headOf(stage, "disk")).sha).toBe(proposal.sha);
    const [review, ...others] = await reviews(stage, proposal.number);
    expect(others).toEqual([]);
    expect(review).toContain("since the branch is in a fork");
    const sent = stage.github.requests.find(
      ({ method, path }) => method === "POST" && /\/reviews$/.test(path),
    );
    expect(sent?.body).toMatchObject({
      event: "COMMENT",
      comments: [{ path: "environments/prod.tfvars", line: 7, side: "RIGHT" }],
    });
    const { comments } = (sent?.body ?? { comments: [] }) as unknown as { comments: { body: string }[] };
    expect(comments[0]?.body).toBe(`\`\`\`suggestion\n    ${ADOPTED}\n\`\`\``);
    expect((await runOf(stage, proposal.sha)).output.summary).toMatch(/stands in a review/);
  });

  it("is one commit where somebody presses it twice, which is answered", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    await press(stage, proposal, "adopt");
    await press(stage, proposal, "adopt");
    await stage.drain();
    const { sha } = await headOf(stage, "disk");
    expect(sha).not.toBe(proposal.sha);
    await press(stage, proposal, "adopt");
    await stage.drain();
    await check(stage, proposal);
    expect((await headOf(stage, "disk")).sha).toBe(sha);
    const comments = await stage.comments(proposal.number);
    expect(comments.filter((text) => text.includes("other commits by now"))).toEqual([]);
    const outcomes = await stage.database.kysely.selectFrom("check_actions").select("outcome").execute();
    for (const { outcome } of outcomes) expect(outcome).toMatch(/adopts 1 drift|is on the branch/);
    expect(outcomes).toHaveLength(3);
  });

  it("is one suggestion in a fork for each who asks, however often", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    await inFork(stage);
    for (const login of ["alice", "alice", "bob"]) await press(stage, proposal, "adopt", { login });
    await stage.drain();
    await press(stage, proposal, "adopt");
    await stage.drain();
    stage.github.behave();
    const given = await reviews(stage, proposal.number);
    expect(given.map((text) => /`(\w+)` asked for this edit/.exec(text)?.[1])).toEqual(["alice", "bob"]);
    const outcomes = await stage.database.kysely.selectFrom("check_actions").select("outcome").execute();
    expect(outcomes).toHaveLength(4);
    for (const { outcome } of outcomes) expect(outcome).toContain("stands in a review");
  });

  it("is shown as a diff where a rule protects the branch and the edit is not in lines of the pull request", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    await stage.scan();
    const main = (await shopFiles())["modules/service/main.tf"] ?? "";
    const changed = main.replace("http_put_response_hop_limit = 1", "http_put_response_hop_limit = 2");
    const proposal = await propose(stage, "hops", { "modules/service/main.tf": changed });
    await press(stage, proposal, "adopt");
    const fault = refused("Repository rule violations found: protected branch", 422);
    stage.github.misbehave({ method: "PATCH", path: /\/git\/refs\//, fault });
    await stage.drain();
    const [review] = await reviews(stage, proposal.number);
    expect(review).toContain("rule violations");
    expect(review).toContain(`+    ${ADOPTED}`);
    expect((await headOf(stage, "hops")).sha).toBe(proposal.sha);
  });

  it("is refused to who may not write, and that is said once", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    stage.github.permit("bob", "read");
    for (const _time of [1, 2]) {
      await press(stage, proposal, "adopt", { login: "bob" });
      await stage.drain();
    }
    expect((await headOf(stage, "disk")).sha).toBe(proposal.sha);
    const { summary } = (await runOf(stage, proposal.sha)).output;
    expect(summary.match(/`bob`, Adopt into this PR: not done: only who may write/g)).toHaveLength(1);
  });

  it("is neither offered on a pull request of ours nor in a dry run", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    await stage.scan();
    const number = (await stage.issues()).find(({ isPull }) => isPull)?.number ?? 0;
    const path = `/repos/${FULL_NAME}/pulls/${number}`;
    const { head } = (await stage.github.person("alice").send("GET", path)) as { head: { sha: string } };
    await check(stage, { sha: head.sha, number });
    expect(buttons(stage)).toEqual(["Rescan"]);
    await changeConfig(stage, (text) => `${text}\ndry_run: true\n`);
    await propose(stage, "disk", await diskFiles());
    expect(buttons(stage)).toEqual(["Rescan", "Acknowledge"]);
  });

  it("says why where no edit can be proven in the code of the pull request", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    await stage.scan();
    const main = (await shopFiles())["main.tf"] ?? "";
    // The size comes from something that is known after an apply alone.
    const changed = main.replace(
      "local.sizes[each.value.size]",
      'aws_vpc.main.id == "" ? "a" : aws_vpc.main.id',
    );
    const proposal = await propose(stage, "unknown", { "main.tf": changed });
    await press(stage, proposal, "adopt");
    await stage.drain();
    expect((await headOf(stage, "unknown")).sha).toBe(proposal.sha);
    expect((await runOf(stage, proposal.sha)).output.summary).toMatch(/no edit could be proven/);
  });
});

describe("Acknowledge", () => {
  const set = stagePerTest();

  it("makes a failing check neutral, says who, and is kept with author, time and pull request", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) => `${text}\nchecks: { fail: { severities: [critical, high] } }\n`);
    const proposal = await opened(stage);
    expect(await runOf(stage, proposal.sha)).toMatchObject({ conclusion: "failure" });
    await press(stage, proposal, "acknowledge");
    await stage.drain();
    const run = await runOf(stage, proposal.sha);
    expect(run).toMatchObject({
      conclusion: "neutral",
      output: { title: expect.stringMatching(/acknowledged$/) },
    });
    expect(run.output.summary).toContain("acknowledged by `alice`");
    expect(buttons(stage)).toEqual(["Rescan", "Adopt into this PR"]);
    const [row] = await stage.database.kysely.selectFrom("decisions").selectAll().execute();
    expect(row).toMatchObject({ author: "alice", via: "check", pull_request: proposal.number });
    expect(row?.made_at).toBeInstanceOf(Date);
  });

  it("decides nothing elsewhere: the issue stays, and another pull request asks again", async () => {
    const { stage } = set;
    const proposal = await opened(stage);
    await press(stage, proposal, "acknowledge");
    await stage.drain();
    await stage.scan();
    expect(
      (await stage.issues()).filter(({ isPull }) => !isPull).every(({ state }) => state === "open"),
    ).toBe(true);
    // Another commit in any case: the same change in the same second would be the same one.
    const other = await propose(stage, "other", { ...(await officeFiles()), "other.md": "other" });
    expect((await runOf(stage, other.sha)).output.summary).not.toContain("acknowledged");
  });

  it("holds for the next commit of the pull request, and asks again about new drift", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) => `${text}\nchecks: { fail: { environments: production } }\n`);
    await stage.scan();
    resize(stage);
    await stage.scan();
    const proposal = await propose(stage, "disk", await diskFiles());
    await press(stage, proposal, "acknowledge");
    await stage.drain();
    const alice = stage.github.person("alice");
    const sha = await alice.commit(FULL_NAME, { branch: "disk", files: { "a.md": "a" } });
    await check(stage, { sha, number: proposal.number });
    expect(await runOf(stage, sha)).toMatchObject({ conclusion: "neutral" });
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect(await runOf(stage, sha)).toMatchObject({ conclusion: "failure" });
  });

  it("of opened access is for an owner of the code", async () => {
    const { stage } = set;
    await stage.github
      .person("alice")
      .commit(FULL_NAME, { branch: "main", files: { CODEOWNERS: "* @carol\n" } });
    const proposal = await opened(stage);
    await press(stage, proposal, "acknowledge");
    await stage.drain();
    const { summary } = (await runOf(stage, proposal.sha)).output;
    expect(summary).toMatch(/only an owner of .* can let it be: `carol`/);
    expect(await stage.database.kysely.selectFrom("decisions").select("id").execute()).toEqual([]);
  });

  it("of a check that another one has replaced does nothing", async () => {
    const { stage } = set;
    const proposal = await opened(stage);
    const { id } = await runOf(stage, proposal.sha);
    await press(stage, proposal, "acknowledge", { id: id + 1000 });
    await stage.drain();
    expect((await runOf(stage, proposal.sha)).output.summary).toContain("another check has taken the place");
    expect(await stage.database.kysely.selectFrom("decisions").select("id").execute()).toEqual([]);
  });
});

describe("Rescan", () => {
  const set = stagePerTest();

  it("scans the repository, and makes the check again, whether or not anything changed", async () => {
    const { stage } = set;
    const proposal = await opened(stage);
    const cloud = stage.aws.requests.length;
    stage.ahead = 60_000;
    await press(stage, proposal, "rescan");
    expect(stage.waiting.map(({ name }) => name)).toEqual(["annotate"]);
    await stage.drain();
    expect(stage.aws.requests.length).toBeGreaterThan(cloud);
    const runs = await runsOf(stage, proposal.sha);
    expect(runs[0]?.output.summary).toMatch(/`alice`, Rescan: scanned on \d{4}-/);
    expect(runs.every(({ status }) => status === "completed")).toBe(true);
    expect(await stage.database.kysely.selectFrom("check_actions").select("state").execute()).toEqual([
      { state: "done" },
    ]);
  });

  it("has GitHub looked at again, also where a scan by the clock was about to begin", async () => {
    const { stage } = set;
    const proposal = await opened(stage);
    const looked = async () => {
      const before = stage.github.requests.length;
      await stage.run("reconcile", stage.job);
      return stage.github.requests.length - before;
    };
    // The dashboard is told of the check first.
    for (let times = 0; times < 2; times += 1) await looked();
    expect(await looked()).toBe(0);
    await press(stage, proposal, "rescan");
    await stage.run("annotate", { ...stage.job, headSha: proposal.sha, pullRequest: proposal.number });
    await stage.run("scan", { ...stage.job, trigger: "schedule" });
    expect(await looked()).toBeGreaterThan(0);
  });

  it("says that the scan failed", async () => {
    const { stage } = set;
    const proposal = await opened(stage);
    stage.ahead = 60_000;
    await press(stage, proposal, "rescan");
    await stage.run("annotate", { ...stage.job, headSha: proposal.sha, pullRequest: proposal.number });
    const scan = stage.waiting.findIndex(({ name }) => name === "scan");
    stage.waiting.splice(scan, 1);
    stage.github.misbehave({ method: "GET", path: /\/tarball\//, times: 9, fault: broken(500) });
    const data = { ...stage.job, trigger: "person" } as const;
    await expect(stage.run("scan", data, { isLastAttempt: true })).rejects.toThrow();
    stage.github.behave();
    await stage.drain();
    expect((await runOf(stage, proposal.sha)).output.summary).toMatch(/Rescan: the scan failed/);
  });
});

describe("in a public repository", () => {
  const set = stagePerTest({ private: false });

  it("only Rescan is offered, the rest is refused, and nothing of a drift is told", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) => `${text}\nchecks: { fail: { environments: production } }\n`);
    const proposal = await resized(stage);
    expect(buttons(stage)).toEqual(["Rescan"]);
    expect(await runOf(stage, proposal.sha)).toMatchObject({ conclusion: "neutral" });
    for (const button of ["adopt", "acknowledge"]) await press(stage, proposal, button);
    await stage.drain();
    expect((await headOf(stage, "disk")).sha).toBe(proposal.sha);
    const output = JSON.stringify((await runOf(stage, proposal.sha)).output);
    expect(output.match(/nothing is shown or decided here/g)).toHaveLength(2);
    expect(output).not.toMatch(/aws_|shop-prod|t3\.|m6i|module\./);
  });

  it("everything is offered where details may be shown", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) => `${text}\npublic: details\n`);
    const proposal = await resized(stage);
    expect(buttons(stage)).toEqual(["Rescan", "Adopt into this PR", "Acknowledge"]);
    await press(stage, proposal, "adopt");
    await stage.drain();
    expect(await textAt(stage, "disk")).toContain(ADOPTED);
  });
});
