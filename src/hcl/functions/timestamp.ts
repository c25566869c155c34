/** A moment, and the offset it is written with. */
export interface Timestamp {
  /** Nanoseconds since 1970. */
  readonly instant: bigint;
  /** Minutes that local time is ahead of UTC. */
  readonly offset: number;
}

/** What the calendar and the clock show at the offset of a timestamp. */
export interface LocalTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From 0, Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const YAML_FORMS = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2})$/,
];

const SECOND = 1_000_000_000n;

/** A timestamp in the form of RFC 3339; null for any other text. */
export function parseTimestamp(text: string): Timestamp | null {
  const found = RFC3339.exec(text);
  return found === null ? null : timestampOf(found);
}

/** A timestamp in the forms of https://yaml.org/type/timestamp.html that Go reads; null for any other text. */
export function parseYamlTimestamp(text: string): Timestamp | null {
  for (const form of YAML_FORMS) {
    const found = form.exec(text);
    if (found !== null) return timestampOf(found);
  }
  return null;
}

function timestampOf([, ...parts]: RegExpExecArray): Timestamp | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part ?? 0));
  const [, , , , , , fraction = "", sign, hours = 0, minutes = 0] = parts;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  if (hour > 23 || minute > 59 || second > 59 || Number(hours) > 23 || Number(minutes) > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  date.setUTCHours(hour, minute, second);
  const nanoseconds = BigInt(fraction.slice(0, 9).padEnd(9, "0"));
  return { instant: (BigInt(date.getTime()) / 1000n - BigInt(offset) * 60n) * SECOND + nanoseconds, offset };
}

export function localTimeOf({ instant, offset }: Timestamp): LocalTime {
  const seconds = (instant - (((instant % SECOND) + SECOND) % SECOND)) / SECOND + BigInt(offset) * 60n;
  const date = new Date(Number(seconds) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** The timestamp in the form of RFC 3339, in whole seconds. */
export function formatTimestamp(timestamp: Timestamp): string {
  const { year, month, day, hour, minute, second } = localTimeOf(timestamp);
  const date = `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`;
  const zone = timestamp.offset === 0 ? "Z" : formatOffset(timestamp.offset, ":");
  return `${date}T${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}${zone}`;
}

/** An offset like `+01:30`, with `separator` between hours and minutes. */
export function formatOffset(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  const sign = offset < 0 ? "-" : "+";
  return `${sign}${twoDigits(Math.floor(minutes / 60))}${separator}${twoDigits(minutes % 60)}`;
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
