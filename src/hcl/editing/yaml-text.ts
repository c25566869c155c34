import { isJsonArray, isJsonObject, type Json, type JsonObject, printJson } from "../../json/json.ts";

/** How a document of YAML is laid out, as far as what is written into it should look the same. */
export interface YamlStyle {
  /** What texts that need quotes stand in. */
  readonly quote: "'" | '"';
  /** One step of indentation. */
  readonly step: string;
  /** Whether the items of a list stand deeper than the key before it. */
  readonly deepLists: boolean;
  readonly ending: "\n" | "\r\n";
  /** What stands within the braces of a mapping on one line, and within the brackets of a list: a blank or nothing. */
  readonly pads: { readonly map: string; readonly list: string };
}

/** Words that mean something else than their text, in YAML 1.1 or 1.2, whatever their case. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|~)$/i;
/** What some version of YAML may take for a number or a time, or for the sign of something else. */
const LIKE_NUMBER = /^[-+.]?\d[\d_.:eExXoO+-]*$|^[-+]?0[xob]|^[-+]?\.(?:inf|nan)$|^\d{4}-\d{1,2}-\d{1,2}/i;
const SAFE = /^[\p{L}\p{N}_./$+-][^\p{Cc}\p{Cf}\u2028\u2029]*$/u;
const UNSAFE_WITHIN = /: |:$| #|\s$|^[-?:](?:\s|$)|^(?:---|\.\.\.)/;

/** Whether a text stands for itself without quotes; in `[…]` and `{…}` fewer do. */
function isPlain(value: string, flow: boolean): boolean {
  if (!SAFE.test(value) || WORDS.test(value) || LIKE_NUMBER.test(value) || UNSAFE_WITHIN.test(value))
    return false;
  return !(flow && /[[\]{},]|:/.test(value)) && value !== "<<" && value !== "=";
}

/** A text on one line: plain where that means the same and no quotes are asked for. */
export function yamlString(
  value: string,
  quotes: "plain" | "'" | '"',
  style: YamlStyle,
  flow: boolean,
): string {
  if (quotes === "plain" && isPlain(value, flow)) return value;
  const quote = quotes === "plain" ? style.quote : quotes;
  // In single quotes there are no escapes: lines would be folded, and what cannot be seen would stand in the file.
  if (quote === "'" && !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value.toWellFormed()).replace(/[\p{Cf}\u007f-\u009f\u2028\u2029]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** A value on one line, as it may stand anywhere. */
export function yamlInline(value: Json, style: YamlStyle, flow: boolean): string {
  if (typeof value === "string") return yamlString(value, "plain", style, flow);
  const { map, list } = style.pads;
  if (isJsonArray(value)) {
    const items = value.map((item) => yamlInline(item, style, true));
    return items.length === 0 ? "[]" : `[${list}${items.join(", ")}${list}]`;
  }
  if (!isJsonObject(value)) return printJson(value);
  const pairs = Object.entries(value).map(
    ([key, item]) => `${yamlString(key, "plain", style, true)}: ${yamlInline(item, style, true)}`,
  );
  return pairs.length === 0 ? "{}" : `{${map}${pairs.join(", ")}${map}}`;
}

/** A literal block's text behind `key: `, without the last line end; its lines are indented. Null where it cannot be one. */
export function yamlBlockText(value: string, indentation: string, style: YamlStyle): string | null {
  if (!value.includes("\n") || /[^\P{Cc}\n\t]|^[ \n]|[\u2028\u2029\ufeff]/u.test(value)) return null;
  const body = value.endsWith("\n") ? value.slice(0, -1) : value;
  if (body.endsWith("\n") || /(?:^|\n)[ \t]+(?:\n|$)/.test(body)) return null;
  const lines = body.split("\n").map((line) => (line === "" ? "" : `${indentation}${line}`));
  return [`|${value.endsWith("\n") ? "" : "-"}`, ...lines].join(style.ending);
}

/** A value behind `key:` or `-`, with the blank or line end before it. `indentation` is that of the key or dash. */
export function yamlAfter(value: Json, indentation: string, style: YamlStyle, inList = false): string {
  const inner = indentation + style.step;
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    const deeper = inList ? `${indentation}  ` : inner;
    const text = yamlPairs(value, deeper, style);
    return inList ? ` ${text.slice(deeper.length)}` : `${style.ending}${text}`;
  }
  if (isJsonArray(value) && value.length > 0) {
    if (inList) return ` ${yamlInline(value, style, false)}`;
    const dashes = style.deepLists ? inner : indentation;
    return `${style.ending}${yamlItems(value, dashes, style)}`;
  }
  const block = typeof value === "string" ? yamlBlockText(value, inner, style) : null;
  return ` ${block ?? yamlInline(value, style, false)}`;
}

/** The lines of a mapping, without the last line end. */
export function yamlPairs(object: JsonObject, indentation: string, style: YamlStyle): string {
  return Object.entries(object)
    .map(
      ([key, value]) =>
        `${indentation}${yamlString(key, "plain", style, false)}:${yamlAfter(value, indentation, style)}`,
    )
    .join(style.ending);
}

/** The lines of a list, without the last line end. */
export function yamlItems(items: readonly Json[], indentation: string, style: YamlStyle): string {
  return items
    .map((item) => `${indentation}-${yamlAfter(item, indentation, style, true)}`)
    .join(style.ending);
}
