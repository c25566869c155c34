import { asSensitive, fromJson, type Value } from "../hcl/values/value.ts";
import type { Json } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { StateInstance } from "./state-instance.ts";

/** Blocks as lists of objects that may have more attributes than the code gives them, at any depth. */
export function opened(blocks: Value): Value {
  if (blocks.kind !== "tuple") return blocks;
  const items = blocks.items.map((item): Value => {
    if (item.kind !== "object") return item;
    const given = [...item.entries].filter(([, value]) => value.kind !== "null");
    return { ...item, entries: new Map(given.map(([name, value]) => [name, opened(value)])), open: true };
  });
  return { ...blocks, items };
}

/** A recorded value with its marks: what stands under a sensitive path is sensitive. */
export function recordedValue(json: Json, recorded: StateInstance, path: Path): Value {
  const plain = fromJson(json, (at) => ({ kind: "state", address: recorded.address, path: at }), path);
  return recorded.sensitive.length === 0 ? plain : marked(plain, path, recorded.sensitive);
}

function marked(value: Value, path: Path, sensitive: readonly Path[]): Value {
  if (sensitive.some((secret) => secret.length <= path.length && isPrefix(secret, path)))
    return asSensitive(value);
  const inside = sensitive.filter((secret) => isPrefix(path, secret));
  if (inside.length === 0) return value;
  if (value.kind === "tuple") {
    return { ...value, items: value.items.map((item, index) => marked(item, [...path, index], inside)) };
  }
  if (value.kind !== "object") return asSensitive(value);
  const entries = [...value.entries].map(
    ([key, child]) => [key, marked(child, [...path, key], inside)] as const,
  );
  return { ...value, entries: new Map(entries) };
}

export function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}
