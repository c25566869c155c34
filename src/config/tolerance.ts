import { z } from "zod";
import type { Within } from "../drift/tolerance.ts";
import { exactNumber } from "../json/json.ts";
import { MATCH_KEYS, type Tolerance } from "./model.ts";

const WITHIN = "a number, a percentage such as 5%, or a duration such as 90s, 15m, 6h or 1d";
const PERCENT = /^(\d{1,9}(?:\.\d{1,6})?)\s*%$/;
const DURATION = /^(\d{1,6})\s*(s|m|h|d)$/;
const MILLISECONDS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How much may differ, as it is written. */
export const withinSchema = z.union(
  [
    z.number(WITHIN).min(0, WITHIN),
    z.string(WITHIN).regex(new RegExp(`${PERCENT.source}|${DURATION.source}`), WITHIN),
  ],
  WITHIN,
);

type Globs = string | readonly string[] | undefined;

/** What may differ without being a finding, as it is used. */
export function toleranceOf(written: {
  readonly match: { readonly [Key in keyof Tolerance["match"]]?: Globs };
  readonly within: z.infer<typeof withinSchema>;
}): Tolerance {
  const match = Object.fromEntries(
    MATCH_KEYS.flatMap((key) => {
      const globs = written.match[key];
      return globs === undefined ? [] : [[key, [globs].flat()]];
    }),
  );
  return { match, within: withinOf(written.within) };
}

function withinOf(written: z.infer<typeof withinSchema>): Within {
  if (typeof written === "number") return { unit: "number", amount: written };
  const percent = PERCENT.exec(written)?.[1];
  if (percent !== undefined) return { unit: "percent", amount: exactNumber(percent) };
  const [, count, unit] = DURATION.exec(written) ?? [];
  return {
    unit: "milliseconds",
    amount: Number(count) * MILLISECONDS[unit as keyof typeof MILLISECONDS],
  };
}
