import type { Readable } from "node:stream";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { type ArchiveEntry, ArchiveReading } from "../archive-reading.ts";
import type { ArchiveTree } from "../archive-tree.ts";
import { TarballError } from "../tarball-error.ts";
import type { TarballLimits } from "../tarball-limits.ts";

/**
 * Reads the files of a zip archive, with the limits and the rules of a tarball. Nothing is written anywhere.
 * @throws TarballError, and nothing else whatever the bytes are
 */
export async function openZip(
  bytes: Buffer,
  limits: TarballLimits,
): Promise<{ readonly tree: ArchiveTree; readonly bytes: number }> {
  const reading = new ArchiveReading(limits, "plain");
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
    for await (const entry of zip.eachEntry()) await reading.take(entryOf(zip, entry));
  } catch (error) {
    if (error instanceof TarballError) throw error;
    throw new TarballError("damaged", "the archive is damaged or no zip file", error);
  }
  return { tree: reading.tree, bytes: reading.bytes };
}

function entryOf(zip: ZipFile, entry: Entry): ArchiveEntry {
  return {
    name: entry.fileName,
    kind: kindOf(entry),
    size: entry.uncompressedSize,
    target: "",
    read: async () => bytesOf(await zip.openReadStreamPromise(entry)),
  };
}

const FILE_KIND = 0o170000;
const REGULAR = 0o100000;

/** Terraform makes files of the links in a zip; here they are said to be none. */
function kindOf({ fileName, externalFileAttributes }: Entry): ArchiveEntry["kind"] {
  if (fileName.endsWith("/")) return "folder";
  // Zero where the archive was not made on a Unix.
  const kind = (externalFileAttributes >>> 16) & FILE_KIND;
  return kind === 0 || kind === REGULAR ? "file" : "special";
}

async function bytesOf(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}
