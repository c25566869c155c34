import { KnownNames } from "./known-names.ts";
import { Lexer } from "./lexer.ts";
import { type Diagnostic, positionAt, type SourceFile } from "./source.ts";
import { describeToken, Token } from "./token.ts";

/** How deep brackets, blocks and operators may stand in one another; each level costs the parser some call frames. */
export const MAX_DEPTH = 250;

/** How high a tree may grow; each step of `a.b.c` and each operand of `a + b + c` is a level of it. */
export const MAX_HEIGHT = 500;

/** After so many errors the rest of a text is not read. */
const MAX_ERRORS = 100;

/** A heredoc being read: how it ends, and how many brackets of its item were open before it. */
interface OpenHeredoc {
  readonly marker: string;
  readonly open: number;
}

/**
 * The token that the parser looks at, with what the parser has to remember on the way. A parsing function gives null
 * after it has reported why it cannot go on; the token is then the one it could not use.
 */
export class Cursor extends Lexer {
  readonly file: SourceFile;
  readonly diagnostics: Diagnostic[] = [];
  depth = 0;
  /** The height of the expression that was read last. */
  height = 0;
  /** How many brackets are open in the item at hand, for the way back after an error. */
  open = 0;
  heredocs: OpenHeredoc[] = [];
  readonly #names = new KnownNames();

  constructor(file: SourceFile, start: number, end: number) {
    super(end === file.text.length ? file.text : file.text.slice(0, end), start);
    this.file = file;
  }

  /** The text of the token, which is a name. */
  name(): string {
    return this.nameAt(this.start, this.end);
  }

  nameAt(start: number, end: number): string {
    return this.#names.at(this.text, start, end);
  }

  /** Steps behind an opening bracket, in which line ends do not count. Gives what `leave` needs. */
  enter(): boolean {
    const outer = this.newlines;
    this.newlines = false;
    this.open += 1;
    this.advance();
    return outer;
  }

  /** Steps behind the closing bracket. */
  leave(outer: boolean): void {
    this.newlines = outer;
    this.open -= 1;
    this.advance();
  }

  get exhausted(): boolean {
    return this.diagnostics.length >= MAX_ERRORS;
  }

  report(message: string, start: number, end: number): null {
    if (this.exhausted) return null;
    const full = this.diagnostics.length === MAX_ERRORS - 1;
    this.diagnostics.push({
      severity: "error",
      message: full ? `${message}; more errors follow, and the rest of the text was not read` : message,
      range: { file: this.file, start, end },
    });
    return null;
  }

  /** Notes the height of a node whose highest child has this one; false after an error, where that is too much. */
  grow(height: number): boolean {
    this.height = height + 1;
    if (this.height <= MAX_HEIGHT) return true;
    this.tooDeep();
    return false;
  }

  /** Reports that the token is not what has to stand here. */
  expected(what: string): null {
    const found = describeToken(this.kind, this.text, this.start, this.end);
    return this.report(`expected ${what}, found ${found}`, this.start, this.#errorEnd());
  }

  /** As `expected`, but where the text ended it shows the bracket that was left open. */
  expectedIn(what: string, construct: string, opened: number): null {
    if (this.kind === Token.end) {
      return this.report(
        `this ${construct} is not closed: expected ${what} before the end of the text`,
        opened,
        opened + 1,
      );
    }
    return this.expected(`${what} in the ${construct} that starts on line ${this.lineOf(opened)}`);
  }

  tooDeep(): null {
    return this.report(
      `this is nested more than ${MAX_DEPTH} levels deep, or is a chain of more than ${MAX_HEIGHT} steps; split it up`,
      this.start,
      this.#errorEnd(),
    );
  }

  lineOf(offset: number): number {
    return positionAt(this.file.text, offset).line;
  }

  /** An error is shown on the line it starts on. */
  #errorEnd(): number {
    if (this.kind === Token.newline) return this.start;
    const line = this.text.indexOf("\n", this.start);
    return line === -1 ? this.end : Math.min(this.end, line);
  }
}
