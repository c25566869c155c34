import { createHash } from "node:crypto";

const SHA1_HEX = /^[0-9a-f]{40}$/i;

/**
 * The hexadecimal SHA-1 of what a text says, as the AWS provider (to version 5) records user data: of the bytes that it
 * encodes where it is Base64, whose line ends do not count, else of the text itself. A hash is handed through.
 */
export function contentHash(text: string): string {
  if (SHA1_HEX.test(text)) return text.toLowerCase();
  const packed = text.replace(/[\r\n]/g, "");
  const isBase64 = packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
  return createHash("sha1")
    .update(isBase64 ? Buffer.from(packed, "base64") : text)
    .digest("hex");
}
