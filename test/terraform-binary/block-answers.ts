import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  printJson,
} from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";
import { evaluateStack } from "../../src/terraform/evaluation/evaluation.ts";
import { toPlain } from "../../src/terraform/evaluation/value-json.ts";
import { ParsedFiles } from "../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { parseState, type StateDocument } from "../../src/terraform/state/state.ts";
import { BLOCK_CASES, OTHER, SURROUNDINGS } from "./block-cases.ts";
import { IGNORED_CASES, READER, RECORDED } from "./ignored-cases.ts";
import { READ_CASES } from "./read-cases.ts";

/** The instances of a case by address, each as JSON in which it says what is unknown and what sensitive. */
export type BlockAnswer = Readonly<Record<string, Json>> | "refused";

/** The code of one case. */
export function blockRoot(name: string): string {
  return `${SURROUNDINGS}${OTHER}resource "blocks_all" "case" {\n  ${BLOCK_CASES[name] ?? ""}\n}\n`;
}

/** The code of a case of `ignore_changes`, and a state for it. */
export function ignoredRoot(name: string): { readonly code: string; readonly state: string } {
  const resource = `resource "blocks_kept" "case" {\n${IGNORED_CASES[name] ?? ""}}\n`;
  const state = stateWith({ type: "blocks_kept", name: "case" }, RECORDED);
  return { code: `${SURROUNDINGS}${resource}${READER}`, state };
}

/** The code of a case of blocks that another resource reads, and a state for it. */
export function readRoot(name: string): { readonly code: string; readonly state?: string } {
  const { code: body = "", recorded = null, read = "null" } = READ_CASES[name] ?? {};
  const resource = `resource "blocks_made" "read" {\n${body}}\n`;
  const code = `${SURROUNDINGS}${resource}resource "blocks_all" "case" {\n  any = ${read}\n}\n`;
  return recorded === null
    ? { code }
    : { code, state: stateWith({ type: "blocks_made", name: "read" }, recorded) };
}

function stateWith(
  resource: { readonly type: string; readonly name: string },
  attributes: JsonObject,
): string {
  const instances = [{ schema_version: 0, attributes, sensitive_attributes: [] }];
  const provider = 'provider["example.test/driftwright/blocks"]';
  return printJson({
    version: 4,
    terraform_version: "1.11.4",
    serial: 1,
    lineage: "l",
    outputs: {},
    resources: [{ mode: "managed", ...resource, provider, instances }],
  });
}

/** What our evaluation says of a case. */
export function ourBlockAnswer(name: string): BlockAnswer {
  return ourAnswer(blockRoot(name), null);
}

/** The same of a case of `ignore_changes`. */
export function ourIgnoredAnswer(name: string): BlockAnswer {
  const { code, state } = ignoredRoot(name);
  return ourAnswer(code, parseState(state, "terraform.tfstate"));
}

/** The same of a case of blocks that are read. */
export function ourReadAnswer(name: string): BlockAnswer {
  const { code, state } = readRoot(name);
  return ourAnswer(code, state === undefined ? null : parseState(state, "terraform.tfstate"));
}

function ourAnswer(code: string, state: StateDocument | null): BlockAnswer {
  const snapshot = memorySnapshot({ "main.tf": code });
  const inputs = { root: ".", settings: [], workspace: "default", state };
  const evaluation = evaluateStack(new ParsedFiles(snapshot), inputs, FUNCTIONS);
  if (evaluation.diagnostics.some(({ severity }) => severity === "error")) return "refused";
  const found = [...evaluation.instances].filter(([address]) => address.includes(".case"));
  return Object.fromEntries(
    found.map(([address, instance]) => {
      const { json, unknown, sensitive } = toPlain(instance.content.value(), [], true);
      const texts = { unknown: pathTexts(unknown), sensitive: pathTexts(sensitive) };
      return [address, comparable(marked(json, texts), "")];
    }),
  );
}

/** What a plan (`terraform show -json`) says of a case. */
export function plannedBlockAnswer(plan: JsonObject): BlockAnswer {
  const changes = asList(plan["resource_changes"]).map(asObject);
  const found = changes.filter(({ address }) => String(address).includes(".case"));
  return Object.fromEntries(
    found.map(({ address, change }) => {
      const { after, after_unknown: unknown, after_sensitive: sensitive } = asObject(change);
      const { id: _, ...unknownButId } = asObject(unknown);
      const { id: __, ...values } = asObject(after);
      return [String(address), comparable(markedByTrees(values, unknownButId, sensitive), "")];
    }),
  );
}

function pathTexts(paths: readonly Path[]): ReadonlySet<string> {
  return new Set(paths.map(printPath));
}

const UNKNOWN = { "(unknown)": true };

function asSensitive(json: Json): Json {
  return { "(sensitive)": json };
}

function marked(
  json: Json,
  paths: { readonly unknown: ReadonlySet<string>; readonly sensitive: ReadonlySet<string> },
  path: Path = [],
): Json {
  const at = printPath(path);
  const plain = paths.unknown.has(at)
    ? UNKNOWN
    : withChildren(json, (child, step) => marked(child, paths, [...path, step]));
  return paths.sensitive.has(at) ? asSensitive(plain) : plain;
}

function withChildren(json: Json, map: (child: Json, step: string | number) => Json): Json {
  if (isJsonArray(json)) return json.map(map);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, child]) => [key, map(child, key)]));
}

/** A plan leaves out what is unknown, and gives the marks as trees beside the values. */
function markedByTrees(json: Json | undefined, unknown: Json | undefined, sensitive: Json | undefined): Json {
  const plain = unknown === true ? UNKNOWN : childrenByTrees(json, unknown, sensitive);
  return sensitive === true ? asSensitive(plain) : plain;
}

function childrenByTrees(
  json: Json | undefined,
  unknown: Json | undefined,
  sensitive: Json | undefined,
): Json {
  const below = (tree: Json | undefined, step: string | number) => {
    if (isJsonArray(tree)) return tree[Number(step)];
    return isJsonObject(tree) ? tree[step] : undefined;
  };
  if (isJsonArray(json) || isJsonArray(unknown)) {
    const length = Math.max(asList(json).length, asList(unknown).length);
    return Array.from({ length }, (_, index) =>
      markedByTrees(below(json, index), below(unknown, index), below(sensitive, index)),
    );
  }
  if (!isJsonObject(json) && !isJsonObject(unknown)) return json ?? null;
  const names = new Set([...Object.keys(asObject(json)), ...Object.keys(asObject(unknown))]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      markedByTrees(below(json, name), below(unknown, name), below(sensitive, name)),
    ]),
  );
}

const SETS = new Set(["grant", "source"]);

/**
 * Without a schema every kind of nested block is a list, labels are not told, and what is not written is not there. A
 * set has an order, may have an element twice, and is not sensitive as a whole where an element is.
 */
function comparable(json: Json, name: string): Json {
  if (isJsonArray(json)) {
    const items = json.map((item) => comparable(item, ""));
    return SETS.has(name) ? asSet(items) : items;
  }
  if (!isJsonObject(json) || "(unknown)" in json) return json;
  const { "(sensitive)": hidden } = json;
  if (hidden !== undefined) return asSensitive(comparable(reveal(hidden), name));
  const entries = Object.entries(json).flatMap(([key, value]): [string, Json][] => {
    const plain = comparable(asBlocks(key, value), key);
    return plain === null || (isJsonArray(plain) && plain.length === 0) ? [] : [[key, plain]];
  });
  return Object.fromEntries(entries);
}

function asSet(items: readonly Json[]): Json {
  const revealed = items.map(reveal);
  const byText = new Map(revealed.map((item) => [canonicalJson(item), item]));
  const set = [...byText.keys()].sort().map((text) => byText.get(text) ?? null);
  return canonicalJson(revealed) === canonicalJson(items) ? set : asSensitive(set);
}

function reveal(json: Json): Json {
  if (!isJsonObject(json)) return withChildren(json, reveal);
  const { "(sensitive)": hidden } = json;
  return hidden === undefined ? withChildren(json, reveal) : reveal(hidden);
}

function asBlocks(name: string, json: Json): Json {
  if (!isJsonObject(json) || "(unknown)" in json || "(sensitive)" in json) return json;
  if (name === "limits") return [json];
  return name === "labelled" ? Object.values(json) : json;
}

function asObject(json: Json | undefined): JsonObject {
  return isJsonObject(json) ? json : {};
}

function asList(json: Json | undefined): readonly Json[] {
  return isJsonArray(json) ? json : [];
}
