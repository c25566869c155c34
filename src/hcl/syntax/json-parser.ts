import { MAX_DEPTH } from "./cursor.ts";
import type { JsonMember, JsonNode, JsonText } from "./json-nodes.ts";
import { readJsonText } from "./json-text.ts";
import type { Diagnostic, SourceFile } from "./source.ts";

/**
 * Parses JSON (https://www.rfc-editor.org/rfc/rfc8259), as strictly as Terraform does: no comments, no trailing commas,
 * no byte order mark. It never throws. There is one error at most; what was read before it is in the tree, whose root is
 * null where that is nothing.
 */
export function parseJsonTree(file: SourceFile): {
  readonly root: JsonNode | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const reader = new Reader(file);
  const root = reader.document();
  return { root, diagnostics: reader.diagnostics };
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?(\d+))?/y;
const WORD = /[A-Za-z0-9_.+-]+/y;

/** An exponent of more digits is refused: nobody means such a number, and its digits would fill the memory. */
const MAX_EXPONENT_DIGITS = 4;

const KEYWORDS: ReadonlyMap<string, true | false | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

class Reader {
  readonly file: SourceFile;
  readonly text: string;
  readonly diagnostics: Diagnostic[] = [];
  at = 0;
  depth = 0;

  constructor(file: SourceFile) {
    this.file = file;
    this.text = file.text;
  }

  /** After an error nothing more is read. */
  get failed(): boolean {
    return this.diagnostics.length > 0;
  }

  document(): JsonNode | null {
    if (this.text.charCodeAt(0) === 0xfeff) {
      this.report(
        "the file starts with a byte order mark, which Terraform refuses in JSON; save it without one",
        0,
        1,
      );
      return null;
    }
    const root = this.#value("a JSON object");
    if (!this.failed && this.next() !== -1) this.expected("the end of the file: JSON is one value");
    return root;
  }

  report(message: string, start: number, end: number): null {
    if (!this.failed) {
      this.diagnostics.push({ severity: "error", message, range: { file: this.file, start, end } });
    }
    return null;
  }

  /** Reports that what stands here is not what has to. */
  expected(what: string): null {
    const { text, at } = this;
    if (at >= text.length) return this.report(`expected ${what} before the end of the file`, at, at);
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    return this.report(
      `expected ${what}, found ${JSON.stringify(character)}${hint(text, at)}`,
      at,
      at + character.length,
    );
  }

  /** The code of the next character that is no space, at which the reader then stands; -1 at the end. */
  next(): number {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  #value(what: string): JsonNode | null {
    const code = this.next();
    if (code === QUOTE) return this.#string();
    if (code !== OPEN_BRACE && code !== OPEN_BRACKET) return this.#scalar(what);
    if (this.depth >= MAX_DEPTH) {
      return this.report(
        `this is nested more than ${MAX_DEPTH} levels deep; split it up`,
        this.at,
        this.at + 1,
      );
    }
    this.depth += 1;
    const node = code === OPEN_BRACE ? this.#object() : this.#array();
    this.depth -= 1;
    return node;
  }

  #object(): JsonNode {
    const { file, at: start } = this;
    const members: JsonMember[] = [];
    this.at += 1;
    if (this.next() === CLOSE_BRACE) this.at += 1;
    else {
      do {
        const member = this.#member();
        if (member === null) break;
        members.push(member);
      } while (this.#goesOn(CLOSE_BRACE, "object", start));
    }
    return { kind: "json-object", file, start, end: this.at, members };
  }

  #member(): JsonMember | null {
    const { file } = this;
    if (this.next() !== QUOTE) return this.expected("a property's name in quotes");
    const name = this.#string();
    if (name === null) return null;
    if (this.next() !== COLON) return this.expected(`":" after the property's name`);
    this.at += 1;
    const value = this.#value("a value");
    if (value === null) return null;
    return { kind: "json-member", file, start: name.start, end: value.end, name, value };
  }

  #array(): JsonNode {
    const { file, at: start } = this;
    const items: JsonNode[] = [];
    this.at += 1;
    if (this.next() === CLOSE_BRACKET) this.at += 1;
    else {
      do {
        const item = this.#value("a value");
        if (item === null) break;
        items.push(item);
      } while (this.#goesOn(CLOSE_BRACKET, "array", start));
    }
    return { kind: "json-array", file, start, end: this.at, items };
  }

  /** Steps behind the comma, or the bracket that closes. */
  #goesOn(close: number, what: string, opened: number): boolean {
    if (this.failed) return false;
    const code = this.next();
    const bracket = String.fromCharCode(close);
    if (code === close) {
      this.at += 1;
      return false;
    }
    if (code === -1) this.report(`this ${what} is not closed: expected "${bracket}"`, opened, opened + 1);
    else if (code !== COMMA) this.expected(`"," or "${bracket}"`);
    else {
      const comma = this.at;
      this.at += 1;
      if (this.next() !== close) return true;
      this.report(`no comma may stand behind the last element of an ${what} in JSON`, comma, comma + 1);
    }
    return false;
  }

  #string(): JsonText | null {
    const { file, at: start } = this;
    const read = readJsonText(this.text, start);
    if ("error" in read) return this.report(read.error, read.start, read.end);
    this.at = read.end;
    return { kind: "json-text", file, start, end: read.end, value: read.value, escaped: read.escaped };
  }

  #scalar(what: string): JsonNode | null {
    const { file, text, at: start } = this;
    WORD.lastIndex = start;
    const word = WORD.exec(text)?.[0];
    if (word === undefined) return this.expected(what);
    const end = start + word.length;
    const keyword = KEYWORDS.get(word);
    if (keyword !== undefined) {
      this.at = end;
      return { kind: "json-keyword", file, start, end, value: keyword };
    }
    NUMBER.lastIndex = start;
    const number = NUMBER.exec(text);
    if (number === null || number[0] !== word) {
      const likely = /^[-+.\d]/.test(word) ? "is not a number as JSON writes it" : "is no value";
      return this.report(
        `${word} ${likely}; a text stands in quotes, and there are true, false and null`,
        start,
        end,
      );
    }
    if ((number[1]?.replace(/^0+/, "") ?? "").length > MAX_EXPONENT_DIGITS) {
      return this.report(
        `the exponent of ${word} is out of range; it may have ${MAX_EXPONENT_DIGITS} digits`,
        start,
        end,
      );
    }
    this.at = end;
    return { kind: "json-number", file, start, end, text: word };
  }
}

function hint(text: string, at: number): string {
  if (text[at] === "#" || text.startsWith("//", at) || text.startsWith("/*", at))
    return '; JSON has no comments, but a "//" property is one';
  return text[at] === "'" ? "; JSON has double quotes alone" : "";
}
