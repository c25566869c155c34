import type { JsonObject } from "../../src/json/json.ts";

/** What the state has of every case. */
export const RECORDED: JsonObject = {
  id: "i-1",
  name: "old",
  any: null,
  tags: { a: "old", b: "old" },
  size: { min: 1, max: 2 },
  rule: [
    {
      text: "old",
      number: 5,
      flag: null,
      texts: null,
      rule: [],
      port: [{ text: "http", number: 80, flag: null, texts: null, note: [] }],
      source: [],
    },
  ],
  grant: [{ text: "old", number: null, flag: null, texts: null, right: [] }],
  labelled: {},
  limits: null,
};

const WRITTEN = `
  name = "new"
  tags = { a = "new", c = "new" }
  size = { min = 7, max = 8 }
  rule {
    text   = "new"
    number = 6
    port {
      number = 81
    }
  }
  rule {
    text = "second"
  }
  grant {
    text = "new"
  }
`;

function ignoring(list: string, written = WRITTEN): string {
  return `${written}  lifecycle {\n    ignore_changes = ${list}\n  }\n`;
}

const PLAIN = `
  name = "new"
  size = { min = 7, max = 8 }
`;

function dynamicRule(forEach: string): string {
  const content =
    'text   = "new"\n      number = rule.value\n      port {\n        text   = ""\n        number = 1\n      }';
  return `  dynamic "rule" {\n    for_each = ${forEach}\n    content {\n      ${content}\n    }\n  }\n`;
}

/** The body of a resource that the state has, by what it ignores. */
export const IGNORED_CASES: Readonly<Record<string, string>> = {
  nothing: WRITTEN,
  "an attribute": ignoring("[name]"),
  "two attributes": ignoring("[name, size]"),
  "a map": ignoring("[tags]"),
  "keys of a map, whether they are there or not": ignoring('[tags["a"], tags["b"], tags["c"], tags["d"]]'),
  "a key of a map by a dot, which ignores nothing": ignoring("[tags.a]"),
  "an attribute of an object": ignoring("[size.min]"),
  "all blocks of a type": ignoring("[rule]"),
  "blocks that are a set": ignoring("[grant]"),
  "a block": ignoring("[rule[0]]"),
  "an attribute of a block": ignoring("[rule[0].number]"),
  "an attribute of a block that the state does not have": ignoring("[rule[1].text]"),
  "blocks in a block": ignoring("[rule[0].port]"),
  "an attribute of a block in a block": ignoring("[rule[0].port[0].number]"),
  "what a provider computes": ignoring("[id]"),
  all: ignoring("all"),
  "what is not known": ignoring(
    '[name, tags["a"]]',
    `name = local.unknown_text
  tags = { a = local.unknown_text, c = local.unknown_text }
  size = { min = 7, max = 8 }
`,
  ),
  "a key of a map that is not known": ignoring('[tags["a"]]', `${PLAIN}  tags = local.unknown\n`),
  "what is secret in the code": ignoring(
    "[name]",
    "name = var.secret\n  size = { min = 7, max = 8 }\n  tags = {}\n",
  ),
  "of dynamic blocks": ignoring("[rule[0].number]", `${PLAIN}  tags = {}\n${dynamicRule("[1, 2]")}`),
  "dynamic blocks": ignoring("[rule]", `${PLAIN}  tags = {}\n${dynamicRule("[1, 2]")}`),
  "dynamic blocks that are not known": ignoring(
    "[rule]",
    `${PLAIN}  tags = {}\n${dynamicRule("local.unknown")}`,
  ),
};

/** Reads what is ignored: the state's value comes out. */
export const READER = `
resource "blocks_all" "case_reader" {
  any = {
    name = blocks_kept.case.name
    tags = blocks_kept.case.tags
    size = blocks_kept.case.size
  }
}
`;
