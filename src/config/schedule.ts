import { type CronExpression, CronExpressionParser } from "cron-parser";
import { z } from "zod";
import type { Schedule } from "./model.ts";

/** No schedule has moments that are closer. In milliseconds. */
export const SHORTEST_INTERVAL = 15 * 60_000;

const CRON = "a cron expression of five fields, such as 0 6 * * 1-5";
const NEVER =
  "a cron expression with values that there are: minutes 0-59, hours 0-23, days that one of its months has, months 1-12, days of the week 0-7";
const ZONE = "a time zone such as Europe/Berlin or UTC";
/** Minute, hour, day of the month, month, day of the week; `H` is a moment of the repository's own. */
const FIVE_FIELDS = /^\s*(?:[0-9A-Za-z*/,\-?#]{1,60}\s+){4}[0-9A-Za-z*/,\-?#]{1,60}\s*$/;
/** Moments that are looked at to find two that are too close. */
const LOOKED_AT = 100;

const cron = z.string(CRON).regex(FIVE_FIELDS, CRON).refine(isReadable, NEVER);
const zone = z.string(ZONE).refine(isZone, ZONE);

/** As it is written: an expression alone is in UTC. */
export const scheduleSchema = z.union(
  [
    cron,
    z.strictObject({
      cron: cron.meta({ description: "Minute, hour, day of the month, month, day of the week." }),
      time_zone: zone.optional().meta({ description: "As IANA calls it; default: UTC." }),
    }),
  ],
  `${CRON}, or cron and time_zone`,
);

export function scheduleOf(written: z.infer<typeof scheduleSchema>): Schedule {
  const { cron: expression, time_zone = "UTC" } = typeof written === "string" ? { cron: written } : written;
  return { cron: expression.trim(), timeZone: time_zone };
}

/**
 * The first moment after a time; null where there is none in the years to come.
 * @param seed chooses the moments of `H`: the same ones each time for the same seed
 */
export function nextMoment({ cron: expression, timeZone }: Schedule, after: Date, seed: string): Date | null {
  try {
    return parsed(expression, timeZone, after, seed).next().toDate();
  } catch {
    return null;
  }
}

/** What is wrong with a schedule that is written well; null where nothing is. */
export function scheduleProblem({ cron: expression, timeZone }: Schedule, now: Date): string | null {
  try {
    const moments = parsed(expression, timeZone, now, "").take(LOOKED_AT);
    const times = moments.map((moment) => moment.getTime());
    const isClose = times.some((time, index) => time - (times[index - 1] ?? 0) < SHORTEST_INTERVAL);
    return isClose ? "has moments that are less than 15 minutes apart; leave some of them out" : null;
  } catch {
    return "names no moment in the years to come; correct it";
  }
}

function parsed(expression: string, tz: string, currentDate: Date, hashSeed: string): CronExpression {
  return CronExpressionParser.parse(expression, { tz, currentDate, hashSeed });
}

function isReadable(expression: string): boolean {
  try {
    CronExpressionParser.parse(expression);
    return true;
  } catch {
    return false;
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
