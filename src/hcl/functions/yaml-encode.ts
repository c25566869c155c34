import { Buffer } from "node:buffer";
import { printNumber } from "../values/number.ts";
import { isMapping, isSequence, type Value } from "../values/value.ts";
import type { Budget } from "./function.ts";

/**
 * A value as Terraform writes YAML: block style, texts always in quotes or, with line ends, as literal blocks
 * (https://github.com/zclconf/go-cty-yaml).
 */
export function encodeYaml(value: Value, budget: Budget): string {
  const text = nodeText(value, { indent: 0, column: 0, follows: "margin" }, budget);
  return `${text}${endOf(value, text)}`;
}

/** A document that could go on needs an end marker. */
function endOf(value: Value, text: string): string {
  const isPlain = value.kind === "number" || value.kind === "bool" || value.kind === "null";
  if (isPlain) return "\n...\n";
  return text.endsWith("\n") ? "" : "\n";
}

/** Where a node stands. */
interface Place {
  readonly follows: "margin" | "key";
  /** Where its text begins. */
  readonly column: number;
  /** Where its further lines begin. */
  readonly indent: number;
}

function nodeText(value: Value, place: Place, budget: Budget): string {
  if (isSequence(value)) return sequenceText(value.items, place, budget);
  if (isMapping(value)) return mappingText(value.entries, place, budget);
  const scalar = scalarText(value, { ...place, indent: Math.max(place.indent, 2) }, budget);
  return place.follows === "key" ? ` ${scalar}` : scalar;
}

function sequenceText(items: readonly Value[], place: Place, budget: Budget): string {
  budget.elements(items.length);
  if (items.length === 0) return place.follows === "key" ? " []" : "[]";
  // Items stand right below a key, not further in.
  const margin = place.follows === "key" ? place.indent - 2 : place.indent;
  const inner: Place = { follows: "margin", column: margin + 2, indent: margin + 2 };
  return blockText(
    items.map((item) => `- ${nodeText(item, inner, budget)}`),
    margin,
    place,
  );
}

function mappingText(entries: ReadonlyMap<string, Value>, place: Place, budget: Budget): string {
  budget.elements(entries.size);
  if (entries.size === 0) return place.follows === "key" ? " {}" : "{}";
  const pairs = Array.from(entries, ([key, child]) => pairText(key, child, place.indent, budget));
  return blockText(pairs, place.indent, place);
}

function blockText(lines: readonly string[], margin: number, { follows }: Place): string {
  const spaces = " ".repeat(margin);
  const first = follows === "key" ? `\n${spaces}` : "";
  const between = lines.map((line) => (line.endsWith("\n") ? spaces : `\n${spaces}`));
  return first + lines.map((line, at) => (at < lines.length - 1 ? line + between[at] : line)).join("");
}

const LONGEST_KEY = 128;

/** A key that is long or has line ends is written with `?`. */
function pairText(key: string, value: Value, indent: number, budget: Budget): string {
  budget.text(key.length + indent);
  const inner: Place = { follows: "margin", column: indent + 2, indent: indent + 2 };
  if (!BREAK.test(key) && Buffer.byteLength(key) <= LONGEST_KEY) {
    const name = quoted(key);
    const column = indent + Array.from(name).length + 2;
    return `${name}:${nodeText(value, { ...inner, follows: "key", column }, budget)}`;
  }
  const long = textScalar(key, inner);
  return `? ${long}${long.endsWith("\n") ? "" : "\n"}${" ".repeat(indent)}: ${nodeText(value, inner, budget)}`;
}

function scalarText(value: Value, place: Place, budget: Budget): string {
  if (value.kind === "string") {
    budget.text(value.value.length + place.indent);
    return textScalar(value.value, place);
  }
  if (value.kind === "number") return printNumber(value.value);
  return value.kind === "bool" ? String(value.value) : "null";
}

const BREAK = /[\n\r\u0085\u2028\u2029]/;
/** What a literal block cannot hold: control characters, what is above U+FFFF, and spaces at the end of a line. */
const NOT_LITERAL = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]| (?:[\n\r\u0085\u2028\u2029]|$)/;

function textScalar(text: string, place: Place): string {
  if (!text.includes("\n") || NOT_LITERAL.test(text)) return folded(quoted(text), place);
  const hint = /^[ \n\u2028\u2029]/.test(text) ? "2" : "";
  const margin = " ".repeat(place.indent);
  const lines = text.replace(/\n$/, "").split("\n");
  const body = lines.map((line) => (line === "" ? "" : margin + line)).join("\n");
  return `|${hint}${chomping(text)}\n${body}${text.endsWith("\n") ? "\n" : ""}`;
}

function chomping(text: string): string {
  if (!text.endsWith("\n")) return "-";
  return text === "\n" || BREAK.test(text.charAt(text.length - 2)) ? "+" : "";
}

const ESCAPES = new Map([
  ["\0", "0"],
  ["\x07", "a"],
  ["\b", "b"],
  ["\t", "t"],
  ["\n", "n"],
  ["\v", "v"],
  ["\f", "f"],
  ["\r", "r"],
  ["\x1b", "e"],
  ['"', '"'],
  ["\\", "\\"],
  ["\u0085", "N"],
  ["\u2028", "L"],
  ["\u2029", "P"],
]);

const ESCAPED = /["\\]|[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu;

function quoted(text: string): string {
  return `"${text.replace(ESCAPED, (letter) => `\\${ESCAPES.get(letter) ?? hexEscape(letter)}`)}"`;
}

const WIDEST = 80;

/** Breaks a quoted text at the first space beyond the widest line; a space after it is escaped to survive. */
function folded(text: string, place: Place): string {
  if (place.column + text.length <= WIDEST) return text;
  const letters = Array.from(text);
  let { column } = place;
  let written = "";
  for (const [at, letter] of letters.entries()) {
    const breaks =
      letter === " " && column > WIDEST && at > 1 && at < letters.length - 2 && letters[at - 1] !== " ";
    const added = breaks ? `\n${" ".repeat(place.indent)}${letters[at + 1] === " " ? "\\" : ""}` : letter;
    column = breaks ? added.length - 1 : column + 1;
    written += added;
  }
  return written;
}

function hexEscape(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `x${digits.padStart(2, "0")}`;
  return code <= 0xffff ? `u${digits.padStart(4, "0")}` : `U${digits.padStart(8, "0")}`;
}
