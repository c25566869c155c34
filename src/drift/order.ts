const PIECES = /\d+|\D+/g;

/**
 * Orders addresses and printed paths as people read them: numbers by their value (`web[2]` before `web[10]`), all else
 * by code unit, so that the order is the same on every machine.
 */
export function compareNatural(a: string, b: string): number {
  const left = a.match(PIECES) ?? [];
  const right = b.match(PIECES) ?? [];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const order = comparePieces(left[at] ?? "", right[at] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(a, b);
}

function comparePieces(a: string, b: string): number {
  if (!isDigits(a) || !isDigits(b)) return compareText(a, b);
  const left = a.replace(/^0+(?=\d)/, "");
  const right = b.replace(/^0+(?=\d)/, "");
  return left.length - right.length || compareText(left, right);
}

function isDigits(text: string): boolean {
  return /^\d/.test(text);
}

/** Orders texts by code unit. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
