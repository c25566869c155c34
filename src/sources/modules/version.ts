/** A version as Terraform reads one: any number of numbers, an optional pre-release, and metadata that says nothing. */
export interface Version {
  /** At least three. */
  readonly numbers: readonly number[];
  /** How many of them are written. */
  readonly written: number;
  /** Empty for a release. */
  readonly prerelease: string;
  readonly metadata: string;
}

const NUMBERS = String.raw`v?(\d+(?:\.\d+)*)`;
const PRERELEASE = String.raw`(?:-(\d+[0-9A-Za-z~-]*(?:\.[0-9A-Za-z~-]+)*)|-?([A-Za-z~-]+[0-9A-Za-z~-]*(?:\.[0-9A-Za-z~-]+)*))?`;
const METADATA = String.raw`(?:\+([0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*))?`;
const VERSION = new RegExp(`^${NUMBERS}${PRERELEASE}${METADATA}$`);
const LONGEST = 200;

/** Null for what is no version. */
export function parseVersion(text: string): Version | null {
  const match = text.length > LONGEST ? null : VERSION.exec(text);
  if (match === null) return null;
  const [, numbers = "", numeric = "", named = "", metadata = ""] = match;
  const written = numbers.split(".").map(Number);
  if (!written.every(Number.isSafeInteger)) return null;
  const padded = [...written, 0, 0].slice(0, Math.max(3, written.length));
  return { numbers: padded, written: written.length, prerelease: named || numeric, metadata };
}

/** `1.2.3-beta1+build`, with at least three numbers. */
export function printVersion({ numbers, prerelease, metadata }: Version): string {
  return `${numbers.join(".")}${prerelease && `-${prerelease}`}${metadata && `+${metadata}`}`;
}

/** Negative where `a` goes before `b`. Missing numbers are zeros; a pre-release goes before its release. */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  // With more numbers than the other it is compared by them alone.
  if (a.numbers.length !== b.numbers.length) return 0;
  return comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? 1 : -1;
  const [left, right] = [a.split("."), b.split(".")];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = comparePart(left[at] ?? "", right[at] ?? "");
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numbers go before words; of two words the one before in the alphabet. */
function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? -1 : 1;
  const [isNumber, isOther] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOther) return Number(a) - Number(b);
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  return a < b ? -1 : 1;
}
