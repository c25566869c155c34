import { describe, expect, test } from "vitest";
import { RateLimited, Unavailable } from "../../src/github/errors.ts";
import { headsQuery, readHeads } from "../../src/github/heads.ts";
import { broken, refused } from "../e2e/github/faults.ts";
import { GraphQlDescription } from "../e2e/github/graphql.ts";
import { sent, withGitHub } from "./fixture.ts";

const stage = withGitHub({
  repositories: [{ name: "empty" }, { name: "old", files: { a: "" }, flags: { archived: true } }],
});

describe("the question", () => {
  const description = new GraphQlDescription();

  test.each([1, 2, 100])("for %i repositories is one that GitHub's schema allows", async (count) => {
    expect(await description.problems({ query: headsQuery(count) })).toEqual([]);
  });

  test("is held against the schema by the emulated GitHub", async () => {
    expect(await description.problems({ query: "{ repository(owner: 1) { nothing } }" })).toHaveLength(3);
  });
});

describe("the heads of repositories", () => {
  test("are read with one request", async () => {
    const { hub, github, repository } = stage;
    const before = hub.requests.length;
    const heads = await readHeads(github, [repository, hub.repository("old"), hub.repository("empty")]);
    const paths = hub.requests.slice(before).map(({ path }) => path);
    expect(paths.filter((path) => !path.endsWith("/access_tokens"))).toEqual(["/graphql"]);
    expect(heads.get(repository.id)).toEqual({
      ...repository,
      private: true,
      archived: false,
      disabled: false,
      fork: false,
      issues: true,
      defaultBranch: "main",
      head: await stage.head(),
    });
    expect(heads.get(hub.repository("old").id)).toMatchObject({ archived: true });
    expect(heads.get(hub.repository("empty").id)).toMatchObject({ head: null });
  });

  test("of more than a hundred with one request each hundred", async () => {
    const { hub, github, repository } = stage;
    const before = hub.requests.length;
    const heads = await readHeads(
      github,
      Array.from({ length: 201 }, () => repository),
    );
    expect(heads.size).toBe(1);
    expect(hub.requests.slice(before).filter(({ path }) => path === "/graphql")).toHaveLength(3);
  });

  test("that are not there leave the others as they are", async () => {
    const { github, repository } = stage;
    const gone = { id: 99, owner: "acme", name: "gone" };
    expect([...(await readHeads(github, [gone, repository])).keys()]).toEqual([repository.id]);
  });

  test("of a repository that was renamed are those of its new name", async () => {
    const { hub, github, repository } = stage;
    hub.formerName("acme/before", repository.name);
    const heads = await readHeads(github, [{ ...repository, name: "before" }]);
    expect(heads.get(repository.id)).toMatchObject({ name: repository.name });
  });

  test("are not those of another repository that has the name by now", async () => {
    const { github, repository } = stage;
    expect([...(await readHeads(github, [{ ...repository, id: 99 }])).keys()]).toEqual([]);
  });
});

describe("where GitHub does not answer the question", () => {
  const read = () => readHeads(stage.github, [stage.repository]);

  test("it is asked again, since asking changes nothing", async () => {
    stage.hub.misbehave({ method: "POST", path: "/graphql", fault: broken(502) });
    expect((await read()).size).toBe(1);
    stage.hub.misbehave({ method: "POST", path: "/graphql", times: 3, fault: broken(502) });
    const failure = await read().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unavailable);
    expect(failure).toMatchObject({ ambiguous: false });
  });

  test("a limit says until when, also where it comes with 200", async () => {
    const reset = Math.ceil(Date.now() / 1000) + 600;
    const limited = refused("x", 200, { "x-ratelimit-reset": String(reset) });
    const body = { data: null, errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] };
    const fault = {
      ...limited,
      answer: { status: 200, headers: { "x-ratelimit-reset": String(reset) }, body },
    };
    stage.hub.misbehave({ method: "POST", path: "/graphql", fault });
    const failure = await read().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RateLimited);
    expect(failure).toMatchObject({ until: new Date(reset * 1000 + 1000) });
    expect(sent(stage, "POST", /issues/)).toBe(0);
  });

  test("an error about the whole question is one", async () => {
    const body = { errors: [{ message: "Something went wrong while executing your query." }] };
    const fault = { ...broken(), answer: { status: 200, headers: {}, body } };
    stage.hub.misbehave({ method: "POST", path: "/graphql", fault });
    await expect(read()).rejects.toThrow("GitHub refused a query: Something went wrong");
  });
});
