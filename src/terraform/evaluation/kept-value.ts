import {
  isMapping,
  isOpen,
  isSequence,
  type MappingValue,
  mapValue,
  objectValue,
  type Value,
} from "../../hcl/values/value.ts";
import type { Path, PathStep } from "../../json/path.ts";
import type { KeptPath } from "./ignored-changes.ts";

/** What a value is planned as: the recorded one at the paths where the state decides, which start at the two. */
export function withKept(written: Value, recorded: Value, kept: readonly KeptPath[]): Value {
  return kept.reduce((value, { path, isKey }) => replaced(value, recorded, path.slice(1), isKey), written);
}

function replaced(value: Value, recorded: Value, path: Path, isKey: boolean): Value {
  const [step, ...rest] = path;
  if (step === undefined) return recorded;
  if (isKey && rest.length === 0) return withKeyOf(value, recorded, String(step));
  const [child, other] = [partAt(value, step), partAt(recorded, step)];
  if (child === null || other === null) return value;
  const now = replaced(child, other, rest, isKey);
  return now === child ? value : withPart(value, step, now);
}

/** A map with what another one has at a key, or does not have. */
function withKeyOf(value: Value, recorded: Value, key: string): Value {
  const other = partAt(recorded, key);
  if (value.kind === "null") return other === null ? value : objectValue([[key, other]], value.origin);
  if (!isMapping(value) || isOpen(value)) return value;
  if (other === (value.entries.get(key) ?? null)) return value;
  const entries = new Map(value.entries);
  if (other === null) entries.delete(key);
  else entries.set(key, other);
  return mappingOf(value, entries);
}

function withPart(value: Value, step: PathStep, part: Value): Value {
  if (isSequence(value)) return { ...value, items: value.items.with(Number(step), part) };
  return isMapping(value) ? mappingOf(value, new Map(value.entries).set(String(step), part)) : value;
}

function mappingOf(value: MappingValue, entries: ReadonlyMap<string, Value>): Value {
  const made =
    value.kind === "map"
      ? mapValue(value.element, entries, value.origin)
      : objectValue(entries, value.origin);
  return { ...value, ...made, sensitive: value.sensitive };
}

function partAt(value: Value, step: PathStep): Value | null {
  if (isMapping(value)) return value.entries.get(String(step)) ?? null;
  if (value.kind !== "list" && value.kind !== "tuple") return null;
  return typeof step === "number" ? (value.items[step] ?? null) : null;
}

/** Recorded nested blocks with those attributes that some block of the code has; all, where the code makes none. */
export function blocksLike(recorded: Value, written: Value): Value {
  if (recorded.kind !== "tuple" || written.kind !== "tuple" || written.items.length === 0) return recorded;
  const names = new Set(written.items.flatMap((item) => (isMapping(item) ? [...item.entries.keys()] : [])));
  const items = recorded.items.map((item): Value => {
    if (item.kind !== "object") return item;
    return { ...item, entries: new Map([...item.entries].filter(([name]) => names.has(name))) };
  });
  return { ...recorded, items };
}
