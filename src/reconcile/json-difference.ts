import { equalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { Wanted } from "./wanted.ts";

/** The one place in which a value is not what is wanted; null where nothing differs. */
export function onlyDifference(current: Json, wanted: Json): PartDifference | null {
  if (equalJson(current, wanted)) return null;
  const inner = differingPart(current, wanted);
  if (inner === null) return { path: [], wanted: { value: wanted } };
  const [step, was, is] = inner;
  if (is === undefined) return { path: [step], wanted: "absent" };
  if (was === undefined) return { path: [step], wanted: { value: is } };
  const further = onlyDifference(was, is);
  return further && { ...further, path: [step, ...further.path] };
}

type Part = readonly [step: string | number, was: Json | undefined, is: Json | undefined];

/** The one member or element that differs, or came, or went; null where that is not one. */
function differingPart(current: Json, wanted: Json): Part | null {
  if (isJsonObject(current) && isJsonObject(wanted)) {
    const names = new Set([...Object.keys(current), ...Object.keys(wanted)]);
    const parts = [...names].map((name): Part => [name, jsonAt(current, [name]), jsonAt(wanted, [name])]);
    return only(parts.filter(([, was, is]) => was === undefined || is === undefined || !equalJson(was, is)));
  }
  if (!isJsonArray(current) || !isJsonArray(wanted)) return null;
  if (current.length === wanted.length) {
    const parts = current.map((was, index): Part => [index, was, wanted[index]]);
    return only(parts.filter(([, was, is]) => was === undefined || is === undefined || !equalJson(was, is)));
  }
  if (wanted.length === current.length + 1 && equalJson(wanted.slice(0, -1), current))
    return [current.length, undefined, wanted.at(-1)];
  const gone = current.findIndex(
    (item, index) => !equalJson(item, wanted[index] ?? null) || index >= wanted.length,
  );
  const isRest = wanted.length === current.length - 1 && equalJson(current.toSpliced(gone, 1), wanted);
  return isRest ? [gone, current[gone], undefined] : null;
}

function only(parts: readonly Part[]): Part | null {
  const [part] = parts;
  return part === undefined || parts.length > 1 ? null : part;
}

/** A part of a value that is not what is wanted. */
export interface PartDifference {
  readonly path: Path;
  readonly wanted: Wanted;
}

/** All places in which a value is not what is wanted; lists of different lengths are one each. */
export function allDifferences(current: Json, wanted: Json, path: Path = []): readonly PartDifference[] {
  if (equalJson(current, wanted)) return [];
  const isList = isJsonArray(current) && isJsonArray(wanted) && current.length === wanted.length;
  if (!isList && !(isJsonObject(current) && isJsonObject(wanted)))
    return [{ path, wanted: { value: wanted } }];
  const steps = isList ? current.keys() : new Set([...Object.keys(current), ...Object.keys(wanted)]);
  return [...steps].flatMap((step): readonly PartDifference[] => {
    const [was, is] = [jsonAt(current, [step]), jsonAt(wanted, [step])];
    const at = [...path, step];
    if (is === undefined) return [{ path: at, wanted: "absent" }];
    return was === undefined ? [{ path: at, wanted: { value: is } }] : allDifferences(was, is, at);
  });
}

/** A value with one of its differences made up for. */
export function withPart(json: Json | undefined, { path, wanted }: PartDifference): Json {
  const [step, ...rest] = path;
  if (step === undefined) return wanted === "absent" ? null : wanted.value;
  const inner = () => withPart(jsonAt(json, [step]), { path: rest, wanted });
  if (isJsonArray(json)) return json.map((item, index) => (index === step ? inner() : item));
  const entries = new Map(isJsonObject(json) ? Object.entries(json) : []);
  if (rest.length === 0 && wanted === "absent") entries.delete(String(step));
  else entries.set(String(step), inner());
  return Object.fromEntries(entries);
}
