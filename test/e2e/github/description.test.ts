import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { ApiDescription } from "./description.ts";

const description = ApiDescription.read();

function problems(method: string, url: string, body: Json = null): string[] {
  const { pathname, searchParams } = new URL(url, "http://github.test");
  return description.problems({ method, path: pathname, query: searchParams, body });
}

describe("requests that GitHub describes", () => {
  test.each<[string, string, Json]>([
    ["GET", "/repos/o/r/git/ref/heads%2Fmain", null],
    ["GET", "/repos/o/r/contents/modules/service/main.tf", null],
    ["GET", "/repos/o/r/issues?state=all&creator=app%5Bbot%5D&per_page=100&page=2", null],
    ["POST", "/repos/o/r/issues", { title: "t", body: "b", labels: ["drift"] }],
    [
      "POST",
      "/repos/o/r/check-runs",
      { name: "n", head_sha: "s", status: "completed", conclusion: "neutral" },
    ],
    [
      "POST",
      "/app/installations/1/access_tokens",
      { repository_ids: [1], permissions: { contents: "read" } },
    ],
    [
      "POST",
      "/repos/o/r/git/trees",
      { base_tree: "s", tree: [{ path: "p", mode: "100644", type: "blob", sha: null }] },
    ],
  ])("%s %s", (method, url, body) => {
    expect(problems(method, url, body)).toEqual([]);
  });
});

describe("what is wrong with a request", () => {
  test.each<[string, string, string, Json, string]>([
    ["an unknown path", "GET", "/repos/o/r/drifts", null, "GitHub has no GET /repos/o/r/drifts"],
    ["an unknown method", "PUT", "/repos/o/r/issues", null, "GitHub has no PUT /repos/o/r/issues"],
    ["an unknown query", "GET", "/repos/o/r/issues?author=me", null, "query.author is not known"],
    [
      "a query of another type",
      "GET",
      "/repos/o/r/issues?page=two",
      null,
      "query.page must be of type integer",
    ],
    [
      "a value that is not allowed",
      "GET",
      "/repos/o/r/pulls?state=merged",
      null,
      "query.state must be one of open, closed, all",
    ],
    [
      "a number of another type",
      "GET",
      "/repos/o/r/issues/seven",
      null,
      "path.issue_number must be of type integer",
    ],
    ["a missing property", "POST", "/repos/o/r/issues", { body: "b" }, "body.title is required"],
    ["an unknown property", "POST", "/repos/o/r/issues", { title: "t", text: "b" }, "body.text is not known"],
    [
      "a nested one",
      "POST",
      "/repos/o/r/check-runs",
      { name: "n", head_sha: "s", output: { title: "t", summary: "s", note: "" } },
      "body.output.note is not known",
    ],
    ["no body where one must be", "POST", "/repos/o/r/git/refs", null, "there is no body"],
    [
      "a body where none may be",
      "DELETE",
      "/repos/o/r/git/refs/heads%2Fx",
      { force: true },
      "there is a body, and GitHub takes none",
    ],
    [
      "a permission that is none",
      "POST",
      "/app/installations/1/access_tokens",
      { permissions: { contents: "all" } },
      "body.permissions.contents must be one of read, write",
    ],
    [
      "a time that is none",
      "POST",
      "/repos/o/r/check-runs",
      { name: "n", head_sha: "s", started_at: "today" },
      "body.started_at must be a time such as 2030-01-02T03:04:05Z",
    ],
  ])("%s", (_, method, url, body, problem) => {
    expect(problems(method, url, body)).toContain(problem);
  });

  test("more annotations than one request takes", () => {
    const annotation = { path: "p", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" };
    const output = { title: "t", summary: "s", annotations: Array<Json>(51).fill(annotation) };
    expect(problems("PATCH", "/repos/o/r/check-runs/1", { output })).toContain(
      "body.output.annotations must have at most 50 items",
    );
  });
});
