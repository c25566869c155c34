import { expect, test } from "vitest";
import { onPush } from "../../src/jobs/webhooks/code.ts";
import { latestScan } from "../../src/store/scans.ts";
import { FULL_NAME, stagePerTest } from "./stage.ts";

const DAY = 24 * 60 * 60 * 1000;
const on = stagePerTest();

test("a push that arrives before GitHub's answer about many repositories is not forgotten for that answer", async () => {
  const { stage } = on;
  await stage.scan();
  const before = (await latestScan(stage.database.kysely, stage.repositoryId))?.commit;
  stage.ahead += DAY;
  let head = "";
  const push = async () => {
    const files = { "notes.txt": "new" };
    head = await stage.github.person("alice").commit(FULL_NAME, { branch: "main", files, message: "New" });
    const repository = { id: stage.repositoryId, default_branch: "main" };
    const payload = { ref: "refs/heads/main", repository, installation: { id: stage.github.installationId } };
    await onPush(stage.ports, { id: "1", name: "push", payload });
  };
  const [owner = "", name = ""] = FULL_NAME.split("/");
  const facts = { isPrivate: true, isArchived: false, isDisabled: false, isFork: false };
  const branch = { name: "main", target: { oid: before ?? "" } };
  const found = { databaseId: stage.repositoryId, name, owner: { login: owner }, ...facts };
  const body = { data: { r0: { ...found, hasIssuesEnabled: true, defaultBranchRef: branch } } };
  const fault = { when: "before", answer: { status: 200, headers: {}, body }, first: push } as const;
  stage.github.misbehave({ method: "POST", path: "/graphql", fault });
  await stage.run("tick", {});
  await stage.run("scan", { ...stage.job, trigger: "schedule" });
  expect((await latestScan(stage.database.kysely, stage.repositoryId))?.commit).toBe(head);
});
