import type { Origin, Value } from "./model.ts";

/** The origin behind conversions: what decided the value before it was given another type. */
export function writtenOrigin(value: Value): Origin {
  let { origin } = value;
  while (origin.kind === "conversion") origin = origin.from.origin;
  return origin;
}
