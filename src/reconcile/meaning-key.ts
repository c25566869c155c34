import { decimalOf, isJsonArray, isJsonObject, isNumber, type Json } from "../json/json.ts";
import { jsonKey } from "./json-texts.ts";

/** The same text for values that mean the same, in lists of any order (`means`); few others have the same. */
export function meaningKey(value: Json | undefined): string {
  if (value === undefined || isEmpty(value)) return NOTHING;
  if (isJsonArray(value)) return `[${value.map(meaningKey).sort().join()}]`;
  if (isJsonObject(value)) {
    const members = Object.entries(value).map(([name, member]) => [name, meaningKey(member)] as const);
    const said = members.filter(([, key]) => key !== NOTHING).map((member) => JSON.stringify(member));
    return said.length === 0 ? NOTHING : `{${said.sort().join()}}`;
  }
  const text = scalarText(value);
  // These are texts of what is empty as a number or a boolean.
  if (text === "0" || text === "-0" || text === "false") return NOTHING;
  const json = typeof value === "string" ? jsonKey(value) : null;
  return json ?? JSON.stringify(text);
}

const NOTHING = "";

/** A value that says no more than leaving the attribute out. */
export function isEmpty(value: Json): boolean {
  if (value === null || value === "" || value === false) return true;
  if (isNumber(value)) return decimalOf(value).isZero();
  if (isJsonArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.values(value).every(isEmpty);
}

/** A text, number or boolean as the text that Terraform converts it to. */
export function scalarText(value: Json): string {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return isNumber(value) ? decimalOf(value).toFixed() : String(value);
}

/** Elements that are looked for by what they mean; each is found once, the first one first. */
export class Elements {
  readonly #indices = new Map<string, number[]>();
  readonly #items: readonly Json[];

  /** Those of `items` from an index up to another. */
  constructor(items: readonly Json[], start = 0, end = items.length) {
    this.#items = items;
    for (let index = start; index < end; index += 1) {
      const key = meaningKey(items[index]);
      const same = this.#indices.get(key);
      if (same === undefined) this.#indices.set(key, [index]);
      else same.push(index);
    }
  }

  /** Where one stands that is the same, which is not found again; null where there is none. */
  take(item: Json, isSame: (other: Json) => boolean): number | null {
    const indices = this.#indices.get(meaningKey(item)) ?? [];
    const at = indices.findIndex((index) => isSame(this.#items[index] ?? null));
    return at === -1 ? null : (indices.splice(at, 1)[0] ?? null);
  }

  /** Where those stand that were not found. */
  left(): readonly number[] {
    return [...this.#indices.values()].flat().sort((a, b) => a - b);
  }
}
