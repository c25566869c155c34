import { describe, expect, it } from "vitest";
import { blastRadius, type References } from "../../src/reconcile/blast-radius.ts";

function references(graph: Readonly<Record<string, readonly string[]>>): References {
  return new Map(Object.entries(graph).map(([address, targets]) => [address, new Set(targets)]));
}

const SHOP = references({
  "aws_vpc.main": [],
  "aws_subnet.a": ["aws_vpc.main"],
  "aws_security_group.web": ["aws_vpc.main"],
  "aws_instance.web[10]": ["aws_subnet.a", "aws_security_group.web"],
  "aws_instance.web[2]": ["aws_subnet.a", "aws_security_group.web"],
  "aws_eip.web": ["aws_instance.web[2]"],
});

describe("who depends on an instance", () => {
  it.each<[address: string, direct: readonly string[], transitive: readonly string[]]>([
    [
      "aws_vpc.main",
      ["aws_security_group.web", "aws_subnet.a"],
      ["aws_eip.web", "aws_instance.web[2]", "aws_instance.web[10]"],
    ],
    ["aws_security_group.web", ["aws_instance.web[2]", "aws_instance.web[10]"], ["aws_eip.web"]],
    ["aws_instance.web[2]", ["aws_eip.web"], []],
    ["aws_eip.web", [], []],
    ["aws_vpc.other", [], []],
  ])("%s", (address, direct, transitive) => {
    expect(blastRadius(SHOP)(address)).toEqual({ direct, transitive });
  });

  it("ends where instances refer to each other or to themselves, and never names the instance itself", () => {
    const radius = blastRadius(references({ "a.x": ["a.x", "a.z"], "a.y": ["a.x"], "a.z": ["a.y"] }));
    expect(radius("a.x")).toEqual({ direct: ["a.y"], transitive: ["a.z"] });
  });

  it("follows chains of any length", () => {
    const chain = Array.from(
      { length: 20_000 },
      (_, index) => [`a.x[${index + 1}]`, [`a.x[${index}]`]] as const,
    );
    const { direct, transitive } = blastRadius(references(Object.fromEntries(chain)))("a.x[0]");
    expect(direct).toEqual(["a.x[1]"]);
    expect(transitive).toHaveLength(19_999);
    expect(transitive.at(-1)).toBe("a.x[20000]");
  });
});
