import { describe, expect, it, vi } from "vitest";
import { authorize, resizeInstance, retag, revoke } from "./aws/changes.ts";
import { meanwhile } from "./github/faults.ts";
import { scanAndDie } from "./service/death.ts";
import { FULL_NAME, type ServiceStage } from "./service/stage.ts";
import { withStage } from "./service/with-stage.ts";
import { groupIdOf, instanceIdOf, shopFiles } from "./shop.ts";

vi.setConfig({ testTimeout: 240_000 });

/** What the App has made: what it is and whether it is open. */
async function made({ seen }: ServiceStage): Promise<string[]> {
  const all = await seen.issues();
  return all
    .filter(({ author }) => author === "driftwright[bot]")
    .map(({ isPull, title, state }) => `${isPull ? "pull" : title.replace(/[: ].*/, "")} ${state}`)
    .toSorted();
}

async function pullOf({ seen }: ServiceStage): Promise<number> {
  const pull = (await seen.issues()).find(({ isPull, author }) => isPull && author === "driftwright[bot]");
  if (pull === undefined) throw new Error("the App has opened no pull request");
  return pull.number;
}

describe("the whole loop, with the service in a process of its own", () => {
  it.concurrent("goes from the installation to everything closed; a restart in the middle loses nothing", () =>
    withStage(null, async (stage) => {
      const { github, model, seen } = stage;
      const [alice, bob] = [github.person("alice"), github.person("bob")];
      const group = groupIdOf(model, "shop-prod-api");
      const worker = instanceIdOf(model, "shop-prod-worker");
      retag(model, worker, "Schedule", "always");

      await stage.quiet();
      expect(stage.writes).toEqual([]);
      await stage.install();
      await stage.quiet();
      expect(await made(stage)).toEqual(["Driftwright open"]);

      // It is told to stop while it writes.
      resizeInstance(model, instanceIdOf(model, "shop-prod-api"), "m6i.large");
      authorize(model, group, { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } });
      const stopped = Promise.withResolvers<number | null>();
      const stop = async () => void stage.end("stop").then(stopped.resolve, stopped.reject);
      github.misbehave({ method: "POST", path: "/pulls", fault: meanwhile(stop) });
      await stage.service.makeDue();
      expect(await stopped.promise).toBe(0);

      // Nobody hears of this.
      const path = "environments/prod.tfvars";
      const text = (await shopFiles())[path] ?? "";
      const files = { [path]: text.replace('["10.20.0.0/16"]', '["10.20.0.0/16", "10.99.0.0/24"]') };
      const commit = await bob.commit(FULL_NAME, { branch: "office", files });
      await bob.openPullRequest(FULL_NAME, "office");
      await github.settled();
      expect(github.deliveries.at(-1)).toMatchObject({ event: "pull_request", status: 0 });

      await stage.start();
      await stage.quiet();
      expect(await made(stage)).toEqual(["Critical open", "Driftwright open", "pull open"]);
      expect(await seen.checks(commit)).toMatchObject([
        { name: "Driftwright", status: "completed", annotations: [{ path, line: 9 }] },
      ]);

      // The dashboard tells of bob's check, which was made after it.
      await stage.dailyScan();
      const before = stage.writes.length;
      await stage.dailyScan();
      expect(stage.writes.slice(before)).toEqual([]);

      const pull = await pullOf(stage);
      expect((await seen.files(pull)).map((file) => file.path)).toEqual([path]);
      await alice.merge(FULL_NAME, pull, new Date());
      await stage.quiet();
      revoke(model, group, ({ from }) => from === 22);
      retag(model, worker, "Schedule", "office-hours");
      await stage.dailyScan();
      expect(await made(stage)).toEqual(["Critical closed", "Driftwright open", "pull closed"]);
      const closed = (await seen.issues()).filter(({ isPull, state }) => !isPull && state === "closed");
      for (const { number } of closed) expect(await seen.comments(number)).toHaveLength(1);
      expect((await seen.checks(commit)).map(({ status }) => status)).not.toContain("in_progress");
    }));

  it.concurrent("closes with one comment and deletes the branch when the drift is undone, though the process is killed meanwhile", () =>
    withStage(null, async (stage) => {
      const { model, seen } = stage;
      const api = instanceIdOf(model, "shop-prod-api");
      await stage.install();
      await stage.quiet();
      resizeInstance(model, api, "m6i.large");
      await stage.dailyScan();
      const number = await pullOf(stage);
      const { branch } = await seen.pull(number);
      expect(await seen.hasBranch(branch)).toBe(true);
      resizeInstance(model, api, "t3.medium");
      await scanAndDie(stage, { when: "after", method: "PATCH", path: `/pulls/${number}` });
      expect(await made(stage)).toEqual(["Driftwright open", "pull closed"]);
      expect(await seen.comments(number)).toEqual([expect.stringContaining("This drift is gone")]);
      expect(await seen.hasBranch(branch)).toBe(false);
    }));
});
