import { onCheckRun } from "../../src/jobs/webhooks/check-runs.ts";
import { shopFiles } from "../e2e/shop.ts";
import { FULL_NAME, type Stage } from "./stage.ts";

// Check runs on pull requests of the shop, and the people who press their buttons.

export interface Run {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly output: {
    readonly title: string;
    readonly summary: string;
    readonly text: string | null;
    readonly annotations_count: number;
  };
}

/** The check runs of a commit, the newest first. */
export async function runsOf({ github }: Stage, sha: string): Promise<Run[]> {
  const { check_runs: runs } = await github
    .person("alice")
    .send("GET", `/repos/${FULL_NAME}/commits/${sha}/check-runs`);
  return (runs as unknown as Run[]).toSorted((a, b) => b.id - a.id);
}

export async function runOf(stage: Stage, sha: string): Promise<Run> {
  const [run] = await runsOf(stage, sha);
  if (run === undefined) throw new Error(`${sha} has no check run`);
  return run;
}

/** Buttons of the check run that was written last. */
export function buttons({ github }: Stage): readonly string[] {
  const update = github.requests.findLast(
    ({ method, path, body }) =>
      method === "PATCH" && /check-runs/.test(path) && "actions" in ((body ?? {}) as object),
  );
  const { actions } = (update?.body ?? { actions: [] }) as unknown as {
    actions: readonly { label: string }[];
  };
  return actions.map(({ label }) => label);
}

export interface Proposal {
  readonly sha: string;
  readonly number: number;
  readonly branch: string;
}

/** Alice opens a pull request, and the check of it is made. */
export async function propose(
  stage: Stage,
  branch: string,
  files: Readonly<Record<string, string | null>>,
): Promise<Proposal> {
  const alice = stage.github.person("alice");
  const sha = await alice.commit(FULL_NAME, { branch, files });
  const number = await alice.openPullRequest(FULL_NAME, branch);
  await check(stage, { sha, number });
  return { sha, number, branch };
}

export async function check(stage: Stage, { sha, number }: Pick<Proposal, "sha" | "number">): Promise<void> {
  await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: number });
}

const PROD = "environments/prod.tfvars";

/** The office may call the api: a change of its security group. */
export async function officeFiles(): Promise<Record<string, string>> {
  const text = (await shopFiles())[PROD] ?? "";
  return { [PROD]: text.replace('["10.20.0.0/16"]', '["10.20.0.0/16", "10.99.0.0/24"]') };
}

/** The api gets a larger disk: a change of its instance, beside the line that says its size. */
export async function diskFiles(): Promise<Record<string, string>> {
  const text = (await shopFiles())[PROD] ?? "";
  return {
    [PROD]: text.replace("    port        = 8443\n", "    port        = 8443\n    disk_size   = 80\n"),
  };
}

export async function textAt({ github }: Stage, branch: string, path = PROD): Promise<string> {
  const { content } = await github
    .person("alice")
    .send("GET", `/repos/${FULL_NAME}/contents/${path}?ref=${encodeURIComponent(branch)}`);
  return Buffer.from(String(content), "base64").toString();
}

/** Somebody presses a button of the check of a commit, and the webhook of it arrives; the job is not begun. */
export async function press(
  stage: Stage,
  { sha, number }: Pick<Proposal, "sha" | "number">,
  identifier: string,
  { login = "alice", id = null, delivery = crypto.randomUUID() }: PressOptions = {},
): Promise<void> {
  await onCheckRun(stage.ports, {
    id: delivery,
    name: "check_run",
    payload: {
      action: "requested_action",
      check_run: {
        id: id ?? (await runOf(stage, sha)).id,
        name: "Driftwright",
        head_sha: sha,
        pull_requests: [{ number }],
      },
      requested_action: { identifier },
      sender: { login },
      repository: { id: stage.repositoryId },
      installation: { id: stage.github.installationId },
    },
  });
}

interface PressOptions {
  readonly login?: string;
  /** Of another check run than the newest. */
  readonly id?: number | null;
  readonly delivery?: string;
}
