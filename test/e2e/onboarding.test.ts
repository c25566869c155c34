import { expect, it, vi } from "vitest";
import { CONFIG_PATH } from "../../src/config/model.ts";
import { resizeInstance } from "./aws/changes.ts";
import { FULL_NAME, type ServiceStage } from "./service/stage.ts";
import { withStage } from "./service/with-stage.ts";
import { instanceIdOf } from "./shop.ts";
import { unconfiguredShop } from "./unconfigured-shop.ts";

vi.setConfig({ testTimeout: 240_000 });

/** What the App has made: its title and whether it is open. */
async function made({ seen }: ServiceStage): Promise<string[]> {
  const all = await seen.issues();
  return all
    .filter(({ author }) => author === "driftwright[bot]")
    .map(({ isPull, title, state }) => `${isPull ? "pull" : "issue"} ${state}: ${title}`);
}

/** What is proposed, with its first example in force. */
function withRule(diff: string): string {
  const file = diff
    .split("\n")
    .filter((line) => line.startsWith("+"))
    .map((line) => line.slice(1));
  const start = file.indexOf("# rules:");
  expect(start).toBeGreaterThan(0);
  return file.map((line, index) => (index >= start && index < start + 5 ? line.slice(2) : line)).join("\n");
}

it("goes from the installation over the configuration that it proposes to a verified pull request", async () => {
  const story = async (stage: ServiceStage) => {
    const { github, model, seen } = stage;
    const alice = github.person("alice");
    await stage.install();
    await stage.quiet();
    expect(await made(stage)).toEqual(["pull open: Set up Driftwright"]);
    const [file, ...others] = await seen.files(1);
    expect([file?.path, ...others]).toEqual([CONFIG_PATH]);

    const { branch } = await seen.pull(1);
    const files = { [CONFIG_PATH]: withRule(file?.patch ?? "") };
    const headSha = await alice.commit(FULL_NAME, { branch, files });
    await stage.quiet();
    expect((await seen.checks(headSha)).map(({ name, conclusion }) => `${name}: ${conclusion}`)).toEqual([
      "Driftwright configuration: success",
    ]);
    await alice.merge(FULL_NAME, 1, new Date());
    await stage.quiet();
    expect((await made(stage))[0]).toBe("pull closed: Set up Driftwright");

    resizeInstance(model, instanceIdOf(model, "shop-prod-api"), "m6i.large");
    await stage.dailyScan();
    const pull = (await seen.issues()).find(({ isPull, state }) => isPull && state === "open");
    expect(pull?.title).toContain("m6i.large");
    expect((await seen.files(pull?.number ?? 0)).map(({ path }) => path)).toEqual(["terraform.tfvars"]);
    await alice.merge(FULL_NAME, pull?.number ?? 0, new Date());
    await stage.quiet();
    await stage.dailyScan();
    expect(await seen.comments(pull?.number ?? 0)).toEqual([expect.stringContaining("Verified: ")]);
    expect((await made(stage)).filter((each) => each.startsWith("pull open"))).toEqual([]);
  };
  await withStage(null, story, await unconfiguredShop());
});
