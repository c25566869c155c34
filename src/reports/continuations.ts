import { byteLength } from "./budget.ts";
import { type Markdown, md } from "./markdown.ts";
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

/**
 * The beginning of a body that is too long without any of its lists, as where single texts are very long; it says where
 * the rest is.
 */
export function beginning(body: string, budget: number, rest: Markdown): string {
  const note = md`*The rest is left out here; ${rest}.*`;
  const [first = ""] = partsOf(body, budget - HEADING - byteLength(note));
  return `${first.trimEnd()}\n\n${note}\n`;
}
