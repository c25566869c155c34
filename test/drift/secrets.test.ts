import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Json } from "../../src/json/json.ts";
import {
  CONTEXT,
  compareAll,
  compareOne,
  desired,
  found,
  instance,
  paths,
  recorded,
  type Three,
  type Variation,
} from "./example.ts";

const CANARY = "canary-7f3a";

function expectHidden(attribute: string, values: Three, variation: Variation = {}) {
  const { findings } = compareOne(attribute, values, variation);
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.every(({ sensitive }) => sensitive)).toBe(true);
  expect(JSON.stringify(findings)).not.toContain("canary");
  return findings;
}

describe("sensitive values leave a comparison as keyed hashes", () => {
  test.each<readonly [string, string, Three, Variation]>([
    ["by the rules", "password", { desired: CANARY, recorded: CANARY, observed: `${CANARY}2` }, {}],
    [
      "by the code",
      "name",
      { desired: CANARY, recorded: CANARY, observed: "x" },
      { desired: { sensitive: paths("name") } },
    ],
    [
      "by the state",
      "name",
      { desired: CANARY, recorded: CANARY, observed: "x" },
      { recorded: { sensitive: paths("name") } },
    ],
    [
      "an element of a list",
      "steps",
      { desired: ["a", CANARY], recorded: ["a", CANARY], observed: ["b", CANARY] },
      { desired: { sensitive: paths("steps[1]") } },
    ],
    [
      "a tag",
      "tags",
      { desired: { Key: CANARY }, recorded: { Key: CANARY }, observed: { Key: "x" } },
      { desired: { sensitive: paths("tags.Key") } },
    ],
    [
      "inside of a block that is gone",
      "disk",
      { desired: [{ size: 1, secret: CANARY }], recorded: [{ size: 1, secret: CANARY }], observed: [] },
      {},
    ],
    [
      "inside of a block of a set",
      "volume",
      { desired: [], recorded: [], observed: [{ device: "a", token: CANARY }] },
      { recorded: { sensitive: paths("volume[3].token") } },
    ],
    [
      "whatever the position",
      "disk",
      { desired: [{}, { kind: CANARY }], recorded: [{}, { kind: CANARY }], observed: [{}, { kind: "x" }] },
      { recorded: { sensitive: paths("disk[0].kind") } },
    ],
    [
      "that the cloud did not tell",
      "password",
      { desired: CANARY, recorded: CANARY },
      { unread: paths("password") },
    ],
    [
      "in the notes of a firewall",
      "ingress",
      {
        desired: [],
        recorded: [],
        observed: [{ protocol: "tcp", from_port: 1, to_port: 1, security_groups: [CANARY] }],
      },
      { type: "net_group", desired: { sensitive: paths("ingress") } },
    ],
  ])("%s", (_why, attribute, values, variation) => {
    expectHidden(attribute, values, variation);
  });

  it("shows what is not sensitive beside it", () => {
    const values = { desired: [{ size: 1, secret: CANARY }], recorded: [{ size: 1, secret: CANARY }] };
    const { findings } = compareOne("disk", { ...values, observed: [{ size: 2, secret: CANARY }] });
    expect(findings).toMatchObject([
      { sensitive: false, changes: [{ desired: { known: 1 }, observed: { known: 2 } }] },
    ]);
  });

  it("gives equal hashes for equal values, whatever their form, and others for another key", () => {
    const values = { desired: "hello", recorded: "aGVsbG8=", observed: "other" };
    const [finding] = expectHiddenChange(values, "k1");
    expect(finding?.desired).toEqual(finding?.recorded);
    expect(finding?.desired).not.toEqual(finding?.observed);
    expect(expectHiddenChange(values, "k2")[0]?.desired).not.toEqual(finding?.desired);
  });

  function expectHiddenChange(values: { desired: Json; recorded: Json; observed: Json }, key: string) {
    const truths = instance({
      desired: desired({ script: values.desired }),
      recorded: recorded({ script: values.recorded }),
      observation: found({ script: values.observed }),
    });
    return compareAll([truths], [], { ...CONTEXT, key }).findings[0]?.changes ?? [];
  }

  it("never leaks a secret, wherever it stands", () => {
    const secret = fc.string({ minLength: 8, unit: "grapheme-ascii" }).map((text) => `canary${text}`);
    fc.assert(
      fc.property(secret, secret, (a, b) => {
        fc.pre(a !== b);
        expectHidden("password", { desired: a, recorded: b, observed: `${b}x` });
      }),
    );
  });
});
