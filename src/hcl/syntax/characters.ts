const START = 1;
const PART = 2;
const ASCII = asciiClasses();

const START_BEYOND_ASCII = /^\p{ID_Start}$/u;
/** Unicode 15.1 added joiners and middle dots to ID_Continue; Terraform's older tables do not have them. */
const PART_BEYOND_ASCII = /^(?!\u200c|\u200d|\u30fb|\uff65)\p{ID_Continue}$/u;

function asciiClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 0; code < 128; code += 1) {
    const character = String.fromCharCode(code);
    if (/[A-Za-z_]/.test(character)) classes[code] = START | PART;
    else if (/[0-9-]/.test(character)) classes[code] = PART;
  }
  return classes;
}

/** The offset after the identifier that starts at `start`, or `start` where none does. */
export function identifierEnd(text: string, start: number): number {
  let at = start;
  let wanted = START;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      if (((ASCII[code] ?? 0) & wanted) === 0) return at;
      at += 1;
    } else {
      const width = widthBeyondAscii(text, at, wanted === START ? START_BEYOND_ASCII : PART_BEYOND_ASCII);
      if (width === 0) return at;
      at += width;
    }
    wanted = PART;
  }
}

function widthBeyondAscii(text: string, at: number, pattern: RegExp): number {
  const point = text.codePointAt(at);
  if (point === undefined) return 0;
  const character = String.fromCodePoint(point);
  return pattern.test(character) ? character.length : 0;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Below these code points every text is in NFC. */
const BEYOND_NFC = /[\u0300-\uffff]/;

/** The text in the normal form that all texts of the language have (NFC). */
export function normalized(text: string): string {
  return BEYOND_NFC.test(text) ? text.normalize("NFC") : text;
}

/** White space as Go's `unicode.IsSpace` has it, which decides what `~` strips and what indentation is. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** The first offset of `[start, end)` that is no white space, else `end`. */
export function skipSpace(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** The offset after the last character of `[start, end)` that is no white space, else `start`. */
export function skipSpaceBack(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}
