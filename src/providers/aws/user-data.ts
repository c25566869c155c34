import { createHash } from "node:crypto";

const SHA1_HEX = /^[0-9a-f]{40}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The hexadecimal SHA-1 under which the provider (to version 5) records user data: of the bytes that `text` encodes
 * where it is Base64, else of `text` itself. A hash is handed through.
 */
export function userDataHash(text: string): string {
  if (SHA1_HEX.test(text)) return text.toLowerCase();
  const bytes = BASE64.test(text) ? Buffer.from(text, "base64") : Buffer.from(text, "utf8");
  return createHash("sha1").update(bytes).digest("hex");
}

/**
 * Live user data in the form that can be compared with `recorded` without ever holding the text: what is recorded,
 * where it says the same, else the hash. `live` is Base64 as EC2 returns it; null where there is none.
 */
export function observedUserData(live: string | null, recorded: string): string {
  if (live === null || live === "") return "";
  const hash = userDataHash(live);
  return recorded !== "" && userDataHash(recorded) === hash ? recorded : hash;
}
