import { applyPatch, diffWordsWithSpace } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/drift/model.ts";
import { adoptTogether } from "../../src/engine/adopted-set.ts";
import type { AdoptedSet, StackFinding } from "../../src/engine/api.ts";
import { applyEdits, type Edit } from "../../src/hcl/editing/edit.ts";
import { goalIn } from "../../src/reconcile/moved-goal.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { outcomesBetween } from "../../src/reconcile/what-if.ts";
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
  return adoptTogether(repositoryOf(each, each.files), findings, each.absent);
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
    const before = repositoryOf(each, each.files);
    const after = repositoryOf(each, files);
    const findings = findingsOf(each).filter((one) => set.adopted.includes(one.finding.fingerprint));
    expect(adoptTogether(after, findings, each.absent).files).toEqual([]);
    for (const {
      stack,
      finding: { address, kind },
    } of findings)
      expect(declares(after, goalIn(before, after, { stack, address }))).toBe(kind !== "deleted");
  });
});

describe("the set in groups", () => {
  it.each(CASES)("each finding that is adopted is in one group: %s", (_name, each) => {
    const { groups, adopted: all } = adopted(each);
    expect(groups.flatMap(({ fingerprints }) => fingerprints).sort()).toEqual(all.toSorted());
    const { groups: expected } = each.expected;
    if (expected !== undefined) expect(groups.map(({ fingerprints }) => fingerprints)).toEqual(expected);
  });

  it.each(CASES)("each proves alone: %s", (_name, each) => {
    const { groups } = adopted(each);
    for (const { fingerprints, adoption } of groups) {
      const patched = adoption.files.map(({ path, diff }) => [
        path,
        applyPatch(each.files[path] ?? "", diff),
      ]);
      expect(patched.map(([, text]) => text)).not.toContain(false);
      const repository = repositoryOf(each, each.files);
      const after = repositoryOf(each, { ...each.files, ...Object.fromEntries(patched) });
      const outcomes = outcomesBetween(repository, after);
      expect(outcomes.flatMap(({ errors }) => errors)).toEqual([]);
      const changed = new Set(outcomes.flatMap(({ effects }) => effects.map(instanceOf)));
      const own = findingsOf(each).filter(({ finding: { fingerprint } }) =>
        fingerprints.includes(fingerprint),
      );
      const wanted = own.map(({ stack, finding: { address } }) => instanceOf({ stack, address }));
      const absent = (each.absent ?? []).map(instanceOf).filter((one) => !wanted.includes(one));
      expect([...wanted, ...absent]).toEqual(expect.arrayContaining([...changed]));
      expect([...changed]).toEqual(expect.arrayContaining(wanted));
      expect(new Set(adoption.effects.map(instanceOf))).toEqual(changed);
      expect(adoption.verdict).toBe(absent.some((one) => changed.has(one)) ? "shared" : "exact");
      expect(adoptTogether(after, own, each.absent).files).toEqual([]);
    }
  });

  it.each(CASES)("all of them together are the set: %s", (_name, each) => {
    const { groups, files } = adopted(each);
    for (const { path, text } of files) {
      const before = each.files[path] ?? "";
      const edits = groups.flatMap(({ adoption }) =>
        adoption.files.filter((file) => file.path === path).flatMap(({ diff }) => changedBy(before, diff)),
      );
      expect(applyEdits(before, edits)).toBe(text);
    }
  });
});

/** What a diff changes, word by word: other diffs may change others in the same lines. */
function changedBy(before: string, diff: string): Edit[] {
  let at = 0;
  return diffWordsWithSpace(before, String(applyPatch(before, diff))).flatMap(({ value, added, removed }) => {
    const start = at;
    if (!added) at += value.length;
    if (!added && !removed) return [];
    return [{ file: "", start, end: at, text: added ? value : "" }];
  });
}

function instanceOf({ stack = "", address }: { readonly stack?: string; readonly address: string }): string {
  return `${stack} ${address}`;
}

function byFingerprint(a: { readonly fingerprint: string }, b: { readonly fingerprint: string }): number {
  return a.fingerprint < b.fingerprint ? -1 : 1;
}

function declares({ stacks }: Repository, { stack, address }: { stack: string; address: string }): boolean {
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
