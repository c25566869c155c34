import { createHash } from "node:crypto";

const LENGTHS: ReadonlyMap<number, string> = new Map([
  [32, "md5"],
  [40, "sha1"],
  [64, "sha256"],
  [128, "sha512"],
]);

/** Why bytes do not have a checksum (`sha256:…`, or the digits alone), as a clause; null where they have it. */
export function checksumProblem(bytes: Uint8Array, checksum: string): string | null {
  const [, named, digits = ""] = /^(?:(md5|sha1|sha256|sha512):)?([0-9a-f]+)$/i.exec(checksum) ?? [];
  const algorithm = LENGTHS.get(digits.length);
  if (algorithm === undefined || (named !== undefined && named !== algorithm)) {
    return "its checksum is not well-formed, or is kept in a file, which is not read; write it as sha256:…";
  }
  const found = createHash(algorithm).update(bytes).digest("hex");
  return found === digits.toLowerCase()
    ? null
    : `its archive has another checksum than the source says (${algorithm})`;
}
