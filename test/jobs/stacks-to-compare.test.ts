import { describe, expect, it } from "vitest";
import { DEFAULT_CONFIG } from "../../src/config/model.ts";
import { stacksToCompare } from "../../src/jobs/stacks-to-compare.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";

type Files = Readonly<Record<string, string>>;

const STACK = 'terraform {\n  backend "s3" {}\n}\nmodule "web" {\n  source = "../web"\n}\n';
const FILES = { "web/main.tf": "", "a/main.tf": STACK, "b/main.tf": STACK, "c/main.tf": STACK };

function chosen(
  { trunk = FILES, base = FILES, head = FILES }: { trunk?: Files | null; base?: Files; head?: Files },
  wanted: { drifted?: string[]; files: string[]; mostOthers?: number },
) {
  const { drifted = [], files, mostOthers = 20 } = wanted;
  const { agreed, others, unlooked } = stacksToCompare(
    {
      trunk: trunk === null ? null : memorySnapshot(trunk),
      base: memorySnapshot(base),
      head: memorySnapshot(head),
    },
    DEFAULT_CONFIG,
    "shop",
    { drifted: new Set(drifted), files: new Set(files), mostOthers },
  );
  return { agreed: agreed.map(({ name }) => name), others: others.map(({ name }) => name), unlooked };
}

describe("the stacks that a change is compared in", () => {
  it("are those that may read a changed file, and those with drift", () => {
    const found = chosen({}, { drifted: ["b"], files: ["a/main.tf"] });
    expect(found).toEqual({ agreed: ["a", "b"], others: [], unlooked: [] });
  });

  it("are not all where there are too many, and the others are named; those with drift are always among them", () => {
    const found = chosen({}, { drifted: ["c"], files: ["web/main.tf"], mostOthers: 1 });
    expect(found).toEqual({ agreed: ["a", "c"], others: [], unlooked: ["b"] });
  });

  it("are those with drift alone where nothing is changed", () => {
    expect(chosen({}, { drifted: ["c"], files: [] })).toEqual({ agreed: ["c"], others: [], unlooked: [] });
  });

  it("are what the base and the head have where the default branch does not have it", () => {
    const head = { ...FILES, "new/main.tf": STACK };
    expect(chosen({ head }, { files: ["new/main.tf"] })).toEqual({
      agreed: [],
      others: ["new"],
      unlooked: [],
    });
    expect(chosen({ trunk: null }, { files: ["a/main.tf"] })).toEqual({
      agreed: [],
      others: ["a"],
      unlooked: [],
    });
  });

  it("are what they were, although the change makes several of one", () => {
    const environment = (name: string) => ({
      [`a/env/${name}.tfvars`]: "",
      [`a/env/${name}.s3.tfbackend`]: `key = "${name}"`,
    });
    const head = { ...FILES, ...environment("prod"), ...environment("test") };
    const found = chosen({ head }, { files: ["a/env/prod.tfvars", "a/main.tf"] });
    expect(found).toEqual({ agreed: ["a"], others: [], unlooked: [] });
    const split = chosen({ trunk: head, head }, { drifted: ["a"], files: ["a/main.tf"] });
    expect(split).toEqual({ agreed: ["a-prod", "a-test"], others: ["a"], unlooked: [] });
  });
});
