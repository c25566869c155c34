import { describe, expect, it } from "vitest";
import {
  firstDifference,
  inFormOfText,
  isCloserPolicy,
  nextPolicyText,
} from "../../src/reconcile/policy-text.ts";
import { means } from "../../src/reconcile/wanted.ts";

const NOW = `{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "*"
        }
    ]
}
`;

function policy(statement: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

const WANTED = policy({ Effect: "Deny", Action: ["s3:PutObject"], Resource: ["*"] });

describe("the text of a policy", () => {
  it("takes what is wanted in the form that it has: indentation, single values, the line end", () => {
    expect(inFormOfText(NOW, WANTED)).toBe(
      NOW.replace("Allow", "Deny").replace("s3:GetObject", "s3:PutObject"),
    );
  });

  it("comes closer by one difference at a time", () => {
    const next = nextPolicyText(NOW, WANTED);
    expect(next).toBe(NOW.replace("Allow", "Deny"));
    expect(isCloserPolicy(NOW, next ?? "", WANTED)).toBe(true);
    expect(isCloserPolicy(next ?? "", NOW, WANTED)).toBe(false);
    expect(isCloserPolicy(NOW, NOW, WANTED)).toBe(false);
    const last = nextPolicyText(next ?? "", WANTED);
    expect(means(last ?? "", WANTED)).toBe(true);
    expect(nextPolicyText(last ?? "", WANTED)).toBeNull();
  });

  it("a part of what is wanted counts as closer", () => {
    const two = policy({ Effect: "Allow", Principal: { AWS: "1", Service: "s" } });
    const one = policy({ Effect: "Allow", Principal: { AWS: "1" } });
    const none = policy({ Effect: "Allow" });
    expect([isCloserPolicy(none, one, two), isCloserPolicy(two, one, none)]).toEqual([true, true]);
  });

  it.each([
    ["no JSON", "web"],
    ["no policy", '{"Version":"2012-10-17"}'],
    ["no text", 7],
  ])("what is %s is taken as it is", (_name, wanted) => {
    expect(inFormOfText(NOW, wanted)).toBe(wanted);
    expect(firstDifference(NOW, wanted)).toBeNull();
    expect(nextPolicyText(NOW, wanted)).toBeNull();
  });

  it.each<[meant: boolean, a: string, b: string]>([
    [true, NOW, policy({ Resource: ["*"], Action: ["S3:GetObject"], Effect: "Allow" })],
    [true, NOW, encodeURIComponent(NOW.trim())],
    [false, NOW, WANTED],
    [false, NOW, NOW.replace('"Version": "2012-10-17",', "")],
  ])("means the same: %s", (meant, a, b) => {
    expect(means(a, b)).toBe(meant);
  });
});
