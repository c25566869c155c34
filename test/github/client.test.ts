import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { GitHubApp } from "../../src/github/client.ts";
import { readFileAt } from "../../src/github/contents.ts";
import { Forbidden, Invalid, NotFound, RateLimited, Unavailable } from "../../src/github/errors.ts";
import { inRepository } from "../../src/github/github.ts";
import { TOKEN_PERMISSIONS } from "../../src/github/permissions.ts";
import {
  broken,
  brokenAfterWork,
  cutAfterWork,
  primaryLimit,
  refused,
  secondaryLimit,
  slow,
} from "../e2e/github/faults.ts";
import { sent, TestClock, withGitHub } from "./fixture.ts";

const stage = withGitHub({
  repositories: [{ name: "secret", files: { "a.tf": "" } }],
});

function tokens() {
  return stage.hub.requests.filter(({ path }) => path.endsWith("/access_tokens"));
}

describe("the App", () => {
  test("knows who it is, and asks once", async () => {
    const before = stage.hub.requests.length;
    expect(await stage.app.identity()).toEqual({ id: 4711, slug: "driftwright", login: "driftwright[bot]" });
    expect(stage.hub.requests.length).toBe(before);
  });

  test.each([
    [200, "<html>Log in</html>"],
    [400, '<?xml version="1.0"?><Error><Code>InvalidRequest</Code></Error>'],
    [405, "Method Not Allowed"],
  ])("is not known from what something else answers with %s", async (status, body) => {
    const page = { status, headers: {}, body };
    const { privateKey } = stage.hub.app;
    const settings = { appId: 4711, privateKey, baseUrl: stage.hub.url, clock: new TestClock() };
    stage.hub.misbehave({
      method: "GET",
      path: "/app",
      times: 10,
      fault: { when: "before", answer: page, first: async () => {} },
    });
    await expect(new GitHubApp(settings).identity()).rejects.toThrow(/is not GitHub's API; .*GITHUB_API_URL/);
    stage.hub.behave();
  });

  test("with a wrong key is told what to check", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const settings = { appId: 4711, privateKey, baseUrl: stage.hub.url, clock: new TestClock() };
    const identity = new GitHubApp(settings).identity();
    await expect(identity).rejects.toThrow(Forbidden);
    await expect(identity).rejects.toThrow("Check the App's id and private key");
  });
});

describe("a token", () => {
  test("is for one repository and what the job needs", async () => {
    const { app, hub, repository } = stage;
    const scanner = app.repository(hub.installationId, repository.id, TOKEN_PERMISSIONS.scan);
    const before = tokens().length;
    await readFileAt(scanner, repository, await stage.head(), "main.tf");
    await readFileAt(scanner, repository, await stage.head(), "main.tf");
    expect(
      tokens()
        .slice(before)
        .map(({ body }) => body),
    ).toEqual([{ repository_ids: [repository.id], permissions: { contents: "read", metadata: "read" } }]);
  });

  test("opens no other repository", async () => {
    const { app, hub, repository } = stage;
    const scanner = app.repository(hub.installationId, repository.id, TOKEN_PERMISSIONS.scan);
    const other = scanner.rest.repos.get(inRepository(hub.repository("secret")));
    await expect(other).rejects.toThrow(NotFound);
  });

  test("allows nothing that was not asked for", async () => {
    const { app, hub, repository } = stage;
    const scanner = app.repository(hub.installationId, repository.id, TOKEN_PERMISSIONS.scan);
    const writing = scanner.rest.git.createBlob({ ...inRepository(repository), content: "x" });
    await expect(writing).rejects.toMatchObject({ name: "Forbidden", permissions: "contents=write" });
  });

  test("that is refused is made anew, once", async () => {
    const { github, hub, repository } = stage;
    await github.rest.repos.get(inRepository(repository));
    hub.misbehave({ method: "GET", path: `/${repository.name}`, fault: refused("Bad credentials", 401) });
    const before = tokens().length;
    await github.rest.repos.get(inRepository(repository));
    expect(tokens().length).toBe(before + 1);
    hub.misbehave({
      method: "GET",
      path: `/${repository.name}`,
      times: 2,
      fault: refused("Bad credentials", 401),
    });
    await expect(github.rest.repos.get(inRepository(repository))).rejects.toThrow(Forbidden);
  });

  test("is asked for again when GitHub fails", async () => {
    const { github, hub, repository } = stage;
    hub.misbehave({ method: "POST", path: "/access_tokens", fault: broken(502) });
    await github.rest.repos.get(inRepository(repository));
  });

  test("of a suspended installation is refused, of a deleted one not found", async () => {
    const { github, hub, repository } = stage;
    hub.changeInstallation("suspended");
    await expect(github.rest.repos.get(inRepository(repository))).rejects.toThrow(Forbidden);
    hub.changeInstallation("deleted");
    await expect(github.rest.repos.get(inRepository(repository))).rejects.toThrow(NotFound);
  });

  test("that the installation did not grant is refused with words", async () => {
    const { app, hub, repository } = stage;
    const greedy = app.repository(hub.installationId, repository.id, { administration: "write" });
    await expect(greedy.rest.repos.get(inRepository(repository))).rejects.toThrow(Forbidden);
  });
});

describe("when GitHub fails", () => {
  const create = () => stage.github.rest.issues.create({ ...inRepository(stage.repository), title: "t" });

  test.each([
    ["fails", broken(500)],
    ["fails after the work", brokenAfterWork()],
    ["breaks the connection after the work", cutAfterWork()],
  ])("a create is sent once although GitHub %s", async (_, fault) => {
    stage.hub.misbehave({ method: "POST", path: "/issues", fault });
    await expect(create()).rejects.toMatchObject({ name: "Unavailable", ambiguous: true });
    expect(sent(stage, "POST", /issues$/)).toBe(1);
  });

  test("a read is sent three times", async () => {
    const { github, hub, repository } = stage;
    hub.misbehave({ method: "GET", path: `/${repository.name}/pulls`, times: 3, fault: broken(503) });
    const reading = github.rest.pulls.list(inRepository(repository));
    await expect(reading).rejects.toMatchObject({ name: "Unavailable", status: 503, ambiguous: false });
    expect(sent(stage, "GET", /pulls$/)).toBe(3);
  });

  test("an answer that does not come in time is given up", async () => {
    const { hub } = stage;
    hub.misbehave({ method: "GET", path: "/app", times: 3, fault: slow(300) });
    const { privateKey, id: appId } = hub.app;
    const app = new GitHubApp({ appId, privateKey, baseUrl: hub.url, clock: new TestClock(), timeout: 50 });
    const asking = app.identity();
    await expect(asking).rejects.toThrow(Unavailable);
    await expect(asking).rejects.toMatchObject({ status: null });
  });
});

describe("rate limits", () => {
  const read = () => stage.github.rest.repos.get(inRepository(stage.repository));

  test("that are used up pause the installation until the reset", async () => {
    const { hub, clock, repository } = stage;
    const until = new Date(clock.now().getTime() + 600_000);
    hub.misbehave({ method: "GET", path: `/${repository.name}`, fault: primaryLimit(until) });
    const limited = read();
    await expect(limited).rejects.toThrow(RateLimited);
    const seen = hub.requests.length;
    await expect(read()).rejects.toThrow("asked this installation to pause");
    expect(hub.requests.length).toBe(seen);
    clock.pass(602_000);
    await read();
  });

  test.each([[20], [null]])("of the second kind too, retry-after %s", async (seconds) => {
    const { hub, clock, github, repository } = stage;
    hub.misbehave({ method: "POST", path: "/issues", fault: secondaryLimit(seconds) });
    const creating = github.rest.issues.create({ ...inRepository(repository), title: "t" });
    const until = new Date(clock.now().getTime() + ((seconds ?? 60) + 1) * 1000);
    await expect(creating).rejects.toMatchObject({ name: "RateLimited", until });
    expect(clock.waits).toEqual([]);
  });
});

describe("writes", () => {
  test("are a second apart, whichever client of the installation sends them", async () => {
    const { app, hub, github, repository, clock } = stage;
    const narrow = app.repository(hub.installationId, repository.id, TOKEN_PERMISSIONS.reconcile);
    await github.rest.issues.create({ ...inRepository(repository), title: "one" });
    await narrow.rest.issues.create({ ...inRepository(repository), title: "two" });
    expect(clock.waits).toEqual([1000]);
  });

  test("that GitHub calls wrong are not repeated", async () => {
    const { hub, github, repository } = stage;
    hub.misbehave({ method: "POST", path: "/issues", fault: refused("Validation Failed", 422) });
    const creating = github.rest.issues.create({ ...inRepository(repository), title: "t" });
    await expect(creating).rejects.toThrow(Invalid);
  });
});
