import { gzipSync } from "node:zlib";

/** What an archive holds, in order; see `tarOf`. */
export interface TarEntry {
  readonly name: string;
  /** POSIX type flag: `0` file, `1` hard link, `2` symbolic link, `5` folder, `g` global header, … */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly link?: string;
  /** The size that the header claims, where it is not the content's. */
  readonly size?: string;
}

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
export const TOP = "acme-shop-0123456";
const BLOCK = 512;

/** The bytes of a tar file, byte by byte as the POSIX `pax` page describes them: what no library would write, too. */
export function tarOf(entries: readonly TarEntry[], end = 2 * BLOCK): Uint8Array {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(end)]);
}

/** As GitHub answers: the commit in a global header, one folder around everything, gzip. */
export function githubTarball(entries: readonly TarEntry[], commit = COMMIT): Uint8Array {
  return gzipSync(tarOf(githubEntries(entries, commit)));
}

export function githubEntries(entries: readonly TarEntry[], commit = COMMIT): readonly TarEntry[] {
  return [
    globalHeader(commit),
    { name: `${TOP}/`, type: "5" },
    ...entries.map((entry) => ({ ...entry, name: `${TOP}/${entry.name}` })),
  ];
}

export function globalHeader(commit: string): TarEntry {
  return { name: "pax_global_header", type: "g", content: paxRecord("comment", commit) };
}

/** `length key=value`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (rest + String(length).length !== length) length += 1;
  return `${length} ${key}=${value}\n`;
}

function blocksOf({ name, type = "0", content = "", link = "", size }: TarEntry): Uint8Array[] {
  const bytes = Buffer.from(content);
  const nameBytes = Buffer.from(name);
  if (nameBytes.length > 100) {
    const longName = { name: "long", type: "x", content: paxRecord("path", name) };
    return [
      ...blocksOf(longName),
      ...blocksOf({ name: "short", type, content, link, ...(size ? { size } : {}) }),
    ];
  }
  const header = Buffer.alloc(BLOCK);
  nameBytes.copy(header);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(size ?? bytes.length.toString(8).padStart(11, "0"), 124);
  header.write("00000000000\0", 136);
  header.write(type, 156);
  header.write(link.slice(0, 100), 157);
  header.write("ustar\x0000", 257);
  header.write(checksum(header), 148);
  const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK);
  return [header, bytes, padding];
}

/** The checksum field of a header whose other fields are set. */
export function checksum(header: Uint8Array): string {
  let sum = 8 * 32;
  for (const [index, byte] of header.subarray(0, BLOCK).entries())
    if (index < 148 || index >= 156) sum += byte;
  return `${sum.toString(8).padStart(6, "0")}\0 `;
}
