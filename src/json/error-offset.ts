type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end";

const SPACE = /[ \t\n\r]*/y;
const STRING_SPECIAL = /["\\\p{Cc}]/gu;
const STRING_ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const ESCAPE_CUT_OFF = /\\(?:u[0-9a-fA-F]{0,3})?$/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NUMBER_LIKE = /[-+.\deE]*/y;

/**
 * Where a text stops being JSON: the offset of the first character that cannot stand there, the text's length where
 * it ends too early, null where it is JSON. The engine's own message may leave the place out and quotes the text,
 * which may be secret.
 */
export function jsonErrorOffset(text: string): number | null {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = skip(SPACE, text, 0);
  for (; at < text.length; at = skip(SPACE, text, at)) {
    const character = text[at] ?? "";
    if (expected === "comma or end") {
      const inside = open.at(-1);
      if (inside === undefined) return at;
      if (character === ",") expected = inside === "{" ? "key" : "value";
      else if (character === (inside === "{" ? "}" : "]")) open.pop();
      else return at;
      at += 1;
    } else if (expected === "colon") {
      if (character !== ":") return at;
      expected = "value";
      at += 1;
    } else if (expected === "key" || expected === "key or }") {
      if (character === "}" && expected === "key or }") {
        open.pop();
        expected = "comma or end";
        at += 1;
      } else {
        if (character !== '"') return at;
        const scanned = stringEnd(text, at);
        if (!scanned.good) return scanned.at;
        at = scanned.at;
        expected = "colon";
      }
    } else if (character === "]" && expected === "value or ]") {
      open.pop();
      expected = "comma or end";
      at += 1;
    } else if (character === "{" || character === "[") {
      open.push(character);
      expected = character === "{" ? "key or }" : "value or ]";
      at += 1;
    } else {
      const scanned = scalarEnd(text, at);
      if (!scanned.good) return scanned.at;
      at = scanned.at;
      expected = "comma or end";
    }
  }
  return expected === "comma or end" && open.length === 0 ? null : text.length;
}

interface Scanned {
  readonly good: boolean;
  /** The end of what was scanned, or the offset that is wrong. */
  readonly at: number;
}

function scalarEnd(text: string, start: number): Scanned {
  if (text[start] === '"') return stringEnd(text, start);
  const word = ["true", "false", "null"].find((any) => any[0] === text[start]);
  if (word !== undefined) {
    let at = start;
    while (at < start + word.length && text[at] === word[at - start]) at += 1;
    return { good: at === start + word.length, at };
  }
  const end = skip(NUMBER, text, start);
  const likely = skip(NUMBER_LIKE, text, start);
  if (likely === text.length && end !== likely) return { good: false, at: likely };
  return { good: end > start, at: end };
}

function stringEnd(text: string, start: number): Scanned {
  for (let at = start + 1; ; ) {
    STRING_SPECIAL.lastIndex = at;
    const special = STRING_SPECIAL.exec(text);
    if (special === null) return { good: false, at: text.length };
    at = special.index;
    const character = special[0];
    if (character === '"') return { good: true, at: at + 1 };
    if (character === "\\") {
      const end = skip(STRING_ESCAPE, text, at);
      if (end === at) return { good: false, at: skip(ESCAPE_CUT_OFF, text, at) };
      at = end;
    } else if (character < " ") return { good: false, at };
    else at += 1;
  }
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
