import { expressionOf, type JsonMeaning } from "./json-expression.ts";
import type { JsonMember, JsonNode, JsonText } from "./json-nodes.ts";
import { parseJsonTree } from "./json-parser.ts";
import { type Diagnostic, positionAt, type SourceFile } from "./source.ts";
import type { Attribute, Block, Body, JsonTexts, Label, ParsedFile } from "./syntax.ts";

/**
 * What the properties of an object mean that stands for a body: JSON itself does not tell a block from an attribute
 * (https://github.com/hashicorp/hcl/blob/main/json/spec.md#structural-elements).
 */
export interface BodySchema {
  readonly attributes: ReadonlyMap<string, JsonMeaning>;
  readonly blocks: ReadonlyMap<string, BlockSchema>;
  /** What any other property is: an attribute, or nothing that may stand there. */
  readonly others: JsonMeaning | null;
}

export interface BlockSchema {
  /** What each label is, for people. */
  readonly labels: readonly string[];
  readonly body: BodySchema;
}

/** A property of this name is a comment, wherever an object stands for a body. */
const COMMENT = "//";

/**
 * Parses a file in HCL's JSON syntax. It never throws: an error is a diagnostic, the property that has it is left out,
 * and those around it are there.
 */
export function parseJsonBody(file: SourceFile, schema: BodySchema): ParsedFile {
  const { root, diagnostics } = parseJsonTree(file);
  const reader = new BodyReader([...diagnostics]);
  if (root === null) return { body: emptyBody(file, textsOf(schema)), diagnostics: reader.diagnostics };
  return { body: reader.body(root, schema), diagnostics: reader.diagnostics };
}

/** Parses a file of which each property is an attribute; there are no templates in its values. */
export function parseJsonAttributes(file: SourceFile): ParsedFile {
  const parsed = parseJsonTree(file);
  const { root } = parsed;
  const diagnostics = [...parsed.diagnostics];
  if (root !== null && root.kind !== "json-object") {
    diagnostics.push({ severity: "error", message: "the file has to be one JSON object", range: root });
  }
  if (root?.kind !== "json-object") return { body: emptyBody(file, "plain"), diagnostics };
  const reader = new BodyReader(diagnostics);
  return { body: reader.body(root, ATTRIBUTES), diagnostics: reader.diagnostics };
}

const ATTRIBUTES: BodySchema = { attributes: new Map(), blocks: new Map(), others: "plain" };

function emptyBody(file: SourceFile, json: JsonTexts): Body {
  return { kind: "body", file, start: 0, end: file.text.length, json, items: [] };
}

function textsOf({ others }: BodySchema): JsonTexts {
  return others === "plain" ? "plain" : "templates";
}

class BodyReader {
  readonly diagnostics: Diagnostic[];

  constructor(diagnostics: Diagnostic[]) {
    this.diagnostics = diagnostics;
  }

  body(node: JsonNode, schema: BodySchema): Body {
    const items: (Attribute | Block)[] = [];
    const names = new Map<string, Attribute>();
    for (const member of this.#members(node, "arguments and blocks")) {
      const name = member.name.value;
      if (name === COMMENT) continue;
      const block = schema.blocks.get(name);
      if (block !== undefined) {
        this.#blocks(member.value, name, block, [member.name], items);
        continue;
      }
      const attribute = this.#attribute(member, schema.attributes.get(name) ?? schema.others);
      if (attribute !== null && this.#isNew(attribute, names)) items.push(attribute);
    }
    const { file, start, end } = inside(node);
    return { kind: "body", file, start, end, json: textsOf(schema), items };
  }

  /** The properties of an object, or of all objects of an array; those of an empty one are none. */
  #members(node: JsonNode, what: string): readonly JsonMember[] {
    if (node.kind === "json-object") return node.members;
    if (node.kind === "json-keyword" && node.value === null) return [];
    if (node.kind !== "json-array") {
      this.#report(`an object or an array of objects has to stand here, with ${what}`, node);
      return [];
    }
    return node.items.flatMap((item) => {
      if (item.kind === "json-object") return item.members;
      this.#report(`an object has to stand here, with ${what}`, item);
      return [];
    });
  }

  #attribute({ file, start, end, name, value }: JsonMember, meaning: JsonMeaning | null): Attribute | null {
    if (meaning === null) {
      const message = `there is no ${JSON.stringify(name.value)} here; it is left out`;
      this.diagnostics.push({ severity: "warning", message, range: name });
      return null;
    }
    const expression = expressionOf(value, meaning, this.diagnostics);
    if (expression === null) return null;
    return {
      kind: "attribute",
      file,
      start,
      end,
      name: name.value,
      nameRange: rangeOf(name),
      value: expression,
    };
  }

  /** Reports a second attribute of one name, which is left out. */
  #isNew(attribute: Attribute, names: Map<string, Attribute>): boolean {
    const earlier = names.get(attribute.name);
    if (earlier === undefined) {
      names.set(attribute.name, attribute);
      return true;
    }
    const { line } = positionAt(attribute.file.text, earlier.start);
    this.#report(
      `${attribute.name} is already set on line ${line}; an attribute can be set once`,
      attribute.nameRange,
    );
    return false;
  }

  /** The blocks that a property stands for: objects within objects give the labels, an array gives several blocks. */
  #blocks(
    node: JsonNode,
    type: string,
    schema: BlockSchema,
    path: readonly [JsonText, ...JsonText[]],
    into: (Attribute | Block)[],
  ): void {
    const wanted = schema.labels[path.length - 1];
    if (wanted !== undefined) {
      const members = this.#members(node, `the ${wanted} of each block ${type} as a name`);
      if (members.length === 0 && !this.#failedIn(node)) {
        this.#report(
          `the block ${type} has its ${wanted} as the name of a property, and there is none here`,
          node,
        );
      }
      for (const member of members) {
        this.#blocks(member.value, type, schema, [...path, member.name], into);
      }
      return;
    }
    if (node.kind === "json-keyword" && node.value === null) return;
    if (node.kind !== "json-object" && node.kind !== "json-array") {
      this.#report(`an object has to stand here: the content of the block ${type}`, node);
      return;
    }
    const bodies = node.kind === "json-array" ? node.items : [node];
    for (const body of bodies) into.push(this.#block(body, type, schema, path, bodies.length > 1));
  }

  #block(
    node: JsonNode,
    type: string,
    schema: BlockSchema,
    path: readonly [JsonText, ...JsonText[]],
    several: boolean,
  ): Block {
    const [, ...labels] = path;
    const { file, end } = node;
    const last = path.at(-1) ?? path[0];
    return {
      kind: "block",
      file,
      start: several ? node.start : last.start,
      end,
      type,
      typeRange: rangeOf(last),
      labels: labels.map(labelOf),
      body: this.body(node, schema.body),
    };
  }

  /** Whether something in a node was reported: one mistake is one message. */
  #failedIn({ start, end }: JsonNode): boolean {
    return this.diagnostics.some(({ range }) => range !== null && range.start >= start && range.end <= end);
  }

  #report(message: string, { file, start, end }: { file: SourceFile; start: number; end: number }): void {
    const line = file.text.indexOf("\n", start);
    const shown = line === -1 ? end : Math.min(end, line);
    this.diagnostics.push({ severity: "error", message, range: { file, start, end: shown } });
  }
}

function labelOf(name: JsonText): Label {
  return { kind: "label", ...rangeOf(name), value: name.value };
}

function rangeOf({ file, start, end }: JsonText) {
  return { file, start, end };
}

/** The stretch between the brackets. */
function inside({ file, start, end }: JsonNode): { file: SourceFile; start: number; end: number } {
  const opened = file.text[start] === "{" || file.text[start] === "[";
  const closed = opened && end - start > 1 && /[}\]]/.test(file.text[end - 1] ?? "");
  return { file, start: opened ? start + 1 : start, end: closed ? end - 1 : end };
}
