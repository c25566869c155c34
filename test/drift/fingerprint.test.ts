import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { fingerprintOf, type Subject } from "../../src/drift/fingerprint.ts";
import { CONTEXT, compareAll, compareOne, desired, found, instance, recorded } from "./example.ts";

const SUBJECT: Subject = {
  repository: "4711",
  stack: "shop-prod",
  type: "aws_instance",
  id: "i-1",
  address: "aws_instance.a",
  about: "instance_type",
};

describe("fingerprints", () => {
  it("are 20 hex digits, and stay what they are from release to release", () => {
    expect(fingerprintOf(SUBJECT)).toMatch(/^[0-9a-f]{20}$/);
    expect(fingerprintOf(SUBJECT)).toBe("b20c595d405e5ace7217");
  });

  it("follow the cloud's id, not the address", () => {
    const moved = { ...SUBJECT, address: "module.web.aws_instance.a" };
    expect(fingerprintOf(moved)).toBe(fingerprintOf(SUBJECT));
    expect(fingerprintOf({ ...moved, id: null })).not.toBe(fingerprintOf({ ...SUBJECT, id: null }));
  });

  test.each<Partial<Subject>>([
    { repository: "4712" },
    { stack: "shop-test" },
    { type: "aws_vpc" },
    { id: "i-2" },
    { id: null },
    { about: "deleted" },
  ])("differ with %o", (other) => {
    expect(fingerprintOf({ ...SUBJECT, ...other })).not.toBe(fingerprintOf(SUBJECT));
  });

  it("cannot be made to collide by moving text from one part to the next", () => {
    expect(fingerprintOf({ ...SUBJECT, stack: 'a","b', type: "c" })).not.toBe(
      fingerprintOf({ ...SUBJECT, stack: "a", type: 'b","c' }),
    );
    expect(fingerprintOf({ ...SUBJECT, id: "x" })).not.toBe(
      fingerprintOf({ ...SUBJECT, id: null, address: "x" }),
    );
  });

  it("do not depend on the values, and revisions do", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        fc.pre(a !== b && a !== c && b !== c && ![a, b, c].includes(""));
        const [one] = compareOne("name", { desired: a, recorded: a, observed: b }).findings;
        const [other] = compareOne("name", { desired: a, recorded: a, observed: c }).findings;
        const [absorbed] = compareOne("name", { desired: a, recorded: b, observed: b }).findings;
        expect(other?.fingerprint).toBe(one?.fingerprint);
        expect(absorbed?.fingerprint).toBe(one?.fingerprint);
        expect(other?.revision).not.toBe(one?.revision);
        expect(absorbed?.revision).not.toBe(one?.revision);
      }),
    );
  });

  it("are unique in a scan", () => {
    const truths = instance({
      desired: desired({
        name: "a",
        labels: { a: "1", b: "2" },
        disk: [{ size: 1, kind: "a" }],
        tags: { a: "1" },
      }),
      recorded: recorded({
        name: "a",
        labels: { a: "1", b: "2" },
        disk: [{ size: 1, kind: "a" }],
        tags: { a: "1" },
      }),
      observation: found({ name: "b", labels: {}, disk: [{ size: 2, kind: "b" }], tags: { b: "1" } }),
    });
    const { findings } = compareAll([truths]);
    expect(findings).toHaveLength(7);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(7);
  });
});

describe("revisions", () => {
  it("are 16 hex digits that nobody can guess without the key", () => {
    const truths = instance({
      desired: desired({ password: "a" }),
      recorded: recorded({ password: "a" }),
      observation: found({ password: "b" }),
    });
    const revision = (key: string) => compareAll([truths], [], { ...CONTEXT, key }).findings[0]?.revision;
    expect(revision("k1")).toMatch(/^[0-9a-f]{16}$/);
    expect(revision("k1")).toBe(revision("k1"));
    expect(revision("k1")).not.toBe(revision("k2"));
  });

  it("are the same for values that mean the same", () => {
    const revision = (observed: string) =>
      compareOne("range", { desired: "10.0.0.0/8", recorded: "10.0.0.0/8", observed }).findings[0]?.revision;
    expect(revision("2001:db8::/32")).toBe(revision("2001:DB8:0::/32"));
  });
});
