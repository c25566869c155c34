import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { type BlockAnswer, ourReadAnswer } from "../../terraform-binary/block-answers.ts";
import { READ_CASES } from "../../terraform-binary/read-cases.ts";
import { evaluateFiles, outputOf, problemsOf } from "../stack.ts";

/** The answers were made by test/terraform-binary/remake-blocks.ts. */
const { read } = JSON.parse(readFileSync(new URL("../fixtures/blocks.json", import.meta.url), "utf8")) as {
  read: Record<string, BlockAnswer>;
};

const UNKNOWN = { "(unknown)": true };

const MAYBE_A_SET =
  "only the provider's schema says that it is no set, in which a changed block is a new one";
const MAYBE_MADE = "only the provider's schema says that it does not make what the code leaves out";

/** What we say instead, and why. */
const DIFFERENCES: readonly [name: string, why: string, any: Json][] = [
  [
    "a changed attribute, in a for",
    MAYBE_A_SET,
    [
      { text: "a", number: 5, made: UNKNOWN },
      { text: "b", number: 2, made: "made b" },
    ],
  ],
  [
    "a changed attribute of what is surely a list",
    MAYBE_MADE,
    [
      { text: "b", number: 5, made: "made b" },
      { text: "c", number: 1, made: "made a" },
    ],
  ],
  ["all changed, by index", MAYBE_MADE, { text: "x", number: 1, made: "made a" }],
  ["an attribute that the code leaves out", MAYBE_MADE, { text: "a", number: 1, made: "made a" }],
  ["an unknown attribute", MAYBE_MADE, { text: UNKNOWN, number: 1, made: "made a" }],
  [
    "in another order, in a for",
    MAYBE_A_SET,
    [
      { text: UNKNOWN, number: UNKNOWN, made: "made a" },
      { text: UNKNOWN, number: UNKNOWN, made: "made b" },
    ],
  ],
  [
    "one more",
    "only the provider's schema says what else a block has",
    { length: 3, texts: ["a", "b", "c"], last: UNKNOWN },
  ],
  ["dynamic blocks that are no more", "the provider may go on with those of the state", UNKNOWN],
  ["a set in another order", "only the provider's schema says that it is no list", UNKNOWN],
  [
    "a set with one more",
    "only the provider's schema says that it is no list, and what it makes",
    {
      a: { number: 1, made: UNKNOWN },
      b: { number: 2, made: UNKNOWN },
      c: { number: UNKNOWN, made: UNKNOWN },
    },
  ],
  ["a single block that is new", "only the provider's schema says that it is no list", UNKNOWN],
  ["each element", MAYBE_A_SET, [UNKNOWN, "made b"]],
];
const DIFFERENT = new Set(DIFFERENCES.map(([name]) => name));

test("every case has an answer", () => {
  expect(Object.keys(read)).toEqual(Object.keys(READ_CASES));
});

describe("who reads nested blocks reads what Terraform planned", () => {
  test.each(Object.keys(READ_CASES).filter((name) => !DIFFERENT.has(name)))("%s", (name) => {
    expect(ourReadAnswer(name)).toEqual(read[name]);
  });
});

describe("nested blocks are read as others, for a reason", () => {
  test.each(DIFFERENCES)("%s: %s", (name, _, any) => {
    expect(ourReadAnswer(name)).toEqual({ "blocks_all.case": { any } });
    expect(read[name]).not.toEqual({ "blocks_all.case": { any } });
  });
});

interface Read {
  readonly type?: string;
  readonly blocks: string;
  readonly recorded: { readonly [name: string]: Json };
  readonly secret?: Json;
  readonly value: string;
}

function readOf({ type = "x_y", blocks, recorded, secret = [], value }: Read) {
  const code = `resource "${type}" "a" {\n${blocks}}\noutput "o" {\n  value     = ${value}\n  sensitive = true\n}\n`;
  const instances = [{ attributes: { id: "1", ...recorded }, sensitive_attributes: secret }];
  const evaluation = evaluateFiles(code, { recorded: [{ type, name: "a", instances }] });
  expect(problemsOf(evaluation)).toEqual([]);
  return outputOf(evaluation, "o");
}

const DISKS = {
  type: "aws_instance",
  recorded: {
    ebs_block_device: [
      { device_name: "/dev/sdb", volume_size: 10, tags: null, volume_id: "vol-b" },
      { device_name: "/dev/sdc", volume_size: 20, tags: null, volume_id: "vol-c" },
    ],
  },
  value:
    "{ for disk in aws_instance.a.ebs_block_device : disk.device_name => [disk.volume_size, disk.volume_id] }",
};

function disk(name: string, size: number): string {
  return `  ebs_block_device {\n    device_name = "/dev/${name}"\n    volume_size = ${size}\n  }\n`;
}

describe("blocks that are known to be a set", () => {
  test("belong together whatever their order", () => {
    expect(readOf({ ...DISKS, blocks: disk("sdc", 20) + disk("sdb", 10) }).json).toEqual({
      "/dev/sdb": [10, "vol-b"],
      "/dev/sdc": [20, "vol-c"],
    });
  });

  test("have the order of the state", () => {
    const value = "aws_instance.a.ebs_block_device[*].device_name";
    expect(readOf({ ...DISKS, blocks: disk("sdc", 20) + disk("sdb", 10), value }).json).toEqual([
      "/dev/sdb",
      "/dev/sdc",
    ]);
  });

  test("are new ones where they were changed", () => {
    const { json, unknown } = readOf({ ...DISKS, blocks: disk("sdc", 20) + disk("sdb", 11) });
    expect(json).toEqual({ "/dev/sdb": [11, null], "/dev/sdc": [20, "vol-c"] });
    expect(unknown).toEqual([["/dev/sdb", 1]]);
  });
});

const BLOCK = '  rule {\n    password = "open"\n    port     = "80"\n  }\n';

describe("what the state knows of blocks", () => {
  test("is a type", () => {
    const recorded = { rule: [{ password: "open", port: 81 }] };
    expect(readOf({ blocks: BLOCK, recorded, value: "x_y.a.rule[0].port" }).json).toBe(80);
  });

  test.each<[string, Json]>([
    [
      "an attribute",
      [
        [
          { type: "get_attr", value: "rule" },
          { type: "index", value: { value: 0, type: "number" } },
          { type: "get_attr", value: "password" },
        ],
      ],
    ],
    ["all of them", [[{ type: "get_attr", value: "rule" }]]],
  ])("is that %s is sensitive, also where blocks are added", (_, secret) => {
    const recorded = { rule: [{ password: "old", port: 81 }] };
    for (const blocks of [BLOCK, BLOCK + BLOCK]) {
      const { json, sensitive } = readOf({ blocks, recorded, secret, value: "x_y.a.rule[0].password" });
      expect([json, sensitive]).toEqual(["open", [[]]]);
    }
  });
});

test("collections in a block have the order of the code or of the state: where the two differ, it is not known", () => {
  const blocks = '  rule {\n    ids   = ["c", "a", "b"]\n    ports = ["1", "2"]\n  }\n';
  const recorded = { rule: [{ ids: ["a", "c", "b"], ports: [1, 2] }] };
  const { json, unknown } = readOf({ blocks, recorded, value: "[x_y.a.rule[0].ids, x_y.a.rule[0].ports]" });
  expect(json).toEqual([
    [null, null, "b"],
    [1, 2],
  ]);
  expect(unknown).toEqual([
    [0, 0],
    [0, 1],
  ]);
});

test("blocks decide how many instances of another resource there are", () => {
  const code = `resource "x_y" "a" {
  dynamic "rule" {
    for_each = ["b", "c"]
    content {
      text = rule.value
    }
  }
}
resource "x_y" "each" {
  for_each = toset(x_y.a.rule[*].text)
  name     = each.key
}
`;
  const instances = [{ attributes: { id: "1", rule: [{ text: "a", made: "x" }] } }];
  const evaluation = evaluateFiles(code, { recorded: [{ type: "x_y", name: "a", instances }] });
  expect(problemsOf(evaluation)).toEqual([]);
  expect([...evaluation.instances.keys()]).toEqual(["x_y.a", 'x_y.each["b"]', 'x_y.each["c"]']);
});

test("of many blocks in another order not each is compared with each", () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => index);
  const blocks =
    '  dynamic "rule" {\n    for_each = reverse(range(1000))\n    content {\n      port = rule.value\n    }\n  }\n';
  const recorded = { rule: numbers.map((port) => ({ port, id: `${port}` })) };
  expect(readOf({ blocks, recorded, value: "[length(x_y.a.rule), x_y.a.rule[9].port]" }).json).toEqual([
    1000, 990,
  ]);
});
