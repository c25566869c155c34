import type { AdoptionCase } from "../case.ts";

const PEOPLE = `locals {
  people = ["ann", "bob"]
}

resource "aws_iam_user" "this" {
  for_each = toset(local.people)
  name     = each.key
}
`;
const GROUP = `
resource "aws_iam_group" "all" {
  name = join("-", local.people)
}
`;
const SLOTS = `
resource "aws_slot" "this" {
  count = 2
  owner = local.people[count.index]
}
`;
const MOVED = [
  '-  people = ["ann", "bob"]',
  '+  people = ["ann", "cid"]',
  "+moved {",
  '+  from = aws_iam_user.this["bob"]',
  '+  to   = aws_iam_user.this["cid"]',
  "+}",
  "+",
];
const RENAMED = [
  'aws_iam_user.this["bob"] name: "bob" -> "cid"',
  'aws_iam_user.this["bob"] : "aws_iam_user.this[\\"bob\\"]" -> "aws_iam_user.this[\\"cid\\"]"',
];

/** Keys of other instances that an edit renames: nothing is destroyed for the sake of a name that somebody else reads. */
export const RENAMED_BESIDE: readonly AdoptionCase[] = [
  {
    name: "asked for through a text that is joined of the keys",
    files: { "main.tf": PEOPLE + GROUP },
    address: "aws_iam_group.all",
    live: { name: "ann-cid" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": MOVED },
      effects: ['aws_iam_group.all name: "ann-bob" -> "ann-cid"', ...RENAMED],
    },
  },
  {
    name: "asked for through an index, where somebody else reads the instance by its name",
    files: {
      "main.tf": `${PEOPLE}${SLOTS}
resource "aws_badge" "bob" {
  of = aws_iam_user.this["bob"].name
}
`,
    },
    address: "aws_slot.this[1]",
    live: { owner: "cid" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": [
          ...MOVED,
          '-  of = aws_iam_user.this["bob"].name',
          '+  of = aws_iam_user.this["cid"].name',
        ],
      },
      effects: [
        'aws_badge.bob of: "bob" -> "cid"',
        RENAMED[0] ?? "",
        RENAMED[1] ?? "",
        'aws_slot.this[1] owner: "bob" -> "cid"',
      ],
    },
  },
  {
    name: "nothing else changes but the address of what only counts by the keys",
    files: {
      "main.tf": `locals {
  people = ["ann", "bob"]
}

resource "aws_seat" "this" {
  for_each = toset(local.people)
  row      = 1
}
${GROUP}`,
    },
    address: "aws_iam_group.all",
    live: { name: "ann-cid" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": MOVED.map((line) => line.replace("aws_iam_user", "aws_seat")) },
      effects: [
        'aws_iam_group.all name: "ann-bob" -> "ann-cid"',
        'aws_seat.this["bob"] : "aws_seat.this[\\"bob\\"]" -> "aws_seat.this[\\"cid\\"]"',
      ],
    },
  },
  {
    name: "the state has the new address already, so that Terraform would destroy what has the old one",
    files: { "main.tf": PEOPLE + GROUP },
    state: {
      'aws_iam_user.this["ann"]': { name: "ann" },
      'aws_iam_user.this["bob"]': { name: "bob" },
      'aws_iam_user.this["cid"]': { name: "cid" },
    },
    address: "aws_iam_group.all",
    live: { name: "ann-cid" },
    expected: {
      verdict: "refused",
      why: 'the state has aws_iam_user.this["cid"] already, so that Terraform would move nothing there and destroy aws_iam_user.this["bob"]',
    },
  },
  {
    name: "one more of a list is one more instance",
    files: { "main.tf": PEOPLE + GROUP },
    address: "aws_iam_group.all",
    live: { name: "ann-bob-cid" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  people = ["ann", "bob"]', '+  people = ["ann", "bob", "cid"]'] },
      effects: [
        'aws_iam_group.all name: "ann-bob" -> "ann-bob-cid"',
        'aws_iam_user.this["cid"] : null -> {"name":"cid"}',
      ],
    },
  },
];
