import type { Json, JsonObject } from "../../src/json/json.ts";

/** Nested blocks of a resource in the code and in the state, and what another resource reads of them. */
export interface ReadCase {
  readonly code: string;
  /** Null where the state does not have the resource. */
  readonly recorded: JsonObject | null;
  readonly read: string;
}

function block(text: string | null, number: number | null, made: string, more: JsonObject = {}): JsonObject {
  return { text, number, flag: null, texts: null, made, ...more };
}

function rule(text: string | null, number: number | null, made: string, more: JsonObject = {}): JsonObject {
  return block(text, number, made, { port: [], source: [], ...more });
}

/** A state; blocks that are not given are not there. */
function recorded(blocks: { readonly [type: string]: Json }): JsonObject {
  return { id: "i-1", rule: [], grant: [], labelled: {}, limits: null, ...blocks };
}

const TWO_RULES = recorded({ rule: [rule("a", 1, "made a"), rule("b", 2, "made b")] });
/** In the order of a list, which no set has. */
const LISTED = recorded({ rule: [rule("b", 2, "made b"), rule("a", 1, "made a")] });
const TWO_GRANTS = recorded({ grant: [block("a", 1, "made a"), block("b", 2, "made b")] });

function blocks(type: string, ...bodies: readonly string[]): string {
  return bodies.map((body) => `  ${type} {\n    ${body}\n  }\n`).join("");
}

const A = 'text = "a"\n    number = 1';
const B = 'text = "b"\n    number = 2';

const RULES = `[for one in blocks_made.read.rule : { text = one.text, number = one.number, made = one.made }]`;
const EACH_RULE = `[for index in [0, 1] : blocks_made.read.rule[index].made]`;
const FIRST_RULE = `{
      text   = blocks_made.read.rule[0].text
      number = blocks_made.read.rule[0].number
      made   = blocks_made.read.rule[0].made
    }`;
const GRANTS = `{ for one in blocks_made.read.grant : coalesce(one.text, "none") => { number = one.number, made = one.made } }`;

const OVER_NUMBERS = `  dynamic "rule" {
    for_each = { a = 1, b = 3 }
    content {
      text   = rule.key
      number = rule.value
    }
  }
`;

/** By what is tried. */
export const READ_CASES: Readonly<Record<string, ReadCase>> = {
  "the same blocks": { code: blocks("rule", A, B), recorded: TWO_RULES, read: RULES },
  "a changed attribute, by index": {
    code: blocks("rule", 'text = "a"\n    number = 5', B),
    recorded: TWO_RULES,
    read: FIRST_RULE,
  },
  "a changed attribute, in a for": {
    code: blocks("rule", 'text = "a"\n    number = 5', B),
    recorded: TWO_RULES,
    read: RULES,
  },
  "a changed attribute of what is surely a list": {
    code: blocks("rule", 'text = "b"\n    number = 5', 'text = "c"'),
    recorded: LISTED,
    read: RULES,
  },
  "all changed, by index": {
    code: blocks("rule", 'text = "x"', 'text = "y"'),
    recorded: TWO_RULES,
    read: FIRST_RULE,
  },
  "an attribute that the code leaves out": {
    code: blocks("rule", "number = 1", B),
    recorded: TWO_RULES,
    read: FIRST_RULE,
  },
  "what the provider makes, given by the code": {
    code: blocks("rule", `${A}\n    made = "given"`, B),
    recorded: TWO_RULES,
    read: RULES,
  },
  "in another order, by index": { code: blocks("rule", B, A), recorded: TWO_RULES, read: FIRST_RULE },
  "in another order, in a for": { code: blocks("rule", B, A), recorded: TWO_RULES, read: RULES },
  "in another order, by a splat": {
    code: blocks("rule", B, A),
    recorded: TWO_RULES,
    read: "blocks_made.read.rule[*].made",
  },
  "one more": {
    code: blocks("rule", A, B, 'text = "c"'),
    recorded: TWO_RULES,
    read: "{ length = length(blocks_made.read.rule), texts = blocks_made.read.rule[*].text, last = blocks_made.read.rule[2] }",
  },
  "one less": { code: blocks("rule", B), recorded: TWO_RULES, read: "blocks_made.read.rule[*].text" },
  "none in the state": { code: blocks("rule", A), recorded: recorded({}), read: FIRST_RULE },
  "no state": { code: blocks("rule", A), recorded: null, read: FIRST_RULE },
  "an unknown attribute": {
    code: blocks("rule", "text = local.unknown_text", B),
    recorded: TWO_RULES,
    read: FIRST_RULE,
  },
  "a sensitive attribute": {
    code: blocks("rule", "text = var.secret", B),
    recorded: TWO_RULES,
    read: "blocks_made.read.rule[0].text",
  },
  "dynamic blocks": { code: OVER_NUMBERS, recorded: TWO_RULES, read: `blocks_made.read.rule[1]` },
  "dynamic blocks that are not known": {
    code: OVER_NUMBERS.replace("{ a = 1, b = 3 }", "local.unknown"),
    recorded: TWO_RULES,
    read: "{ all = blocks_made.read.rule[*].text, one = blocks_made.read.rule[0].text }",
  },
  "dynamic blocks over nothing": {
    code: OVER_NUMBERS.replace("{ a = 1, b = 3 }", "{}"),
    recorded: recorded({}),
    read: "length(blocks_made.read.rule)",
  },
  "dynamic blocks that are no more": {
    code: OVER_NUMBERS.replace("{ a = 1, b = 3 }", "{}"),
    recorded: TWO_RULES,
    read: "length(blocks_made.read.rule)",
  },
  "blocks in blocks": {
    code: blocks("rule", `${A}\n    port {\n      number = 81\n    }`),
    recorded: recorded({ rule: [rule("a", 1, "made a", { port: [block("http", 80, "made port")] })] }),
    read: "blocks_made.read.rule[0].port[0].number",
  },
  "what is made in blocks in blocks": {
    code: blocks("rule", `text = "new"\n    port {\n      number = 80\n    }`),
    recorded: recorded({ rule: [rule("a", 1, "made a", { port: [block(null, 80, "made port")] })] }),
    read: "blocks_made.read.rule[0].port[0].made",
  },
  "a set in another order": { code: blocks("grant", B, A), recorded: TWO_GRANTS, read: GRANTS },
  "a set in the same order": { code: blocks("grant", A, B), recorded: TWO_GRANTS, read: GRANTS },
  "a set with a changed element": {
    code: blocks("grant", A, 'text = "b"\n    number = 3'),
    recorded: TWO_GRANTS,
    read: GRANTS,
  },
  "a set of one changed element": {
    code: blocks("grant", 'text = "a"\n    number = 3'),
    recorded: recorded({ grant: [block("a", 1, "made a")] }),
    read: GRANTS,
  },
  "a set with one more": {
    code: blocks("grant", 'text = "c"', B, A),
    recorded: TWO_GRANTS,
    read: GRANTS,
  },
  "a single block": {
    code: blocks("limits", "number = 5"),
    recorded: recorded({ limits: block("a", 1, "made it") }),
    read: "{ number = blocks_made.read.limits.number, made = blocks_made.read.limits.made }",
  },
  "a single block that is new": {
    code: blocks("limits", "number = 5"),
    recorded: recorded({}),
    read: "blocks_made.read.limits.number",
  },
  "blocks by label": {
    code: '  labelled "x" {\n    number = 5\n  }\n  labelled "new" {\n    number = 6\n  }\n',
    recorded: recorded({ labelled: { x: block("a", 1, "made x"), old: block("a", 1, "made old") } }),
    read: '{ keys = keys(blocks_made.read.labelled), number = blocks_made.read.labelled["x"].number, made = blocks_made.read.labelled["x"].made, new = blocks_made.read.labelled["new"].number }',
  },
  "the whole resource": {
    code: blocks("rule", 'text = "a"\n    number = 5', B),
    recorded: TWO_RULES,
    read: "{ for name, value in { all = blocks_made.read } : name => [for one in value.rule : one.number] }",
  },
  "the whole resource without a state": {
    code: blocks("rule", A),
    recorded: null,
    read: "{ for name, value in { all = blocks_made.read } : name => [for one in value.rule : one.number] }",
  },
  "blocks that are ignored": {
    code: `${blocks("rule", 'text = "a"\n    number = 5')}  lifecycle {\n    ignore_changes = [rule]\n  }\n`,
    recorded: TWO_RULES,
    read: RULES,
  },
  "an ignored attribute of a block": {
    code: `${blocks("rule", 'text = "x"\n    number = 5', B)}  lifecycle {\n    ignore_changes = [rule[0].number]\n  }\n`,
    recorded: TWO_RULES,
    read: FIRST_RULE,
  },
  "each element": { code: blocks("rule", 'text = "x"', B), recorded: TWO_RULES, read: EACH_RULE },
};
