import type { Wanted } from "../../drift/inventory.ts";
import type { Observation, ObservedResource } from "../../drift/model.ts";
import type { Mapped } from "../../providers/aws/mapped.ts";
import type { Failure } from "./failure.ts";

/** What was found out about the wanted resources of one kind. */
export interface Reading {
  readonly observations: ReadonlyMap<string, Observation>;
  readonly problems: readonly string[];
}

export const NOT_FOUND: Observation = { status: "not-found" };

export function unreadable(reason: string): Observation {
  return { status: "unreadable", reason };
}

export function found(
  wanted: Pick<Wanted, "type">,
  id: string,
  account: string | null,
  region: string,
  mapped: Mapped,
): Observation {
  return { status: "found", resource: observed(wanted.type, id, account, region, mapped) };
}

export function observed(
  type: string,
  id: string,
  account: string | null,
  region: string,
  mapped: Mapped,
): ObservedResource {
  return { type, id, account, region, attributes: mapped.attributes, unread: mapped.unread };
}

/** A call that failed makes all it was made for unreadable, for the same reason. */
export function allUnreadable(wanted: readonly Wanted[], failure: Failure): Reading {
  return {
    observations: new Map(wanted.map((each) => [each.address, unreadable(failure.reason)])),
    problems: [`${failure.reason} (${countOf(wanted.length)} not read)`],
  };
}

export function merge(readings: readonly Reading[]): Reading {
  return {
    observations: new Map(readings.flatMap((reading) => [...reading.observations])),
    problems: readings.flatMap((reading) => reading.problems),
  };
}

export function countOf(resources: number): string {
  return resources === 1 ? "1 resource" : `${resources} resources`;
}
