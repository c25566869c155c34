import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/drift/model.ts";
import { adoptTogether } from "../../src/engine/adopted-set.ts";
import { adoptionsAlone } from "../../src/engine/adoptions-alone.ts";
import type { StackFinding } from "../../src/engine/api.ts";
import { Work } from "../../src/engine/work.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { repositoryOf } from "../adoption/repository.ts";
import { change, finding } from "../intent/findings.ts";

// Sets of so many findings of one kind that it matters how often the code is evaluated for them.

const COUNT = 40;
const all = [...Array(COUNT).keys()];

function each(write: (index: number) => string): string {
  return all.map(write).join("");
}

function found(address: string, more: Partial<Finding>): StackFinding {
  return { stack: "main", finding: finding({ fingerprint: address, address, ...more }) };
}

function drift(address: string, live: Readonly<Record<string, string>>): StackFinding {
  const changes = Object.entries(live).map(([path, known]) => change(path, { observed: { known } }));
  return found(address, { changes });
}

function gone(address: string): StackFinding {
  return found(address, { kind: "deleted", category: "resource", changes: [] });
}

/** A repository, and how often a stack of it was evaluated. */
function counting(code: string): { readonly repository: Repository; evaluations(): number } {
  const repository = repositoryOf({}, { "main.tf": code });
  let evaluations = 0;
  return {
    repository: {
      ...repository,
      evaluate: (files, inputs) => {
        evaluations += 1;
        return repository.evaluate(files, inputs);
      },
    },
    evaluations: () => evaluations,
  };
}

const BLOCKS = each((index) => `resource "aws_instance" "a${index}" {\n  ami = "a"\n\n  type = "t3"\n}\n`);
const ENTRIES = `locals {
  all = {
${each((index) => `    k${index} = { name = "n${index}" }\n`)}    keep = { name = "keep" }
  }
}
resource "aws_instance" "t" {
  for_each = local.all
  type     = lookup(each.value, "type", "t3")
  tags     = { Name = each.value.name }
}
`;
const ELEMENTS = `resource "aws_instance" "t" {
  for_each = toset([${each((index) => `"k${index}", `)}"keep"])
  type     = each.key
}
`;
const SHARED = `locals {
  size = "t3"
}
${each((index) => `resource "aws_instance" "a${index}" {\n  type = upper(local.size)\n}\n`)}`;

const entry = (index: number) => `aws_instance.t["k${index}"]`;

describe("many findings are adopted with few evaluations", () => {
  it.each<[string, string, readonly StackFinding[], { evaluations: number; groups: number }]>([
    [
      "of which each is one edit",
      BLOCKS,
      all.map((index) => drift(`aws_instance.a${index}`, { type: `x${index}` })),
      { evaluations: 1, groups: COUNT },
    ],
    [
      "of which each takes several steps, some of them beside each other",
      BLOCKS,
      all.map((index) =>
        drift(`aws_instance.a${index}`, { type: `x${index}`, ami: `b${index}`, "tags.Name": "n" }),
      ),
      { evaluations: 3, groups: COUNT },
    ],
    [
      "in lines of one map",
      ENTRIES,
      all.map((index) => drift(entry(index), { type: `x${index}` })),
      { evaluations: 1, groups: COUNT },
    ],
    [
      "that delete whole lines of one map",
      ENTRIES,
      all.map((index) => gone(entry(index))),
      { evaluations: 10, groups: 1 },
    ],
    [
      "that delete elements of one line",
      ELEMENTS,
      all.map((index) => gone(entry(index))),
      { evaluations: 6, groups: 1 },
    ],
  ])("%s", (_what, code, findings, most) => {
    const { repository, evaluations } = counting(code);
    const { adopted, left, groups } = adoptTogether(repository, findings);
    expect(left).toEqual([]);
    expect(adopted).toHaveLength(COUNT);
    expect(groups).toHaveLength(most.groups);
    expect(evaluations()).toBeLessThanOrEqual(most.evaluations);
  });

  it("and those that are refused cost one search for each way to adopt them", () => {
    const work = new Searches();
    const findings = all.map((index) => drift(`aws_instance.a${index}`, { type: `X${index}` }));
    const { left } = adoptTogether(repositoryOf({}, { "main.tf": SHARED }), findings, [], work);
    expect(left).toHaveLength(COUNT);
    expect(work.count).toBe(2 * COUNT);
  });
});

class Searches extends Work {
  count = 0;

  override spend(instances: number): void {
    this.count += 1;
    super.spend(instances);
  }
}

it("the edits that are shown for findings alone are confirmed together", () => {
  const { repository, evaluations } = counting(BLOCKS);
  const findings = all.map((index) => drift(`aws_instance.a${index}`, { type: `x${index}` }).finding);
  const shown = adoptionsAlone(repository, "main", findings, []);
  expect(shown.map(({ verdict }) => verdict)).toEqual(all.map(() => "exact"));
  expect(evaluations()).toBe(1);
});

it("what is confirmed for two that contradict each other is confirmed for each of them", () => {
  const { repository, evaluations } = counting(SHARED);
  const findings = ["X1", "X2"].map((type) => drift("aws_instance.a0", { type }).finding);
  const shown = adoptionsAlone(repository, "main", findings, []);
  expect(shown.map(({ files: [file] }) => file?.diff.toUpperCase().includes("X2"))).toEqual([false, true]);
  expect(evaluations()).toBe(2);
});

describe("more than can be adopted at once", () => {
  const findings = all.map((index) => gone(entry(index)));
  const some = adoptTogether(repositoryOf({}, { "main.tf": ELEMENTS }), findings, [], new Work(4_000));

  it("is adopted in part, and nothing is lost", () => {
    expect(some.adopted.length).toBeGreaterThan(0);
    expect(some.left.length).toBeGreaterThan(0);
    const told = [...some.adopted, ...some.left.map(({ fingerprint }) => fingerprint)];
    expect(told.toSorted()).toEqual(findings.map(({ finding: { fingerprint } }) => fingerprint).toSorted());
    for (const { why } of some.left) expect(why).toContain("it is adopted by a later scan");
  });

  it("is the same part each time", () => {
    const again = adoptTogether(repositoryOf({}, { "main.tf": ELEMENTS }), findings, [], new Work(4_000));
    expect(again.files).toEqual(some.files);
    expect(again.left).toEqual(some.left);
  });
});
