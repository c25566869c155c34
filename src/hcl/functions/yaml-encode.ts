import { isMapping, isSequence, printNumber, type Value } from "../value.ts";

/**
 * A value as Terraform writes YAML: block style, texts always in quotes or, with line ends, as literal blocks
 * (https://github.com/zclconf/go-cty-yaml).
 */
export function encodeYaml(value: Value): string {
  const text = nodeText(value, 0, "start");
  return `${text}${endOf(value, text)}`;
}

/** A document that could go on needs an end marker. */
function endOf(value: Value, text: string): string {
  const isPlain = value.kind === "number" || value.kind === "bool" || value.kind === "null";
  if (isPlain) return "\n...\n";
  return text.endsWith("\n") ? "" : "\n";
}

/** Where a node stands: at the start of a line or after `- `, or after a key. */
type Place = "start" | "entry";

function nodeText(value: Value, indent: number, place: Place): string {
  if (isSequence(value)) {
    if (value.items.length === 0) return place === "entry" ? " []" : "[]";
    const items = value.items.map((item) => `- ${nodeText(item, indent + 2, "start")}`);
    return block(items, place === "entry" ? indent - 2 : indent, place);
  }
  if (isMapping(value)) {
    if (value.entries.size === 0) return place === "entry" ? " {}" : "{}";
    const pairs = Array.from(value.entries, ([key, child]) => pairText(key, child, indent));
    return block(pairs, indent, place);
  }
  const scalar = scalarText(value, Math.max(indent, 2));
  return place === "entry" ? ` ${scalar}` : scalar;
}

function block(lines: readonly string[], indent: number, place: Place): string {
  const margin = " ".repeat(indent);
  const text = lines.reduce((before, line) => `${before}${before.endsWith("\n") ? "" : "\n"}${margin}${line}`);
  return place === "entry" ? `\n${margin}${text}` : text;
}

const LONGEST_KEY = 128;

function pairText(key: string, value: Value, indent: number): string {
  if (!key.includes("\n") && !BREAK.test(key) && Buffer.byteLength(key) <= LONGEST_KEY) {
    return `${quoted(key)}:${nodeText(value, indent + 2, "entry")}`;
  }
  const long = key.includes("\n") ? blockOrQuoted(key, indent + 2) : quoted(key);
  const newline = long.endsWith("\n") ? "" : "\n";
  return `? ${long}${newline}${" ".repeat(indent)}: ${nodeText(value, indent + 2, "start")}`;
}

function scalarText(value: Value, indent: number): string {
  if (value.kind === "string") {
    return value.value.includes("\n") ? blockOrQuoted(value.value, indent) : quoted(value.value);
  }
  if (value.kind === "number") return printNumber(value.value);
  return value.kind === "bool" ? String(value.value) : "null";
}

const BREAK = /[\n\r\u0085\u2028\u2029]/;
/** What a literal block cannot hold: control characters, what is above U+FFFF, and spaces at the end of a line. */
const NOT_LITERAL = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]| (?:[\n\r\u0085\u2028\u2029]|$)/;

function blockOrQuoted(text: string, indent: number): string {
  if (NOT_LITERAL.test(text)) return quoted(text);
  const hint = /^[ \n\u2028\u2029]/.test(text) ? "2" : "";
  const margin = " ".repeat(indent);
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

function hexEscape(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `x${digits.padStart(2, "0")}`;
  return code <= 0xffff ? `u${digits.padStart(4, "0")}` : `U${digits.padStart(8, "0")}`;
}
