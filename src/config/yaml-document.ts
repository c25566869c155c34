import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { exactNumber, type Json } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";

/** Something wrong at one place of the text; the offset counts UTF-16 code units. */
export interface Problem {
  readonly message: string;
  readonly offset: number;
  /** Where the value begins that nothing else is to be said of, where that is another place. */
  readonly behind?: number;
}

/** A text read as YAML: its value, and where each part of it stands. */
export interface YamlText {
  /** Null where the text cannot be read. Of what is wrong in one place alone, that place is null or left out. */
  readonly value: Json;
  readonly problems: readonly Problem[];
  /**
   * Offset of the value at a path, or of its key where it begins on a line below; where it is missing, of the nearest
   * thing around it.
   */
  offsetOf(path: Path): number;
  /** Offset of a key of the mapping at a path. */
  offsetOfKey(path: Path, key: string): number;
  /** Line and column, both from 1. */
  position(offset: number): { readonly line: number; readonly column: number };
}

const DEEPEST = 32;
const MOST_NODES = 20_000;
const TAG = "TAG_RESOLVE_FAILED";
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * Reads YAML 1.2 (core schema). It never throws: nesting, the number of values after aliases are followed, and so the
 * memory that a hostile text can take are bounded.
 */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  // Keys are checked below instead: the parser compares every key of a mapping with every other.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: "silent" as const };
  const documents = parseAllDocuments(text, options) as readonly Document.Parsed[];
  const document = documents[0];
  const mistakes = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  const problems = syntaxProblems(mistakes, text);
  const second = documents[1];
  if (second !== undefined) {
    problems.push({
      message: "the file holds more than one document; remove everything from this --- on",
      offset: second.range[0],
    });
  }
  const root = document?.contents ?? null;
  // What a tag stands before is read as if it were not there.
  const isWhole = second === undefined && mistakes.every(({ code }) => code === TAG);
  const targets = isWhole && document ? aliasTargets(document) : new Map<Alias, Node>();
  const value = isWhole && root ? convert(root, targets, problems) : null;
  return {
    value,
    problems: problems.sort((a, b) => a.offset - b.offset),
    offsetOf: (path) => walk(root, path, targets).offset,
    offsetOfKey: (path, key) => {
      const { node, offset } = walk(root, path, targets);
      const pair = isMap(node) ? pairOf(node, key) : undefined;
      return startOf(pair?.key) ?? offset;
    },
    position: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    },
  };
}

/** Once the parser gave up, everything after it is noise. */
function syntaxProblems(errors: readonly YAMLError[], text: string): Problem[] {
  const exhausted = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  return (exhausted ? [exhausted] : errors).map((error) => describe(error, text));
}

/** What each alias stands for: the node that last carried its anchor. In one pass; `Alias.resolve` takes one for each. */
function aliasTargets(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchored.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor) {
        anchored.set(node.anchor, node);
      }
    },
  });
  return targets;
}

function describe(error: YAMLError, text: string): Problem {
  const offset = error.pos[0];
  switch (error.code) {
    case "TAB_AS_INDENT":
      return { message: "YAML does not allow tabs as indentation; use spaces", offset };
    case "RESOURCE_EXHAUSTION":
      return { message: "the file is nested too deeply", offset };
    case TAG:
      return {
        message: "tags (!name) have no meaning here; remove the tag, or put what starts with ! into quotes",
        offset,
        behind: afterTag(error.pos, text),
      };
    case "BLOCK_AS_IMPLICIT_KEY":
      return { message: `this is not YAML: ${error.message}; put what holds ": " into quotes`, offset };
    default:
      return { message: `this is not YAML: ${error.message}`, offset };
  }
}

/** Where a value on the line of its tag begins. */
function afterTag([, end]: YAMLError["pos"], text: string): number {
  const blanks = /[ \t]*/y;
  blanks.lastIndex = end;
  return end + (blanks.exec(text)?.[0].length ?? 0);
}

/** The node as plain data; what has no place in plain data is added to `problems`. */
function convert(root: Node, targets: ReadonlyMap<Alias, Node>, problems: Problem[]): Json {
  let nodes = 0;
  let excess: Problem | null = null;
  const value = plain(root, [], startOf(root) ?? 0);
  if (excess === null) return value;
  problems.push(excess);
  return null;

  function plain(node: unknown, path: Path, around: number): Json {
    const offset = startOf(node) ?? around;
    nodes += 1;
    if (nodes > MOST_NODES || path.length > DEEPEST) {
      const what = nodes > MOST_NODES ? `more than ${MOST_NODES} values` : `more than ${DEEPEST} levels`;
      excess ??= { message: `the file holds ${what}; make it smaller`, offset };
      return null;
    }
    if (isAlias(node)) {
      const target = targets.get(node);
      if (target !== undefined) return plain(target, path, offset);
      const message = `no anchor &${node.source} stands before this alias; put what starts with * into quotes`;
      problems.push({ message, offset });
      return null;
    }
    if (isMap(node)) return Object.fromEntries(entries(node, path, offset));
    if (isSeq(node)) return node.items.map((item, index) => plain(item, [...path, index], offset));
    return isScalar(node) ? scalar(node.value, node.source, path, offset) : null;
  }

  function entries(map: YAMLMap, path: Path, around: number): [string, Json][] {
    const seen = new Set<string>();
    return map.items.flatMap((pair): [string, Json][] => {
      const key = keyOf(pair);
      const offset = startOf(pair.key) ?? around;
      if (key === null || key === "__proto__") {
        problems.push({ message: "this key cannot be used; write a plain name", offset });
        return [];
      }
      if (seen.has(key)) {
        problems.push({
          message: `${printPath([...path, key])} stands here twice; remove one of the two`,
          offset,
        });
        return [];
      }
      seen.add(key);
      return [[key, plain(pair.value, [...path, key], offset)]];
    });
  }

  function scalar(value: unknown, source: string | undefined, path: Path, offset: number): Json {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number" && source !== undefined && PLAIN_NUMBER.test(source))
      return exactNumber(source);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    problems.push({
      message: `${printPath(path)} has a value that cannot be used here; put it in quotes`,
      offset,
    });
    return null;
  }
}

function keyOf(pair: Pair): string | null {
  if (!isScalar(pair.key)) return null;
  const { value, source } = pair.key;
  return typeof value === "string" ? value : (source ?? null);
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key);
}

function walk(
  root: Node | null,
  path: Path,
  targets: ReadonlyMap<Alias, Node>,
): { readonly node: unknown; readonly offset: number } {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = targets.get(node);
    const pair = isMap(node) ? pairOf(node, String(step)) : undefined;
    const next = pair ? pair.value : isSeq(node) && typeof step === "number" ? node.items[step] : undefined;
    if (next === undefined) return { node: null, offset };
    node = next;
    const key = startOf(pair?.key);
    offset = (isBelow(next) ? key : null) ?? startOf(next) ?? key ?? offset;
  }
  return { node: isAlias(node) ? targets.get(node) : node, offset };
}

/** Lists and mappings that are not in brackets: under a key they begin on a line of their own. */
function isBelow(node: unknown): boolean {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

function startOf(node: unknown): number | null {
  if (!isAlias(node) && !isMap(node) && !isSeq(node) && !isScalar(node)) return null;
  return node.range?.[0] ?? null;
}
