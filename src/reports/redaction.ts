import { isJsonArray, isJsonObject, isNumber, type Json } from "../json/json.ts";
import { secretFieldsOf } from "../json/secret-fields.ts";

/** What stands in the place of everything that may not be printed, in every output. */
export const SENSITIVE = "(sensitive)";

/** Shorter texts are part of too many innocent words; a value that is sensitive itself is masked whatever its length. */
const SHORTEST_SECRET = 6;
const SHORTEST_SECRET_LINE = 8;
/** The last line of a private key is short, and no word of anything else. */
const SHORTEST_KEY_LINE = 4;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** JSON nested deeper than this is no configuration; it is not looked into, and not printed. */
const DEEPEST = 200;

/** Secrets that are known by their form. */
const PATTERNS: readonly RegExp[] = [
  /\bgh[opsur]_[A-Za-z0-9._]{36,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{22,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
];

/**
 * Cleans texts of secrets: of those registered (the sensitive values of states, variables and the environment), in
 * every spelling they may take on the way, and of those known by their form. Register first, print afterwards.
 */
export class Redaction {
  readonly #secrets = new Set<string>();

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) this.add(secret);
  }

  /**
   * Registers one secret: as a whole, its longer lines (all lines of a private key), and what a JSON text has in fields
   * with names such as `password`. Texts of fewer than 6 characters are left out, they would blank innocent words.
   */
  add(secret: string): void {
    for (const text of [secret, ...secretFieldsOf(secret)]) this.#addText(text);
  }

  #addText(secret: string): void {
    if (secret.trim().length < SHORTEST_SECRET) return;
    const shortest = PRIVATE_KEY.test(secret) ? SHORTEST_KEY_LINE : SHORTEST_SECRET_LINE;
    for (const spelling of spellings(secret)) this.#secrets.add(spelling);
    for (const line of secret.split(/\r?\n/)) {
      const content = line.trim();
      if (content.length < shortest || content === secret) continue;
      this.#secrets.add(content);
      this.#secrets.add(inTemplate(content));
    }
  }

  /** Registers every text and number in a value that is sensitive as a whole. */
  addAll(value: Json): void {
    for (const leaf of leaves(value)) this.add(leaf);
  }

  /** A redaction of its own that knows the same secrets. */
  copy(): Redaction {
    const copy = new Redaction();
    for (const secret of this.#secrets) copy.#secrets.add(secret);
    return copy;
  }

  /** The text with every secret replaced by `(sensitive)`. */
  clean(text: string): string {
    const known = replaceSpans(text, this.#spans(text));
    return PATTERNS.reduce((result, pattern) => result.replace(pattern, SENSITIVE), known);
  }

  /** JSON with every text and every key cleaned. */
  cleanJson(value: Json, depth = 0): Json {
    if (typeof value === "string") return this.clean(value);
    if (value === null || typeof value === "boolean") return value;
    if (isNumber(value)) {
      const digits = typeof value === "number" ? String(value) : value.rawJSON;
      return this.#secrets.has(digits) ? SENSITIVE : value;
    }
    if (depth >= DEEPEST) return SENSITIVE;
    if (isJsonArray(value)) return value.map((item) => this.cleanJson(item, depth + 1));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.clean(key), this.cleanJson(item, depth + 1)]),
    );
  }

  #spans(text: string): readonly Span[] {
    const spans: Span[] = [];
    for (const secret of this.#secrets) {
      for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
        spans.push({ start: at, end: at + secret.length });
      }
    }
    return spans.sort((a, b) => a.start - b.start);
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Spans that touch are masked once, so that no rest of one shows beside another. */
function replaceSpans(text: string, spans: readonly Span[]): string {
  let result = "";
  let done = 0;
  for (const [index, { start, end }] of spans.entries()) {
    if (index === 0 || start > done) result += `${text.slice(done, start)}${SENSITIVE}`;
    done = Math.max(done, end);
  }
  return result + text.slice(done);
}

function spellings(secret: string): readonly string[] {
  return [
    // As a quoted string of HCL has it, too: like JSON, with templates doubled.
    ...[secret, inTemplate(secret)].flatMap((text) => [text, inJson(text), inJson(inJson(text))]),
    encodeURIComponent(secret.toWellFormed()),
    Buffer.from(secret, "utf8").toString("base64"),
    secret.replaceAll("'", "'\\''"),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As a heredoc of HCL has it. */
function inTemplate(text: string): string {
  return text.replace(/[$%](?=\{)/g, "$&$&");
}

function* leaves(value: Json, depth = 0): Generator<string> {
  if (typeof value === "string") yield value;
  else if (value === null || typeof value === "boolean") return;
  else if (isNumber(value)) yield typeof value === "number" ? String(value) : value.rawJSON;
  else if (depth < DEEPEST) {
    for (const item of Object.values(value as Record<string, Json>)) yield* leaves(item, depth + 1);
  }
}
