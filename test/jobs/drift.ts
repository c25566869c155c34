import { expect } from "vitest";
import { authorize, resizeInstance, retag, revoke } from "../e2e/aws/changes.ts";
import { groupIdOf, instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { FULL_NAME, type Stage } from "./stage.ts";

// What people do to the shop's cloud and repository, and what is there afterwards.

/** Somebody resizes the api, which a rule allows. */
export function resize({ model }: Stage, type = "m6i.large"): void {
  resizeInstance(model, instanceIdOf(model, "shop-prod-api"), type);
}

/** Somebody lets everybody in by SSH, which no rule allows. */
export function letEverybodyIn({ model }: Stage): void {
  const group = groupIdOf(model, "shop-prod-api");
  authorize(model, group, { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } as never });
}

export function putRight(stage: Stage): void {
  resize(stage, "t3.medium");
  revoke(stage.model, groupIdOf(stage.model, "shop-prod-api"), ({ from }) => from === 22);
}

/** Alice merges something. */
export function commit(stage: Stage, files: Readonly<Record<string, string | null>>): Promise<string> {
  return stage.github.person("alice").commit(FULL_NAME, { branch: "main", files });
}

export async function changeConfig(stage: Stage, change: (text: string) => string): Promise<void> {
  const path = ".github/driftwright.yml";
  await commit(stage, { [path]: change((await shopFiles())[path] ?? "") });
}

/** All issues and pull requests: `pull 1 open`. */
export async function states(stage: Stage): Promise<string[]> {
  return (await stage.issues()).map(
    ({ isPull, state, number }) => `${isPull ? "pull" : "issue"} ${number} ${state}`,
  );
}

/** Whether each branch that the App made is there still. */
export async function ownBranches(stage: Stage): Promise<boolean[]> {
  const refs = stage.github.requests
    .filter(({ method, path, by }) => by.kind === "installation" && method === "POST" && /\/refs$/.test(path))
    .map(({ body }) => String((body as { ref?: string }).ref).replace("refs/", ""));
  const paths = [...new Set(refs)].map((ref) => `/repos/${FULL_NAME}/git/ref/${encodeURIComponent(ref)}`);
  const answers = await Promise.all(paths.map((path) => stage.github.person("alice").try("GET", path)));
  return answers.map(({ status }) => status === 200);
}

/** What most tests begin with: nothing had drifted at the first scan, and then there are a pull request (1) and an issue (2). */
export async function drifted(stage: Stage): Promise<Stage> {
  await stage.scan();
  resize(stage);
  letEverybodyIn(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  return stage;
}

/** With an issue (1) about a tag, of which no rule decides. */
export async function retagged(stage: Stage): Promise<Stage> {
  await stage.scan();
  retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "Schedule", "nights");
  await stage.scan();
  expect(await states(stage)).toEqual(["issue 1 open"]);
  return stage;
}

/** A scan alone: what would follow from it is not done. */
export async function scanOnly(stage: Stage): Promise<void> {
  await stage.run("scan", { ...stage.job, trigger: "person" });
  stage.waiting.splice(0);
}

/** As if the database had been lost: the App is still installed. */
export async function loseDatabase(stage: Stage): Promise<void> {
  await stage.database.kysely.deleteFrom("repositories").execute();
  await stage.install();
}
