import { describe, expect, test } from "vitest";
import { listInstallations, listRepositories } from "../../src/github/installations.ts";
import { missingPermissions, WANTED_PERMISSIONS } from "../../src/github/permissions.ts";
import {
  type RepositoryFacts,
  readRepositoryState,
  skipReason,
  skipSentence,
} from "../../src/github/repository-state.ts";
import { withGitHub } from "./fixture.ts";

const many = Array.from({ length: 110 }, (_, index) => ({ name: `more-${index}` }));
const stage = withGitHub(
  {
    repositories: [{ name: "open", private: false, files: { "a.tf": "" } }, { name: "empty" }, ...many],
  },
  30,
);

describe("installations", () => {
  test("say who, what was granted, and whether they are suspended", async () => {
    const [installation, ...others] = await listInstallations(stage.app.app);
    expect(others).toEqual([]);
    expect(installation).toMatchObject({
      id: stage.hub.installationId,
      account: { login: "acme" },
      suspended: false,
      permissions: WANTED_PERMISSIONS,
    });
    stage.hub.changeInstallation("suspended");
    expect(await listInstallations(stage.app.app)).toMatchObject([{ suspended: true }]);
    stage.hub.changeInstallation("deleted");
    expect(await listInstallations(stage.app.app)).toEqual([]);
  });

  test("have repositories, on several pages", async () => {
    const repositories = await listRepositories(stage.github);
    expect(repositories).toHaveLength(142);
    expect(repositories.find(({ name }) => name === "open")).toEqual({
      ...stage.hub.repository("open"),
      private: false,
      archived: false,
      disabled: false,
      fork: false,
      issues: true,
      defaultBranch: "main",
    });
  });
});

describe("permissions", () => {
  test.each<[string, Record<string, string>, string[]]>([
    ["all that is wanted", { ...WANTED_PERMISSIONS }, []],
    ["more than is wanted", { ...WANTED_PERMISSIONS, metadata: "write", administration: "admin" }, []],
    ["less", { ...WANTED_PERMISSIONS, contents: "read" }, ["contents: write"]],
    [
      "nothing of two",
      { ...WANTED_PERMISSIONS, checks: "none", actions: "" },
      ["actions: read", "checks: write"],
    ],
    ["nothing at all", {}, Object.entries(WANTED_PERMISSIONS).map(([name, level]) => `${name}: ${level}`)],
  ])("%s", (_, granted, missing) => {
    expect(missingPermissions(granted)).toEqual(missing);
  });
});

describe("what a scan starts from", () => {
  const state = (name: string) => readRepositoryState(stage.github, stage.hub.repository(name));

  test("is the newest commit of the default branch", async () => {
    const { name } = stage.repository;
    expect(await state(name)).toMatchObject({
      head: await stage.head(),
      skip: null,
      facts: { private: true },
    });
  });

  test.each([
    ["archived", { archived: true }],
    ["disabled", { disabled: true }],
    ["fork", { fork: true }],
  ] as const)("is nothing where the repository is: %s", async (reason, flags) => {
    const { name } = stage.repository;
    stage.hub.change(name, flags);
    expect(await state(name)).toMatchObject({ head: null, skip: reason });
    expect(skipSentence(reason)).toMatch(/repository/);
    // Nothing can ask for it.
    expect(skipSentence(reason)).not.toContain("asked for");
  });

  test("is nothing where there is no commit", async () => {
    expect(await state("empty")).toMatchObject({ head: null, skip: "empty" });
  });

  test.each<[Partial<RepositoryFacts>, string | null, object, string | null]>([
    [{}, "sha", {}, null],
    [{}, null, {}, "empty"],
    [{ issues: false }, "sha", {}, null],
    [{ archived: true, disabled: true, fork: true }, null, { suspended: true }, "suspended"],
    [{ archived: true, disabled: true, fork: true }, null, {}, "archived"],
    [{ disabled: true, fork: true }, null, {}, "disabled"],
    [{ fork: true }, null, {}, "fork"],
  ])("%j with head %j and %j: %j", (facts, head, options, reason) => {
    const usual = { private: true, archived: false, disabled: false, fork: false, issues: true };
    const all = { id: 1, owner: "o", name: "n", defaultBranch: "main", ...usual, ...facts };
    expect(skipReason(all, head, options)).toBe(reason);
  });

  test("with issues disabled is scanned all the same, and that is known", async () => {
    const { name } = stage.repository;
    stage.hub.change(name, { issues: false });
    expect(await state(name)).toMatchObject({ skip: null, facts: { issues: false } });
    expect(skipSentence("issues-disabled")).toContain("issues are disabled");
  });
});
