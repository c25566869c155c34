import type { DocumentText } from "../hcl/editing/document-text.ts";
import { canonicalJson, isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { MOST_ROUNDS } from "./compose.ts";

/** So many characters are read again at most for one change. */
const MOST_READ = 2_000_000;

/** Whether a change of a part of a document takes too many rounds: that part is written anew as a whole then. */
export function takesTooLong(document: DocumentText, current: Json, wanted: Json): boolean {
  const most = Math.min(MOST_ROUNDS - 1, Math.floor(MOST_READ / Math.max(1, document.text.length)));
  return roundsFor(current, wanted, Math.max(1, most)) > most;
}

/** How many edits make one value another; parts that take more than `most` are written anew, which is one. */
function roundsFor(current: Json, wanted: Json, most: number): number {
  if (isJsonObject(current) && isJsonObject(wanted)) {
    const names = new Set([...Object.keys(current), ...Object.keys(wanted)]);
    let rounds = 0;
    for (const name of names) {
      const [before, after] = [own(current, name), own(wanted, name)];
      const inner = before === undefined || after === undefined ? 1 : roundsFor(before, after, most);
      rounds += inner > most ? 1 : inner;
    }
    return rounds;
  }
  if (isJsonArray(current) && isJsonArray(wanted)) {
    const left = new Map<string, number>();
    for (const item of current) count(left, item, 1);
    for (const item of wanted) count(left, item, -1);
    let [gone, come] = [0, 0];
    for (const number of left.values()) {
      gone += Math.max(0, number);
      come += Math.max(0, -number);
    }
    return Math.max(gone, come);
  }
  return canonicalJson(current) === canonicalJson(wanted) ? 0 : 1;
}

function count(left: Map<string, number>, item: Json, change: number): void {
  const text = canonicalJson(item);
  left.set(text, (left.get(text) ?? 0) + change);
}

function own(object: { readonly [name: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
