import { describe, expect, it, test } from "vitest";
import {
  checkScope,
  confirm,
  extentOf,
  isSuspect,
  type RecordedScope,
  stateChanged,
} from "../../src/drift/belief.ts";
import type { Finding } from "../../src/drift/model.ts";
import { compareAll, compareOne, desired, instance, recorded } from "./example.ts";

const at = (address: string, account: string | null, region: string | null): RecordedScope => ({
  address,
  account,
  region,
});

describe("the cloud is the one of the state", () => {
  const reached = { account: "111111111111", regions: new Set(["eu-west-1"]) };

  test.each<readonly [string, readonly RecordedScope[], string]>([
    ["all here", [at("a", "111111111111", "eu-west-1"), at("b", "111111111111", null)], "confirmed"],
    ["nothing said", [at("a", null, null)], "unconfirmed"],
    ["an empty state", [], "unconfirmed"],
    ["another account", [at("a", "222222222222", "eu-west-1"), at("b", null, null)], "foreign"],
    ["another region", [at("a", "111111111111", "us-east-1")], "foreign"],
    ["partly elsewhere", [at("a", "111111111111", "eu-west-1"), at("b", "222222222222", null)], "partial"],
  ])("%s: %s", (_why, scopes, verdict) => {
    expect(checkScope(scopes, reached).verdict).toBe(verdict);
  });

  it("names both accounts and what to do", () => {
    const check = checkScope([at("aws_vpc.a", "222222222222", "eu-west-1")], reached);
    expect(check).toMatchObject({ foreign: ["aws_vpc.a"] });
    expect("reason" in check && check.reason).toMatch(
      /222222222222 eu-west-1.*aws_vpc\.a.*111111111111.*use credentials/,
    );
  });

  it("asks for no region where all are read", () => {
    const everywhere = { account: "111111111111", regions: null };
    expect(checkScope([at("a", "111111111111", "us-east-1")], everywhere).verdict).toBe("confirmed");
  });
});

describe("the state is the same before and after", () => {
  test.each([
    [{ serial: 4, lineage: "a" }, null],
    [{ serial: 5, lineage: "a" }, "serial 4 to 5"],
    [{ serial: 4, lineage: "b" }, "another one"],
  ])("%o", (after, reason) => {
    const said = stateChanged({ serial: 4, lineage: "a" }, after);
    if (reason === null) expect(said).toBeNull();
    else expect(said).toContain(reason);
  });
});

describe("a second read", () => {
  const drift = (observed: string) => compareOne("name", { desired: "a", recorded: "a", observed }).findings;
  const deleted = (status: "not-found" | "unreadable"): readonly Finding[] =>
    compareAll([
      instance({
        desired: desired({ name: "a" }),
        recorded: recorded({ name: "a" }),
        observation: status === "not-found" ? { status } : { status, reason: "throttled" },
      }),
    ]).findings;
  const reread = new Set(["thing.a"]);
  const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

  test.each<readonly [string, readonly Finding[], readonly Finding[], readonly string[], readonly string[]]>([
    ["the same drift", drift("b"), drift("b"), ["drift"], []],
    ["other values", drift("b"), drift("c"), [], ["drift"]],
    ["gone", drift("b"), [], [], []],
    ["not seen before", [], drift("b"), [], ["drift"]],
    ["not found twice", deleted("not-found"), deleted("not-found"), ["deleted"], []],
    ["not found, then found", deleted("not-found"), [], [], []],
    ["not found, then not readable", deleted("not-found"), deleted("unreadable"), ["unreadable"], []],
    ["not readable, then not found", deleted("unreadable"), deleted("not-found"), [], ["deleted"]],
    ["not readable, then drift", deleted("unreadable"), drift("b"), [], ["drift"]],
  ])("%s", (_why, first, second, confirmed, unsettled) => {
    const result = confirm(first, second, reread);
    expect(kinds(result.confirmed)).toEqual(confirmed);
    expect(kinds(result.unsettled)).toEqual(unsettled);
  });

  it("keeps what needs no second read and was not read again, once", () => {
    const pending = compareAll([instance({ address: "thing.b", desired: desired({}) })]).findings;
    expect(kinds(confirm(pending, [], reread).confirmed)).toEqual(["pending-create"]);
    expect(kinds(confirm(pending, pending, new Set(["thing.b"])).confirmed)).toEqual(["pending-create"]);
    expect(kinds(confirm(pending, pending, new Set()).confirmed)).toEqual(["pending-create"]);
  });
});

describe("a stack is suspect", () => {
  test.each([
    [20, 4, 0, false],
    [20, 5, 0, true],
    [25, 5, 0, false],
    [24, 5, 0, true],
    [5, 5, 0, true],
    [4, 4, 0, false],
    [100, 20, 0, false],
    [100, 21, 0, true],
    [19, 0, 10, true],
    [20, 0, 10, false],
    [18, 0, 9, false],
    [20, 0, 11, true],
    [0, 0, 0, false],
  ])("of %i instances %i are gone and %i changed: %s", (instances, gone, changed, suspect) => {
    expect(isSuspect({ instances, deleted: gone, changed })).toBe(suspect);
  });

  it("counts instances, not findings", () => {
    const findings = [
      ...compareOne("labels", { desired: {}, recorded: {}, observed: { a: "1", b: "2" } }).findings,
      ...compareOne("name", { desired: "a", recorded: "b", observed: "a" }).findings,
    ];
    expect(extentOf(findings, 8)).toEqual({ instances: 8, deleted: 0, changed: 1 });
  });
});
