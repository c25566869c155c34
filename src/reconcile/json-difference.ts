import { equalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { Wanted } from "./wanted.ts";

/** The one place in which a value is not what is wanted; null where nothing differs. */
export function onlyDifference(current: Json, wanted: Json): { path: Path; wanted: Wanted } | null {
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
