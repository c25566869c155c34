/** What tells the instances of one block apart: text for `for_each`, a number for `count`, null where there is one. */
export type InstanceKey = string | number | null;

/** One module call on the way to a module: `module.web["a"]`. */
export interface ModuleStep {
  readonly name: string;
  readonly key: InstanceKey;
}

/** The way from the root module to a module instance; empty for the root. */
export type ModulePath = readonly ModuleStep[];

/** The address of one resource instance: `module.web["a"].data.aws_ami.this[0]`. */
export interface Address {
  readonly module: ModulePath;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly key: InstanceKey;
}

/** A text that is no resource address; the message says where and why. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

/** Prints an address as Terraform does. Reads back with `parseAddress`. */
export function printAddress(address: Address): string {
  return printWith(address, printKey);
}

/** The address of a module instance, `module.web["a"].module.db`; the empty text for the root module. */
export function moduleAddress(path: ModulePath): string {
  return path.map((step) => `module.${step.name}${printKey(step.key)}`).join(".");
}

/** Orders addresses as text, but numeric keys as numbers: `a[2]` before `a[10]`. For `sort`. */
export function compareAddresses(a: Address, b: Address): number {
  const first = printWith(a, sortableKey);
  const second = printWith(b, sortableKey);
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

/** Things in the order of their addresses, as `compareAddresses` has it; quicker for many. */
export function inAddressOrder<Item>(items: Iterable<Item>, addressOf: (item: Item) => Address): Item[] {
  const placed = Array.from(items, (item) => ({ item, place: printWith(addressOf(item), sortableKey) }));
  placed.sort((a, b) => (a.place === b.place ? 0 : a.place < b.place ? -1 : 1));
  return placed.map(({ item }) => item);
}

/**
 * Reads the address of one resource instance as Terraform prints it.
 * @throws AddressError that says what is wrong and at which character.
 */
export function parseAddress(text: string): Address {
  const reader = new AddressReader(text);
  const module = reader.modules();
  let type = reader.name("a resource type such as aws_instance");
  const mode = type === "data" ? "data" : "managed";
  if (mode === "data") {
    reader.dot("the type of the data source");
    type = reader.name("the type of the data source");
  }
  reader.dot("the name of the resource");
  const name = reader.name("the name of the resource");
  const key = reader.key();
  reader.end();
  return { module, mode, type, name, key };
}

/**
 * Reads the address of a module instance, as `moduleAddress` prints it; the empty text is the root module.
 * @throws AddressError that says what is wrong and at which character.
 */
export function parseModuleAddress(text: string): ModulePath {
  if (text === "") return [];
  const reader = new AddressReader(text);
  const module = reader.modules();
  reader.end();
  return module;
}

function printWith(address: Address, printOneKey: (key: InstanceKey) => string): string {
  const modules = address.module.map((step) => `module.${step.name}${printOneKey(step.key)}.`).join("");
  const data = address.mode === "data" ? "data." : "";
  return `${modules}${data}${address.type}.${address.name}${printOneKey(address.key)}`;
}

function printKey(key: InstanceKey): string {
  if (key === null) return "";
  return typeof key === "number" ? `[${key}]` : `[${quote(key)}]`;
}

/** Sixteen digits hold every safe integer, so that equally long digits sort as the numbers do. */
function sortableKey(key: InstanceKey): string {
  return typeof key === "number" ? `[${String(key).padStart(16, "0")}]` : printKey(key);
}

const NEEDS_ESCAPE = /["\\]|[$%](?=\{)|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;
const SHORT_ESCAPES = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["$", "$$"],
  ["%", "%%"],
]);

/** A string of the language: template markers are doubled, what cannot be printed becomes its code point in hex. */
function quote(text: string): string {
  return `"${text.replace(NEEDS_ESCAPE, (character) => SHORT_ESCAPES.get(character) ?? hexEscape(character))}"`;
}

function hexEscape(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  return point < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

const NAME = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /\d+/y;
const PLAIN_TEXT = /(?:[^"\\$%\r\n]|(?!\$\$\{|%%\{)[$%](?!\{))+/y;
const ESCAPE = /\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|([$%])\4\{/y;
const ESCAPED = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);

class AddressReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The module steps at the start; the dot after them is taken too where more follows. */
  modules(): ModulePath {
    const steps: ModuleStep[] = [];
    while (this.#text.startsWith("module.", this.#at)) {
      this.#at += "module.".length;
      const name = this.name("the name of a module call");
      steps.push({ name, key: this.key() });
      if (this.#at === this.#text.length) break;
      this.dot("a resource or another module");
    }
    return steps;
  }

  name(expected: string): string {
    return this.#take(NAME)?.[0] ?? this.#fail(`${expected} is expected`);
  }

  dot(expected: string): void {
    if (this.#text[this.#at] !== ".") this.#fail(`a dot and ${expected} are expected`);
    this.#at += 1;
  }

  key(): InstanceKey {
    if (this.#text[this.#at] !== "[") return null;
    this.#at += 1;
    const key = this.#text[this.#at] === '"' ? this.#textKey() : this.#numberKey();
    if (this.#text[this.#at] !== "]") this.#fail("the bracket of the instance key is not closed");
    this.#at += 1;
    return key;
  }

  end(): void {
    if (this.#at < this.#text.length) {
      this.#fail(
        "the address should end here; give the address of one resource instance, without an attribute",
      );
    }
  }

  #numberKey(): number {
    const digits =
      this.#take(NUMBER)?.[0] ?? this.#fail('a number or a text in quotes is expected, [0] or ["a"]');
    const key = Number(digits);
    return Number.isSafeInteger(key) ? key : this.#fail("the instance key is too large");
  }

  #textKey(): string {
    this.#at += 1;
    let key = "";
    while (this.#text[this.#at] !== '"') key += this.#take(PLAIN_TEXT)?.[0] ?? this.#escape();
    this.#at += 1;
    return key;
  }

  #escape(): string {
    const found = this.#take(ESCAPE);
    if (found === null) return this.#refuseText();
    const [, short, hex4, hex8, marker] = found;
    if (marker !== undefined) return `${marker}{`;
    if (short !== undefined) return ESCAPED.get(short) ?? short;
    const point = Number.parseInt(hex4 ?? hex8 ?? "", 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : this.#fail("there is no such character");
  }

  #refuseText(): never {
    const next = this.#text[this.#at];
    if (next === undefined) return this.#fail("the quotes of the instance key are not closed");
    if (next === "\\") return this.#fail("there is no such escape; write two backslashes for one");
    if (next === "$" || next === "%") return this.#fail(`write ${next}${next}{ for ${next}{ in a key`);
    return this.#fail("a line ends inside of the instance key");
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #fail(why: string): never {
    throw new AddressError(
      `${JSON.stringify(this.#text)} is not a resource address: at character ${this.#at + 1} ${why}`,
    );
  }
}
