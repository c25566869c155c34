import { decodeText, type Snapshot } from "./snapshot.ts";

/** Beyond that nobody looks for the line. */
const LOOKED_THROUGH = 1_000_000;

/** Why a file is no text that can be read, and what to do about it; a clause. */
export function whyUnreadable(snapshot: Snapshot, path: string): string {
  const bytes = snapshot.read(path);
  if (bytes === undefined) {
    return "there is no such file, or it is a link that leads nowhere or out of the root; mend it, or give a --root that holds what it leads to";
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return "it is UTF-16, and code is UTF-8; save it as UTF-8";
  }
  if (bytes.subarray(0, LOOKED_THROUGH).includes(0))
    return "it is a binary file and no code; give it another name";
  return `line ${firstWrongLine(bytes)} is not UTF-8; save the file as UTF-8`;
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
