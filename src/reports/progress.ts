import stringWidth from "string-width";
import { wrap } from "./table.ts";
import { visible } from "./visible.ts";

/** What progress is written to: `process.stderr`, or what a test looks at. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Progress {
  /** Says what begins now. */
  step(text: string): void;
  /** Ends the progress; a terminal's line is cleared. */
  done(): void;
}

const CLEAR_LINE = "\r\u001b[2K";

/**
 * Tells a person what a long run is doing. On a terminal one line that changes; elsewhere (a log) one line a step, with
 * the seconds since the start. `now` gives milliseconds.
 */
export function startProgress(stream: ProgressStream, now: () => number): Progress {
  const start = now();
  if (stream.isTTY === true) return terminalProgress(stream);
  return {
    step: (text) => stream.write(`${seconds(now() - start)}  ${visible(text)}\n`),
    done: () => {},
  };
}

function terminalProgress(stream: ProgressStream): Progress {
  return {
    // One column is left free: a full last column makes some terminals begin a new line.
    step: (text) => stream.write(`${CLEAR_LINE}${fitted(visible(text), (stream.columns || 80) - 1)}`),
    done: () => stream.write(CLEAR_LINE),
  };
}

function fitted(text: string, width: number): string {
  return stringWidth(text) <= width ? text : `${wrap(text, Math.max(2, width - 1))[0] ?? ""}…`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(6)} s`;
}
