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
import { valueOfBody } from "../src/terraform/evaluation/evaluated-body.ts";
import type { ResourceInstance } from "../src/terraform/evaluation/resource-instance.ts";
import { toPlain } from "../src/terraform/evaluation/value-json.ts";

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
  { stacks }: Repository,
  most: number,
  random: () => number,
): { readonly known: number; readonly leaves: readonly Leaf[] } {
  const kept: Leaf[] = [];
  let known = 0;
  for (const { name, evaluation } of stacks) {
    for (const instance of evaluation.instances.values()) {
      for (const [path, before] of leavesOf(instance)) {
        known += 1;
        const at = kept.length < most ? kept.length : Math.floor(random() * known);
        if (at < most) kept[at] = { stack: name, instance, path, before, wanted: otherValue(before) };
      }
    }
  }
  return { known, leaves: shuffled(kept, random) };
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

/** Another value of the same type that looks alike; of a text that holds JSON, one with another value in it. */
function otherValue(json: Json): Json {
  if (typeof json === "boolean") return !json;
  if (isNumber(json)) return exactNumber(decimalOf(json).plus(1).toFixed());
  return typeof json === "string" ? otherText(json) : json;
}

function otherText(text: string): string {
  if (/^\s*[[{]/.test(text)) {
    const document = documentOf(text);
    const changed = document === undefined ? undefined : withOtherText(document);
    if (changed !== undefined) return printJson(changed);
  }
  const written = text.trimEnd();
  const last = written.at(-1) ?? "";
  const changed = /\d/.test(last)
    ? `${written.slice(0, -1)}${(Number(last) + 1) % 10}`
    : `${written}${/[A-Z]/.test(last) ? "X" : "x"}`;
  return changed + text.slice(written.length);
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
