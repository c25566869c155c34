import { readdirSync, readFileSync } from "node:fs";
import { parse as parseByReference } from "@cdktf/hcl2json";
import { describe, expect, test } from "vitest";
import { parse } from "../../src/hcl/syntax/parser.ts";
import type { Block, Body } from "../../src/hcl/syntax/syntax.ts";
import { equalJson, isJsonArray, isJsonObject, type Json, type JsonObject } from "../../src/json/json.ts";
import { literalOf } from "./literal.ts";
import { asWritten, generate, mutate } from "./mutation.ts";

const folder = new URL("fixtures/", import.meta.url);
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith(".tf"))
  .map((name) => readFileSync(new URL(name, folder), "utf8"));

const MUTATIONS = 4000;
const GENERATED = 8000;

/** What HashiCorp's parser makes of a text: JSON, "invalid" for a syntax error, "other" where JSON cannot say it. */
async function reference(text: string): Promise<JsonObject | "invalid" | "other"> {
  try {
    return (await parseByReference("main.tf", text)) as JsonObject;
  } catch (error) {
    return String(error).includes("parse config: [") ? "invalid" : "other";
  }
}

/** Where the reference's JSON of a body differs from the tree, or null. Only what is written as a literal is compared. */
function difference(body: Body, json: JsonObject, path: string): string | null {
  const names = new Set(body.items.map((item) => (item.kind === "attribute" ? item.name : item.type)));
  if ([...names].sort().join() !== Object.keys(json).sort().join())
    return `${path}: ${[...names].join()} against ${Object.keys(json).join()}`;
  const attributes = new Set<string>();
  for (const item of body.items) {
    if (item.kind !== "attribute") continue;
    attributes.add(item.name);
    const literal = literalOf(item.value);
    const expected = json[item.name];
    if (literal === undefined || expected === undefined || isRewritten(literal)) continue;
    if (!equalJson(literal, expected)) return `${path}.${item.name}: ${JSON.stringify([literal, expected])}`;
  }
  for (const type of names) {
    // An attribute and blocks of one name overwrite each other in the reference's JSON.
    if (attributes.has(type)) continue;
    const blocks = body.items.filter((item) => item.kind === "block" && item.type === type) as Block[];
    const problem = blocksDifference(blocks, json[type], 0, `${path}.${type}`);
    if (problem !== null) return problem;
  }
  return null;
}

/** The reference nests blocks by label, and lists those whose labels are the same. */
function blocksDifference(
  blocks: readonly Block[],
  json: Json | undefined,
  depth: number,
  path: string,
): string | null {
  if (isJsonArray(json)) {
    if (json.length !== blocks.length) return `${path}: ${blocks.length} blocks against ${json.length}`;
    for (const [index, block] of blocks.entries()) {
      const element = json[index];
      const problem = isJsonObject(element)
        ? difference(block.body, element, `${path}[${index}]`)
        : `${path}: no block`;
      if (problem !== null) return problem;
    }
    return null;
  }
  if (!isJsonObject(json)) return `${path}: no blocks`;
  const groups = Map.groupBy(blocks, (block) => block.labels[depth]?.value ?? "");
  if ([...groups.keys()].sort().join() !== Object.keys(json).sort().join()) return `${path}: other labels`;
  for (const [label, group] of groups) {
    const problem = blocksDifference(group, json[label], depth + 1, `${path}.${label}`);
    if (problem !== null) return problem;
  }
  return null;
}

/** The reference writes a text with `${` or `%{` as the source has it, and numbers as doubles. */
function isRewritten(value: Json): boolean {
  if (typeof value === "string") return /[$%]\{/.test(value);
  if (isJsonArray(value)) return value.some(isRewritten);
  if (isJsonObject(value))
    return Object.entries(value).some(([key, item]) => isRewritten(key) || isRewritten(item));
  return false;
}

async function disagreement(text: string): Promise<string | null> {
  const theirs = await reference(text);
  const { body, diagnostics } = parse({ path: "main.tf", text });
  const message = diagnostics[0]?.message;
  if ((theirs === "invalid") !== (message !== undefined))
    return theirs === "invalid"
      ? "accepted, not by the reference"
      : `refused, not by the reference: ${message}`;
  return typeof theirs === "string" ? null : difference(body, theirs, "");
}

describe("HashiCorp's parser agrees", () => {
  test.each(fixtures.map((text) => [text.split("\n", 1)[0], text]))(
    "on the fixture that starts %j",
    async (_, text) => {
      expect(await reference(text ?? "")).toBeTypeOf("object");
      expect(await disagreement(text ?? "")).toBeNull();
    },
  );

  test.each<[string, number, (seed: number) => string]>([
    [
      "mutations of the fixtures",
      MUTATIONS,
      (seed) => mutate(asWritten(fixtures[seed % fixtures.length] ?? "", seed), seed),
    ],
    ["texts put together from pieces", GENERATED, generate],
  ])("on %s: %i", async (_, count, textOf) => {
    const disagreements: object[] = [];
    let accepted = 0;
    for (let seed = 0; seed < count; seed += 1) {
      const text = textOf(seed);
      const problem = await disagreement(text);
      if (problem !== null) disagreements.push({ seed, problem, text });
      if (parse({ path: "main.tf", text }).diagnostics.length === 0) accepted += 1;
    }
    expect(disagreements).toEqual([]);
    // Of texts that are all refused there would be little to learn.
    expect(accepted).toBeGreaterThan(count / 10);
  });
});

describe("HashiCorp's parser disagrees, for a reason", () => {
  test.each<[string, string, "accepted" | "refused"]>([
    ["an exponent that would fill the memory is refused", "a = 1e99999\n", "refused"],
    ["nesting is bounded", `a = ${"(".repeat(300)}1${")".repeat(300)}\n`, "refused"],
    ["blocks in blocks are bounded", `${"a {\n".repeat(300)}${"}\n".repeat(300)}`, "refused"],
    ["the length of a chain is bounded", `a = b${".c".repeat(600)}\n`, "refused"],
    ["letters are those of a newer Unicode", "\u{1e5d0} = 1\n", "accepted"],
  ])("%s", async (_, text, ours) => {
    const { diagnostics } = parse({ path: "main.tf", text });
    expect(diagnostics.length === 0 ? "accepted" : "refused").toBe(ours);
    expect((await reference(text)) === "invalid").toBe(ours === "accepted");
  });
});
