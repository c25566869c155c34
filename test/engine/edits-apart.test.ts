import { applyPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adoptTogether } from "../../src/engine/adopted-set.ts";
import type { AdoptedSet, StackFinding } from "../../src/engine/api.ts";
import type { Json } from "../../src/json/json.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { outcomesBetween } from "../../src/reconcile/what-if.ts";
import { repositoryOf } from "../adoption/repository.ts";
import { change, finding } from "../intent/findings.ts";

const MAIN = `locals {
  owner = "shop"
  sizes = { small = "t3.small", large = "t3.large" }
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = local.sizes.small
  monitoring    = true
  tags          = { Name = "web", Owner = local.owner }
}

resource "aws_instance" "api" {
  ami           = "ami-2"
  instance_type = local.sizes.large
  tags = {
    Name  = "api"
    Owner = local.owner
  }
}

resource "aws_instance" "each" {
  for_each = { a = "ami-a", b = "ami-b" }
  ami      = each.value
}
`;

const WANTED: readonly (readonly [address: string, path: string, live: Json])[] = [
  ["aws_instance.web", "ami", "ami-9"],
  ["aws_instance.web", "instance_type", "t3.large"],
  ["aws_instance.web", "monitoring", false],
  ["aws_instance.web", "ebs_optimized", true],
  ["aws_instance.web", "tags.Name", "www"],
  ["aws_instance.web", "tags.Owner", "web team"],
  ["aws_instance.api", "ami", "ami-9"],
  ["aws_instance.api", "instance_type", "m5.large"],
  ["aws_instance.api", "ebs_optimized", true],
  ["aws_instance.api", "tags.Owner", "api team"],
  ["aws_instance.api", "tags.CostCenter", "4711"],
  ['aws_instance.each["a"]', "ami", "ami-c"],
  ['aws_instance.each["b"]', "ami", "ami-d"],
  ["aws_instance.web", "key_name", "ops"],
];

function findingFor([address, path, live]: (typeof WANTED)[number]): StackFinding {
  const fingerprint = `${address} ${path}`;
  return {
    stack: "main",
    finding: finding({ fingerprint, address, changes: [change(path, { observed: { known: live } })] }),
  };
}

function opened(text: string): Repository {
  return repositoryOf({}, { "main.tf": text });
}

function textOf({ files }: AdoptedSet, before: string): string {
  return files[0]?.text ?? before;
}

describe("edits that are made at once", () => {
  it("are those that are made one after the other", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...WANTED], { minLength: 1 }), (wanted) => {
        const set = adoptTogether(opened(MAIN), wanted.map(findingFor));
        let text = MAIN;
        for (const one of wanted.map(findingFor)) {
          if (!set.adopted.includes(one.finding.fingerprint)) continue;
          text = textOf(adoptTogether(opened(text), [one]), text);
        }
        const said = (code: string) =>
          [...opened(code).stacks.flatMap(({ evaluation }) => [...evaluation.instances.values()])].map(
            (instance) => instance.plain().json,
          );
        expect(said(textOf(set, MAIN))).toEqual(said(text));
      }),
    );
  });

  it("come apart again into groups that each do for their findings what all of them do together", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...WANTED], { minLength: 1 }), (wanted) => {
        const before = opened(MAIN);
        const { adopted, groups } = adoptTogether(before, wanted.map(findingFor));
        expect(groups.flatMap(({ fingerprints }) => fingerprints).sort()).toEqual(adopted.toSorted());
        for (const { fingerprints, adoption } of groups) {
          const text = String(applyPatch(MAIN, adoption.files[0]?.diff ?? ""));
          const outcomes = outcomesBetween(before, opened(text));
          expect(outcomes.flatMap(({ errors }) => errors)).toEqual([]);
          const changed = outcomes.flatMap(({ effects }) =>
            effects.map(({ address, path }) => [address, path]),
          );
          expect(changed.map((one) => one.join(" ")).sort()).toEqual(fingerprints);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ["literals in several places", [0, 2, 4, 6], 1],
    ["a literal, and a line that comes between others", [0, 3], 1],
    ["lines that come side by side", [3, 13], 2],
    ["an entry that comes far from a literal", [6, 10], 1],
  ])("%s: so many evaluations of the whole", (_, which, evaluations) => {
    let count = 0;
    const repository = opened(MAIN);
    const counting: Repository = {
      ...repository,
      evaluate: (...given) => {
        count += 1;
        return repository.evaluate(...given);
      },
    };
    const wanted = WANTED.filter((__, index) => which.includes(index));
    expect(adoptTogether(counting, wanted.map(findingFor)).left).toEqual([]);
    expect(count).toBe(evaluations);
  });

  it("keep the comments behind them in one column", () => {
    const code = (ami: string, type: string, padding: string) => `resource "aws_instance" "web" {
  ami           = "${ami}" # the image
  instance_type = "${type}" # the size
  monitoring    = true${padding} # always
}
`;
    const wanted = (["ami", "instance_type"] as const).map((path) =>
      findingFor(["aws_instance.web", path, "short"]),
    );
    const { files } = adoptTogether(opened(code("ami-123456", "t3.2xlarge", "        ")), wanted);
    expect(files.map(({ text }) => text)).toEqual([code("short", "short", "   ")]);
  });
});
