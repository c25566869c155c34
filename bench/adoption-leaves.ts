import {
  decimalOf,
  exactNumber,
  isJsonArray,
  isJsonObject,
  isNumber,
  type Json,
  parseJson,
  printJson,
} from "../src/json/json.ts";
import type { Path } from "../src/json/path.ts";
import type { Repository } from "../src/reconcile/repository.ts";
import { withWholeBudget } from "../src/reconcile/whole-budget.ts";
import { valueOfBody } from "../src/terraform/evaluation/evaluated-body.ts";
import type { ResourceInstance } from "../src/terraform/evaluation/resource-instance.ts";
import { toPlain } from "../src/terraform/evaluation/value-json.ts";
import { folderOf } from "../src/terraform/source/snapshot.ts";
import { traceValue } from "../src/terraform/tracing/trace.ts";
import { ListedValues } from "./listed-values.ts";

/** One text, number or truth value that the code gives an instance, and another one that is made up. */
export interface Leaf {
  readonly stack: string;
  readonly instance: ResourceInstance;
  readonly path: Path;
  readonly before: Json;
  readonly wanted: Json;
}

/** A generator of numbers below 1 that gives the same ones every time. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many of all known leaves, each as likely as any other, in random order; and how many there are. */
export function sampleLeaves(
  { stacks, files }: Repository,
  most: number,
  random: () => number,
): { readonly known: number; readonly leaves: readonly Leaf[] } {
  const kept: Omit<Leaf, "wanted">[] = [];
  let known = 0;
  for (const { name, evaluation } of stacks) {
    for (const instance of evaluation.instances.values()) {
      for (const [path, before] of leavesOf(instance)) {
        known += 1;
        const at = kept.length < most ? kept.length : Math.floor(random() * known);
        if (at < most) kept[at] = { stack: name, instance, path, before };
      }
    }
  }
  const listed = new ListedValues(files);
  const evaluations = new Map(stacks.map(({ name, evaluation }) => [name, evaluation]));
  const leaves = kept.map((leaf) => {
    const evaluation = evaluations.get(leaf.stack);
    const modules = evaluation === undefined ? [] : withWholeBudget(evaluation, () => modulesOf(leaf));
    return { ...leaf, wanted: otherValue(leaf.before, listed, modules) };
  });
  return { known, leaves: shuffled(leaves, random) };
}

/** The folders of the modules that a value goes through, the resource's own first. */
function modulesOf({ instance, path }: Omit<Leaf, "wanted">): Set<string> {
  return new Set(traceValue(instance, path).map(({ range }) => folderOf(range.file.path)));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** Made anew, so that nothing of it is kept with the instance. */
function leavesOf(instance: ResourceInstance): (readonly [Path, Json])[] {
  const { json, sensitive } = toPlain(valueOfBody(instance.body()), [], true);
  if (sensitive.length > 0) return [];
  return leavesIn(json, []);
}

function leavesIn(json: Json, path: Path): (readonly [Path, Json])[] {
  if (json === null) return [];
  if (isJsonArray(json)) return json.flatMap((item, index) => leavesIn(item, [...path, index]));
  if (isJsonObject(json))
    return Object.entries(json).flatMap(([key, item]) => leavesIn(item, [...path, key]));
  return [[path, json]];
}

/**
 * Another value of the same type that looks alike: where a validation names it among others, one of those; of a network
 * another of the same size; of a text that holds JSON, or is written in Base64, one with another text in it.
 */
function otherValue(json: Json, listed: ListedValues, modules: Iterable<string>): Json {
  if (typeof json === "boolean") return !json;
  const behind = listed.besides(json, modules);
  if (behind !== undefined) return behind;
  if (isNumber(json)) return exactNumber(decimalOf(json).plus(1).toFixed());
  return typeof json === "string" ? otherText(json) : json;
}

function otherText(text: string): string {
  if (/^\s*[[{]/.test(text)) {
    const document = documentOf(text);
    const changed = document === undefined ? undefined : withOtherText(document);
    if (changed !== undefined) return printJson(changed);
  }
  const other = otherNetwork(text) ?? otherEncoded(text);
  if (other !== null) return other;
  const written = text.trimEnd();
  const last = written.at(-1) ?? "";
  const changed = /\d/.test(last)
    ? `${written.slice(0, -1)}${(Number(last) + 1) % 10}`
    : `${written}${/[A-Z]/.test(last) ? "X" : "x"}`;
  return changed + text.slice(written.length);
}

/** The other half of the network that is twice as large; null for other texts. */
function otherNetwork(text: string): string | null {
  const [, address = "", size = ""] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(text) ?? [];
  if (address === "" || Number(size) < 1 || Number(size) > 32) return null;
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const step = 2 ** (32 - Number(size));
  const other = Math.floor(number / step) % 2 === 0 ? number + step : number - step;
  return `${[3, 2, 1, 0].map((place) => Math.floor(other / 256 ** place) % 256).join(".")}/${size}`;
}

/** Of Base64 that holds text the one with another text; null for other texts. */
function otherEncoded(text: string): string | null {
  if (!/^[A-Za-z0-9+/]{2,}={1,2}$/.test(text) && !/^[A-Za-z0-9+/]{40,}$/.test(text)) return null;
  const held = Buffer.from(text, "base64").toString("utf8");
  const isText = /^[\P{C}\s]+$/u.test(held) && !held.includes("\uFFFD");
  if (!isText || Buffer.from(held).toString("base64") !== text) return null;
  return Buffer.from(otherText(held)).toString("base64");
}

function documentOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The document with its last text changed; undefined where it has none. */
function withOtherText(json: Json): Json | undefined {
  if (typeof json === "string") return otherText(json);
  if (isJsonArray(json)) {
    for (let index = json.length - 1; index >= 0; index -= 1) {
      const changed = withOtherText(json[index] ?? null);
      if (changed !== undefined) return json.with(index, changed);
    }
  } else if (isJsonObject(json)) {
    const entries = Object.entries(json);
    for (const [index, [key, item]] of [...entries.entries()].reverse()) {
      const changed = withOtherText(item);
      if (changed !== undefined) return Object.fromEntries(entries.with(index, [key, changed]));
    }
  }
  return undefined;
}
