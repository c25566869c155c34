import { createHash } from "node:crypto";
import { STRING } from "../values/type.ts";
import { stringValue, type Value } from "../values/value.ts";
import { textAt, textParameter } from "./arguments.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

type Algorithm = "md5" | "sha1" | "sha256" | "sha512";

function hashing(algorithm: Algorithm, encoding: "hex" | "base64"): FunctionDefinition {
  return {
    parameters: [textParameter("str")],
    returns: STRING,
    call(args, budget) {
      const text = textAt(args, 0);
      budget.text(text.length);
      return stringValue(createHash(algorithm).update(text, "utf8").digest(encoding));
    },
  };
}

/** https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5 */
const uuidv5: FunctionDefinition = {
  parameters: [textParameter("namespace"), textParameter("name")],
  returns: STRING,
  call(args, budget) {
    const name = textAt(args, 1);
    budget.text(name.length);
    const digest = createHash("sha1").update(namespaceAt(args, 0)).update(name, "utf8").digest();
    digest.writeUInt8(((digest[6] ?? 0) & 0x0f) | 0x50, 6);
    digest.writeUInt8(((digest[8] ?? 0) & 0x3f) | 0x80, 8);
    const hex = digest.toString("hex", 0, 16);
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
    return stringValue(parts.join("-"));
  },
};

const NAMESPACES = new Map([
  ["dns", "6ba7b8109dad11d180b400c04fd430c8"],
  ["url", "6ba7b8119dad11d180b400c04fd430c8"],
  ["oid", "6ba7b8129dad11d180b400c04fd430c8"],
  ["x500", "6ba7b8149dad11d180b400c04fd430c8"],
]);

const HEX = "[0-9a-f]";
const UUID = new RegExp(`${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`, "i");
const UUID_FORMS = new RegExp(`^(?:urn:uuid:)?${UUID.source}$|^\\{${UUID.source}\\}$|^${HEX}{32}$`, "i");

function namespaceAt(args: readonly Value[], index: number): Buffer {
  const text = textAt(args, index);
  const known = NAMESPACES.get(text);
  if (known === undefined && !UUID_FORMS.test(text)) {
    throw new FunctionError('must be "dns", "url", "oid", "x500" or a UUID', index);
  }
  return Buffer.from(known ?? text.replace(/^urn:uuid:|[{}-]/gi, ""), "hex");
}

/** Hashes of text, and names made of hashes. */
export const HASH_FUNCTIONS: FunctionTable = new Map(
  Object.entries({
    base64sha256: hashing("sha256", "base64"),
    base64sha512: hashing("sha512", "base64"),
    md5: hashing("md5", "hex"),
    sha1: hashing("sha1", "hex"),
    sha256: hashing("sha256", "hex"),
    sha512: hashing("sha512", "hex"),
    uuidv5,
  }),
);
