/** A field as it is written, with its quotes. */
export interface CsvField {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly quoted: boolean;
}

/** A row: its range is with the line end. */
export interface CsvRow {
  readonly start: number;
  readonly end: number;
  readonly fields: readonly CsvField[];
}

const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|$)/y;

/** The rows of comma-separated values (RFC 4180) with their places, empty lines left out; null where they are none. */
export function csvRows(text: string): readonly CsvRow[] | null {
  const rows: CsvRow[] = [];
  let fields: CsvField[] = [];
  let [at, rowStart] = [0, 0];
  while (at < text.length || fields.length > 0) {
    const emptyLine = fields.length === 0 ? /\r?\n/y : null;
    if (emptyLine !== null) emptyLine.lastIndex = at;
    const skipped = emptyLine?.exec(text)?.[0].length ?? 0;
    if (skipped > 0) {
      at += skipped;
      rowStart = at;
      continue;
    }
    FIELD.lastIndex = at;
    const found = FIELD.exec(text);
    if (found === null) return null;
    const [all, quoted, plain = "", end = ""] = found;
    fields.push({
      start: at,
      end: at + all.length - end.length,
      value: quoted?.replaceAll('""', '"').replaceAll("\r\n", "\n") ?? plain,
      quoted: quoted !== undefined,
    });
    at += all.length;
    if (end === ",") continue;
    rows.push({ start: rowStart, end: at, fields });
    fields = [];
    rowStart = at;
  }
  return rows;
}
