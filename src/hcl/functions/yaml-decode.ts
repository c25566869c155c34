import { isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Path } from "../../json/path.ts";
import { parseYamlText } from "../syntax/yaml-parse.ts";
import { convert } from "../values/convert.ts";
import { STRING } from "../values/type.ts";
import {
  isMapping,
  isSequence,
  nullValue,
  type Origin,
  objectValue,
  tupleValue,
  type Value,
} from "../values/value.ts";
import { type Budget, FunctionError } from "./function.ts";
import { scalarValue } from "./yaml-scalar.ts";

/**
 * The value that a YAML document writes, as Terraform reads it (https://github.com/zclconf/go-cty-yaml).
 * @throws FunctionError where the text is not one YAML document with text as keys.
 */
export function decodeYaml(text: string, originOf: (path: Path) => Origin, budget: Budget): Value {
  const reading: Reading = { text, originOf, budget, anchors: new Map(), open: new Set() };
  return readNode(reading, documentOf(text), []).value;
}

interface Reading {
  readonly text: string;
  readonly originOf: (path: Path) => Origin;
  readonly budget: Budget;
  readonly anchors: Map<string, Read>;
  /** Anchors of nodes that are being read. */
  readonly open: Set<string>;
}

/** A value and how many values it consists of. */
interface Read {
  readonly value: Value;
  readonly size: number;
}

const DEEPEST = 500;

function documentOf(text: string): unknown {
  const documents = parse(text);
  const [document, ...others] = documents;
  if (document === undefined) throw new FunctionError("holds no YAML document; write null for no value", 0);
  if (others.length > 0) throw new FunctionError("holds more than one YAML document; give it one", 0);
  const [error] = document.errors;
  const { explicit = false, version = "1.1" } = document.directives?.yaml ?? {};
  if (explicit && version !== "1.1") {
    throw new FunctionError(
      `asks for YAML ${version}, which Terraform does not read; remove the line %YAML`,
      0,
    );
  }
  if (error === undefined) return document.contents;
  const line = text.slice(0, error.pos[0]).split("\n").length;
  throw new FunctionError(`is not YAML in line ${line}; check it with a YAML tool`, 0);
}

function parse(text: string): ReturnType<typeof parseYamlText> {
  try {
    return parseYamlText(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw tooDeep();
  }
}

function tooDeep(): FunctionError {
  return new FunctionError(`is nested more than ${DEEPEST} levels deep`, 0);
}

function readNode(reading: Reading, node: unknown, path: Path): Read {
  if (path.length > DEEPEST) throw tooDeep();
  if (isAlias(node)) return readAlias(reading, node.source);
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) reading.open.add(anchor);
  const read = readContent(reading, node, path);
  if (anchor !== undefined) {
    reading.open.delete(anchor);
    reading.anchors.set(anchor, read);
  }
  return read;
}

/** An alias stands for all it refers to: each one costs as much as if it were written out. */
function readAlias({ anchors, open, budget }: Reading, name: string): Read {
  if (open.has(name))
    throw new FunctionError(`has an alias within its own anchor ${JSON.stringify(name)}`, 0);
  const read = anchors.get(name);
  if (read === undefined) throw new FunctionError(`has an alias for no anchor: ${JSON.stringify(name)}`, 0);
  budget.elements(read.size);
  return read;
}

function readContent(reading: Reading, node: unknown, path: Path): Read {
  reading.budget.elements(1);
  if (isMap(node)) return readMap(reading, node, path);
  if (isSeq(node)) return readSequence(reading, node, path);
  const origin = reading.originOf(path);
  return {
    value: isScalar(node) ? readScalar(reading, node, origin) : nullValue(undefined, origin),
    size: 1,
  };
}

function readScalar(reading: Reading, node: Scalar, origin: Origin): Value {
  return yamlScalar(node, reading.text, origin);
}

/**
 * The value of a scalar of a document with this text.
 * @throws FunctionError where it is not what its tag says.
 */
export function yamlScalar(node: Scalar, text: string, origin: Origin): Value {
  const tag = tagOf(node.tag);
  const quoted = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE";
  const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
  const source = (node.source ?? "").normalize("NFC");
  // The parser ends a block with a line end even where the text has none.
  const isUnended = isBlock && node.range?.[1] === text.length && !text.endsWith("\n");
  const value = scalarValue(isUnended ? source.replace(/\n$/, "") : source, tag, quoted, origin);
  // A block is text, but Terraform reads it like a plain scalar first: `yes` becomes "true".
  return isBlock && tag === "" ? convert(value, STRING) : value;
}

/** Whether a key merges what it names into its mapping (https://yaml.org/type/merge.html). */
export function isMergeKey(key: Scalar): boolean {
  const tag = tagOf(key.tag);
  return tag === "merge" || (tag === "" && key.source === "<<");
}

function readSequence(reading: Reading, node: YAMLSeq, path: Path): Read {
  checkTag(node.tag, "seq");
  const items = node.items.map((item, index) => readNode(reading, item, [...path, index]));
  const value = tupleValue(
    items.map((item) => item.value),
    reading.originOf(path),
  );
  return { value, size: sizeOf(items) };
}

function readMap(reading: Reading, node: YAMLMap, path: Path): Read {
  checkTag(node.tag, "map");
  const entries = new Map<string, Value>();
  const reads: Read[] = [];
  for (const { key, value } of node.items) {
    const name = keyOf(reading, key);
    const read = readNode(reading, value, [...path, name ?? "<<"]);
    reads.push(read);
    if (name === null) for (const [inner, child] of mergedEntries(read.value)) entries.set(inner, child);
    else entries.set(name, read.value);
  }
  return { value: objectValue(entries, reading.originOf(path)), size: sizeOf(reads) };
}

function sizeOf(reads: readonly Read[]): number {
  return reads.reduce((total, { size }) => total + size, 1);
}

/** The key as text; null for a merge key (https://yaml.org/type/merge.html). */
function keyOf(reading: Reading, key: unknown): string | null {
  if (!isScalar(key)) throw new FunctionError("has a key that is no text", 0);
  if (isMergeKey(key)) return null;
  const name = convert(readScalar(reading, key, { kind: "computed" }), STRING);
  if (name.kind === "string") return name.value;
  throw new FunctionError("has a key that is null", 0);
}

function mergedEntries(value: Value): (readonly [string, Value])[] {
  const mappings = isSequence(value) ? value.items : [value];
  return mappings.flatMap((mapping) => {
    if (isMapping(mapping)) return [...mapping.entries];
    throw new FunctionError("merges what is no mapping with <<", 0);
  });
}

function checkTag(tag: string | undefined, expected: "map" | "seq"): void {
  const name = tagOf(tag);
  if (name !== "" && name !== expected)
    throw new FunctionError(`has a tag that is not supported: ${name}`, 0);
}

function tagOf(tag: string | undefined): string {
  return tag?.replace(/^tag:yaml\.org,2002:/, "") ?? "";
}
