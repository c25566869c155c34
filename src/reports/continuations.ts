import { type Allowance, byteLength, partThatFits } from "./budget.ts";
import { type Markdown, md, NOTHING } from "./markdown.ts";
import { isMarkerLine } from "./marker.ts";
import { partsOf } from "./parts.ts";

/** Room for the heading of a part and the note below the last one, and for what a comment adds. */
const HEADING = 500;

/** Each tells everybody who watches: beyond this many a report does not go on. */
const MOST_COMMENTS = 10;

/** Where all of a finding is that has no limits of its own, as the end of a sentence. */
export const SCAN_HAS_ALL = md`\`driftwright scan --json\` has all`;

/** The comments that go on where a body has no room. */
export interface Continued {
  readonly comments: readonly string[];
  /** Nothing is left out of them. */
  readonly isAll: boolean;
}

/**
 * A body as comments of at most `budget` bytes each, since the body itself had to leave something out: the complete
 * one, or as much of it as ten comments hold. The marker is for the body alone.
 * @param render the body with as many items as there is room for; it says what is left out
 */
export function continuations(
  complete: string,
  render: (allowance: Allowance) => string,
  budget: number,
): Continued {
  const room = budget - HEADING;
  const all = fewParts(complete, room);
  if (all !== null) return { comments: all.map(headed("complete report")), isAll: true };
  const body = partThatFits(render, (text) => fewParts(text, room) !== null);
  const parts = partsOf(unmarked(body), room).slice(0, MOST_COMMENTS);
  const comments = parts.map(headed("report"));
  const last = comments.pop() ?? NOTHING;
  return { comments: [...comments, `${last.trimEnd()}\n\n${NO_MORE}\n`], isAll: false };
}

const NO_MORE = md`*A report goes on for ${MOST_COMMENTS} comments at most. What is left out of this one is counted where it would stand; ${SCAN_HAS_ALL}.*`;

/** The parts of a text where they are not too many. */
function fewParts(text: string, room: number): readonly string[] | null {
  if (byteLength(text) > MOST_COMMENTS * room) return null;
  const parts = partsOf(unmarked(text), room);
  return parts.length > MOST_COMMENTS ? null : parts;
}

function unmarked(text: string): string {
  return text
    .split("\n")
    .filter((line) => !isMarkerLine(line))
    .join("\n");
}

function headed(what: "complete report" | "report") {
  return (part: string, index: number, all: readonly string[]): string =>
    `**The ${what}, part ${index + 1} of ${all.length}**\n\n${part}`;
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
