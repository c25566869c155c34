import { encryptionOf, isLfsPointer, isOfSops } from "./encryption.ts";
import { decodeText, type Snapshot } from "./snapshot.ts";

/** Beyond that nobody looks for the line. */
const LOOKED_THROUGH = 1_000_000;

/** Why a file is no text that can be read as code. */
export interface Unreadable {
  /** A clause: `it is UTF-16, and code is UTF-8`. */
  readonly why: string;
  /** What to do about it; null where it is meant to be so. */
  readonly remedy: string | null;
  readonly isEncrypted: boolean;
}

/** The text of a file that may be code or values of variables; null where it is none that people write. */
export function readableText(bytes: Uint8Array): string | null {
  if (encryptionOf(bytes) !== null || isLfsPointer(bytes)) return null;
  const text = decodeText(bytes);
  return text === null || text.includes("\0") || isOfSops(text) ? null : text;
}

/** Why `readableText` has no text of a file. */
export function unreadable(snapshot: Snapshot, path: string): Unreadable {
  const bytes = snapshot.read(path);
  if (bytes === undefined) {
    const refused = snapshot.whyNot?.(path) ?? null;
    if (refused !== null) return damaged(refused, remedyOf(refused));
    return damaged(
      "there is no such file, or it is a link that leads nowhere or out of the root",
      "mend it, or give a --root that holds what it leads to",
    );
  }
  const program = encryptionOf(bytes) ?? (isOfSops(decodeText(bytes) ?? "") ? "sops" : null);
  if (program !== null) return { why: `it is encrypted (${program})`, remedy: null, isEncrypted: true };
  if (isLfsPointer(bytes)) {
    return damaged(
      "it is a pointer to what Git LFS stores",
      "run git lfs pull, or keep the file out of Git LFS",
    );
  }
  const looked = bytes.subarray(0, LOOKED_THROUGH);
  if (isUtf16(looked)) return damaged("it is UTF-16, and code is UTF-8", "save it as UTF-8");
  if (looked.includes(0)) return damaged("it is a binary file and no code", "give it another name");
  return damaged(`line ${firstWrongLine(bytes)} is not UTF-8`, "save the file as UTF-8");
}

/** Why a file of code cannot be read, and what to do about it; a clause. */
export function whyUnreadable(snapshot: Snapshot, path: string): string {
  const { why, remedy } = unreadable(snapshot, path);
  return `${why}; ${remedy ?? "keep what declares resources out of what is encrypted"}`;
}

/** What helps against what a checkout refuses. */
function remedyOf(refused: string): string {
  if (refused.includes("no permission")) return "let the user that runs Driftwright read it";
  return refused.includes("out of the root")
    ? "give a --root that holds what it leads to"
    : "mend it, or take it away";
}

function damaged(why: string, remedy: string): Unreadable {
  return { why, remedy, isEncrypted: false };
}

/** A byte order mark says so; without one, every second byte of the letters that code has is zero. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const zeros = [0, 0];
  for (const [index, byte] of bytes.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  return bytes.length % 2 === 0 && Math.min(even, odd) === 0 && Math.max(even, odd) * 4 > bytes.length;
}

/** The line of the first byte that is not UTF-8, from 1. */
function firstWrongLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < Math.min(bytes.length, LOOKED_THROUGH); line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const next = end === -1 ? bytes.length : end + 1;
    if (decodeText(bytes.subarray(start, next)) === null) break;
    start = next;
  }
  return line;
}
