/** How long something is to be ignored, as a command says it. */
export type IgnoredTime =
  /** `until`: the last day (UTC), `YYYY-MM-DD`; `rest`: what follows. */
  | { readonly kind: "until"; readonly until: string; readonly rest: string }
  /** `text`: what stands in place of a day. */
  | { readonly kind: "no-day"; readonly text: string }
  | { readonly kind: "past"; readonly text: string };

const DAY = 24 * 60 * 60 * 1000;
/** Days. */
const UNITS = { d: 1, day: 1, w: 7, week: 7, month: 30 } as const;

const DURATION =
  /^(?:for (\d{1,4}|an?|one)|(\d{1,4}))(?: |(?<=\d))(d(?:ay)?|w(?:eek)?|month)s?(?![\w-])[.,;!]*\s*(.*)$/is;
const UNTIL = /^until (.*)$/is;

/**
 * Reads `until 2030-12-31`, `until 31.12.2030`, `for 14 days`, `14d`, `2 weeks` and their like; a month has 30 days. Null where a text begins with
 * nothing of the kind.
 * @param rest with one space between words
 * @param today UTC, `YYYY-MM-DD`
 */
export function ignoredTime(rest: string, today: string): IgnoredTime | null {
  const [, forCount, bareCount, unit = "", behind = ""] = DURATION.exec(rest) ?? [];
  const written = forCount ?? bareCount;
  if (written !== undefined) return lasting(written, unit.toLowerCase(), behind, today);
  const text = UNTIL.exec(rest)?.[1];
  if (text === undefined) return null;
  const [, word = "", after = ""] = /^(\S*?)[.,;!]*(?: (.*))?$/s.exec(text) ?? [];
  const day = dayOf(word);
  if (day === null) {
    const said = text.replace(/(?:^| )because(?![\w-]).*$/is, "");
    return said === "" ? null : { kind: "no-day", text: said };
  }
  return day < today ? { kind: "past", text: word } : { kind: "until", until: day, rest: after };
}

/**
 * The day to come with which a reason ends, as in `of the freeze until 2030-12-31`: nobody who writes so means another
 * time. Null where it ends with none.
 */
export function dayInReason(reason: string, today: string): string | null {
  const word = /(?:^|\s)until (\S+?)[.,;!]*$/i.exec(reason)?.[1];
  const day = word === undefined ? null : dayOf(word);
  return day === null || day < today ? null : day;
}

function lasting(written: string, unit: string, rest: string, today: string): IgnoredTime | null {
  const count = /^\d/.test(written) ? Number(written) : 1;
  if (count === 0) return null;
  const days = count * (Object.entries(UNITS).find(([name]) => name === unit)?.[1] ?? 1);
  const until = new Date(Date.parse(`${today}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
  return { kind: "until", until, rest };
}

/** `2030-12-31` and `31.12.2030` as the first of them; null for what is no day. */
function dayOf(written: string): string | null {
  const [, date = "", month = "", year = ""] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(written) ?? [];
  const day = year === "" ? written : `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const time = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day) ? day : null;
}
