import { NUMBER, STRING } from "../values/type.ts";
import { numberValue, type Value } from "../values/value.ts";
import { textAt, textParameter, textResult } from "./arguments.ts";
import { parseDuration } from "./duration.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";
import {
  formatOffset,
  formatTimestamp,
  type LocalTime,
  localTimeOf,
  parseTimestamp,
  type Timestamp,
  twoDigits,
} from "./timestamp.ts";

const formatdate: FunctionDefinition = {
  parameters: [textParameter("format"), textParameter("time")],
  returns: STRING,
  call(args, budget) {
    const { offset, ...timestamp } = timestampAt(args, 1);
    const local = localTimeOf({ ...timestamp, offset });
    const format = textAt(args, 0);
    budget.text(format.length * 2);
    const parts = Array.from(format.matchAll(TOKEN), ([token]) => formatToken(token, local, offset));
    return textResult(parts.join(""));
  },
};

/** A quoted text, one letter repeated, or anything else. */
const TOKEN = /''|'[^']*(?:''[^']*)*'?|([A-Za-z])\1*|[^A-Za-z']+/g;

function formatToken(token: string, local: LocalTime, offset: number): string {
  if (token === "''") return "'";
  if (token.startsWith("'")) {
    if (token.length === 1 || !token.endsWith("'")) {
      throw new FunctionError("has a quote without its end; write a single quote as ''", 0);
    }
    return token.slice(1, -1).replaceAll("''", "'");
  }
  if (!/^[A-Za-z]/.test(token)) return token;
  const write = LETTERS.get(token);
  if (write !== undefined) return write(local, offset);
  throw new FunctionError(`has letters without a meaning: ${token}; put text in single quotes`, 0);
}

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** https://developer.hashicorp.com/terraform/language/functions/formatdate */
const LETTERS = new Map<string, (local: LocalTime, offset: number) => string>([
  ["YYYY", ({ year }) => String(year).padStart(4, "0")],
  ["YY", ({ year }) => twoDigits(year % 100)],
  ["MMMM", ({ month }) => MONTHS[month - 1] ?? ""],
  ["MMM", ({ month }) => (MONTHS[month - 1] ?? "").slice(0, 3)],
  ["MM", ({ month }) => twoDigits(month)],
  ["M", ({ month }) => String(month)],
  ["DD", ({ day }) => twoDigits(day)],
  ["D", ({ day }) => String(day)],
  ["EEEE", ({ weekday }) => WEEKDAYS[weekday] ?? ""],
  ["EEE", ({ weekday }) => (WEEKDAYS[weekday] ?? "").slice(0, 3)],
  ["hh", ({ hour }) => twoDigits(hour)],
  ["h", ({ hour }) => String(hour)],
  ["HH", ({ hour }) => twoDigits(hour % 12 || 12)],
  ["H", ({ hour }) => String(hour % 12 || 12)],
  ["AA", ({ hour }) => (hour < 12 ? "AM" : "PM")],
  ["aa", ({ hour }) => (hour < 12 ? "am" : "pm")],
  ["mm", ({ minute }) => twoDigits(minute)],
  ["m", ({ minute }) => String(minute)],
  ["ss", ({ second }) => twoDigits(second)],
  ["s", ({ second }) => String(second)],
  ["ZZZZZ", (_, offset) => formatOffset(offset, ":")],
  ["ZZZZ", (_, offset) => formatOffset(offset, "")],
  ["ZZZ", (_, offset) => (offset === 0 ? "UTC" : formatOffset(offset, ""))],
  ["Z", (_, offset) => (offset === 0 ? "Z" : formatOffset(offset, ":"))],
]);

const timeadd: FunctionDefinition = {
  parameters: [textParameter("timestamp"), textParameter("duration")],
  returns: STRING,
  call(args) {
    const timestamp = timestampAt(args, 0);
    const duration = parseDuration(textAt(args, 1));
    if (duration === null) throw new FunctionError('is no duration; write one like "1h30m" or "-90s"', 1);
    return textResult(formatTimestamp({ ...timestamp, instant: timestamp.instant + duration }));
  },
};

const timecmp: FunctionDefinition = {
  parameters: [textParameter("timestamp_a"), textParameter("timestamp_b")],
  returns: NUMBER,
  call(args) {
    const a = timestampAt(args, 0).instant;
    const b = timestampAt(args, 1).instant;
    if (a === b) return numberValue(0);
    return numberValue(a < b ? -1 : 1);
  },
};

function timestampAt(args: readonly Value[], index: number): Timestamp {
  const timestamp = parseTimestamp(textAt(args, index));
  if (timestamp !== null) return timestamp;
  throw new FunctionError('is no timestamp of RFC 3339; write one like "2006-01-02T15:04:05Z"', index);
}

/** Functions of dates and times. What depends on the clock is in impure.ts. */
export const DATE_FUNCTIONS: FunctionTable = new Map(Object.entries({ formatdate, timeadd, timecmp }));
