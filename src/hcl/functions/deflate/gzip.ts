import { crc32 } from "node:zlib";
import { BitWriter } from "./bit-writer.ts";
import { writeBlock, writeStored } from "./block-writer.ts";
import { eachBlock } from "./blocks.ts";

/** DEFLATE, no name and no time, an unknown system (https://www.rfc-editor.org/rfc/rfc1952#section-2.3). */
const HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
const NOTHING = new Uint8Array();

/**
 * The very bytes that Go's `compress/gzip` gives at its default level where all is written at once, flushed and closed,
 * as Terraform does it: those of Go 1.8 to 1.26. Go 1.27 has another compressor, with other bytes.
 *
 * `spend` is told after each block how many bytes were compared to make it, and may throw.
 */
export function gzip(bytes: Uint8Array, spend: (compared: number) => void): Uint8Array {
  const out = new BitWriter();
  out.bytes(new Uint8Array(HEADER));
  eachBlock(bytes, (block) => {
    spend(block.compared);
    writeBlock(out, block);
  });
  // The flush, and the end.
  writeStored(out, NOTHING, false);
  writeStored(out, NOTHING, true);
  out.bytes(littleEndian(crc32(bytes)));
  out.bytes(littleEndian(bytes.length));
  return out.written();
}

function littleEndian(value: number): Uint8Array {
  return new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);
}
