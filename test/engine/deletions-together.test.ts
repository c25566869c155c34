import { describe, expect, it } from "vitest";
import { adoptTogether } from "../../src/engine/adopted-set.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { repositoryOf } from "../adoption/repository.ts";
import { finding } from "../intent/findings.ts";

const block = (index: number, rest = "") => `resource "a_b" "c${index}" {\n  n = ${index}\n${rest}}\n`;
const blocks = (count: number) => Array.from({ length: count }, (_, index) => block(index));

function deleted(index: number) {
  const address = `a_b.c${index}`;
  const one = finding({
    fingerprint: address,
    address,
    kind: "deleted",
    category: "resource",
    changes: [],
  });
  return { stack: "main", finding: one };
}

/** What is adopted, and how often a stack was evaluated for it. */
function adopted(files: Readonly<Record<string, string>>, indices: readonly number[]) {
  const opened = repositoryOf({}, files);
  let evaluations = 0;
  const counting: Repository = {
    ...opened,
    evaluate(...given) {
      evaluations += 1;
      return opened.evaluate(...given);
    },
  };
  const set = adoptTogether(counting, indices.map(deleted));
  return { ...set, evaluations };
}

describe("many instances that were deleted", () => {
  const indices = Array.from({ length: 40 }, (_, index) => index);

  it.each([
    ["apart from each other", indices.map((index) => index * 3)],
    ["side by side", indices],
    ["all there are", Array.from({ length: 120 }, (_, index) => index)],
  ])("%s: one evaluation shows that all go", (_, gone) => {
    const all = blocks(120);
    const set = adopted({ "main.tf": all.join("\n") }, gone);
    expect(set.left).toEqual([]);
    expect(set.files[0]?.text).toBe(all.filter((_, index) => !gone.includes(index)).join("\n"));
    expect(set.evaluations).toBe(1);
  });

  it("the one that something names is left, and costs the others nothing", () => {
    const all = [...blocks(60), "locals {\n  id = a_b.c7.n\n}\n"];
    const set = adopted({ "main.tf": all.join("\n") }, indices);
    expect(set.left.map(({ why }) => why)).toEqual([
      expect.stringContaining("local.id (main.tf:242) refers to it"),
    ]);
    expect(set.adopted).toHaveLength(39);
    expect(set.evaluations).toBe(1);
  });

  it("where they do more together than to go, halves of them are looked at", () => {
    const all = [...blocks(64).map((text, index) => (index === 7 ? "" : text)), block(99)];
    const files = {
      "main.tf": `${all.join("\n")}\nresource "a_b" "hash" {\n  h = filesha1("other.tf")\n}\n`,
      "other.tf": block(7),
    };
    const set = adopted(files, indices);
    expect(set.left.map(({ fingerprint }) => fingerprint)).toEqual(["a_b.c7"]);
    expect(set.files.map(({ path }) => path)).toEqual(["main.tf"]);
    expect(set.evaluations).toBeLessThan(20);
  });

  it("what names each other goes together", () => {
    const files = { "main.tf": [block(0), block(1, "  of = a_b.c0.n\n"), block(2)].join("\n") };
    const set = adopted(files, [0, 1]);
    expect(set.left).toEqual([]);
    expect(set.files[0]?.text).toBe(block(2));
    expect(set.evaluations).toBe(1);
  });
});
