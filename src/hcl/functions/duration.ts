const UNITS = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

const DURATION = /^([-+]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g;
const LONGEST = 2n ** 63n;
const LONGEST_TEXT = 1_000;

/**
 * A duration as Go writes it (https://pkg.go.dev/time#ParseDuration), in nanoseconds; null for any other text and for
 * more than about 292 years.
 */
export function parseDuration(text: string): bigint | null {
  const [, sign, parts] = text.length > LONGEST_TEXT ? [] : (DURATION.exec(text) ?? []);
  if (parts === undefined) return null;
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of parts.matchAll(PART)) {
    const size = UNITS.get(unit) ?? 0n;
    total += BigInt(whole || 0) * size + (BigInt(fraction || 0) * size) / 10n ** BigInt(fraction.length);
  }
  if (total >= LONGEST) return null;
  return sign === "-" ? -total : total;
}
