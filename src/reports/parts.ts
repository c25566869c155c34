import { byteLength } from "./budget.ts";
import { fence } from "./markdown.ts";

/**
 * A document of ours in parts of at most `budget` bytes, each complete in itself: what is open where a part ends (a
 * code block, a table, a folded section) is closed there, and opened again in the next one. Parts end between
 * paragraphs where that leaves them at least half full. Only lines longer than a whole part are divided.
 */
export function partsOf(markdown: string, budget: number): readonly string[] {
  return new Division(unitsOf(markdown.trim().split("\n")), budget).parts();
}

/** Lines, but for those that mean nothing without the next one: the head of a table, the start of a folded section. */
function unitsOf(lines: readonly string[]): readonly string[] {
  const units: string[] = [];
  for (const line of lines) {
    const last = units.at(-1);
    const isHead = last?.startsWith("|") === true && TABLE_RULE.test(line);
    if (isHead || last === "<details>") units.splice(-1, 1, `${last}\n${line}`);
    else units.push(line);
  }
  return units;
}

const TABLE_RULE = /^\|(?: --- \|)+$/;

interface Fence {
  /** The backticks that end it. */
  readonly mark: string;
  readonly language: string;
  readonly indent: number;
}

class Division {
  readonly #units: readonly string[];
  readonly #budget: number;
  readonly #parts: string[] = [];
  /** The lines of the part that is being filled, and their bytes with line ends. */
  #part: string[] = [];
  #size = 0;
  /** How many of its lines only open again what the last one had to close. */
  #opened = 0;
  /** How many of its lines come before the last place where it may end without more ado. */
  #border = 0;
  #fence: Fence | null = null;
  /** The two lines that begin the table; none while a code block is open. */
  #table: readonly string[] = [];
  /** The lines that begin the folded section. */
  #folded: readonly string[] = [];
  /** Outside of its list, what belongs to an item stands at the margin. */
  #dedent = 0;

  constructor(units: readonly string[], budget: number) {
    this.#units = units;
    this.#budget = budget;
  }

  parts(): readonly string[] {
    for (const [index, raw] of this.#units.entries()) {
      for (const line of this.#fitting(this.#atMargin(raw))) this.#add(line, index);
    }
    this.#end(this.#part);
    return this.#parts;
  }

  #atMargin(line: string): string {
    if (line !== "" && indentOf(line) < this.#dedent) this.#dedent = 0;
    return line.slice(this.#dedent);
  }

  /** The line, divided where no part can hold it. Out of a code block it becomes one: half of its Markdown may act. */
  #fitting(line: string): readonly string[] {
    const around = [...this.#openers(), ...this.#closers()];
    const room = this.#budget - sizeOf(around) - 1;
    if (byteLength(line) <= room) return [line];
    if (this.#fence !== null) return pieces(line, room);
    return ["", ...pieces(line, room - 200).flatMap((piece) => [...fence(piece, "").split("\n"), ""])];
  }

  #add(line: string, index: number): void {
    let text = line;
    while (this.#size + this.#sizeWith(text) > this.#budget && this.#part.length > this.#opened) {
      const before = this.#dedent;
      this.#cut(text);
      text = text.slice(Math.min(this.#dedent - before, indentOf(text)));
    }
    this.#push(text);
    this.#follow(text, index);
  }

  /** The bytes of a line and of all that would have to be closed after it. */
  #sizeWith(line: string): number {
    const closers = line === "</details>" ? [] : this.#closers();
    return sizeOf([line, ...(this.#endsFence(line) ? closers.slice(1) : closers)]);
  }

  #push(...lines: readonly string[]): void {
    this.#part.push(...lines);
    this.#size += sizeOf(lines);
  }

  #cut(next: string): void {
    const head = this.#part.slice(0, this.#border);
    if (sizeOf(head) * 2 >= this.#budget) {
      this.#begin(head, this.#part.slice(this.#border));
      this.#opened = 0;
      return;
    }
    const indent = this.#fence?.indent ?? indentOf(next);
    this.#dedent += indent;
    if (this.#fence === null && this.#part.at(-1) === "") this.#part.pop();
    if (this.#fence !== null) this.#fence = { ...this.#fence, indent: 0 };
    if (this.#fence === null && !next.startsWith("|")) this.#table = [];
    const openers = this.#openers();
    this.#begin([...this.#part, ...this.#closers(indent)], openers);
    this.#opened = openers.length;
  }

  #begin(ended: readonly string[], rest: readonly string[]): void {
    this.#end(ended);
    this.#part = [];
    this.#size = 0;
    this.#border = 0;
    this.#push(...rest);
  }

  #end(lines: readonly string[]): void {
    const text = lines.join("\n").trimEnd().replace(/^\n+/, "");
    if (text !== "") this.#parts.push(`${text}\n`);
  }

  #closers(indent = this.#fence?.indent ?? 0): readonly string[] {
    const mark = this.#fence === null ? [] : [`${" ".repeat(indent)}${this.#fence.mark}`];
    return this.#folded.length === 0 ? mark : [...mark, "", "</details>"];
  }

  #openers(): readonly string[] {
    const mark = this.#fence === null ? [] : [`${this.#fence.mark}${this.#fence.language}`];
    const folded = this.#folded.length === 0 ? [] : [...this.#folded, ""];
    return [...folded, ...this.#table, ...mark];
  }

  #endsFence(line: string): boolean {
    const mark = /^ *(`{3,})$/.exec(line)?.[1];
    return this.#fence !== null && mark !== undefined && mark.length >= this.#fence.mark.length;
  }

  /** What is open after a line. */
  #follow(line: string, index: number): void {
    if (this.#fence !== null) {
      if (this.#endsFence(line)) this.#fence = null;
      return;
    }
    const [, margin = "", mark, language = ""] = /^( *)(`{3,})([a-z]*)$/.exec(line) ?? [];
    if (mark !== undefined) this.#fence = { mark, language, indent: margin.length };
    const next = this.#units[index + 1] ?? "";
    const [first = "", second] = line.split("\n");
    if (!first.startsWith("|")) this.#table = [];
    else if (second !== undefined) this.#table = [first, second];
    if (first === "<details>") this.#folded = [line];
    if (line === "</details>") this.#folded = [];
    const isBorder = line === "" && indentOf(next) === 0 && this.#fence === null && this.#folded.length === 0;
    if (isBorder) this.#border = this.#part.length;
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((size, line) => size + byteLength(line) + 1, 0);
}

/** A long line in pieces of at most so many bytes; no character is divided. */
function pieces(line: string, bytes: number): string[] {
  const found: string[] = [];
  let piece = "";
  let size = 0;
  for (const character of line) {
    const more = byteLength(character);
    if (size + more > bytes) {
      found.push(piece);
      [piece, size] = ["", 0];
    }
    piece += character;
    size += more;
  }
  return [...found, piece];
}
