import { describe, expect, it, test } from "vitest";
import { existenceOf } from "../../src/drift/existence.ts";
import type { Observation } from "../../src/drift/model.ts";
import { compareAll, desired, found, instance, recorded, summary } from "./example.ts";

const FOUND = found({});
const GONE: Observation = { status: "not-found" };
const REFUSED: Observation = { status: "unreadable", reason: "no permission for ec2:DescribeInstances" };
const UNSUPPORTED: Observation = { status: "unsupported" };

describe("whether an instance is there at all (code, state, cloud)", () => {
  test.each([
    [true, true, GONE, "deleted"],
    [false, true, FOUND, "pending-destroy"],
    [false, true, GONE, "stale-state"],
    [true, false, GONE, "pending-create"],
    [true, false, null, "pending-create"],
    [true, false, FOUND, "needs-import"],
    [false, false, FOUND, "unmanaged"],
    [true, true, FOUND, "compare"],
    [true, true, REFUSED, "unreadable"],
    [true, true, UNSUPPORTED, "unreadable"],
    [true, true, null, "nothing"],
    [false, true, REFUSED, "unreadable"],
    [false, true, UNSUPPORTED, "pending-destroy"],
    [false, true, null, "pending-destroy"],
    [true, false, REFUSED, "unreadable"],
    [true, false, UNSUPPORTED, "pending-create"],
    [false, false, GONE, "nothing"],
    [false, false, null, "nothing"],
  ] as const)("%s %s %o: %s", (inCode, inState, observation, kind) => {
    expect(existenceOf(inCode, inState, observation)).toBe(kind);
  });
});

describe("findings about a whole instance", () => {
  const both = { desired: desired({ name: "a" }), recorded: recorded({ name: "a" }) };

  it("reports a deletion as high, with an empty list of changes", () => {
    const { findings } = compareAll([instance({ ...both, observation: GONE })]);
    expect(findings).toMatchObject([
      {
        kind: "deleted",
        category: "resource",
        severity: "high",
        changes: [],
        resource: { type: "thing", id: "t-1", account: "123456789012", region: "eu-west-1" },
        declaredAt: { file: "main.tf", line: 3, column: 1 },
        detectedAt: "2026-05-04T10:00:00.000Z",
        actor: null,
      },
    ]);
  });

  it("says why an instance could not be read, and that the result is incomplete", () => {
    const result = compareAll([instance({ ...both, observation: REFUSED })]);
    expect(result.incomplete).toBe(true);
    expect(result.findings[0]?.notes.join(" ")).toContain("no permission for ec2:DescribeInstances");
    expect(result.coverage).toEqual({
      instances: 1,
      instancesRead: 0,
      attributes: 1,
      compared: 0,
      notCompared: 0,
      unreadable: 1,
    });
  });

  it("says that a type is not supported, without calling the result incomplete", () => {
    const result = compareAll([instance({ ...both, observation: UNSUPPORTED })]);
    expect(summary(result)).toEqual(["unreadable"]);
    expect(result.incomplete).toBe(false);
    expect(result.findings[0]?.notes.join(" ")).toContain("cannot read thing yet");
  });

  it("counts an instance that no cloud was asked about, and reports nothing", () => {
    const result = compareAll([instance(both)]);
    expect(result.findings).toEqual([]);
    expect(result.coverage).toMatchObject({ instances: 1, instancesRead: 0, notCompared: 1 });
  });

  it("reports tainted and deposed objects beside what else there is", () => {
    const tainted = recorded({ name: "a" }, { tainted: true });
    const result = compareAll([
      instance({
        desired: desired({ name: "a" }),
        recorded: tainted,
        observation: found({ name: "b" }),
        deposed: 2,
      }),
    ]);
    expect(summary(result).toSorted()).toEqual(["drift name", "pending-destroy", "unapplied"]);
    expect(result.findings.flatMap(({ notes }) => notes).join(" ")).toMatch(/Tainted.*|2 objects/);
    expect(new Set(result.findings.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });

  it("names an unmanaged resource by its type and id", () => {
    const resource = { type: "thing", id: "t-9", account: null, region: null, attributes: {}, unread: [] };
    expect(compareAll([], [resource]).findings).toMatchObject([
      { kind: "unmanaged", address: "thing/t-9", category: "resource", severity: "medium", declaredAt: null },
    ]);
  });

  it("orders by address and path as people read them", () => {
    const at = (address: string) =>
      instance({
        address,
        desired: desired({ name: "a", disk: [{ size: 1 }] }),
        recorded: recorded({ name: "a", disk: [{ size: 1 }] }, { id: address }),
        observation: found({ name: "b", disk: [{ size: 2 }] }),
      });
    const { findings } = compareAll(["thing.b[10]", "thing.b[9]", 'thing.a["x"]'].map(at));
    expect(findings.map(({ address, changes }) => `${address} ${changes[0]?.path[0]}`)).toEqual([
      'thing.a["x"] disk',
      'thing.a["x"] name',
      "thing.b[9] disk",
      "thing.b[9] name",
      "thing.b[10] disk",
      "thing.b[10] name",
    ]);
  });
});
