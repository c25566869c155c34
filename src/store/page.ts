/** A part of a list: what comes after a key, null for the start. */
export interface Page<Key> {
  readonly after: Key | null;
  readonly limit: number;
}

/** The most rows that one question answers with: a large result stops everything else while an embedded database reads it. */
const MOST_ROWS = 500;

/** The limit of a page, within bounds. */
export function rowLimit(limit: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.trunc(limit)));
}

/** Goes through all pages of a list, one at a time. `keyOf` names what the next page starts after. */
export async function* everyPage<Row, Key>(
  read: (page: Page<Key>) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
): AsyncGenerator<readonly Row[]> {
  for (let after: Key | null = null; ; ) {
    const rows = await read({ after, limit: MOST_ROWS });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < MOST_ROWS) return;
    after = keyOf(last);
  }
}

/** Parts of at most `size`, for statements with many rows. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
