/** Rows under a header as aligned columns: the first to the left, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? "";
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `  ${line}\n`).join("");
}

/** A number for people: few digits after the point, thousands apart. */
export function shown(number: number | null, digits = 0): string {
  if (number === null) return "-";
  return number.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function megabytes(bytes: number | null): string {
  return bytes === null ? "-" : shown(bytes / 1e6);
}

/** How many times as large: `12x`. */
export function times(large: number | null, small: number | null): string {
  return large === null || small === null ? "-" : `${shown(large / small, large / small < 10 ? 1 : 0)}x`;
}
