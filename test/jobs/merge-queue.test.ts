import { expect, it, vi } from "vitest";
import { onCheckRun } from "../../src/jobs/webhooks/check-runs.ts";
import { onMergeGroup } from "../../src/jobs/webhooks/code.ts";
import { retag } from "../e2e/aws/changes.ts";
import { instanceIdOf } from "../e2e/shop.ts";
import { officeFiles, propose, runOf, textAt } from "./checks.ts";
import { changeConfig, drifted } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const PROD = "environments/prod.tfvars";

/** A pull request in the queue, and the file that its commit in the queue has. */
interface Queued {
  readonly number: number;
  readonly headSha: string;
  readonly text: string;
}

interface Setting {
  readonly stage: Stage;
  /** Adopts the size of the api, of which a tag has drifted too. */
  readonly adoption: Queued;
  /** Of Alice: applying it takes away the rule by which everybody comes in. */
  readonly office: Queued;
  /** Both changes. */
  readonly both: string;
}

/** Where drift in production makes a check fail. */
async function queueing(): Promise<Setting> {
  const { stage } = set;
  await changeConfig(stage, (text) => `${text}\nchecks: { fail: { environments: production } }\n`);
  await drifted(stage);
  retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "Schedule", "nights");
  await stage.scan();
  const { head } = await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/pulls/1`);
  const { ref, sha: headSha } = head as unknown as { ref: string; sha: string };
  const adoption = { number: 1, headSha, text: await textAt(stage, ref) };
  const files = await officeFiles();
  const { number, sha } = await propose(stage, "office", files);
  const office = { number, headSha: sha, text: files[PROD] ?? "" };
  const before = await textAt(stage, "main");
  const line = before.split("\n").find((one, index) => adoption.text.split("\n")[index] !== one) ?? "";
  const adopted = adoption.text.split("\n").find((one) => !before.split("\n").includes(one)) ?? "";
  return { stage, adoption, office, both: office.text.replace(line, adopted) };
}

/** What a queue's branch is at after each of the commits that GitHub makes for it; one that is merged has two parents. */
async function queueBranch(
  { stage }: Setting,
  method: "merge" | "squash",
  commits: readonly { readonly of: Queued; readonly text: string }[],
): Promise<string> {
  const alice = stage.github.person("alice");
  const main = await alice.send("GET", `/repos/${FULL_NAME}/git/ref/${encodeURIComponent("heads/main")}`);
  let sha = (main["object"] as unknown as { sha: string }).sha;
  for (const { of, text } of commits) {
    const { tree: base } = await alice.send("GET", `/repos/${FULL_NAME}/git/commits/${sha}`);
    const tree = await alice.send("POST", `/repos/${FULL_NAME}/git/trees`, {
      base_tree: (base as unknown as { sha: string }).sha,
      tree: [{ path: PROD, mode: "100644", type: "blob", content: text }],
    });
    const commit = await alice.send("POST", `/repos/${FULL_NAME}/git/commits`, {
      message: `Merge pull request #${of.number}`,
      tree: String(tree["sha"]),
      parents: method === "merge" ? [sha, of.headSha] : [sha],
    });
    sha = String(commit["sha"]);
  }
  return sha;
}

/** GitHub asks for a check of the queue's branch. @param ref its name, where GitHub says it */
async function requested({ stage }: Setting, headSha: string, ref: string | null): Promise<string | null> {
  const group = { head_sha: headSha, base_ref: "refs/heads/main" };
  await onMergeGroup(stage.ports, {
    id: crypto.randomUUID(),
    name: "merge_group",
    payload: {
      action: "checks_requested",
      merge_group: ref === null ? group : { ...group, head_ref: `refs/heads/${ref}` },
      repository: { id: stage.repositoryId },
      installation: { id: stage.github.installationId },
    },
  });
  await stage.drain();
  return (await runOf(stage, headSha)).conclusion;
}

const named = ({ number }: Queued) => `gh-readonly-queue/main/pr-${number}-0123abcd`;

it.each(["merge", "squash"] as const)(
  "an adoption alone in the queue (%s) fails no more than its pull request: what else drifted there is not part of it",
  async (method) => {
    const setting = await queueing();
    const { adoption } = setting;
    const sha = await queueBranch(setting, method, [{ of: adoption, text: adoption.text }]);
    expect(await requested(setting, sha, named(adoption))).toBe("neutral");
    expect((await runOf(setting.stage, sha)).output.summary).toContain("is not part of it");
  },
);

it.each(["merge", "squash"] as const)(
  "what another pull request in the queue (%s) undoes fails the check, whichever of them is the last",
  async (method) => {
    const setting = await queueing();
    const { adoption, office, both } = setting;
    const afterwards = await queueBranch(setting, method, [
      { of: office, text: office.text },
      { of: adoption, text: both },
    ]);
    expect(await requested(setting, afterwards, named(adoption))).toBe("failure");
    const before = await queueBranch(setting, method, [
      { of: adoption, text: adoption.text },
      { of: office, text: both },
    ]);
    expect(await requested(setting, before, named(office))).toBe("failure");
  },
);

it("another commit in the place of the adoption's is not taken for it", async () => {
  const setting = await queueing();
  const { adoption, office, both } = setting;
  const other = { ...adoption, headSha: office.headSha };
  const sha = await queueBranch(setting, "merge", [{ of: other, text: both }]);
  expect(await requested(setting, sha, named(adoption))).toBe("failure");
});

it("where GitHub does not say whose turn it is, all drift counts", async () => {
  const setting = await queueing();
  const { adoption } = setting;
  const sha = await queueBranch(setting, "merge", [{ of: adoption, text: adoption.text }]);
  expect(await requested(setting, sha, null)).toBe("failure");
});

it("a check of the queue that is asked for again says the same", async () => {
  const setting = await queueing();
  const { stage, adoption } = setting;
  const sha = await queueBranch(setting, "merge", [{ of: adoption, text: adoption.text }]);
  await onCheckRun(stage.ports, {
    id: crypto.randomUUID(),
    name: "check_run",
    payload: {
      action: "rerequested",
      check_run: {
        id: 1,
        name: "Driftwright",
        head_sha: sha,
        pull_requests: [],
        check_suite: { head_branch: named(adoption) },
      },
      repository: { id: stage.repositoryId },
      installation: { id: stage.github.installationId },
    },
  });
  await stage.drain();
  expect((await runOf(stage, sha)).conclusion).toBe("neutral");
});
