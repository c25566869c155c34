import type { Freeze, RepositoryConfig } from "../config/model.ts";
import { SEVERITIES } from "../drift/model.ts";
import type { KnownObject, Wish } from "./wishes.ts";

/** What limits and freezes make of the wishes of a moment. */
export interface Admission {
  /** In the order of the wishes. */
  readonly wishes: readonly Wish[];
  /** Issues and pull requests that are opened, and pull requests that are brought up to date, another time. */
  readonly waiting: readonly Wish[];
  /** What each of those waits for. */
  readonly holds: ReadonlyMap<Wish, Hold>;
  /** When one of those can be, at the earliest; null where that does not depend on the time. */
  readonly again: Date | null;
}

/**
 * What keeps something back. `openPullRequests`: until one of those that are open is closed or merged, or, where the limit
 * is 0, until that is raised.
 */
export type Hold =
  | { readonly by: "freeze"; readonly until: Date }
  | { readonly by: "newPerHour"; readonly until: Date }
  | { readonly by: "openPullRequests"; readonly limit: number };

export interface Moment {
  readonly now: Date;
  readonly objects: readonly KnownObject[];
  /** When the objects of the last hour were begun, and older ones. */
  readonly begun: readonly Date[];
}

const HOUR = 60 * 60_000;

/**
 * Which wishes are granted now: while a freeze lasts no pull request is opened or changed, and of new ones not more than
 * the limits let in, the most severe first. Closing waits for nothing.
 */
export function admit(
  wishes: readonly Wish[],
  { limits, freezes }: Pick<RepositoryConfig, "limits" | "freezes">,
  { now, objects, begun }: Moment,
): Admission {
  const freeze = freezeAt(freezes, now);
  const states = new Map(objects.map(({ key, state }) => [key, state]));
  const isNew = ({ key }: Wish) => (states.get(key) ?? "closed") === "closed";
  const recent = begun.filter((time) => now.getTime() - time.getTime() < HOUR);
  const there = objects.filter(({ key, state }) => key.startsWith("adoption:") && state !== "closed");
  const room = {
    pullRequests: limits.openPullRequests - there.length,
    all: limits.newPerHour - recent.length,
  };
  const holds = new Map<Wish, Hold>();
  for (const wish of wishes.filter(isOpening).toSorted(bySeverity)) {
    const isPullRequest = wish.kind === "open-adoption";
    if (isPullRequest && freeze !== null) {
      holds.set(wish, { by: "freeze", until: freeze.until });
    } else if (!isNew(wish)) {
      // Begun already, and counted.
    } else if (isPullRequest && room.pullRequests <= 0) {
      holds.set(wish, { by: "openPullRequests", limit: limits.openPullRequests });
    } else if (room.all <= 0) {
      const oldest = Math.min(...recent.map((time) => time.getTime()), now.getTime());
      holds.set(wish, { by: "newPerHour", until: new Date(oldest + HOUR) });
    } else {
      room.all -= 1;
      if (isPullRequest) room.pullRequests -= 1;
    }
  }
  const times = [...holds.values()].flatMap((hold) => ("until" in hold ? [hold.until] : []));
  return {
    wishes: wishes.filter((wish) => !holds.has(wish)),
    waiting: wishes.filter((wish) => holds.has(wish)),
    holds,
    again: times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime()))),
  };
}

/** The freeze of a moment that lasts longest; null where there is none. */
function freezeAt(freezes: readonly Freeze[], now: Date): Freeze | null {
  const lasting = freezes.filter(({ from, until }) => from <= now && now < until);
  return lasting.toSorted((a, b) => b.until.getTime() - a.until.getTime())[0] ?? null;
}

type Opening = Extract<Wish, { kind: "open-adoption" | "open-issue" }>;

function isOpening(wish: Wish): wish is Opening {
  return wish.kind === "open-adoption" || wish.kind === "open-issue";
}

function bySeverity(one: Opening, other: Opening): number {
  return rankOf(one) - rankOf(other);
}

function rankOf(wish: Opening): number {
  return Math.min(...wish.findings.map(({ finding }) => SEVERITIES.indexOf(finding.severity)));
}
