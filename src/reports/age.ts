const DAY = 24 * 60 * 60 * 1000;

/** The day of a time in UTC, as `2026-11-22`. */
export function dayText(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/**
 * How old something is, in words that stay the same for at least a day: `today`, `3 days`, `5 weeks`. Days are those of
 * the calendar in UTC, so that all ages of a document change at midnight.
 */
export function ageText(from: Date, to: Date): string {
  const days = Math.floor(to.getTime() / DAY) - Math.floor(from.getTime() / DAY);
  if (days <= 0) return "today";
  if (days < 14) return days === 1 ? "1 day" : `${days} days`;
  if (days < 70) return `${Math.floor(days / 7)} weeks`;
  if (days < 730) return `${Math.floor(days / 30.44)} months`;
  return `${Math.floor(days / 365.25)} years`;
}
