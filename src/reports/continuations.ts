import { md } from "./markdown.ts";
import { isMarkerLine } from "./marker.ts";
import { partsOf } from "./parts.ts";

/** Room for the heading of a part, and for what a comment adds. */
const HEADING = 200;

/**
 * A complete body as comments of at most `budget` bytes each, since the body itself had to leave something out. The
 * marker is for the body alone.
 */
export function continuations(complete: string, budget: number): readonly string[] {
  const text = complete
    .split("\n")
    .filter((line) => !isMarkerLine(line))
    .join("\n");
  const parts = partsOf(text, budget - HEADING);
  return parts.map((part, index) => {
    const heading = md`**The complete report, part ${index + 1} of ${parts.length}**`;
    return `${heading}\n\n${part}`;
  });
}
