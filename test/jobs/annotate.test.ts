import { describe, expect, it, vi } from "vitest";
import { authorize, resizeInstance } from "../e2e/aws/changes.ts";
import { broken } from "../e2e/github/faults.ts";
import { groupIdOf, instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { diskFiles } from "./checks.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

interface Run {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly output: { readonly title: string; readonly summary: string; readonly annotations_count: number };
}

async function runsOf(stage: Stage, sha: string): Promise<Run[]> {
  const { check_runs: runs } = (await stage.github
    .person("alice")
    .send("GET", `/repos/${FULL_NAME}/commits/${sha}/check-runs`)) as unknown as { check_runs: Run[] };
  return runs;
}

/** The check run of a pull request that changes files of the shop. */
async function runOf(
  stage: Stage,
  branch: string,
  change: (files: Readonly<Record<string, string>>) => Record<string, string>,
) {
  const alice = stage.github.person("alice");
  const sha = await alice.commit(FULL_NAME, { branch, files: change(await shopFiles()) });
  const number = await alice.openPullRequest(FULL_NAME, branch);
  await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number });
  return (await runsOf(stage, sha))[0];
}

/** Somebody opens a pull request in which the office may call the api. */
async function letTheOfficeIn(stage: Stage): Promise<{ sha: string; number: number }> {
  const path = "environments/prod.tfvars";
  const text = (await shopFiles())[path] ?? "";
  const files = { [path]: text.replace('["10.20.0.0/16"]', '["10.20.0.0/16", "10.99.0.0/24"]') };
  const alice = stage.github.person("alice");
  const sha = await alice.commit(FULL_NAME, { branch: "office", files });
  return { sha, number: await alice.openPullRequest(FULL_NAME, "office") };
}

function drift({ model }: Stage): void {
  resizeInstance(model, instanceIdOf(model, "shop-prod-worker"), "t3.large");
  const group = groupIdOf(model, "shop-prod-api");
  authorize(model, group, { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } as never });
}

describe("the check run of a pull request", () => {
  const set = stagePerTest();

  it("says which drift it touches, on the line that decides it; what it does not touch is not told", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { sha, number } = await letTheOfficeIn(stage);
    const cloud = stage.aws.requests.length;
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number });
    const [run, ...others] = await runsOf(stage, sha);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ name: "Driftwright", status: "completed", conclusion: "neutral" });
    expect(run?.output.title).toBe("This change touches 1 drifted instance");
    expect(run?.output.summary).toContain("would revert it");
    expect(run?.output.summary).not.toContain("instance_type");
    const update = stage.github.requests.findLast(
      ({ method, path }) => method === "PATCH" && /check-runs/.test(path),
    );
    expect(update?.body).toMatchObject({
      output: { annotations: [{ path: "environments/prod.tfvars", start_line: 9 }] },
    });
    expect(stage.aws.requests.length).toBe(cloud);
  });

  it("stands on the changed line of the drifted value, where the change touches other values of the instance too", async () => {
    const { stage } = set;
    resizeInstance(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "m6i.large");
    await stage.scan();
    const path = "environments/prod.tfvars";
    const text = (await diskFiles())[path] ?? "";
    await runOf(stage, "both", () => ({ [path]: text.replace('"medium"', '"small"') }));
    const update = stage.github.requests.findLast(
      ({ method, path: asked }) => method === "PATCH" && /check-runs/.test(asked),
    );
    const line = text.split("\n").findIndex((one) => /^ +size +=/.test(one)) + 1;
    const body = update?.body as { output: { annotations: object[] } } | undefined;
    expect(body?.output.annotations).toEqual([
      expect.objectContaining({ path, start_line: line, end_line: line }),
    ]);
  });

  it("is not made for a commit that GitHub does not have, however often it is asked for", async () => {
    const { stage } = set;
    const headSha = "0123456789012345678901234567890123456789";
    const data = { ...stage.job, headSha, pullRequest: null, base: "main" };
    // It may have been pushed just now.
    await expect(stage.run("annotate", data)).rejects.toThrow();
    await stage.run("annotate", data, { isLastAttempt: true });
    expect(stage.logged).toContainEqual(expect.objectContaining({ message: "no check run", headSha }));
    expect(await stage.database.kysely.selectFrom("check_runs").selectAll().execute()).toEqual([]);
  });

  it("is not made again while it says the same", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { sha, number } = await letTheOfficeIn(stage);
    const job = { ...stage.job, headSha: sha, pullRequest: number };
    await stage.run("annotate", job);
    const before = stage.writes.length;
    await stage.run("annotate", job);
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("is made again by itself when the drift changes", async () => {
    const { stage } = set;
    await stage.scan();
    const { sha, number } = await letTheOfficeIn(stage);
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number });
    expect((await runsOf(stage, sha))[0]).toMatchObject({ conclusion: "success" });
    drift(stage);
    await stage.scan();
    const all = await runsOf(stage, sha);
    expect(all.some(({ conclusion }) => conclusion === "neutral")).toBe(true);
    expect(all.every(({ status }) => status === "completed")).toBe(true);
  });

  it("ends neutral, with the reason, where the change cannot be evaluated", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const alice = stage.github.person("alice");
    const files = { "main.tf": 'resource "aws_instance" "broken" {' };
    const sha = await alice.commit(FULL_NAME, { branch: "broken", files });
    const number = await alice.openPullRequest(FULL_NAME, "broken");
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number });
    const [run] = await runsOf(stage, sha);
    expect(run).toMatchObject({ status: "completed", conclusion: "neutral" });
    expect(run?.output.title).toBe("1 stack could not be evaluated in full");
    expect(run?.output.summary).toMatch(/- `shop-prod`: main\.tf does not parse \(line 1\)\./);
    expect(run?.output.summary).not.toMatch(/\d drift|has drifted/);
  });

  it("says what an error of the change leaves open, and what is wrong", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const run = await runOf(stage, "wrong", (files) => ({
      "more.tf": `${files["more.tf"] ?? ""}locals {\n  x = var.y\n}\n`,
    }));
    expect(run).toMatchObject({
      conclusion: "neutral",
      output: { title: "1 stack could not be evaluated in full" },
    });
    expect(run?.output.summary).toMatch(
      /what hangs on an error at more\.tf(?::|&#58;)2 is left out \(there is no variable "y" in the root module\)\./,
    );
  });

  it("does not repeat an error that the state has a part in", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const made = "{ for _, one in module.service : one.instance_id => 1 }";
    const output = 'output "instance_id" {\n  value = aws_instance.this.id\n}\n';
    const run = await runOf(stage, "telling", (files) => ({
      "modules/service/main.tf": `${files["modules/service/main.tf"] ?? ""}\n${output}`,
      "more.tf": `${files["more.tf"] ?? ""}locals {\n  x = { a = 1 }[keys(${made})[0]]\n}\n`,
    }));
    expect(run?.output.summary).toMatch(/what hangs on an error at more\.tf(?::|&#58;)2 is left out\./);
    expect(run?.output.summary).not.toMatch(/\bi-[0-9a-f]{6,}/);
  });

  it("claims nothing of a stack whose code the change takes away", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const alice = stage.github.person("alice");
    const code = Object.keys(await shopFiles()).filter((path) => /^[^/]+\.tf$/.test(path));
    const files = Object.fromEntries(code.map((path) => [path, null]));
    const sha = await alice.commit(FULL_NAME, { branch: "gone", files });
    const number = await alice.openPullRequest(FULL_NAME, "gone");
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number });
    const [run] = await runsOf(stage, sha);
    expect(run?.output.title).toBe("1 stack could not be evaluated in full");
    expect(run?.output.summary).toContain("the change takes all of its code away");
  });

  it("of one of its own pull requests says what that adopts, and what it is no part of", async () => {
    const { stage } = set;
    await stage.scan();
    const api = instanceIdOf(stage.model, "shop-prod-api");
    resizeInstance(stage.model, api, "m6i.large");
    await stage.scan();
    const { head } = (await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/pulls/1`)) as {
      head: { sha: string };
    };
    await stage.run("annotate", { ...stage.job, headSha: head.sha, pullRequest: 1 });
    expect((await runsOf(stage, head.sha)).at(0)).toMatchObject({
      conclusion: "success",
      output: { title: "Adopts 1 drift: the code then says what the cloud has" },
    });
  });

  it("tells how old the drift is, and is not made again for another age", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { sha, number } = await letTheOfficeIn(stage);
    const job = { ...stage.job, headSha: sha, pullRequest: number };
    await stage.run("annotate", job);
    const [run] = await runsOf(stage, sha);
    expect(run?.output.summary).toMatch(/The drift is as of the scan on \d{4}-\d\d-\d\d \d\d:\d\d UTC\./);
    stage.ahead = 3_600_000;
    await stage.scan();
    const before = stage.writes.length;
    await stage.run("annotate", job);
    expect(stage.writes.slice(before)).toEqual([]);
    expect(await runsOf(stage, sha)).toEqual([run]);
  });

  it("ends neutral after the last attempt, whatever happens", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { sha, number } = await letTheOfficeIn(stage);
    stage.github.misbehave({ method: "GET", path: /\/compare\//, times: 9, fault: broken(500) });
    const job = { ...stage.job, headSha: sha, pullRequest: number };
    await expect(stage.run("annotate", job)).rejects.toThrow(/500/);
    expect((await runsOf(stage, sha))[0]).toMatchObject({ status: "in_progress" });
    await stage.run("annotate", job, { isLastAttempt: true });
    expect(await runsOf(stage, sha)).toMatchObject([{ status: "completed", conclusion: "neutral" }]);
  });

  it("is given up by the sweep where nobody finished it", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { sha, number } = await letTheOfficeIn(stage);
    stage.github.misbehave({ method: "GET", path: /\/compare\//, times: 9, fault: broken(500) });
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number }).catch(() => {});
    stage.github.behave();
    stage.ahead = 20 * 60_000;
    await stage.run("sweep", {});
    expect(await runsOf(stage, sha)).toMatchObject([{ status: "completed", conclusion: "neutral" }]);
  });

  it("says so before the first scan", async () => {
    const { stage } = set;
    const { sha, number } = await letTheOfficeIn(stage);
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number });
    expect(await runsOf(stage, sha)).toMatchObject([
      { conclusion: "neutral", output: { title: "Not scanned yet" } },
    ]);
  });

  it("is made for a merge group too, and for no commit that is not the newest of its pull request", async () => {
    const { stage } = set;
    await stage.scan();
    const { sha, number } = await letTheOfficeIn(stage);
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: null });
    expect(await runsOf(stage, sha)).toMatchObject([{ conclusion: "success" }]);
    const old = await stage.github
      .person("alice")
      .commit(FULL_NAME, { branch: "else", files: { "a.md": "a" } });
    await stage.run("annotate", { ...stage.job, headSha: old, pullRequest: number });
    expect(await runsOf(stage, old)).toEqual([]);
  });
});

describe("in a public repository", () => {
  const set = stagePerTest({ private: false });

  it("numbers alone are told: one issue, no pull request, no annotation", async () => {
    const { stage } = set;
    await stage.scan();
    drift(stage);
    await stage.scan();
    const { sha, number } = await letTheOfficeIn(stage);
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number });
    const [issue, ...others] = (await stage.issues()).filter((one) => one.number !== number);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ title: "Drift in this repository", state: "open" });
    const [run] = await runsOf(stage, sha);
    for (const text of [issue?.body ?? "", JSON.stringify(run?.output)]) {
      expect(text).not.toMatch(/aws_|0\.0\.0\.0|shop-prod|t3\.|module\./);
    }
    expect(run?.output.title).toBe("Not compared with the drift");
  });
});
