import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type BlockAnswer, ourBlockAnswer } from "../../terraform-binary/block-answers.ts";
import { BLOCK_CASES } from "../../terraform-binary/block-cases.ts";
import { evaluateFiles, problemsOf } from "../stack.ts";

/** The answers were made by test/terraform-binary/remake-blocks.ts. */
const { terraform, answers } = JSON.parse(
  readFileSync(new URL("../fixtures/blocks.json", import.meta.url), "utf8"),
) as { terraform: string; answers: Record<string, BlockAnswer> };

/** What we say instead, and why. */
const DIFFERENCES: readonly [name: string, why: string, ours: BlockAnswer][] = [
  [
    "blocks that another does not write",
    "only the provider's schema says that there could be such blocks, so that there are none",
    { "blocks_all.case": { any: { "(unknown)": true } } },
  ],
  [
    "labels of a block that has none",
    "only the provider's schema says how many labels a block has",
    { "blocks_all.case": { rule: [{}] } },
  ],
  [
    "sensitive for_each, blocks within",
    "Terraform 1.11 forgets the mark in blocks within; we do not show what may be a secret",
    {
      "blocks_all.case": {
        rule: [
          {
            flag: { "(sensitive)": true },
            port: [{ text: { "(sensitive)": "a" }, flag: { "(sensitive)": true } }],
          },
        ],
      },
    },
  ],
];
const DIFFERENT = new Set(DIFFERENCES.map(([name]) => name));

test("every case has an answer of a known Terraform", () => {
  expect(terraform).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Object.keys(answers)).toEqual(Object.keys(BLOCK_CASES));
});

describe("nested blocks are those that Terraform planned", () => {
  test.each(Object.keys(BLOCK_CASES).filter((name) => !DIFFERENT.has(name)))("%s", (name) => {
    expect(ourBlockAnswer(name)).toEqual(answers[name]);
  });
});

describe("nested blocks are others, for a reason", () => {
  test.each(DIFFERENCES)("%s: %s", (name, _, ours) => {
    expect(ourBlockAnswer(name)).toEqual(ours);
    expect(answers[name]).not.toEqual(ours);
  });
});

describe("what is wrong with a dynamic block is said", () => {
  test.each([
    ["two contents", "a dynamic block has one content block"],
    ["another argument beside for_each", 'a dynamic block has no argument "each"'],
    ["an iterator that is no name", "iterator needs a name alone, without quotes"],
    ["no type", "a dynamic block needs 1 label, the type of the blocks that it makes"],
    ["two types", "a dynamic block needs 1 label, the type of the blocks that it makes"],
    ["lifecycle", "lifecycle blocks cannot be dynamic"],
    ["a label that is not known", "a label must be known before an apply"],
    ["a label that is null", "a label cannot be null"],
  ])("%s", (name, message) => {
    const found = problemsOf(
      evaluateFiles(
        `locals {\n  unknown_text = a.c.id\n}\nresource "a" "c" {}\nresource "a" "b" {\n  ${BLOCK_CASES[name]}\n}\n`,
      ),
    );
    expect(found).toEqual([expect.stringContaining(message)]);
  });
});
