import { applyPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/drift/model.ts";
import { adoptTogether } from "../../src/engine/adopted-set.ts";
import type { AdoptedSet, StackFinding } from "../../src/engine/api.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { ABSENT, type SeveralCase } from "../adoption/case.ts";
import { SEVERAL } from "../adoption/cases/several.ts";
import { repositoryOf } from "../adoption/repository.ts";
import { change, finding } from "../intent/findings.ts";

const CASES = SEVERAL.map((each) => [each.name, each] as const);

/** What was found, each with its name as its fingerprint. */
function findingsOf({ found, stacks }: SeveralCase): StackFinding[] {
  return Object.entries(found).map(([name, { stack = stacks?.[0]?.name ?? "main", address, live }]) => ({
    stack,
    finding: live === undefined ? deleted(name, address) : drift(name, address, live),
  }));
}

function deleted(fingerprint: string, address: string): Finding {
  return finding({ fingerprint, address, kind: "deleted", category: "resource", changes: [] });
}

function drift(
  fingerprint: string,
  address: string,
  live: NonNullable<SeveralCase["found"][string]["live"]>,
): Finding {
  const changes = Object.entries(live).map(([path, value]) => {
    const observed = value === ABSENT ? ("absent" as const) : { known: value };
    return change(path, { observed });
  });
  return finding({ fingerprint, address, changes });
}

function adopted(each: SeveralCase, findings = findingsOf(each)): AdoptedSet {
  return adoptTogether(repositoryOf(each, each.files), findings);
}

function changedLines({ files }: AdoptedSet): Record<string, string[]> {
  return Object.fromEntries(
    files.map(({ path, diff }) => {
      const lines = diff.split("\n").slice(2);
      return [path, lines.filter((line) => /^[-+]/.test(line))];
    }),
  );
}

describe("one set of edits for several drifts", () => {
  it.each(CASES)("%s", (_name, each) => {
    const set = adopted(each);
    const { lines, left = {} } = each.expected;
    expect(set.left.map(({ fingerprint }) => fingerprint)).toEqual(Object.keys(left));
    for (const { fingerprint, why } of set.left) expect(why).toContain(left[fingerprint]);
    expect(changedLines(set)).toEqual(lines);
    expect(set.adopted).toEqual(Object.keys(each.found).filter((name) => !Object.hasOwn(left, name)));
    for (const { path, text, diff } of set.files) expect(applyPatch(each.files[path] ?? "", diff)).toBe(text);
  });

  it.each(CASES)("the order in which they are given decides nothing: %s", (_name, each) => {
    const findings = findingsOf(each);
    const { files, left } = adopted(each);
    fc.assert(
      fc.property(fc.shuffledSubarray(findings, { minLength: findings.length }), (shuffled) => {
        const again = adopted(each, shuffled);
        expect(again.files).toEqual(files);
        expect(again.left.toSorted(byFingerprint)).toEqual(left.toSorted(byFingerprint));
      }),
      { numRuns: 5 },
    );
  });

  it.each(CASES)("once the edits are made nothing of it is left to adopt: %s", (_name, each) => {
    const set = adopted(each);
    const texts = Object.fromEntries(set.files.map(({ path, text }) => [path, text]));
    const files = { ...each.files, ...texts };
    const after = repositoryOf(each, files);
    const findings = findingsOf(each).filter((one) => set.adopted.includes(one.finding.fingerprint));
    expect(adoptTogether(after, findings).files).toEqual([]);
    for (const {
      stack,
      finding: { address, kind },
    } of findings)
      expect(declares(after, stack, address)).toBe(kind !== "deleted");
  });
});

function byFingerprint(a: { readonly fingerprint: string }, b: { readonly fingerprint: string }): number {
  return a.fingerprint < b.fingerprint ? -1 : 1;
}

function declares({ stacks }: Repository, stack: string, address: string): boolean {
  return stacks.find(({ name }) => name === stack)?.evaluation.instances.has(address) ?? false;
}

describe("stacks that cannot be evaluated", () => {
  const files = {
    "app/main.tf": 'resource "aws_instance" "web" {\n  ami = "ami-1"\n}\n',
    "prod/main.tf":
      'module "app" {\n  source = "../app"\n}\n\nresource "aws_vpc" "net" {\n  cidr = "10.0.0.0/16"\n}\n',
    "common.tfvars": "",
  };
  const stacks = [{ name: "prod", root: "prod", varFiles: ["common.tfvars"] }];
  const unseen = [{ name: "test", root: "test", files: ["common.tfvars"] }];
  const repository = { ...repositoryOf({ stacks }, files), unseen };

  const reading = (one: Finding) => adoptTogether(repository, [{ stack: "prod", finding: one }]);

  it("no edit is made of a module that they may call", () => {
    const set = reading(drift("x", "module.app.aws_instance.web", { ami: "ami-2" }));
    expect(set.files).toEqual([]);
    expect(set.left[0]?.why).toContain("the stack test may read app/main.tf too and could not be evaluated");
  });

  it("a call of such a module goes, not what is in it", () => {
    const set = reading(deleted("x", "module.app.aws_instance.web"));
    expect(Object.keys(changedLines(set))).toEqual(["prod/main.tf"]);
  });

  it("what is another stack's own is edited", () => {
    const set = adoptTogether(repository, [
      { stack: "prod", finding: drift("x", "aws_vpc.net", { cidr: "10.1.0.0/16" }) },
    ]);
    expect(set.left).toEqual([]);
  });
});
