/**
 * Upper case letter by letter: one letter never becomes two, as Go's `strings.ToUpper` has it ("ß" stays).
 * @see https://pkg.go.dev/strings#ToUpper
 */
export function upperCase(text: string): string {
  const upper = text.toUpperCase();
  return PLAIN.test(text) ? upper : mapLetters(text, (letter) => letter.toUpperCase());
}

/** Lower case letter by letter, without regard to what stands around it. */
export function lowerCase(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return mapLetters(text, (letter) => (letter === "İ" ? "i" : letter.toLowerCase()));
}

const PLAIN = /^[\0-\x7f]*$/;

function mapLetters(text: string, change: (letter: string) => string): string {
  let changed = "";
  for (const letter of text) {
    const other = change(letter);
    changed += isOneLetter(other) ? other : letter;
  }
  return changed;
}

function isOneLetter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}

/** Upper case for the first letter of each word, where a word is letters, digits, `_` and what is above ASCII. */
export function titleCase(text: string): string {
  let titled = "";
  let inWord = false;
  for (const letter of text) {
    titled += inWord ? letter : mapLetters(letter, titleLetter);
    inWord = isWordLetter(letter);
  }
  return titled;
}

/** The three Croatian letters of two have a title case of their own. */
const TITLE_LETTERS = new Map([
  ["Ǆ", "ǅ"],
  ["ǅ", "ǅ"],
  ["ǆ", "ǅ"],
  ["Ǉ", "ǈ"],
  ["ǈ", "ǈ"],
  ["ǉ", "ǈ"],
  ["Ǌ", "ǋ"],
  ["ǋ", "ǋ"],
  ["ǌ", "ǋ"],
  ["Ǳ", "ǲ"],
  ["ǲ", "ǲ"],
  ["ǳ", "ǲ"],
]);

function titleLetter(letter: string): string {
  return TITLE_LETTERS.get(letter) ?? letter.toUpperCase();
}

function isWordLetter(letter: string): boolean {
  if (letter <= "\x7f") return /\w/.test(letter);
  return /[\p{L}\p{Nd}]/u.test(letter) || !/\p{White_Space}/u.test(letter);
}

const SPACES =
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

/** Removes what Unicode calls white space from both ends. */
export function trimSpace(text: string): string {
  return trimCharacters(text, SPACES);
}

/** Removes every character of `characters` from both ends. */
export function trimCharacters(text: string, characters: string): string {
  const cut = new Set(characters);
  const letters = Array.from(text);
  let start = 0;
  let end = letters.length;
  while (start < end && cut.has(letters[start] ?? "")) start += 1;
  while (end > start && cut.has(letters[end - 1] ?? "")) end -= 1;
  return letters.slice(start, end).join("");
}

/** Where the text ends without the `characters` at its end. */
export function endWithout(text: string, characters: string): number {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return end;
}
