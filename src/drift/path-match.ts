import type { Path, PathStep } from "../json/path.ts";

/** How two positions in a list are compared: as written, or any with any. */
export type Positions = "exact" | "any";

/** `outer` is `inner` or one of the values that hold it. */
function holds(outer: Path, inner: Path, positions: Positions): boolean {
  return outer.length <= inner.length && outer.every((step, at) => sameStep(step, inner[at], positions));
}

/** One of `paths` is `path`, or holds it. */
export function coversPath(paths: readonly Path[], path: Path, positions: Positions): boolean {
  return paths.some((outer) => holds(outer, path, positions));
}

/** One of `paths` is `path`, holds it, or stands inside of it. */
export function touchesPath(paths: readonly Path[], path: Path, positions: Positions): boolean {
  return paths.some((other) => holds(other, path, positions) || holds(path, other, positions));
}

function sameStep(a: PathStep, b: PathStep | undefined, positions: Positions): boolean {
  if (typeof a === "number" && typeof b === "number") return positions === "any" || a === b;
  return a === b;
}
