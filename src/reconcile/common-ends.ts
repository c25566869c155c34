const BLOCK = 4096;

/** How many characters two texts start with alike. Blocks are compared first, which takes far less time. */
export function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at + BLOCK <= most && a.slice(at, at + BLOCK) === b.slice(at, at + BLOCK)) at += BLOCK;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at;
}

/** How many characters two texts end with alike; no more than `most`. */
export function commonEnd(a: string, b: string, most: number): number {
  const same = (from: number, to: number) =>
    a.slice(a.length - to, a.length - from) === b.slice(b.length - to, b.length - from);
  let length = 0;
  while (length + BLOCK <= most && same(length, length + BLOCK)) length += BLOCK;
  while (length < most && same(length, length + 1)) length += 1;
  return length;
}
