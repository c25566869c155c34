import { describe, expect, it, vi } from "vitest";
import type { Clouds, JobPorts } from "../../src/jobs/ports.ts";
import { latestScan } from "../../src/store/scans.ts";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const CONFIG = ".github/driftwright.yml";
const SERVICE = "modules/service/main.tf";
const SIZE = "instance_type          = var.instance_type";

interface Run {
  readonly status: string;
  readonly conclusion: string | null;
  readonly output: { readonly title: string; readonly summary: string; readonly text: string | null };
}

async function runsOf({ github }: Stage, sha: string): Promise<Run[]> {
  const { check_runs: runs } = await github
    .person("bob")
    .send("GET", `/repos/${FULL_NAME}/commits/${sha}/check-runs`);
  return runs as unknown as Run[];
}

/** Bob pushes a branch and opens a pull request; gives what the check run says. */
async function proposed(
  stage: Stage,
  branch: string,
  files: Readonly<Record<string, string>>,
  { ports, fork = false }: { ports?: JobPorts; fork?: boolean } = {},
): Promise<Run> {
  const bob = stage.github.person("bob");
  const headSha = await bob.commit(FULL_NAME, { branch, files });
  const pullRequest = await bob.openPullRequest(FULL_NAME, branch);
  if (fork) await fromFork(stage);
  await stage.run("annotate", { ...stage.job, headSha, pullRequest }, ports === undefined ? {} : { ports });
  stage.github.behave();
  const [run, ...others] = await runsOf(stage, headSha);
  expect(others).toEqual([]);
  if (run === undefined) throw new Error("there is no check run");
  return run;
}

/** GitHub lists the open pull requests as if their branches were somebody else's. */
async function fromFork({ github }: Stage): Promise<void> {
  const { body } = await github.person("bob").try("GET", `/repos/${FULL_NAME}/pulls`);
  const pulls = (body as unknown as { head: { repo: object } }[]).map((pull) => ({
    ...pull,
    head: { ...pull.head, repo: { ...pull.head.repo, id: 4242 } },
  }));
  const answer = { status: 200, headers: {}, body: pulls as never };
  const fault = { when: "before", answer, first: async () => {} } as const;
  github.misbehave({ method: "GET", path: "/pulls", times: 9, fault });
}

function drift({ model }: Stage): void {
  resizeInstance(model, instanceIdOf(model, "shop-prod-api"), "m6i.large");
}

/** The service with another size for what `condition` says of the secret in the state. */
async function asking(condition: string): Promise<Record<string, string>> {
  const text = (await shopFiles())[SERVICE] ?? "";
  const size = `instance_type          = ${condition} ? "m6i.large" : "t3.nano"`;
  return { [SERVICE]: text.replace(SIZE, size) };
}

/** Its first character, as anybody can read who may read the state. */
async function secretStart(): Promise<string> {
  const secret = /"session_key": \{\s+"value": "([^"]{20,})"/.exec((await shopFiles())["prod.tfstate"] ?? "");
  return secret?.[1]?.[0] ?? "";
}

describe("what a pull request can ask of a secret in the state", () => {
  const set = stagePerTest();

  it.each([
    ["its text", (guess: string) => `substr(nonsensitive(var.session_key), 0, 1) == "${guess}"`],
    ["whether something fails", (guess: string) => `can(regex("^${guess}", nonsensitive(var.session_key)))`],
    ["what it starts with", (guess: string) => `startswith(nonsensitive(var.session_key), "${guess}")`],
  ])("by %s, gets one answer, whether the guess is right or wrong", async (_what, condition) => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const right = await secretStart();
    expect(right).not.toBe("");
    const answers: unknown[] = [];
    for (const guess of [right, right === "A" ? "B" : "A"]) {
      const { conclusion, output } = await proposed(stage, `guess-${guess}`, await asking(condition(guess)));
      answers.push([conclusion, output.title, output.summary, output.text]);
    }
    expect(answers[1]).toEqual(answers[0]);
  });

  it("does not decide which blocks there are", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const text = (await shopFiles())[SERVICE] ?? "";
    const answers: unknown[] = [];
    for (const guess of [await secretStart(), "#"]) {
      const condition = `substr(nonsensitive(var.session_key), 0, 1) == "${guess}"`;
      const block = `dynamic "credit_specification" {\n    for_each = ${condition} ? [1] : []\n    content {\n      cpu_credits = "standard"\n    }\n  }`;
      const { conclusion, output } = await proposed(stage, `block-${answers.length}`, {
        [SERVICE]: text.replace(SIZE, `${block}\n  ${SIZE}`),
      });
      answers.push([conclusion, output.title, output.summary]);
    }
    expect(answers[1]).toEqual(answers[0]);
  });
});

describe("where the states of a pull request are read", () => {
  const set = stagePerTest();

  function backend(versions: string, bucket: string, more = ""): string {
    const settings = `bucket = "${bucket}"\n    key = "prod.tfstate"\n    region = "eu-west-1"\n${more}`;
    return versions.replace(/backend "s3" \{[^}]*\}/, `backend "s3" {\n    ${settings}  }`);
  }

  /** Ports that hand out the state of production from S3, and write down what is asked for. */
  function recording(stage: Stage, prod: string, asked: string[]): JobPorts {
    const { ports } = stage;
    const stateOf: Clouds["stateOf"] = ({ name, state }) => {
      if (state.kind !== "s3") return null;
      asked.push(JSON.stringify([name, state]));
      if (name !== "shop-prod") return null;
      const text = { text: prod, writtenAt: null, locked: false };
      return { describe: "s3://acme-states/prod.tfstate", read: async () => text };
    };
    return { ...ports, clouds: { ...ports.clouds, stateOf } };
  }

  it("is what the default branch says, whatever bucket and role the pull request or its base name", async () => {
    const { stage } = set;
    const files = await shopFiles();
    const [versions = "", prod = "", yml = ""] = [files["versions.tf"], files["prod.tfstate"], files[CONFIG]];
    const alice = stage.github.person("alice");
    await alice.commit(FULL_NAME, {
      branch: "main",
      files: {
        [CONFIG]: yml.replaceAll(/ {4}state: .*\n/g, ""),
        "versions.tf": backend(versions, "acme-states"),
        "prod.tfstate": null,
        "staging.tfstate": null,
      },
    });
    drift(stage);
    const asked: string[] = [];
    const ports = recording(stage, prod, asked);
    await stage.run("scan", { ...stage.job, trigger: "push" }, { ports });
    stage.waiting.splice(0);
    expect(asked.splice(0)).toHaveLength(2);

    const role = '    role_arn = "arn:aws:iam::999999999999:role/states"\n';
    const theirs = backend(versions, "states-of-another-team", role);
    const api = (files[SERVICE] ?? "").replace(SIZE, 'instance_type = "m6i.large"');
    const run = await proposed(stage, "theirs", { "versions.tf": theirs, [SERVICE]: api }, { ports });
    expect(run.output.summary).toContain("already contains it");
    const base = await stage.github
      .person("bob")
      .commit(FULL_NAME, { branch: "base", files: { "versions.tf": theirs } });
    const bob = stage.github.person("bob");
    await bob.send("POST", `/repos/${FULL_NAME}/git/refs`, { ref: "refs/heads/head", sha: base });
    const headSha = await bob.commit(FULL_NAME, { branch: "head", files: { [SERVICE]: api } });
    const into = { title: "x", head: "head", base: "base" };
    const { number } = await bob.send("POST", `/repos/${FULL_NAME}/pulls`, into);
    await stage.run("annotate", { ...stage.job, headSha, pullRequest: Number(number) }, { ports });
    expect((await runsOf(stage, headSha))[0]).toMatchObject({ status: "completed" });

    expect(asked.length).toBeGreaterThan(0);
    for (const one of asked) {
      expect(one).toContain("acme-states");
      expect(one).not.toMatch(/another-team|999999999999/);
    }
  });

  it("is nowhere for a stack that only the pull request has", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const asked: string[] = [];
    const files = await shopFiles();
    const theirs = backend(files["versions.tf"] ?? "", "states-of-another-team");
    await proposed(
      stage,
      "new-stack",
      { "other/versions.tf": theirs, "other/main.tf": 'resource "aws_instance" "x" {}\n' },
      { ports: recording(stage, "", asked) },
    );
    expect(asked).toEqual([]);
  });
});

describe("tokens", () => {
  const set = stagePerTest();

  it("that read the code write nothing, and those that write check runs read nothing", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const before = stage.github.requests.length;
    await proposed(stage, "size", await asking("true"));
    const wanted = stage.github.requests
      .slice(before)
      .filter(({ path }) => /access_tokens$/.test(path))
      .map(({ body }) => (body as { permissions?: object } | null)?.permissions);
    expect(wanted).toHaveLength(2);
    expect(wanted).toContainEqual({ contents: "read", metadata: "read", pull_requests: "read" });
    expect(wanted).toContainEqual({ checks: "write", metadata: "read" });
  });

  it("are not asked for where check runs were not granted, and the repository is scanned all the same", async () => {
    const { stage } = set;
    await stage.install({ contents: "write", metadata: "read", issues: "write", pull_requests: "write" });
    drift(stage);
    await stage.scan();
    expect(await latestScan(stage.database.kysely, stage.repositoryId)).toMatchObject({
      outcome: "complete",
    });
    const before = stage.github.requests.length;
    await stage.run("annotate", { ...stage.job, headSha: "0".repeat(40), pullRequest: 1 });
    expect(stage.github.requests.length).toBe(before);
  });
});

describe("one commit in several pull requests", () => {
  const set = stagePerTest();

  /** Two pull requests of one branch: into main, and into a release that has the size already. */
  async function twice(stage: Stage): Promise<{ headSha: string; numbers: number[] }> {
    const bob = stage.github.person("bob");
    const files = await asking("true");
    const start = await bob.commit(FULL_NAME, { branch: "release", files: { "NOTES.md": "a release" } });
    await bob.send("POST", `/repos/${FULL_NAME}/git/refs`, { ref: "refs/heads/size", sha: start });
    const headSha = await bob.commit(FULL_NAME, { branch: "size", files });
    const numbers: number[] = [];
    for (const base of ["main", "release"]) {
      const wish = { title: "x", head: "size", base };
      numbers.push(Number((await bob.send("POST", `/repos/${FULL_NAME}/pulls`, wish))["number"]));
    }
    return { headSha, numbers };
  }

  it("has one check run, which both get although the job names one that is closed", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { headSha, numbers } = await twice(stage);
    const [first = 0] = numbers;
    await stage.github.person("bob").closePullRequest(FULL_NAME, first);
    await stage.run("annotate", { ...stage.job, headSha, pullRequest: first });
    expect(await runsOf(stage, headSha)).toMatchObject([
      { status: "completed", output: { summary: expect.stringContaining("already contain") } },
    ]);
  });

  it("is compared with what each of them starts from", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { headSha, numbers } = await twice(stage);
    const before = stage.github.requests.length;
    await stage.run("annotate", { ...stage.job, headSha, pullRequest: numbers[1] ?? 0 });
    const compared = stage.github.requests
      .slice(before)
      .filter(({ path }) => /\/compare\//.test(path))
      .map(({ path }) => decodeURIComponent(path).split("/compare/")[1]?.split("...")[0]);
    expect(compared.toSorted()).toEqual(["main", "release"]);
    expect(await runsOf(stage, headSha)).toMatchObject([{ status: "completed" }]);
  });

  it("of a merge queue is compared with the branch that the queue is for", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { headSha } = await twice(stage);
    const before = stage.github.requests.length;
    await stage.run("annotate", { ...stage.job, headSha, pullRequest: null, base: "release" });
    const compared = stage.github.requests.slice(before).filter(({ path }) => /\/compare\//.test(path));
    expect(compared.map(({ path }) => decodeURIComponent(path))).toEqual([
      expect.stringContaining("/compare/release..."),
    ]);
  });
});

describe("a repository that is not scanned", () => {
  const set = stagePerTest();

  it("says why, and promises no other check", async () => {
    const { stage } = set;
    const terraform = Object.keys(await shopFiles()).filter((path) => /\.(tf|tfvars|tfstate)$/.test(path));
    const files = { ...Object.fromEntries(terraform.map((path) => [path, null])), [CONFIG]: "version: 1\n" };
    await stage.github.person("alice").commit(FULL_NAME, { branch: "main", files });
    await stage.scan();
    const { conclusion, output } = await proposed(stage, "readme", { "README.md": "x" });
    expect(conclusion).toBe("neutral");
    expect(output.title).toBe("Not scanned");
    expect(output.summary).toContain("there is no Terraform stack in the repository");
    expect(output.summary).not.toContain("made again");
  });
});

describe("in a public repository", () => {
  const set = stagePerTest({ private: false });

  it("a check tells neither what has drifted nor which value is the right one", async () => {
    const { stage } = set;
    const text = (await shopFiles())[SERVICE] ?? "";
    const sized = (size: string) => ({ [SERVICE]: text.replace(SIZE, `instance_type = "${size}"`) });
    const answers: unknown[] = [];
    const ask = async (branch: string, size: string) => {
      const { conclusion, output } = await proposed(stage, branch, sized(size));
      answers.push([conclusion, output.title, output.summary, output.text]);
    };
    await stage.scan();
    await ask("before", "t3.nano");
    drift(stage);
    await stage.scan();
    await ask("wrong", "t3.nano");
    await ask("right", "m6i.large");
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual(expect.arrayContaining(["neutral", "Not compared with the drift"]));
  });

  it("a change that touches no drift has the same conclusion as one that does", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const { conclusion, output } = await proposed(stage, "readme", { "README.md": "x" });
    expect([conclusion, output.title]).toEqual(["neutral", "Not compared with the drift"]);
  });

  it("a fork is not told what has drifted", async () => {
    const { stage } = set;
    drift(stage);
    await stage.scan();
    const answers: unknown[] = [];
    for (const [branch, files] of [
      ["touches", await asking("true")],
      ["touches-nothing", { "README.md": "x" }],
    ] as const) {
      const { conclusion, output } = await proposed(stage, branch, files, { fork: true });
      answers.push([conclusion, output.title, output.summary]);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]).toEqual([
      "neutral",
      "Not compared with the drift",
      expect.stringContaining("comes from a fork"),
    ]);
  });
});
