import { documentOf } from "../hcl/editing/document-text.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { renderInline } from "../hcl/editing/render.ts";
import { hasLineEnd, indentationAt, lineEnding } from "../hcl/editing/surroundings.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import { quoteString } from "../hcl/syntax/escape.ts";
import type { Call, Expression } from "../hcl/syntax/syntax.ts";
import { isMapping, type MappingValue } from "../hcl/values/value.ts";
import { isJsonObject, type JsonObject, jsonAt } from "../json/json.ts";
import type { PathStep } from "../json/path.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { evaluatedOrNull } from "../terraform/tracing/branch.ts";
import { means, type Wanted } from "./wanted.ts";

/**
 * The edits that give a map of its own to the one place that takes it whole from elsewhere: `local.tags` becomes
 * `merge(local.tags, { Team = "shop" })`, and of an entry that is to go `{ for k, v in local.tags : k => v if k != "Env" }`.
 * Null where the expression is no such reference or `merge`, or what is wanted lies deeper: `merge` would take its
 * neighbours away.
 */
export function layOver(place: Located, wanted: Wanted): readonly Edit[] | null {
  const { expression, context, path } = place;
  // In the JSON syntax a function call stands in a text, where nobody would look for it.
  if (documentOf(expression) !== null || expression.file.path.endsWith(".json")) return null;
  if (path.length > 1 || (!isReference(expression) && !isMerge(expression))) return null;
  const map = evaluatedOrNull(expression, context);
  if (map === null || !isMapping(map)) return null;
  const difference = differenceOf(map, path[0], wanted);
  if (difference === null) return null;
  const { entries, gone } = difference;
  if (gone.length > 0) return isReference(expression) ? without(expression, gone) : null;
  return isMerge(expression)
    ? appended(expression, entries)
    : replaced(expression, mergeOf(expression, entries));
}

/** Whether a call is one of `merge` whose arguments are written out. */
export function isMerge(expression: Expression): expression is Call {
  return expression.kind === "call" && expression.name === "merge" && !expression.expand;
}

function isReference(expression: Expression): boolean {
  const { kind } = expression;
  if (kind !== "variable" && kind !== "get-attribute" && kind !== "index") return false;
  return referenceOf(expression) !== null;
}

interface Difference {
  readonly entries: JsonObject;
  readonly gone: readonly string[];
}

/**
 * What a map has to be given, or what has to be taken from it, so that it is as wanted: at a key, or as a whole. Null
 * where it is both, or nothing would be left of it.
 */
function differenceOf(map: MappingValue, key: PathStep | undefined, wanted: Wanted): Difference | null {
  if (typeof key === "number") return null;
  if (wanted === "absent")
    return key !== undefined && map.entries.has(key) ? { entries: {}, gone: [key] } : null;
  const { json } = toPlain(map, [], true);
  if (!isJsonObject(json)) return null;
  if (key !== undefined)
    return means(jsonAt(json, [key]), wanted.value) ? null : { entries: { [key]: wanted.value }, gone: [] };
  if (!isJsonObject(wanted.value)) return null;
  const all = Object.entries(wanted.value);
  const entries = all.filter(([name, value]) => !means(jsonAt(json, [name]), value));
  const gone = Object.keys(json).filter((name) => !all.some(([other]) => other === name));
  if (all.length === 0 || entries.length > 0 === gone.length > 0) return null;
  return { entries: Object.fromEntries(entries), gone };
}

function mergeOf({ file, start, end }: Expression, entries: JsonObject): string {
  return `merge(${file.text.slice(start, end)}, ${renderInline(entries)})`;
}

function replaced({ file, start, end }: Expression, text: string): readonly Edit[] {
  return [{ file: file.path, start, end, text }];
}

/** One more argument. An object that is the last argument already takes the entries itself. */
function appended({ file, arguments: all }: Call, entries: JsonObject): readonly Edit[] | null {
  const last = all.at(-1);
  if (last === undefined || last.kind === "object") return null;
  const { text } = file;
  const before = all.at(-2)?.end ?? text.lastIndexOf("(", last.start);
  const gap = hasLineEnd(text, before, last.start)
    ? `,${lineEnding(text, last.start)}${indentationAt(text, last.start)}`
    : ", ";
  return [{ file: file.path, start: last.end, end: last.end, text: gap + renderInline(entries) }];
}

function without(expression: Expression, keys: readonly string[]): readonly Edit[] {
  const { file, start, end } = expression;
  const map = file.text.slice(start, end);
  const [only, ...more] = keys.map((key) => quoteString(key));
  const kept = more.length === 0 ? `k != ${only}` : `!contains([${[only, ...more].join(", ")}], k)`;
  return replaced(expression, `{ for k, v in ${map} : k => v if ${kept} }`);
}
