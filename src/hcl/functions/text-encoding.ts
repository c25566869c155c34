import { Buffer } from "node:buffer";
import { encodingNamed } from "./encoding-names.ts";
import { FunctionError } from "./function.ts";

const ONE_BYTE = /^(?:windows-125[0-8]|iso-8859-(?:[2-8]|10|13|14|15|16)|koi8-[ru]|macintosh|ibm866)$/;
const MANY_BYTES = /^(?:shift_jis|euc-jp|iso-2022-jp|big5|gbk|gb18030|euc-kr)$/;

/**
 * The bytes of a text in an encoding with an IANA name; null for an encoding that is not written here.
 * @throws FunctionError where there is no such encoding, or it lacks one of the letters.
 */
export function encodeText(text: string, encoding: string): Buffer | null {
  const name = known(encoding);
  if (name === "utf-8") return Buffer.from(text, "utf8");
  if (name === "utf-16le") return Buffer.from(text, "utf16le");
  if (name === "utf-16be") return Buffer.from(text, "utf16le").swap16();
  if (name === "utf-16") return Buffer.from(`\ufeff${text}`, "utf16le").swap16();
  const letters = lettersOf(name);
  if (letters === null) return null;
  const bytes = new Map(letters.map((letter, byte) => [letter, byte] as const));
  const encoded = Array.from(text, (letter) => (letter === UNDEFINED ? -1 : (bytes.get(letter) ?? -1)));
  if (encoded.includes(-1)) throw new FunctionError(`has letters that ${encoding} cannot write`, 0);
  return Buffer.from(encoded);
}

/**
 * The text of bytes in an encoding with an IANA name; null for an encoding that is not read here.
 * @throws FunctionError where there is no such encoding, or the bytes are no text in it.
 */
export function decodeText(bytes: Buffer, encoding: string): string | null {
  const name = known(encoding);
  const letters = lettersOf(name);
  const text =
    letters === null
      ? decodeWith(bytes, name)
      : Array.from(bytes, (byte) => letters[byte] ?? UNDEFINED).join("");
  if (text === null || !text.includes(UNDEFINED)) return text;
  throw new FunctionError(`is no text in ${encoding}`, 0);
}

function known(encoding: string): string {
  const name = encodingNamed(encoding);
  if (name === null) throw new FunctionError("is no encoding that Terraform knows", 1);
  return name;
}

const UNDEFINED = "\ufffd";

function decodeWith(bytes: Buffer, name: string): string | null {
  if (name === "utf-8" || MANY_BYTES.test(name)) return decoded(bytes, name);
  if (name === "utf-16le" || name === "utf-16be") return decoded(bytes, name);
  if (name !== "utf-16") return null;
  const mark = bytes.toString("hex", 0, 2);
  const text = decoded(bytes, mark === "fffe" ? "utf-16le" : "utf-16be");
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

function decoded(bytes: Buffer, name: string): string {
  return new TextDecoder(name, { ignoreBOM: true }).decode(bytes);
}

/** What each byte stands for in an encoding of one byte a letter; null for any other encoding. */
function lettersOf(name: string): readonly string[] | null {
  if (name === "iso-8859-1") return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
  if (name === "us-ascii") return Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
  if (!ONE_BYTE.test(name)) return null;
  const decoder = new TextDecoder(name);
  return Array.from({ length: 256 }, (_, byte) => {
    const letter = decoder.decode(Uint8Array.of(byte));
    // Browsers read a byte without a letter as a control character; the standards leave it undefined.
    return byte > 0x7f && isControl(letter) && name.startsWith("windows-") ? UNDEFINED : letter;
  });
}

function isControl(letter: string): boolean {
  return letter >= "\x80" && letter <= "\x9f";
}
