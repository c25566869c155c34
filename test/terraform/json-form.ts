import { escapeTemplate } from "../../src/hcl/syntax/json-text.ts";
import { parse } from "../../src/hcl/syntax/parser.ts";
import { textOf } from "../../src/hcl/syntax/source.ts";
import type { Attribute, Block, Body, Expression } from "../../src/hcl/syntax/syntax.ts";
import type { Json } from "../../src/json/json.ts";
import { literalJson } from "../../src/terraform/code/literal.ts";

/** A file of the native syntax in the JSON syntax, such as a generator would write it; null where it does not parse. */
export function jsonForm(
  path: string,
  text: string,
): { readonly path: string; readonly text: string } | null {
  const { body, diagnostics } = parse({ path, text });
  if (diagnostics.length > 0) return null;
  const content = path.endsWith(".tfvars") ? plainEntries(body) : contentOf(body, "file");
  return { path: `${path}.json`, text: `${JSON.stringify(content, null, 2)}\n` };
}

type Content = Map<string, Json>;

/** Arguments whose texts Terraform takes as they are, or as references and types, by the block they stand in. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  variable: ["default", "description", "sensitive", "nullable", "ephemeral", "deprecated"],
  output: ["description", "sensitive", "ephemeral"],
  module: ["source", "version"],
  provider: ["alias", "version"],
  lifecycle: ["create_before_destroy", "prevent_destroy"],
  terraform: ["required_version"],
  backend: [],
};
const REFERENCES = new Set([
  "depends_on",
  "provider",
  "providers",
  "ignore_changes",
  "replace_triggered_by",
  "iterator",
  "when",
  "on_failure",
]);
const RESOURCES = new Set(["resource", "data"]);
const FROM_TO = new Set(["moved", "removed", "import"]);
const PLAIN_BLOCKS = new Set(["backend", "cloud", "required_providers", "workspaces"]);

function contentOf(body: Body, within: string): Json {
  const content: Content = new Map();
  for (const item of body.items) {
    if (item.kind === "attribute") content.set(item.name, argument(item, within));
    else {
      const inner =
        RESOURCES.has(within) && !["lifecycle", "dynamic"].includes(item.type) ? within : item.type;
      addBlock(content, [item.type, ...item.labels.map(({ value }) => value)], item, inner);
    }
  }
  return Object.fromEntries(content);
}

function addBlock(
  content: Content,
  [name = "", ...labels]: readonly string[],
  block: Block,
  within: string,
): void {
  const known = content.get(name);
  if (labels.length === 0) {
    const inner = contentOf(block.body, within === "content" || within === "dynamic" ? "resource" : within);
    content.set(name, [...(Array.isArray(known) ? known : []), inner]);
    return;
  }
  const inner: Content = new Map(Object.entries((known ?? {}) as Record<string, Json>));
  addBlock(inner, labels, block, within);
  content.set(name, Object.fromEntries(inner));
}

function argument({ name, value }: Attribute, within: string): Json {
  if (PLAIN_BLOCKS.has(within) || PLAIN[within]?.includes(name)) return plain(value);
  if (within === "variable" && name === "type") return textOf(value);
  if (REFERENCES.has(name) || (FROM_TO.has(within) && ["from", "to"].includes(name)))
    return references(value);
  // Without a schema an object in a resource may be taken for a block: an expression is none.
  const mayBeBlock = RESOURCES.has(within) || within === "provider";
  return mayBeBlock && holdsObject(value) ? interpolation(value) : template(value);
}

function holdsObject(value: Expression): boolean {
  return value.kind === "object" || (value.kind === "tuple" && value.items.some(holdsObject));
}

function plain(value: Expression): Json {
  const literal = literalJson(value);
  if (literal === undefined) throw new Error(`${textOf(value)} has to be a constant`);
  return literal;
}

function plainEntries(body: Body): Json {
  return Object.fromEntries(
    body.items.flatMap((item) =>
      item.kind === "attribute" ? [[item.name, plain(item.value)] as const] : [],
    ),
  );
}

function references(value: Expression): Json {
  if (value.kind === "tuple") return value.items.map(references);
  if (value.kind !== "object") return textOf(value);
  return Object.fromEntries(value.items.map(({ key, value: item }) => [textOf(key), textOf(item)]));
}

function template(value: Expression): Json {
  switch (value.kind) {
    case "number":
    case "keyword":
      return plain(value);
    case "unary":
      return value.operator === "-" && value.operand.kind === "number" ? plain(value) : interpolation(value);
    case "tuple":
      return value.items.map(template);
    case "object":
      return value.items.every(({ key }) => key.kind === "variable")
        ? Object.fromEntries(value.items.map(({ key, value: item }) => [textOf(key), template(item)]))
        : interpolation(value);
    case "template": {
      const texts = value.parts.map((part) => (part.kind === "text" ? part.value : null));
      return texts.includes(null) || value.form !== "quoted"
        ? interpolation(value)
        : escapeTemplate(texts.join(""));
    }
    default:
      return interpolation(value);
  }
}

/** A heredoc ends with a line of its own. */
function interpolation(value: Expression): string {
  return `\${\n${textOf(value)}\n}`;
}
