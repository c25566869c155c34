import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { normalPolicy } from "../../src/drift/policy-document.ts";
import { canonicalJson, type Json, type JsonObject } from "../../src/json/json.ts";
import { compareOne, summary } from "./example.ts";

const STATEMENT: JsonObject = {
  Effect: "Allow",
  Action: ["s3:GetObject", "s3:ListBucket"],
  Resource: ["arn:aws:s3:::a", "arn:aws:s3:::a/*"],
  Principal: { AWS: ["123456789012", "210987654321"] },
  Condition: { StringEquals: { "aws:SourceVpc": ["vpc-1", "vpc-2"] } },
};
const OTHER: JsonObject = { Effect: "Deny", Action: "*", Resource: "*", Principal: "*" };
const policy = (...statements: JsonObject[]): JsonObject => ({
  Version: "2012-10-17",
  Statement: statements,
});
const text = (value: Json) => JSON.stringify(value);

describe("policies that mean the same", () => {
  test.each<readonly [string, string, string]>([
    [
      "spaces and order of keys",
      text(policy(STATEMENT)),
      JSON.stringify({ Statement: [STATEMENT], Version: "2012-10-17" }, null, 2),
    ],
    ["URL-encoded", text(policy(STATEMENT)), encodeURIComponent(text(policy(STATEMENT)))],
    ["statements in another order", text(policy(STATEMENT, OTHER)), text(policy(OTHER, STATEMENT))],
    ["a single statement", text(policy(OTHER)), text({ Version: "2012-10-17", Statement: OTHER })],
    ["a list of one", text(policy(OTHER)), text(policy({ ...OTHER, Action: ["*"], Resource: ["*"] }))],
    [
      "lists in another order",
      text(policy(STATEMENT)),
      text(policy({ ...STATEMENT, Action: ["s3:ListBucket", "s3:GetObject"] })),
    ],
    [
      "actions in another case",
      text(policy(STATEMENT)),
      text(policy({ ...STATEMENT, Action: ["S3:getobject", "s3:LISTBUCKET"] })),
    ],
    [
      "an account and its root",
      text(policy(STATEMENT)),
      text(
        policy({
          ...STATEMENT,
          Principal: { AWS: ["arn:aws:iam::210987654321:root", "arn:aws:iam::123456789012:root"] },
        }),
      ),
    ],
    ["everybody", text(policy(OTHER)), text(policy({ ...OTHER, Principal: { AWS: "*" } }))],
    ["an empty Sid", text(policy(OTHER)), text(policy({ ...OTHER, Sid: "" }))],
    [
      "conditions as text",
      text(policy({ ...OTHER, Condition: { Bool: { "aws:SecureTransport": false } } })),
      text(policy({ ...OTHER, Condition: { Bool: { "AWS:SecureTransport": ["false"] } } })),
    ],
  ])("%s", (_why, code, live) => {
    expect(summary(compareOne("policy", { desired: code, recorded: code, observed: live }))).toEqual([]);
  });
});

describe("policies that differ", () => {
  test.each<readonly [string, string, string]>([
    ["Version is never invented", text({ Statement: [OTHER] }), text(policy(OTHER))],
    ["another action", text(policy(OTHER)), text(policy({ ...OTHER, Action: "s3:*" }))],
    [
      "another case of a resource",
      text(policy(STATEMENT)),
      text(policy({ ...STATEMENT, Resource: ["arn:aws:s3:::A", "arn:aws:s3:::a/*"] })),
    ],
    ["another effect", text(policy(OTHER)), text(policy({ ...OTHER, Effect: "Allow" }))],
    ["another Sid", text(policy(OTHER)), text(policy({ ...OTHER, Sid: "a" }))],
    [
      "a user is not the account",
      text(policy(STATEMENT)),
      text(
        policy({ ...STATEMENT, Principal: { AWS: ["arn:aws:iam::123456789012:user/root", "210987654321"] } }),
      ),
    ],
    ["no policy at all", text(policy(OTHER)), "{"],
  ])("%s", (_why, code, live) => {
    expect(summary(compareOne("policy", { desired: code, recorded: code, observed: live }))).toEqual([
      "drift policy",
    ]);
  });
});

describe("hostile input", () => {
  it("is compared as text", () => {
    expect(normalPolicy("[1]")).toBeNull();
    expect(normalPolicy("%7B%")).toBeNull();
    expect(normalPolicy("[".repeat(200_000))).toBeNull();
    expect(normalPolicy(`{"Statement":${"[".repeat(5000)}${"]".repeat(5000)}}`)).toBeNull();
  });

  it("never throws, and gives a form that is its own normal form", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("Version", "Statement", "__proto__", "x"),
          fc.jsonValue({ maxDepth: 4 }),
        ),
        (document) => {
          const normal = normalPolicy(JSON.stringify(document));
          if (normal === null) return;
          expect(canonicalJson(normalPolicy(JSON.stringify(normal)))).toBe(canonicalJson(normal));
        },
      ),
    );
  });
});
