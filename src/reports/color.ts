import { styleText } from "node:util";
import type { Severity } from "../drift/model.ts";

export type Paint = (text: string) => string;

/** The colours of terminal output; each gives the text back as it is where colour is off. */
export interface Palette {
  readonly heading: Paint;
  readonly address: Paint;
  readonly dim: Paint;
  readonly added: Paint;
  readonly removed: Paint;
  readonly hunk: Paint;
  readonly error: Paint;
  readonly warning: Paint;
  readonly good: Paint;
  readonly command: Paint;
  readonly severity: (severity: Severity) => Paint;
}

type Style = Parameters<typeof styleText>[0];

export function palette(color: boolean): Palette {
  // Whether there is a terminal that wants colour is the caller's knowledge, not that of process.stdout.
  const paint =
    (style: Style): Paint =>
    (text) =>
      color && text !== "" ? styleText(style, text, { validateStream: false }) : text;
  const severities: Readonly<Record<Severity, Paint>> = {
    critical: paint(["bold", "white", "bgRed"]),
    high: paint(["bold", "red"]),
    medium: paint(["bold", "yellow"]),
    low: paint("cyan"),
    info: paint("dim"),
  };
  return {
    heading: paint(["bold", "underline"]),
    address: paint("bold"),
    dim: paint("dim"),
    added: paint("green"),
    removed: paint("red"),
    hunk: paint("cyan"),
    error: paint(["bold", "red"]),
    warning: paint("yellow"),
    good: paint("green"),
    command: paint("cyan"),
    severity: (severity) => severities[severity],
  };
}
