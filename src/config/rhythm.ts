import { matchesGlobs } from "./globs.ts";
import type { RepositoryConfig, Schedule, StackSettings } from "./model.ts";
import { nextMoment, SHORTEST_INTERVAL } from "./schedule.ts";

/** When stacks are scanned: by a schedule, every quarter of an hour, or as often as the operator has it. */
export type Rhythm = Schedule | { readonly every: "quarter-hour" | "usual" };

/** Milliseconds. */
export interface Intervals {
  /** From one scan to the next where nothing else is said. */
  readonly usual: number;
  /** No repository is scanned more often. */
  readonly shortest: number;
}

/**
 * When the stacks of a repository are scanned, each rhythm once. A stack's own schedule comes first, then the file's,
 * then its environment.
 */
export function rhythmsOf(
  config: Pick<RepositoryConfig, "stacks" | "schedule" | "criticalEnvironments">,
  stacks: readonly { readonly path: string }[],
): readonly Rhythm[] {
  const entries = config.stacks.filter(({ path }) => stacks.some((stack) => stack.path === path));
  const others = stacks.filter(({ path }) => !entries.some((entry) => entry.path === path));
  const rest: Rhythm = config.schedule ?? { every: "usual" };
  const all = [...entries.map((entry) => rhythmOf(entry, config)), ...others.map(() => rest)];
  return [...new Map(all.map((rhythm) => [JSON.stringify(rhythm), rhythm])).values()];
}

function rhythmOf(
  { schedule, environment }: StackSettings,
  config: Pick<RepositoryConfig, "schedule" | "criticalEnvironments">,
): Rhythm {
  const said = schedule ?? config.schedule;
  if (said !== null) return said;
  const isCritical = environment !== null && matchesGlobs(environment, config.criticalEnvironments);
  return { every: isCritical ? "quarter-hour" : "usual" };
}

/**
 * When a repository is scanned next, as soon as one of its stacks is due.
 * @param rhythms none where nothing is known of the repository yet
 * @param regularly the next moment of the repository's own in an interval, in milliseconds
 */
export function nextOf(
  rhythms: readonly Rhythm[],
  {
    id,
    now,
    regularly,
  }: { readonly id: number; readonly now: Date; readonly regularly: (interval: number) => Date },
  { usual, shortest }: Intervals,
): Date {
  // Moments of a schedule are a quarter of an hour apart at least.
  const after = new Date(now.getTime() + Math.max(0, shortest - SHORTEST_INTERVAL));
  const times = rhythms.map((rhythm): Date => {
    if ("cron" in rhythm) return nextMoment(rhythm, after, String(id)) ?? regularly(usual);
    return regularly(rhythm.every === "usual" ? usual : Math.max(SHORTEST_INTERVAL, shortest));
  });
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? regularly(usual);
}
