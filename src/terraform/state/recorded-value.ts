import { ANY } from "../../hcl/values/type.ts";
import { asSensitive, fromJson, unknownValue, type Value } from "../../hcl/values/value.ts";
import type { Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
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

/** A recorded value with its marks: what stands under a sensitive path is sensitive, under a hidden one unknown. */
export function recordedValue(json: Json, recorded: StateInstance, path: Path): Value {
  const { sensitive, hidden = [] } = recorded;
  const plain = fromJson(json, (at) => ({ kind: "state", address: recorded.address, path: at }), path);
  const marked = sensitive.length === 0 ? plain : changedAt(plain, path, sensitive, asSensitive);
  return hidden.length === 0 ? marked : changedAt(marked, path, hidden, asUnknown);
}

function asUnknown({ origin, sensitive }: Value): Value {
  return { ...unknownValue(ANY, origin), sensitive };
}

/** The value with another in the place of what stands under one of the paths. */
function changedAt(value: Value, path: Path, paths: readonly Path[], change: (value: Value) => Value): Value {
  if (paths.some((one) => one.length <= path.length && isPrefix(one, path))) return change(value);
  const inside = paths.filter((one) => isPrefix(path, one));
  if (inside.length === 0) return value;
  if (value.kind === "tuple") {
    const items = value.items.map((item, index) => changedAt(item, [...path, index], inside, change));
    return { ...value, items };
  }
  if (value.kind !== "object") return change(value);
  const entries = [...value.entries].map(
    ([key, child]) => [key, changedAt(child, [...path, key], inside, change)] as const,
  );
  return { ...value, entries: new Map(entries) };
}

export function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}
