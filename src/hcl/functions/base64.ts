import { Buffer } from "node:buffer";

const OTHER_LETTERS = /[^A-Za-z0-9+/]/;

/** The bytes that base64 with padding writes; line ends in it do not count, as in Go. Null for any other text. */
export function decodeBase64(text: string): Buffer | null {
  const letters = text.replace(/[\r\n]/g, "");
  const digits = letters.replace(/={1,2}$/, "");
  return letters.length % 4 !== 0 || OTHER_LETTERS.test(digits) ? null : Buffer.from(digits, "base64");
}
