import { expect, it, vi } from "vitest";
import { WANTED_PERMISSIONS } from "../../src/github/permissions.ts";
import { resizeInstance } from "./aws/changes.ts";
import { isWrite } from "./github/layer.ts";
import { ELSEWHERE, type ServiceStage } from "./service/stage.ts";
import { withStage } from "./service/with-stage.ts";
import { instanceIdOf } from "./shop.ts";

vi.setConfig({ testTimeout: 240_000 });

const PULL = 2;

/** The webhook of an installation, as GitHub sends it. */
async function installation(
  stage: ServiceStage,
  action: string,
  permissions: Readonly<Record<string, string>> = WANTED_PERMISSIONS,
): Promise<void> {
  const { github } = stage;
  await github.send("installation", {
    action,
    installation: {
      id: github.installationId,
      account: { id: 1, login: "acme", type: "Organization" },
      permissions,
      suspended_at: action === "suspend" ? new Date().toISOString() : null,
    },
    sender: { login: "alice", type: "User" },
  });
}

/** The webhook of the repository, as GitHub sends it. */
async function repository(stage: ServiceStage, action: string, name: string, branch: string): Promise<void> {
  const { github } = stage;
  await github.send("repository", {
    action,
    repository: {
      id: stage.repository.id,
      name,
      full_name: `acme/${name}`,
      private: true,
      default_branch: branch,
    },
    installation: { id: github.installationId },
    sender: { login: "alice", type: "User" },
  });
}

/** What GitHub does where somebody renames a branch: pull requests go along. */
async function renameBranch({ github }: ServiceStage, from: string, to: string): Promise<void> {
  const alice = github.person("alice");
  const repo = "/repos/acme/shop";
  const { object } = await alice.send("GET", `${repo}/git/ref/heads%2F${from}`);
  const { sha } = object as { sha: string };
  await alice.send("POST", `${repo}/git/refs`, { ref: `refs/heads/${to}`, sha });
  await alice.send("PATCH", repo, { default_branch: to });
  await alice.send("PATCH", `${repo}/pulls/${PULL}`, { base: to });
  await alice.deleteBranch("acme/shop", from);
}

function resize({ model }: ServiceStage, type: string): void {
  resizeInstance(model, instanceIdOf(model, "shop-prod-api"), type);
}

/** What the App writes meanwhile. */
async function written(stage: ServiceStage, work: () => Promise<void>): Promise<string[]> {
  const before = stage.github.requests.length;
  await work();
  return stage.github.requests
    .slice(before)
    .filter((request) => isWrite(request))
    .map(({ path }) => path);
}

it("whatever becomes of an installation and a repository, nothing fails, and the same pull request goes on", async () => {
  await withStage(null, async (stage) => {
    const { github, seen } = stage;
    const title = async () => (await seen.pull(PULL)).title;
    await stage.install();
    await stage.quiet();
    resize(stage, "m6i.large");
    await stage.dailyScan();
    expect(await title()).toContain("m6i.large");

    github.changeInstallation("suspended");
    await installation(stage, "suspend");
    resize(stage, "m6i.xlarge");
    expect(await written(stage, () => stage.dailyScan())).toEqual([]);
    github.changeInstallation("active");
    await installation(stage, "unsuspend");
    await stage.quiet();
    expect(await title()).toContain("m6i.xlarge");

    // What the App wants in addition, the owner has yet to accept.
    const { pull_requests: _, ...granted } = WANTED_PERMISSIONS;
    github.grant(granted);
    await installation(stage, "unsuspend", granted);
    await stage.quiet();
    resize(stage, "m6i.2xlarge");
    expect(await written(stage, () => stage.dailyScan())).toEqual([]);
    expect(stage.output.join("\n")).toContain("the installation lacks pull_requests: write");
    github.grant(WANTED_PERMISSIONS);
    await installation(stage, "new_permissions_accepted");
    await stage.quiet();
    expect(await title()).toContain("m6i.2xlarge");

    github.change("shop", { archived: true });
    await repository(stage, "archived", "shop", "main");
    resize(stage, "m6i.large");
    expect(await written(stage, () => stage.dailyScan())).toEqual([]);
    github.change("shop", { archived: false });
    await repository(stage, "unarchived", "shop", "main");
    await stage.quiet();
    expect(await title()).toContain("m6i.large");

    await renameBranch(stage, "main", "trunk");
    await repository(stage, "edited", "shop", "trunk");
    resize(stage, "m6i.xlarge");
    await stage.dailyScan();
    expect(await title()).toContain("m6i.xlarge");

    const { id } = stage.repository;
    await github.person("alice").send("PATCH", "/repos/acme/shop", { name: "store" });
    await repository(stage, "renamed", "store", "trunk");
    resize(stage, "m6i.2xlarge");
    const toStore = await written(stage, () => stage.dailyScan());
    expect(await title()).toContain("m6i.2xlarge");
    expect(toStore.filter((path) => !path.startsWith("/repos/acme/store/"))).toEqual([]);

    const named = [{ id, name: "store", full_name: "acme/store", private: true }];
    const account = { id: 1, login: "acme", type: "Organization" };
    const selection = {
      installation: { id: github.installationId, account },
      sender: { login: "alice", type: "User" },
    };
    await github.send("installation_repositories", {
      action: "removed",
      repositories_added: [],
      repositories_removed: named,
      ...selection,
    });
    resize(stage, "m6i.xlarge");
    expect(await written(stage, () => stage.dailyScan())).toEqual([]);
    await github.send("installation_repositories", {
      action: "added",
      repositories_added: named,
      repositories_removed: [],
      ...selection,
    });
    await stage.quiet();
    expect(await title()).toContain("m6i.xlarge");

    expect((await seen.issues()).map(({ number, state }) => `${number} ${state}`)).toEqual([
      "1 open",
      "2 open",
    ]);

    const alice = github.person("alice");
    await alice.send("POST", "/repos/acme/store/transfer", { new_owner: ELSEWHERE.account });
    resize(stage, "m6i.large");
    expect(await written(stage, () => stage.dailyScan())).toEqual([]);

    github.changeInstallation("deleted");
    await installation(stage, "deleted");
    expect(await written(stage, () => stage.dailyScan())).toEqual([]);
    for (const { status } of github.deliveries) expect(status).toBe(200);
  });
});
