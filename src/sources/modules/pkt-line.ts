/** What stands between lines: `0000` ends a part, `0001` divides two, `0002` ends an answer. */
export type PktLine = { readonly text: string } | { readonly mark: 0 | 1 | 2 };

/** Lines as git sends them over the wire: https://git-scm.com/docs/gitprotocol-common#_pkt_line_format */
export function pktLine(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, "0")}${text}`;
}

/** Reads lines, each without its line break; null where the bytes are none. */
export function pktLines(bytes: Uint8Array): readonly PktLine[] | null {
  const lines: PktLine[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < buffer.length; ) {
    const prefix = buffer.toString("latin1", at, at + 4);
    if (!/^[0-9a-f]{4}$/i.test(prefix)) return null;
    const length = Number.parseInt(prefix, 16);
    if (length === 0 || length === 1 || length === 2) {
      lines.push({ mark: length });
      at += 4;
      continue;
    }
    if (length < 4 || at + length > buffer.length) return null;
    lines.push({ text: buffer.toString("utf8", at + 4, at + length).replace(/\n$/, "") });
    at += length;
  }
  return lines;
}
