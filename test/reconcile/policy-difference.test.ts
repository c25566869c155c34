import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { parsePath } from "../../src/json/path.ts";
import {
  inFormOf,
  meansSamePolicy,
  type PolicyDifference,
  policyDifferences,
  policyIn,
} from "../../src/reconcile/policy-difference.ts";

type Told = readonly [kind: PolicyDifference["kind"], path: string, value?: Json];

function policy(...statements: readonly JsonObject[]): JsonObject {
  return { Version: "2012-10-17", Statement: statements };
}

const READ = { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: "*" };
const TRUST = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: ["1", "2"] } };
const TLS = { Effect: "Deny", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } };

const CASES: readonly [name: string, now: JsonObject, wanted: JsonObject, told: readonly Told[]][] = [
  [
    "order, single values, case of actions and root users say nothing",
    policy({ ...READ, Resource: ["*"] }, { ...TRUST, Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
    policy(
      { ...TRUST, Action: ["STS:assumerole"], Principal: { AWS: ["123456789012"] } },
      { ...READ, Action: ["s3:ListBucket", "s3:GetObject"] },
    ),
    [],
  ],
  [
    "an element that changed is the one most alike",
    policy(READ),
    policy({ ...READ, Action: ["s3:ListAllMyBuckets", "s3:GetObject"] }),
    [["set", "Statement[0].Action[1]", "s3:ListAllMyBuckets"]],
  ],
  [
    "an element that came, in a list and beside a single value",
    policy(READ),
    policy({ ...READ, Action: ["s3:ListBucket", "s3:GetObject", "s3:PutObject"], Resource: ["*", "a"] }),
    [
      ["insert", "Statement[0].Action", "s3:PutObject"],
      ["insert", "Statement[0].Resource", "a"],
    ],
  ],
  [
    "an element that went",
    policy(READ),
    policy({ ...READ, Action: "s3:ListBucket" }),
    [["remove", "Statement[0].Action[0]"]],
  ],
  [
    "a single value that changed",
    policy(READ),
    policy({ ...READ, Effect: "Deny", Resource: "arn:aws:s3:::x" }),
    [
      ["set", "Statement[0].Effect", "Deny"],
      ["set", "Statement[0].Resource[0]", "arn:aws:s3:::x"],
    ],
  ],
  [
    "a member instead of another",
    policy(READ),
    policy({ Sid: "Read", Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
    [
      ["set", "Statement[0].NotAction", "iam:*"],
      ["remove", "Statement[0].Action"],
    ],
  ],
  [
    "principals by their kind",
    policy(TRUST),
    policy({ ...TRUST, Principal: { AWS: ["2", "3"], Service: "ec2.amazonaws.com" } }),
    [
      ["set", "Statement[0].Principal.AWS[0]", "3"],
      ["set", "Statement[0].Principal.Service", "ec2.amazonaws.com"],
    ],
  ],
  [
    "everybody instead of some",
    policy(TRUST),
    policy({ ...TRUST, Principal: "*" }),
    [["set", "Statement[0].Principal", "*"]],
  ],
  [
    "conditions by test and key, the key's case aside",
    policy(TLS),
    policy({
      ...TLS,
      Condition: { Bool: { "AWS:securetransport": [true] }, StringEquals: { "aws:SourceAccount": "1" } },
    }),
    [
      ["set", 'Statement[0].Condition.Bool["aws:SecureTransport"][0]', true],
      ["set", "Statement[0].Condition.StringEquals", { "aws:SourceAccount": "1" }],
    ],
  ],
  [
    "a condition that went",
    policy(TLS),
    policy({ Effect: "Deny", Action: "s3:*" }),
    [["remove", "Statement[0].Condition"]],
  ],
  [
    "statements that came and went",
    policy(TLS, READ),
    policy(READ, TRUST),
    [
      ["insert", "Statement", TRUST],
      ["remove", "Statement[0]"],
    ],
  ],
  [
    "statements with one Sid belong together, whatever else they say",
    policy(TRUST, READ),
    policy({ Sid: "Read", Effect: "Deny", Action: "*" }, TRUST),
    [
      ["set", "Statement[1].Effect", "Deny"],
      ["set", "Statement[1].Action[0]", "*"],
      ["remove", "Statement[1].Action[1]"],
      ["remove", "Statement[1].Resource"],
    ],
  ],
  ["a statement that is there twice says no more than once", policy(READ, READ), policy(READ), []],
  [
    "a Sid that came, and an empty one that is none",
    policy({ ...TRUST, Sid: "" }, TLS),
    policy(TRUST, { ...TLS, Sid: "Tls" }),
    [["set", "Statement[1].Sid", "Tls"]],
  ],
  [
    "what is beside the statements",
    { ...policy(READ), Id: "a" },
    { Version: "2008-10-17", Statement: READ },
    [
      ["set", "Version", "2008-10-17"],
      ["remove", "Id"],
    ],
  ],
];

describe("what differs between two policies", () => {
  it.each(CASES)("%s", (_name, now, wanted, told) => {
    const expected = told.map(([kind, path, value]) => ({
      kind,
      path: parsePath(path),
      ...(value === undefined ? {} : { value }),
    }));
    expect(policyDifferences(now, wanted)).toEqual(expected);
  });

  it.each([
    ["no text", 1],
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no statements", '{"Version":"2012-10-17"}'],
  ])("%s is no policy", (_name, value) => {
    expect(policyIn(value)).toBeNull();
  });

  it("a policy may be URL-encoded, as IAM gives it", () => {
    const text = JSON.stringify(policy(READ));
    expect(policyIn(encodeURIComponent(text))).toEqual(policy(READ));
    expect(meansSamePolicy(text, encodeURIComponent(text))).toBe(true);
  });
});

const name = fc.constantFrom("a", "A", "b", "c", "arn:aws:iam::123456789012:root", "123456789012");
const names = fc.oneof(name, fc.array(name, { maxLength: 4 }));
const members = fc.dictionary(fc.constantFrom("AWS", "Service", "*"), names, { maxKeys: 3 });
const conditions = fc.dictionary(
  fc.constantFrom("Bool", "StringLike"),
  fc.dictionary(fc.constantFrom("k", "K", "l"), fc.oneof(names, fc.boolean()), { maxKeys: 2 }),
  { maxKeys: 2 },
);
const statement = fc.record(
  {
    Sid: fc.constantFrom("", "One", "Two"),
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: names,
    NotAction: names,
    Resource: names,
    Principal: fc.oneof(fc.constant("*"), members),
    Condition: conditions,
  },
  { requiredKeys: ["Effect"] },
);
const anyPolicy = fc.record(
  {
    Version: fc.constantFrom("2008-10-17", "2012-10-17"),
    Id: fc.constantFrom("x", "y"),
    Statement: fc.oneof(statement, fc.array(statement, { maxLength: 4 })),
  },
  { requiredKeys: ["Statement"] },
) as fc.Arbitrary<JsonObject>;

describe("for all policies", () => {
  it("without its differences one means the other, and nothing differs any more", () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (now, wanted) => {
        const made = inFormOf(now, wanted);
        expect(policyDifferences(made, wanted)).toEqual([]);
        expect(meansSamePolicy(JSON.stringify(made), JSON.stringify(wanted))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("nothing differs exactly where they mean the same", () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (now, wanted) => {
        const same = meansSamePolicy(JSON.stringify(now), JSON.stringify(wanted));
        expect(policyDifferences(now, wanted).length === 0).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });

  it("what means the same keeps its text", () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        expect(JSON.stringify(inFormOf(policy, policy))).toBe(JSON.stringify(policy));
      }),
    );
  });
});
