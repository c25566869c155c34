import examples from "@octokit/webhooks-examples" with { type: "json" };
import { describe, expect, it } from "vitest";
import { payloadProblem } from "../../src/jobs/payload-problem.ts";

const EVENTS = [
  "installation",
  "installation_repositories",
  "repository",
  "push",
  "pull_request",
  "issues",
  "merge_group",
  "check_run",
  "workflow_run",
];

describe("what GitHub sends has no problem", () => {
  const real = (examples as unknown as { name: string; examples: object[] }[]).flatMap(
    ({ name, examples: each }) =>
      EVENTS.includes(name)
        ? each.map((payload, index): [string, number, object] => [name, index, payload])
        : [],
  );

  it.each(real)("%s, example %i", (name, _index, payload) => {
    expect(payloadProblem(name, JSON.stringify(payload))).toBeNull();
  });

  it("there are examples of nearly all", () => {
    expect(new Set(real.map(([name]) => name)).size).toBeGreaterThanOrEqual(EVENTS.length - 1);
  });

  it("nor has an event that is new", () => {
    expect(payloadProblem("announced_tomorrow", "{}")).toBeNull();
  });
});

describe("what nobody sends is named", () => {
  const sha = "s3cr3t";
  it.each<[string, string, unknown, RegExp]>([
    ["nothing", "push", null, /no JSON object/],
    ["a text", "push", "x", /no JSON object/],
    ["a list", "push", [], /no JSON object/],
    ["a push of nothing", "push", {}, /^ref /],
    ["an installation without itself", "installation", { action: "created" }, /^installation /],
    [
      "a repository without a name",
      "installation",
      { action: "created", installation: { id: 1 }, repositories: [{ id: 1, private: true }] },
      /^repositories\.0\.full_name /,
    ],
    [
      "a pull request without a commit",
      "pull_request",
      { action: "opened", pull_request: { number: 1 } },
      /head/,
    ],
    [
      "an issue with a text for a number",
      "issues",
      { action: "closed", issue: { number: sha } },
      /^issue\.number /,
    ],
    ["a group without a branch", "merge_group", { action: "x", merge_group: { head_sha: sha } }, /base_ref/],
    ["a check run of nothing", "check_run", { action: "rerequested", check_run: {} }, /^check_run\.name /],
  ])("%s", (_what, event, payload, problem) => {
    const said = payloadProblem(event, JSON.stringify(payload));
    expect(said).toMatch(problem);
    expect(said).not.toContain(sha);
  });

  it("a body that is no JSON", () => {
    expect(payloadProblem("push", "payload=%7B%7D")).toMatch(/content type must be application\/json/);
  });
});
