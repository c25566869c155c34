import { createHmac } from "node:crypto";
import { canonicalJson, type Json } from "../json/json.ts";
import type { Reading } from "./model.ts";

/**
 * A hash that nobody without the key can guess a value from. HMAC-SHA256 in lower-case hex.
 * @param key a secret of the installation; the same for all scans whose hashes are compared.
 */
export function keyedHash(key: string, value: Json): string {
  return createHmac("sha256", key).update(canonicalJson(value)).digest("hex");
}

/**
 * What may be said of a value that is there or not. A sensitive one becomes a keyed hash of its normal form, so that
 * two ways to write the same secret give the same reading.
 */
export function readingOf(
  value: Json | undefined,
  normal: Json | undefined,
  secrecy: { readonly sensitive: boolean; readonly key: string },
): Reading {
  if (value === undefined || value === null) return "absent";
  return secrecy.sensitive ? { hidden: keyedHash(secrecy.key, normal ?? value) } : { known: value };
}
