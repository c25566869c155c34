import { styleText } from "node:util";
import { palette } from "../../../src/reports/color.ts";
import { startProgress } from "../../../src/reports/progress.ts";
import { wrap } from "../../../src/reports/table.ts";

/** What the demo writes to; all that was written can be looked at afterwards. */
export interface Page {
  readonly color: boolean;
  readonly width: number;
  heading(text: string): void;
  /** A paragraph for people, wrapped to the width. */
  say(text: string): void;
  /** Points of a list, each wrapped. */
  list(points: readonly string[]): void;
  /** A text that is to be seen as it is, set off with a bar. */
  quote(text: string): void;
  diff(text: string): void;
  raw(text: string): void;
  /** Says what is being done now. */
  step(text: string): void;
  /** Whether something held that was expected. */
  check(claim: string, holds: boolean): void;
  /** Everything up to now. */
  readonly written: () => string;
}

const WIDEST_PROSE = 100;

/** A page on a terminal, or in a log: then without colour, 100 columns wide. `now` gives milliseconds. */
export function startPage(stream: NodeJS.WriteStream, color: boolean, now: () => number): Page {
  const width = stream.isTTY ? stream.columns : WIDEST_PROSE;
  const prose = Math.max(40, Math.min(width, WIDEST_PROSE) - 4);
  const paint = palette(color);
  const title = (text: string) =>
    color ? styleText(["bold", "cyan"], text, { validateStream: false }) : text;
  const parts: string[] = [];
  const raw = (text: string) => {
    parts.push(text);
    stream.write(text);
  };
  const progress = startProgress({ write: (text: string) => raw(paint.dim(text)) }, now);
  const lines = (text: string) => text.replace(/\n+$/, "").split("\n");
  return {
    color,
    width,
    heading: (text) => raw(`\n${title(`== ${text} ${"=".repeat(Math.max(2, prose - text.length))}`)}\n\n`),
    say: (text) => raw(`${wrap(text, prose).join("\n")}\n`),
    list: (points) => {
      for (const point of points) {
        const [first = "", ...others] = wrap(point, prose - 4);
        raw(`  - ${[first, ...others.map((line) => `    ${line}`)].join("\n")}\n`);
      }
    },
    quote: (text) => {
      for (const line of lines(text)) raw(`${paint.dim("│")} ${line}\n`);
    },
    diff: (text) => {
      for (const line of lines(text)) {
        const whole = line.startsWith("+") ? paint.added : line.startsWith("-") ? paint.removed : plain;
        raw(`  ${whole(line)}\n`);
      }
    },
    raw,
    step: progress.step,
    check: (claim, holds) =>
      raw(
        `  ${holds ? paint.good("ok    ") : paint.error("FAILED")}  ${wrap(claim, prose - 10).join(`\n${" ".repeat(10)}`)}\n`,
      ),
    written: () => parts.join(""),
  };
}

function plain(text: string): string {
  return text;
}
