/** A stack that was planned, and how long that took, in milliseconds. */
export interface Planned {
  readonly instances: number;
  readonly wall: number;
}

/**
 * Whether a plan of so many instances would take longer than it may, if it grows as from the last two stacks of the same
 * kind. With fewer than two there is no telling.
 */
export function isTooSlow(
  planned: readonly Planned[],
  instances: number,
  limitMilliseconds: number,
): boolean {
  const [last, before] = [planned.at(-1), planned.at(-2)];
  if (last === undefined || before === undefined) return false;
  const power = Math.log(last.wall / before.wall) / Math.log(last.instances / before.instances);
  return last.wall * (instances / last.instances) ** power > limitMilliseconds;
}
