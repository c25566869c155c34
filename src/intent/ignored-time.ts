/** How long something is to be ignored, as a command says it. */
export type IgnoredTime =
  /** `until`: the last day (UTC), `YYYY-MM-DD`; `rest`: what follows. */
  | { readonly kind: "until"; readonly until: string; readonly rest: string }
  /** `text`: what stands in place of a day. */
  | { readonly kind: "no-day"; readonly text: string }
  | { readonly kind: "past"; readonly text: string };

const DAY = 24 * 60 * 60 * 1000;
/** Days. */
const UNITS = { day: 1, week: 7, month: 30 } as const;

const DURATION = /^(?:for (\d{1,4}|an?|one)|(\d{1,4})) (day|week|month)s?(?![\w-])[.,;!]*\s*(.*)$/is;
const UNTIL = /^until (.*)$/is;

/**
 * Reads `until 2030-12-31`, `for 14 days`, `2 weeks` and their like; a month has 30 days. Null where a text begins with
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
  if (!isDay(word)) {
    const said = text.replace(/(?:^| )because(?![\w-]).*$/is, "");
    return said === "" ? null : { kind: "no-day", text: said };
  }
  return word < today ? { kind: "past", text: word } : { kind: "until", until: word, rest: after };
}

function lasting(written: string, unit: string, rest: string, today: string): IgnoredTime | null {
  const count = /^\d/.test(written) ? Number(written) : 1;
  if (count === 0) return null;
  const days = count * (Object.entries(UNITS).find(([name]) => name === unit)?.[1] ?? 1);
  const until = new Date(Date.parse(`${today}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
  return { kind: "until", until, rest };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}
