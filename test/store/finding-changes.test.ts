import { describe, expect, test } from "vitest";
import type { StackResult, StackStatus } from "../../src/drift/model.ts";
import {
  attributeOf,
  findingChanges,
  type KnownFinding,
  resourceName,
} from "../../src/store/finding-changes.ts";
import { finding, stackResult } from "./findings-of.ts";

/** A finding as an earlier scan stored it. */
function stored(
  given: ReturnType<typeof finding>,
  more: Partial<KnownFinding> & { readonly stack?: string } = {},
): KnownFinding {
  const stack = more.stack ?? "shop";
  return {
    fingerprint: given.fingerprint,
    stack,
    stackPath: `stacks/${stack}`,
    revision: given.revision,
    kind: given.kind,
    verdict: given.intent.verdict,
    resource: resourceName(given.resource, given.address),
    attribute: attributeOf(given),
    missingSince: null,
    resolvedAt: null,
    ...more,
  };
}

/** What becomes of a stored finding that no stack shows any more. */
function fate(known: KnownFinding, results: readonly StackResult[]): string {
  const { gone, missing } = findingChanges([known], results);
  if (gone.length > 0) return "gone";
  return missing.length > 0 ? "missing" : "open";
}

const F1 = finding("f1");

describe("what is seen", () => {
  test("is new, changed, back again, or the same as before", () => {
    const known = [
      stored(finding("other-value", { observed: "t3.medium" })),
      stored(finding("other-kind", { kind: "absorbed" })),
      stored(finding("other-verdict"), { verdict: "adopt" }),
      stored(finding("back"), { resolvedAt: new Date(0) }),
      stored(finding("same")),
    ];
    const names = ["new", "other-value", "other-kind", "other-verdict", "back", "same"];
    const seen = names.map((name) => finding(name));
    const changes = findingChanges(known, [stackResult("shop", "complete", seen)]);
    expect({ ...changes, seen: changes.seen.map((one) => one.finding.fingerprint) }).toEqual({
      seen: names,
      opened: ["new"],
      reopened: ["back"],
      changed: ["other-value", "other-kind", "other-verdict"],
      missing: [],
      gone: [],
    });
  });

  test.each<[StackStatus, readonly string[]]>([
    ["complete", ["f1"]],
    ["incomplete", ["f1"]],
    ["suspect", []],
    ["failed", []],
  ])("in a stack that is %s: %j", (status, opened) => {
    expect(findingChanges([], [stackResult("shop", status, [F1])]).opened).toEqual(opened);
  });

  test("twice under one fingerprint counts once", () => {
    const twice = stackResult("shop", "complete", [F1, F1]);
    expect(findingChanges([], [twice]).seen).toHaveLength(1);
  });
});

describe("what is not seen", () => {
  const whole = finding("u", { kind: "unreadable", attribute: null });
  const elsewhere = finding("u", {
    kind: "unreadable",
    attribute: null,
    id: "i-2",
    address: "aws_instance.b",
  });
  const nothingRead = stackResult("shop", "incomplete", []).coverage;
  const cases: readonly [string, KnownFinding, StackResult, string][] = [
    ["complete stack", stored(F1), stackResult("shop", "complete"), "gone"],
    ["failed stack", stored(F1), stackResult("shop", "failed"), "open"],
    ["suspect stack", stored(F1), stackResult("shop", "suspect"), "open"],
    [
      "incomplete stack, the first time",
      stored(F1),
      stackResult("shop", "incomplete", [elsewhere]),
      "missing",
    ],
    [
      "incomplete stack, twice in a row",
      stored(F1, { missingSince: new Date(0) }),
      stackResult("shop", "incomplete", [elsewhere]),
      "gone",
    ],
    [
      "incomplete stack of which nothing was read",
      stored(F1, { missingSince: new Date(0) }),
      stackResult("shop", "incomplete", [], { coverage: { ...nothingRead, instancesRead: 0 } }),
      "open",
    ],
    [
      "unmanaged, where they may not have been looked for",
      stored(finding("f1", { kind: "unmanaged", attribute: null }), { missingSince: new Date(0) }),
      stackResult("shop", "incomplete"),
      "open",
    ],
    [
      "its instance was not read",
      stored(F1, { missingSince: new Date(0) }),
      stackResult("shop", "incomplete", [whole]),
      "open",
    ],
    [
      "its instance was not read, in a complete stack",
      stored(F1),
      stackResult("shop", "complete", [whole]),
      "open",
    ],
    [
      "its instance was not read, and is known by its address alone",
      stored(finding("f1", { id: null })),
      stackResult("shop", "complete", [whole]),
      "open",
    ],
    [
      "its attribute was not read",
      stored(F1),
      stackResult("shop", "complete", [finding("u", { kind: "unreadable" })]),
      "open",
    ],
    [
      "another attribute was not read",
      stored(F1),
      stackResult("shop", "complete", [finding("u", { kind: "unreadable", attribute: "user_data" })]),
      "gone",
    ],
    ["another instance was not read", stored(F1), stackResult("shop", "complete", [elsewhere]), "gone"],
  ];
  test.each(cases)("%s", (_, known, result, expected) => {
    expect(fate(known, [result])).toBe(expected);
  });

  test("what was resolved stays so", () => {
    expect(fate(stored(F1, { resolvedAt: new Date(0) }), [stackResult("shop", "complete")])).toBe("open");
  });
});

describe("what belongs to a stack that no result names", () => {
  const cases: readonly [string, readonly StackResult[], string][] = [
    ["the stack is not in the repository any more", [stackResult("other", "complete")], "gone"],
    ["nothing is left in the repository", [], "gone"],
    [
      "its folder is a stack of another name now",
      [stackResult("new", "complete", [], { path: "stacks/shop" })],
      "gone",
    ],
    [
      "something in its folder failed",
      [stackResult("stacks/shop", "failed", [], { path: "stacks/shop" })],
      "open",
    ],
  ];
  test.each(cases)("%s", (_, results, expected) => {
    expect(fate(stored(F1), results)).toBe(expected);
  });
});
