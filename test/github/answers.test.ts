import { describe, expect, test } from "vitest";
import { errorOf, queryLimit } from "../../src/github/answers.ts";
import {
  Conflict,
  Forbidden,
  Gone,
  Invalid,
  isAmbiguous,
  NotFound,
  NotGitHub,
  RateLimited,
  Unavailable,
} from "../../src/github/errors.ts";

const NOW = new Date("2030-01-01T12:00:00Z");

function error(
  status: number | null,
  message = "",
  headers: Record<string, string> = {},
  request = "POST /repos/{owner}/{repo}/issues",
  body: unknown = { message, documentation_url: "https://docs.github.com/rest" },
) {
  const [method = "", route = ""] = request.split(" ");
  return errorOf({ method, route, status, headers, message, body }, NOW);
}

describe("what happens next decides the error", () => {
  test.each([
    [401, "Bad credentials", Forbidden],
    [403, "Resource not accessible by integration", Forbidden],
    [403, "Repository was archived so is read-only.", Forbidden],
    [451, "Repository access blocked", Forbidden],
    [404, "Not Found", NotFound],
    [409, "Git Repository is empty.", Conflict],
    [410, "Issues has been disabled in this repository.", Gone],
    [422, "Reference already exists", Conflict],
    [422, "Update is not a fast forward", Conflict],
    [422, 'Validation Failed: {"message":"A pull request already exists for acme:x."}', Conflict],
    [422, 'Validation Failed: {"message":"No commits between main and x"}', Conflict],
    [
      422,
      "Repository rule violations found\n\nCannot create ref due to creations being restricted.",
      Forbidden,
    ],
    [409, "Repository rule violations found", Forbidden],
    [422, "The permissions requested are not granted to this installation.", Forbidden],
    [422, "Invalid request. body is too long", Invalid],
    [400, "Problems parsing JSON", Invalid],
    [500, "Server Error", Unavailable],
    [502, "Bad Gateway", Unavailable],
    [null, "connect ECONNREFUSED", Unavailable],
  ])("%s %s", (status, message, kind) => {
    const given = error(status, message);
    expect(given).toBeInstanceOf(kind);
    expect(given).toMatchObject({ status, request: "POST /repos/{owner}/{repo}/issues" });
  });

  test.each<[what: string, status: number, body: unknown, headers: Record<string, string>, kind: object]>([
    ["GitHub", 404, { message: "Integration not found", documentation_url: "https://x" }, {}, NotFound],
    ["GitHub without the link", 404, { message: "Not Found" }, { "x-github-request-id": "1" }, NotFound],
    ["GitHub", 401, { message: "Bad credentials", documentation_url: "https://x" }, {}, Forbidden],
    ["a page of a proxy", 404, "<html>Not found</html>", {}, NotGitHub],
    ["a page of a GitHub", 404, "<html>Not found</html>", { "x-github-request-id": "1" }, NotGitHub],
    ["another API", 404, { message: "no Route matched with those values" }, {}, NotGitHub],
    ["nothing", 404, "", {}, NotGitHub],
    ["a proxy that wants a password", 401, "<html>", {}, NotGitHub],
  ])("whether the App is known is only heard from GitHub: %s %s", (_what, status, body, headers, kind) => {
    for (const route of ["GET /app", "POST /app/installations/{installation_id}/access_tokens"]) {
      const given = error(status, "", headers, route, body);
      expect(given.constructor).toBe(kind);
      expect(isAmbiguous(given)).toBe(false);
      if (kind === NotGitHub) expect(given.message).toMatch(/^what answers 40[14] to .*GITHUB_API_URL/);
    }
  });

  test("a missing permission is named, and what to do about it", () => {
    const given = error(403, "Resource not accessible by integration", {
      "x-accepted-github-permissions": "contents=write",
    });
    expect(given).toMatchObject({ permissions: "contents=write" });
    expect(given.message).toContain("an owner accepts it in the installation's settings");
  });

  test("the rule of a repository is said in GitHub's words", () => {
    const given = error(422, "Repository rule violations found\n\nCannot create ref.");
    expect(given.message).toContain("Repository rule violations found Cannot create ref.");
  });
});

describe("a token that GitHub does not give (422)", () => {
  const TOKENS = "POST /app/installations/{installation_id}/access_tokens";

  test.each([
    [
      "for a repository that was deleted or taken away",
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
      NotFound,
    ],
    [
      "with a permission that was not granted",
      "The permissions requested are not granted to this installation.",
      Forbidden,
    ],
    ["for a wish that it does not understand", "Invalid request.", Invalid],
  ])("%s", (_what, message, kind) => {
    expect(error(422, message, {}, TOKENS)).toBeInstanceOf(kind);
  });
});

describe("after a failure inside GitHub", () => {
  test.each([
    ["POST /repos/{owner}/{repo}/issues", true],
    ["PATCH /repos/{owner}/{repo}/git/refs/{ref}", true],
    ["DELETE /repos/{owner}/{repo}/git/refs/{ref}", true],
    ["GET /repos/{owner}/{repo}", false],
    ["POST /app/installations/{installation_id}/access_tokens", false],
  ])("%s may have been done: %s", (request, ambiguous) => {
    for (const status of [null, 500, 502, 504]) {
      expect(isAmbiguous(error(status, "x", {}, request))).toBe(ambiguous);
    }
  });
});

describe("rate limits say until when", () => {
  const reset = String(NOW.getTime() / 1000 + 600);

  test.each<[string, number, string, Record<string, string>, number]>([
    [
      "primary",
      403,
      "API rate limit exceeded",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
      601,
    ],
    ["primary, as 429", 429, "", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }, 601],
    ["secondary with a time", 403, "You have exceeded a secondary rate limit", { "retry-after": "30" }, 31],
    ["secondary without a time", 403, "You have exceeded a secondary rate limit", {}, 61],
    ["429 without a time", 429, "slow down", {}, 61],
    ["a time that makes no sense", 429, "", { "retry-after": "soon" }, 61],
    ["a reset that has passed", 403, "", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }, 1],
  ])("%s", (_, status, message, headers, seconds) => {
    const given = error(status, message, headers);
    expect(given).toBeInstanceOf(RateLimited);
    expect((given as RateLimited).until.getTime() - NOW.getTime()).toBe(seconds * 1000);
  });

  test("requests that are left are no limit", () => {
    expect(error(403, "no", { "x-ratelimit-remaining": "10", "x-ratelimit-reset": reset })).toBeInstanceOf(
      Forbidden,
    );
  });
});

describe("a query answered with 200", () => {
  type Headers = Record<string, string>;
  const RESET = { "x-ratelimit-reset": "1893499500" };
  const answered = (data: unknown, headers: Headers = {}, request = "POST /graphql") =>
    queryLimit({ data, headers }, request, NOW);
  const refusal = (message: string, type?: string) => ({ data: null, errors: [{ type, message }] });
  const SECONDARY =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

  test.each<[what: string, body: unknown, headers: Headers, until: string]>([
    [
      "of an hour",
      refusal("API rate limit exceeded for installation ID 1.", "RATE_LIMITED"),
      RESET,
      "12:05:01",
    ],
    [
      "of an hour, by its other name",
      refusal("API rate limit already exceeded for user ID 1.", "RATE_LIMIT"),
      { ...RESET, "x-ratelimit-remaining": "12" },
      "12:05:01",
    ],
    ["of an hour, without a time", refusal("API rate limit exceeded", "RATE_LIMITED"), {}, "12:01:01"],
    ["of less", refusal(SECONDARY), { ...RESET, "x-ratelimit-remaining": "4000" }, "12:01:01"],
    ["of less, with a time", refusal(SECONDARY), { ...RESET, "retry-after": "30" }, "12:00:31"],
    [
      "of less, when the hour's is used up",
      refusal(SECONDARY),
      { ...RESET, "x-ratelimit-remaining": "0" },
      "12:05:01",
    ],
    [
      "of less, in the words of the other API",
      { message: SECONDARY, documentation_url: "x" },
      {},
      "12:01:01",
    ],
    ["of what is written", refusal("was submitted too quickly", "UNPROCESSABLE"), {}, "12:01:01"],
    ["that an older server has", refusal("You have triggered an abuse detection mechanism."), {}, "12:01:01"],
  ])("that reaches a limit %s says until when", (_, body, headers, until) => {
    const limit = answered(body, headers);
    expect(limit).toBeInstanceOf(RateLimited);
    expect(limit?.until.toISOString()).toBe(`2030-01-01T${until}.000Z`);
    expect(answered(body, headers, "POST /graphql (mutation)")).toBeInstanceOf(RateLimited);
  });

  test.each<[what: string, body: unknown, request?: string]>([
    ["an answer", { data: { repository: { id: "R_1" } } }],
    ["another error", refusal("Something went wrong while executing your query.")],
    ["a name in an error", refusal("Could not resolve to a Repository with the name 'acme/API rate limit'.")],
    ["what GitHub was given", { message: SECONDARY }, "GET /repos/{owner}/{repo}/git/commits/{commit_sha}"],
    ["an error in a file", refusal(SECONDARY), "GET /repos/{owner}/{repo}/codeowners/errors"],
    ["nothing", null],
  ])("is no limit: %s", (_, body, request) => {
    expect(answered(body, { ...RESET, "x-ratelimit-remaining": "0" }, request)).toBeNull();
  });
});
