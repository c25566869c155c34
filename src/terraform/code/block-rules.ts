import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import type { Attribute, Block } from "../../hcl/syntax/syntax.ts";
import { attributeOf } from "./body-index.ts";
import type { Wrong } from "./wrong.ts";

/**
 * What one of Terraform's own blocks may hold. The names are those of all versions of Terraform and OpenTofu, so that
 * what only some of them know is no error.
 */
export interface BlockRule {
  readonly arguments: ReadonlySet<string>;
  readonly required: readonly string[];
  /** Null: of blocks of that type others know what they hold. */
  readonly blocks: ReadonlyMap<string, BlockRule | null>;
}

function rule(
  names: string,
  required = "",
  blocks: readonly (readonly [string, BlockRule | null])[] = [],
): BlockRule {
  const list = (text: string) => text.split(" ").filter((name) => name !== "");
  return {
    arguments: new Set([...list(required), ...list(names)]),
    required: list(required),
    blocks: new Map(blocks),
  };
}

const CHECK = rule("", "condition error_message");

/** Of a resource or data source (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle). */
export const LIFECYCLE = rule(
  "create_before_destroy prevent_destroy ignore_changes replace_triggered_by enabled destroy",
  "",
  [
    ["precondition", CHECK],
    ["postcondition", CHECK],
    ["action_trigger", null],
  ],
);

/** Blocks at the top of a file that hold nothing but what Terraform itself knows. */
export const BLOCK_RULES: ReadonlyMap<string, BlockRule> = new Map([
  [
    "variable",
    rule("type default description sensitive nullable ephemeral deprecated const", "", [
      ["validation", CHECK],
    ]),
  ],
  [
    "output",
    rule("value type description sensitive ephemeral depends_on deprecated", "", [["precondition", CHECK]]),
  ],
  ["moved", rule("", "from to")],
  [
    "removed",
    rule("", "from", [
      ["lifecycle", rule("destroy")],
      ["provisioner", null],
      ["connection", null],
    ]),
  ],
  ["import", rule("id identity for_each provider", "to")],
  [
    "check",
    rule("", "", [
      ["data", null],
      ["assert", CHECK],
    ]),
  ],
  [
    "terraform",
    rule("required_version experiments language", "", [
      ["backend", null],
      ["cloud", null],
      ["required_providers", null],
      ["provider_meta", null],
      ["encryption", null],
      ["state_store", null],
    ]),
  ],
]);

/** What a block holds that it cannot, and what it lacks. */
export function wrongContent(block: Block, known: BlockRule): Wrong[] {
  const wrong = block.body.items.flatMap((item) => {
    if (item.kind === "attribute")
      return known.arguments.has(item.name) ? [] : wrongArgument(item, block, known);
    const inner = known.blocks.get(item.type);
    if (inner === undefined) return [unknownBlock(item, block, known)];
    return inner === null ? [] : [...wrongLabels(item), ...wrongContent(item, inner)];
  });
  for (const name of known.required) {
    if (attributeOf(block.body, name) !== null) continue;
    wrong.push({
      message: `this ${block.type} block needs ${article(name)} ${name}`,
      range: block.typeRange,
    });
  }
  return wrong;
}

/** None of the blocks that only Terraform itself knows has a label. */
export function wrongLabels({ type, labels: [label] }: Block): Wrong[] {
  return label === undefined
    ? []
    : [{ message: `${article(type)} ${type} block has no label; take it out`, range: label }];
}

function wrongArgument(item: Attribute, block: Block, known: BlockRule): Wrong[] {
  // JSON does not tell a block from an argument.
  if (block.body.json !== undefined && known.blocks.has(item.name)) return [];
  const names = [...known.arguments];
  const message = `${article(block.type)} ${block.type} block has no argument ${JSON.stringify(item.name)}`;
  return [{ message: `${message}${advice(item.name, names)}`, range: item.nameRange }];
}

function unknownBlock(item: Block, block: Block, known: BlockRule): Wrong {
  const names = [...known.blocks.keys()];
  const message = `${article(block.type)} ${block.type} block holds no block ${JSON.stringify(item.type)}`;
  return { message: `${message}${advice(item.type, names)}`, range: item.typeRange };
}

/** What was meant, where that is close; else all there is. */
function advice(written: string, names: readonly string[]): string {
  const meant = didYouMean(written, names);
  if (meant !== "") return meant;
  return names.length === 0
    ? "; take it out"
    : `; there ${names.length === 1 ? "is" : "are"} ${listed(names)}`;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length === 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

function article(name: string): string {
  return /^[aeio]/.test(name) ? "an" : "a";
}
