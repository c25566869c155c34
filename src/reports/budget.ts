/**
 * How long a body of a pull request, issue or check run may be, in bytes of UTF-8. GitHub allows 65,536 characters (of
 * check runs 65,535); a text has never more UTF-16 code units than bytes, so the budget holds in both measures, with
 * room for what GitHub or a comment adds.
 */
export const BODY_BUDGET = 58_000;

/** The items of a list that a body has room for, and how many are left out. */
interface Taken<T> {
  readonly shown: readonly T[];
  readonly left: number;
}

/** Hands out room for items. Lists that matter most ask first. */
export interface Allowance {
  take<T>(items: readonly T[]): Taken<T>;
}

export interface Fitted {
  readonly body: string;
  /** The complete text, for a file, where the body had to leave something out. */
  readonly overflow: string | null;
}

/**
 * Renders a body within a budget of bytes: whole items (rows, steps, lines of a diff) are left out from the end until
 * it fits, and the text itself is never cut. `render` takes every list through its allowance and says what is left out.
 */
export function fitBody(render: (allowance: Allowance) => string, budget = BODY_BUDGET): Fitted {
  const complete = renderAll(render);
  const isFitting = (text: string) => byteLength(text) <= budget;
  if (isFitting(complete)) return { body: complete, overflow: null };
  return { body: partThatFits(render, isFitting), overflow: complete };
}

/** All of it, however long. */
export function renderAll(render: (allowance: Allowance) => string): string {
  return render(new CountedAllowance(Number.POSITIVE_INFINITY));
}

/** The rendering with the most items that fits, where the one with all does not; none of them where nothing fits. */
export function partThatFits(
  render: (allowance: Allowance) => string,
  isFitting: (text: string) => boolean,
): string {
  const withItems = (limit: number) => render(new CountedAllowance(limit));
  let fits = 0;
  let tooMany = 1;
  // From below, since the complete one may be very long.
  while (tooMany < MOST_ITEMS && isFitting(withItems(tooMany))) [fits, tooMany] = [tooMany, tooMany * 2];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (isFitting(withItems(middle))) fits = middle;
    else tooMany = middle;
  }
  return withItems(fits);
}

/** More than any document has. */
const MOST_ITEMS = 2 ** 40;

export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

class CountedAllowance implements Allowance {
  taken = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  take<T>(items: readonly T[]): Taken<T> {
    const room = Math.max(0, this.#limit - this.taken);
    const shown = items.length <= room ? items : items.slice(0, room);
    this.taken += shown.length;
    return { shown, left: items.length - shown.length };
  }
}
