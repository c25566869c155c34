import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVersions, parseVersion, printVersion } from "../../../src/sources/modules/version.ts";
import { newestAllowed, parseConstraint } from "../../../src/sources/modules/version-constraint.ts";

// What Terraform 1.11.4 chose from a registry of these versions, one call for each constraint.
const AVAILABLE = [
  "0.9.0",
  "1.0.0",
  "1.0",
  "1.2.0",
  "1.2.3",
  "1.2.10",
  "1.3.0-beta1",
  "1.3.0-rc.2",
  "1.3.0",
  "1.4.0-alpha",
  "2.0.0-beta.11",
  "2.0.0-beta.2",
  "2.0.0",
  "2.1.0+build5",
  "v2.2.0",
  "2.3.0-rc1",
  "3.0.0.1",
  "3.0.0",
  "10.0.0-pre",
];

function chosen(constraint: string | null): string | null | "malformed" {
  const parsed = parseConstraint(constraint);
  if (parsed === null) return "malformed";
  const version = newestAllowed(AVAILABLE, parsed);
  return version === null ? null : printVersion(version);
}

describe("the version that a constraint chooses", () => {
  test.each([
    [null, "3.0.0.1"],
    ["1.2.3", "1.2.3"],
    ["= 1.2.3", "1.2.3"],
    ["=1.2.3", "1.2.3"],
    ["=v1.2.3", "1.2.3"],
    ["1.2", "1.2.0"],
    ["1", "1.0.0"],
    ["~> 1.2", "1.3.0"],
    ["~> 1.2.0", "1.2.10"],
    ["~> v1.2", "1.3.0"],
    ["~> 1", "3.0.0.1"],
    ["~> 1.0", "1.3.0"],
    ["~> 0", "3.0.0.1"],
    ["~>1.2.3", "1.2.10"],
    ["> 1.2.3", "3.0.0.1"],
    [">= 1.2, < 2", "1.3.0"],
    ["< 1", "0.9.0"],
    ["<= 1.0", "1.0.0"],
    ["<2.0.0", "1.3.0"],
    [">=1.0.0,<=1.2.10", "1.2.10"],
    ["!= 3.0.0.1", "3.0.0"],
    ["!= 2.0.0, < 3", "2.2.0"],
    ["2.1.0", "2.1.0+build5"],
    ["2.1.0+other", "2.1.0+build5"],
    ["v2.2.0", "2.2.0"],
    [">= 3.0.0.0", "3.0.0.1"],
    ["~> 3.0.0.0", "3.0.0.1"],
    ["~> 3.0", "3.0.0.1"],
    ["3.0.0.1", "3.0.0.1"],
    ["3.0", "3.0.0"],
    ["1.2.3 , >= 1", "1.2.3"],
    ["01.02.03", "1.2.3"],
    ["\t1.2.3 ", "1.2.3"],
    ["> 99", null],
    ["!=1.2.3, 1.2.3", null],
    ["!= 2.1.0+other, ~> 2.1.0", null],
  ])("%s: %s", (constraint, version) => {
    expect(chosen(constraint)).toBe(version);
  });

  test.each([
    ["1.3.0-beta1", "1.3.0-beta1"],
    ["=1.3.0-beta1", "1.3.0-beta1"],
    [" 1.3.0-beta1 ", "1.3.0-beta1"],
    ["1.3.0-rc.2", "1.3.0-rc.2"],
    ["1.4-alpha", "1.4.0-alpha"],
    ["2.0.0-beta.11", "2.0.0-beta.11"],
    ["10.0.0-pre", "10.0.0-pre"],
    ["= 1.3.0-beta1", null],
    ["v1.3.0-beta1", null],
    ["1.3.0beta1", null],
    ["1.3.0-RC.2", null],
    ["1.3.0-beta1+x", null],
    ["1.3.0-beta1, >= 1", null],
    ["1.3.0-beta1,1.3.0-beta1", null],
    ["~> 1.3.0-beta1", null],
    ["~> 1.2-beta", null],
    ["> 1.3.0-beta1, < 1.3.0", null],
    [">= 10.0.0-pre", null],
    [">= 1.3.0-beta1", "3.0.0.1"],
    [">= 2.0.0-beta", "3.0.0.1"],
    ["< 1.3.0-rc.2", "1.2.10"],
  ])("pre-releases only where they are asked for: %s: %s", (constraint, version) => {
    expect(chosen(constraint)).toBe(version);
  });

  test.each([
    "",
    "1.x",
    "*",
    "latest",
    "^1.2",
    "~1.2",
    ">= 1.2 < 2",
    "1.2.3,",
    ", 1.2.3",
    "== 1.2",
    "=> 1.2",
    "1.2.3 || 2.0.0",
    "99999999999999999999.0",
  ])("malformed: %s", (constraint) => {
    expect(chosen(constraint)).toBe("malformed");
  });

  test("versions are in one order, whatever they are", () => {
    const part = fc.constantFrom("alpha", "beta", "rc", "1", "2", "10", "x-1");
    const version = fc
      .tuple(fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }), fc.array(part, { maxLength: 3 }))
      .map(([numbers, pre]) =>
        parseVersion(numbers.join(".") + (pre.length === 0 ? "" : `-${pre.join(".")}`)),
      )
      .filter((one) => one !== null);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        expect(parseVersion(printVersion(a))).toEqual(a);
      }),
    );
  });
});
