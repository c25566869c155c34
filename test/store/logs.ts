import type { Log } from "../../src/store/log.ts";

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A log that keeps what it is told. */
export function collectingLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const line = (level: string) => (data: object, message: string) => {
    lines.push(`${level}: ${message} ${JSON.stringify(data)}`);
  };
  return { lines, debug() {}, info: line("info"), warn: line("warn"), error: line("error") };
}
