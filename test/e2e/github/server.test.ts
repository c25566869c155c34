import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmulatedGitHub, startGitHub } from "./server.ts";

let github: EmulatedGitHub;

beforeAll(async () => {
  github = await startGitHub({ repositories: [{ name: "shop", files: { "main.tf": "" } }] });
});

afterAll(() => github.close());

describe("requests that GitHub would not take", () => {
  test.each<[string, string, string, object | null, string]>([
    ["an unknown path", "GET", "/repos/acme/shop/drifts", null, "GitHub has no GET"],
    [
      "an unknown property",
      "POST",
      "/repos/acme/shop/issues",
      { title: "t", text: "b" },
      "body.text is not known",
    ],
    ["an unknown parameter", "GET", "/repos/acme/shop/pulls?author=alice", null, "query.author is not known"],
    ["what the emulated GitHub does not do", "GET", "/repos/acme/shop/topics", null, "does not do that"],
    [
      "what the schema does not have",
      "POST",
      "/graphql",
      { query: "{ viewer { password } }" },
      'Cannot query field "password" on type "User"',
    ],
  ])("are remembered: %s", async (_, method, path, body, why) => {
    const answer = await fetch(`${github.url}${path}`, {
      method,
      headers: { authorization: "token token-of-alice" },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.status).toBe(501);
    expect(github.unexpected.at(-1)).toContain(why);
  });
});

describe("who may do what", () => {
  test.each([["token of nobody"], ["bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI0NzExIn0.AAAA"]])(
    "not %s",
    async (authorization) => {
      const path = authorization.startsWith("bearer") ? "/app" : "/repos/acme/shop";
      const { status } = await fetch(`${github.url}${path}`, { headers: { authorization } });
      expect(status).toBe(401);
    },
  );

  test("people cannot write check runs", async () => {
    const body = { name: "n", head_sha: "0".repeat(40) };
    const { status } = await github.person("alice").try("POST", "/repos/acme/shop/check-runs", body);
    expect(status).toBe(403);
  });

  test("a seeded repository has an id, an unknown one none", () => {
    expect(github.repository("shop").id).toBeGreaterThan(0);
    expect(github.repository("other").id).toBe(0);
  });
});
