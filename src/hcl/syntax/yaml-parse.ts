import { CST, type Document, Lexer, parseAllDocuments } from "yaml";

type Documents = readonly Document.Parsed[];

/**
 * The documents of a text of YAML, perhaps none, with scalars as they are written. Brackets of `[…]` and `{…}` may close at any column,
 * as for Terraform, whose parser (https://github.com/go-yaml/yaml) does not look at the indentation there. Offsets are
 * those of the text.
 * @throws RangeError where it is nested too deep: the parser works its way down by recursion.
 */
export function parseYamlText(text: string, keepSourceTokens = false): Documents {
  const documents = parseOf(text, keepSourceTokens);
  const isTorn = documents.some(({ errors }) => errors.some(({ code }) => code === "BAD_INDENT"));
  const joined = isTorn ? withBracketsJoined(text) : null;
  return joined === null ? documents : parseOf(joined, keepSourceTokens);
}

function parseOf(text: string, keepSourceTokens: boolean): Documents {
  const documents = parseAllDocuments(text, {
    schema: "failsafe",
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
    keepSourceTokens,
  });
  return "empty" in documents ? [] : documents;
}

/** So many characters are read again at most, for all brackets together. */
const MOST_READ = 500_000;

/**
 * The text with blanks for the line ends (and comments before them) behind which a closing bracket stands further to the
 * left than it may. Null where something else than that is wrong with the indentation.
 */
function withBracketsJoined(text: string): string | null {
  let current = text;
  for (let read = 0; read < MOST_READ; ) {
    const torn = tornAt(current);
    if (torn === null) return current;
    const { lineEnd, bracket } = torn;
    if (!/[\]}]/.test(current[bracket] ?? "") || lineEnd === null) return null;
    current = current.slice(0, lineEnd) + " ".repeat(bracket - lineEnd) + current.slice(bracket);
    read += bracket;
  }
  return null;
}

interface Torn {
  /** Where the line ends above it, or the comment starts that does. */
  readonly lineEnd: number | null;
  /** What stands where the parser gives a collection up. */
  readonly bracket: number;
}

function tornAt(text: string): Torn | null {
  let at = 0;
  let lineEnd: number | null = null;
  let comment: number | null = null;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === CST.FLOW_END) {
      const blanks = /[ \t]*/y;
      blanks.lastIndex = at;
      return { lineEnd, bracket: at + (blanks.exec(text)?.[0].length ?? 0) };
    }
    const wasScalar = isScalar;
    isScalar = lexeme === CST.SCALAR;
    if (isScalar || lexeme === CST.DOCUMENT) continue;
    if (lexeme === "\n" || lexeme === "\r\n") lineEnd = comment ?? at;
    comment = lexeme.startsWith("#") && !wasScalar ? at : null;
    at += lexeme.length;
  }
  return null;
}
